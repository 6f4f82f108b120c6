"""A NumPy archive: ``images`` (n, h, w) or (n, h, w, c) of bytes, and what else is known of them.

| key | what |
|---|---|
| ``images`` | uint8; c is 1 or 3 |
| ``labels`` | optional: n whole numbers |
| ``split`` | optional: n words, or 0 for train, 1 for test, 2 for val |
| ``class_names`` | optional: what the labels stand for |

Without ``images``, what ``numpy.savez`` calls ``arr_0`` are the images, and ``arr_1`` the labels.

Arrays of Python objects are refused: unpacking them could run code.
"""

import zipfile
import zlib
from pathlib import Path

import numpy as np

from ganzoo.data._arrays import choose, dataset
from ganzoo.data._base import DataRequest, Dataset, Source
from ganzoo.errors import DataError

KEYS = ("images", "labels", "split", "class_names")
UNNAMED = {"arr_0": "images", "arr_1": "labels"}  # as numpy.savez numbers them
SPLITS = ("train", "test", "val")


def load(request: DataRequest) -> Dataset:
    """Reads ``request.path``.

    Raises:
        DataError: if there is no such file, or it does not hold what the table says.
    """
    if request.path is None:
        raise DataError("npz needs a path: the .npz file to read (--data FILE)")
    return read(request.path.expanduser(), request)


def read(path: Path, request: DataRequest, name: str | None = None, pad: bool = False) -> Dataset:
    """Reads the archive at ``path``; the data set bears the file's name, or ``name``.

    Raises:
        DataError: as :func:`load`.
    """
    name = name or path.name
    content = _content(path)
    images, labels = _images(content["images"], path), content.get("labels")
    if labels is not None:
        labels = _labels(labels, len(images), path)
    names = _names(content.get("class_names"), path)
    if labels is not None and names and labels.size and labels.max() >= len(names):
        raise DataError(f"'{path}': label {labels.max()}, but only {len(names)} class_names")
    if "split" in content:
        words = _words(content["split"], len(images), path)
        chosen = words == choose(request.split, sorted(set(words.tolist())), name)
    elif request.held_out:
        raise DataError(
            f"'{path}' has no 'split', nor names by which one picture in ten could be held out: "
            "add a split, or let all be learned from (data.held_out=false)"
        )
    else:
        choose(request.split, ("train",), name)
        chosen = np.ones(len(images), bool)
    labels = labels if labels is None else labels[chosen]
    return dataset(name, request, images[chosen], labels, names, pad)


def shape(path: Path) -> tuple[int, int, int]:
    """Height, width and channels of the images.

    Raises:
        DataError: as :func:`load`.
    """
    height, width, channels = _images(_content(path)["images"], path).shape[1:]
    return height, width, channels


def _content(path: Path) -> dict[str, np.ndarray]:
    try:
        with path.open("rb") as file:
            archive = np.load(file, allow_pickle=False)
            if not isinstance(archive, np.lib.npyio.NpzFile):
                raise ValueError("it is not an .npz archive")
            called = {key: key for key in KEYS} if "images" in archive else UNNAMED
            content = {key: archive[name] for name, key in called.items() if name in archive}
            if "images" not in content:
                raise ValueError(f"no 'images' in it, only {', '.join(archive) or 'nothing'}")
    except (OSError, ValueError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise DataError(f"cannot read '{path}': {error}") from None
    for key, array in content.items():
        if not isinstance(array, np.ndarray):  # NumPy hands over what is no array as bytes
            raise DataError(f"cannot read '{path}': its {key!r} is not an array")
    return content


def _images(images: np.ndarray, path: Path) -> np.ndarray:
    images = images[..., None] if images.ndim == 3 else images
    if images.dtype != np.uint8 or images.ndim != 4 or images.shape[3] not in (1, 3):
        raise DataError(
            f"'{path}': images should be uint8 (n, h, w) or (n, h, w, 1 or 3); "
            f"they are {images.dtype} {images.shape}"
        )
    if not images.size:
        raise DataError(f"'{path}' has no images: they are {images.shape}")
    return images


def _labels(labels: np.ndarray, count: int, path: Path) -> np.ndarray:
    if labels.shape != (count,) or labels.dtype.kind not in "iu" or labels.min() < 0:
        raise DataError(
            f"'{path}': labels should be {count} whole numbers from 0 on; "
            f"they are {labels.dtype} {labels.shape}"
        )
    return labels.astype(np.int64)


def _names(names: np.ndarray | None, path: Path) -> list[str]:
    if names is None:
        return []
    if names.ndim != 1:
        raise DataError(
            f"'{path}': class_names should be a list of words; they are {names.dtype} {names.shape}"
        )
    return [str(one) for one in names]


def _words(split: np.ndarray, count: int, path: Path) -> np.ndarray:
    numbers = split.dtype.kind in "iu"
    if split.shape != (count,) or (numbers and not np.isin(split, range(len(SPLITS))).all()):
        raise DataError(
            f"'{path}': split should be {count} words, or 0 for train, 1 for test, 2 for val; "
            f"it is {split.dtype} {split.shape}"
        )
    return np.array(SPLITS)[split] if numbers else split.astype(str)


ENTRY = Source(title="NumPy archive", licence="not stated", load=load)
