"""Data sets in MNIST's format: four IDX files, gzipped or not (LeCun, Cortes & Burges 1998)."""

import gzip
import struct
import zlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from jaxtyping import UInt8

from ganzoo import paths
from ganzoo.data._arrays import choose, dataset
from ganzoo.data._base import DataRequest, Dataset
from ganzoo.data._places import candidates, missing
from ganzoo.errors import DataError

FILES = {"train": "train", "test": "t10k"}  # our split, their word for it
UNSIGNED_BYTES = 8


def read_idx(path: Path) -> UInt8[np.ndarray, "..."]:
    """Reads one IDX file of bytes: two zeros, the type, the rank, the lengths, the values.

    Raises:
        DataError: naming the file, if it is cut short or something else.
    """
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            content = file.read()
        zeros, kind, rank = struct.unpack_from(">HBB", content)
        shape = struct.unpack_from(f">{rank}I", content, 4)
        if (zeros, kind) != (0, UNSIGNED_BYTES):
            raise ValueError("it is not an IDX file of bytes")
        values = np.frombuffer(content, np.uint8, offset=4 + 4 * rank)
        return values.reshape(shape)
    except (OSError, EOFError, ValueError, struct.error, zlib.error) as error:
        raise DataError(f"cannot read '{path}': {error}") from None


def find(folder: Path, split: str) -> tuple[Path, Path] | None:
    """The files of a split, images and labels, if the folder has both."""
    found = [
        next((f for f in (folder / stem, folder / f"{stem}.gz") if f.is_file()), None)
        for stem in (f"{FILES[split]}-images-idx3-ubyte", f"{FILES[split]}-labels-idx1-ubyte")
    ]
    return (found[0], found[1]) if found[0] and found[1] else None


def load(
    request: DataRequest, *, name: str, kind: str, places: Sequence[str], classes: Sequence[str]
) -> Dataset:
    """Reads a local copy, or downloads one where that is allowed.

    Args:
        kind: torchvision's class, which knows the mirrors and checksums.
        places: folders of the four files, absolute or in ``paths.data()``.

    Raises:
        DataError: if the split is unknown, or there is no copy and no network.
    """
    split = choose(request.split, tuple(FILES), name)
    downloaded = paths.data() / kind / "raw"
    looked = [*candidates(request, [*places, str(downloaded)])]
    files = next((found for folder in looked if (found := find(folder, split))), None)
    if files is None:
        wanted = f"{name} ({FILES[split]}-images-idx3-ubyte[.gz] and its labels)"
        if request.path is not None or not request.download:
            raise missing(wanted, looked, "and nothing was downloaded")
        _download(kind, wanted, looked)
        files = find(downloaded, split)
        if files is None:
            raise missing(wanted, [downloaded], "though it had been downloaded")
    images, labels = (read_idx(file) for file in files)
    if images.ndim != 3 or labels.shape != images.shape[:1]:
        raise DataError(f"'{files[0]}' holds {images.shape}, '{files[1]}' {labels.shape}")
    return dataset(name, request, images[..., None], labels.astype(np.int64), classes, pad=True)


def _download(kind: str, wanted: str, looked: Sequence[Path]) -> None:
    from torchvision import datasets  # a heavy import, for a rare need

    try:
        getattr(datasets, kind)(paths.data(), download=True)
    except (OSError, RuntimeError) as error:
        raise missing(wanted, looked, f"and downloading it failed: {error}") from None
