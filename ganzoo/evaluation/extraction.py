"""One pass of images through a network, into files: memory does not grow with their number."""

from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import torch
from numpy.lib.format import open_memmap
from torch import Tensor

from ganzoo.errors import MetricError
from ganzoo.evaluation.networks import FeatureNetwork
from ganzoo.metrics import Sample
from ganzoo.metrics.sharpness import sharpness
from ganzoo.processor import device

BATCH = 100  # images: the activations of a small network then fit a processor's cache
COLUMNS = ("features", "probabilities", "sharpness")

Tell = Callable[[int], None]  # how many images more were seen


class Columns:
    """The arrays of a sample, on disk, filled from the top."""

    def __init__(self, folder: Path, count: int) -> None:
        self.folder, self.count, self.filled = folder, count, 0
        self._arrays: dict[str, np.memmap] = {}

    def add(self, **columns: Tensor | None) -> None:
        """The next rows of each column; one that is None stays absent."""
        rows = 0
        for name, column in columns.items():
            if column is None:
                continue
            if name not in self._arrays:
                shape = (self.count, *column.shape[1:])
                self._arrays[name] = open_memmap(
                    self.folder / f"{name}.npy", "w+", np.float32, shape
                )
            rows = len(column)
            self._arrays[name][self.filled : self.filled + rows] = column.cpu().numpy()
        self.filled += rows

    def close(self) -> None:
        """Writes everything down.

        Raises:
            MetricError: if rows are missing.
        """
        if self.filled != self.count:
            raise MetricError(f"expected {self.count} images, but there were {self.filled}")
        for array in self._arrays.values():
            array.flush()


@torch.inference_mode()
def see(
    network: FeatureNetwork,
    batches: Iterable[Tensor],
    count: int,
    folder: Path,
    *,
    bfloat16: bool = False,
    tell: Tell = lambda _: None,
) -> None:
    """Writes what the network sees in the first ``count`` images of a stream.

    Raises:
        MetricError: if images differ in size, or there are fewer.
    """
    columns, shape = Columns(folder, count), None
    for image in batches:
        if shape not in (None, image.shape[1:]):
            raise MetricError(
                f"images of mixed sizes: {_size(image.shape[1:])} after {_size(shape)}"
            )
        shape = image.shape[1:]
        image = image[: count - columns.filled]
        with torch.autocast(device().type, torch.bfloat16, enabled=bfloat16):
            look = network.look(image)
        columns.add(
            features=look.features, probabilities=look.probabilities, sharpness=sharpness(image)
        )
        tell(len(image))
        if columns.filled == count:
            break
    columns.close()


def sample(network: FeatureNetwork, folder: Path) -> Sample:
    """What :func:`see` wrote, mapped from disk.

    Raises:
        MetricError: if the images cannot be judged (see :class:`ganzoo.metrics.Sample`), or the
            files are damaged.
    """
    try:
        columns = {
            name: torch.from_numpy(np.load(folder / f"{name}.npy", mmap_mode="c"))
            for name in COLUMNS
            if (folder / f"{name}.npy").is_file()
        }
    except (OSError, ValueError) as error:
        raise MetricError(f"features in '{folder}' are damaged, delete them: {error}") from None
    return Sample(seen_by=network.seen_by, **columns)


def _size(shape: torch.Size | None) -> str:
    return "x".join(map(str, shape or ()))
