"""Batches of reals without end: seeded, shared among processes, resumed to the image."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Bool, Int64

from ganzoo.data._base import Dataset, as_images
from ganzoo.errors import DataError, InputError
from ganzoo.shapes import Image, Labels


@dataclass(frozen=True)
class Batch:
    """Real images, float [-1, 1], and their labels where the data set has them."""

    image: Image
    y: Labels | None


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
        self._drawn: tuple[int, Int64[np.ndarray, " n"], Bool[np.ndarray, " n"]] | None = None

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
        rows, mirrored = self._rows()
        self._position += self.batch_size
        pictures = self.dataset.pictures[rows]
        if self.flip:
            pictures[mirrored] = pictures[mirrored, :, :, ::-1]
        labels = self.dataset.labels
        y = None if labels is None else torch.from_numpy(labels[rows]).to(self.device)
        return Batch(as_images(pictures, self.device), y)

    def _rows(self) -> tuple[Int64[np.ndarray, " b"], Bool[np.ndarray, " b"]]:
        place, end = self._position, self._position + self.batch_size
        orders, coins = [], []
        while place < end:
            epoch, first = divmod(place, len(self.dataset))
            order, mirrored = self._epoch(epoch)
            part = slice(first, first + end - place)
            orders.append(order[part])
            coins.append(mirrored[part])
            place += len(orders[-1])
        mine = slice(self.rank, None, self.world)
        return np.concatenate(orders)[mine], np.concatenate(coins)[mine]

    def _epoch(self, epoch: int) -> tuple[Int64[np.ndarray, " n"], Bool[np.ndarray, " n"]]:
        if self._drawn is None or self._drawn[0] != epoch:
            dice = np.random.default_rng([self.seed, epoch])
            order = dice.permutation(len(self.dataset))
            self._drawn = epoch, order, dice.random(len(self.dataset)) < 0.5
        return self._drawn[1:]
