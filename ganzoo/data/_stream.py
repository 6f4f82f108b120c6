"""Batches of reals without end: seeded, shared among processes, resumed to the image."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Bool, Int64

from ganzoo.data._base import Dataset, as_images
from ganzoo.errors import DataError, InputError
from ganzoo.shapes import Image, Labels, PixelLabels

OTHERS = 1  # sets the order of unpaired inputs apart from that of the pictures


@dataclass(frozen=True)
class Batch:
    """Real images, float [-1, 1], with labels, a translator's inputs, and each pixel's class, where
    there are any.

    Attributes:
        rows: of the data set, that the images are.
    """

    image: Image
    y: Labels | None
    rows: Int64[np.ndarray, " b"]
    input: Image | None = None
    classes: PixelLabels | None = None


class Batches(Iterator[Batch]):
    """Shuffled epochs, one after the other; a batch that an epoch's end cuts goes on in the next.

    Image number ``p`` of a run is row ``p % n`` of epoch ``p // n``, and an epoch's order and
    mirrorings follow from ``(seed, epoch)`` alone. So the run's place is one whole number, the
    images handed out so far, whatever the batch size or the number of processes.

    Process ``rank`` of ``world`` receives every ``world``-th row of each batch, as in
    :class:`ganzoo.draws.Draws`: two processes of 32 images see what one of 64 sees.

    Args:
        batch_size: images per batch over all processes together.
        flip: mirrors each image left to right with probability 1/2.

    Raises:
        DataError: if the data set is empty.
        InputError: if ``batch_size`` is not a positive multiple of ``world``.
    """

    def __init__(
        self,
        dataset: Dataset,
        batch_size: int,
        *,
        seed: int = 0,
        rank: int = 0,
        world: int = 1,
        flip: bool = False,
        device: torch.device | str = "cpu",
    ) -> None:
        if not len(dataset):
            raise DataError(f"{dataset.name} has no images to train on")
        if batch_size < 1 or batch_size % world:
            raise InputError(
                f"a batch of {batch_size} images cannot be shared equally by {world} processes"
            )
        self.dataset, self.batch_size, self.seed = dataset, batch_size, seed
        self.rank, self.world, self.flip, self.device = rank, world, flip, device
        self._position = 0
        self._order = _Epochs(len(dataset), seed)
        if dataset.inputs is not None and not dataset.paired:
            self._other_order = _Epochs(len(dataset.inputs), seed, OTHERS)

    @property
    def position(self) -> int:
        """How many images have been handed out, over all processes."""
        return self._position

    def restore(self, position: int) -> None:
        """Goes on as if ``position`` images had been handed out.

        Raises:
            InputError: if ``position`` is negative.
        """
        if position < 0:
            raise InputError(f"a position is a number of images, 0 or more; got {position}")
        self._position = position

    def __next__(self) -> Batch:
        place = self._position
        rows, mirrored = self._rows(place, self._order)
        self._position += self.batch_size
        pictures = self.dataset.pictures[rows]
        if self.flip:
            pictures[mirrored] = pictures[mirrored, :, :, ::-1]
        labels = self.dataset.labels
        y = None if labels is None else torch.from_numpy(labels[rows]).to(self.device)
        return Batch(
            as_images(pictures, self.device),
            y,
            rows,
            self._inputs(place, rows, mirrored),
            self._classes(rows, mirrored),
        )

    def _inputs(
        self, place: int, rows: Int64[np.ndarray, " b"], mirrored: Bool[np.ndarray, " b"]
    ) -> Image | None:
        """The pictures' own inputs, mirrored with them; or others, in an order of their own."""
        inputs = self.dataset.inputs
        if inputs is None:
            return None
        if not self.dataset.paired:
            rows, mirrored = self._rows(place, self._other_order)
        chosen = inputs[rows]
        if self.flip:
            chosen[mirrored] = chosen[mirrored, :, :, ::-1]
        return as_images(chosen, self.device)

    def _classes(
        self, rows: Int64[np.ndarray, " b"], mirrored: Bool[np.ndarray, " b"]
    ) -> PixelLabels | None:
        """Of each pixel, mirrored with the pictures."""
        if self.dataset.maps is None:
            return None
        chosen = self.dataset.maps[rows]
        if self.flip:
            chosen[mirrored] = chosen[mirrored, :, ::-1]
        return torch.from_numpy(chosen.astype(np.int64)).to(self.device)

    def _rows(
        self, place: int, epochs: "_Epochs"
    ) -> tuple[Int64[np.ndarray, " b"], Bool[np.ndarray, " b"]]:
        end = place + self.batch_size
        orders, coins = [], []
        while place < end:
            epoch, first = divmod(place, epochs.count)
            order, mirrored = epochs[epoch]
            part = slice(first, first + end - place)
            orders.append(order[part])
            coins.append(mirrored[part])
            place += len(orders[-1])
        mine = slice(self.rank, None, self.world)
        return np.concatenate(orders)[mine], np.concatenate(coins)[mine]


class _Epochs:
    """The order and the mirrorings of each epoch, from a seed; the last one asked for is kept."""

    def __init__(self, count: int, *seed: int) -> None:
        self.count, self.seed = count, seed
        self._drawn: tuple[int, Int64[np.ndarray, " n"], Bool[np.ndarray, " n"]] | None = None

    def __getitem__(self, epoch: int) -> tuple[Int64[np.ndarray, " n"], Bool[np.ndarray, " n"]]:
        if self._drawn is None or self._drawn[0] != epoch:
            seed, *more = self.seed
            dice = np.random.default_rng([seed, epoch, *more])
            order = dice.permutation(self.count)
            self._drawn = epoch, order, dice.random(self.count) < 0.5
        return self._drawn[1:]
