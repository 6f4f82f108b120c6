"""CIFAR-10: 60,000 colour pictures of ten kinds of things, 32 x 32 (Krizhevsky 2009).

Looked for at the path given, else among local data: torchvision's ``cifar-10-batches-py/``, then
``cifar10/``, ``cifar10.tar.gz`` or ``cifar10-jpeg.tar.gz`` with ``{train,test}/<class>/``
pictures; last, torchvision downloads it. Pictures kept as JPEG are not those that published
scores were measured on.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from ganzoo import paths
from ganzoo.data import _known
from ganzoo.data._arrays import choose, dataset
from ganzoo.data._base import DataRequest, Dataset, Source
from ganzoo.data._places import candidates, missing
from ganzoo.errors import DataError

BATCHES = "cifar-10-batches-py"  # as torchvision unpacks it
PICTURES = ("cifar10", "cifar10.tar.gz", "cifar10-jpeg.tar.gz")
URL = "https://www.cs.toronto.edu/~kriz/cifar.html"


def load(request: DataRequest) -> Dataset:
    """Reads a local copy, or downloads one where that is allowed.

    Raises:
        DataError: if the split is unknown, a file is not what it was published as, or there is
            no copy and no network.
    """
    choose(request.split, ("test", "train"), "cifar10")
    looked = candidates(request, [BATCHES, *PICTURES])
    for path in looked:
        for folder in (path, path / BATCHES):
            if (folder / "batches.meta").is_file():
                return _batches(request, folder.parent, looked, download=False)
    if request.path is not None or not request.download or any(map(_is_there, looked)):
        return _known.load(request, name="cifar10", places=[BATCHES, *PICTURES], url=URL)
    return _batches(request, paths.data(), looked, download=True)


def _is_there(path: Path) -> bool:
    return path.is_dir() or _known.within(path, "") is not None


def _batches(request: DataRequest, root: Path, looked: Sequence[Path], download: bool) -> Dataset:
    from torchvision.datasets import CIFAR10  # a heavy import, for a rare need

    try:  # its files are pickles: torchvision checks them against published sums before loading
        kept = CIFAR10(root, train=request.split == "train", download=download)
    except (OSError, RuntimeError) as error:
        if download:
            raise missing("cifar10", looked, f"and downloading it failed: {error}") from None
        raise DataError(f"'{root / BATCHES}' is not the published CIFAR-10: {error}") from None
    labels = np.array(kept.targets, np.int64)
    return dataset("cifar10", request, kept.data, labels, kept.classes)


ENTRY = Source(
    title="CIFAR-10",
    short="cifar10",
    licence="not stated; for research",
    url=URL,
    count=50_000,
    load=load,
)
