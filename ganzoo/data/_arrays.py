"""Pictures that are already arrays: brought to the size, channels and split that were asked for."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from os import cpu_count
from typing import Literal

import numpy as np
from jaxtyping import Int64, UInt8
from PIL import Image as Pillow

from ganzoo.data._base import DataRequest, Dataset
from ganzoo.errors import DataError, suggestion
from ganzoo.images import to_pillow

AT_ONCE = 256  # pictures that a thread resizes before it asks for more
LUMA = (19595, 38470, 7471)  # ITU-R 601-2, in 65536ths: as Pillow turns colour to grey


def fit(
    pictures: UInt8[np.ndarray, "n h w c"], size: int, channels: Literal[1, 3], pad: bool = False
) -> UInt8[np.ndarray, "n channels size size"]:
    """Cuts the central square, resizes it (Lanczos), and turns grey to colour or colour to grey.

    Args:
        pad: brings 28 x 28 to 32 x 32 by two black pixels on each side, as LeNet did, in place
            of resizing: strokes stay as sharp as they were drawn.
    """
    side = min(pictures.shape[1:3])
    top, left = ((length - side) // 2 for length in pictures.shape[1:3])
    square = pictures[:, top : top + side, left : left + side]
    if channels == 1 and square.shape[3] == 3:
        square = to_grey(square)
    if pad and (side, size) == (28, 32):
        square = np.pad(square, ((0, 0), (2, 2), (2, 2), (0, 0)))
    elif side != size:
        square = _resize(square, size)
    if channels == 3 and square.shape[3] == 1:
        square = square.repeat(3, axis=3)
    return np.ascontiguousarray(square.transpose(0, 3, 1, 2))


def to_grey(pictures: UInt8[np.ndarray, "n h w 3"]) -> UInt8[np.ndarray, "n h w 1"]:
    """Luma, 0.299 red + 0.587 green + 0.114 blue, rounded."""
    grey = np.full(pictures.shape[:3], 1 << 15, np.uint32)
    for channel, weight in enumerate(LUMA):
        grey += pictures[..., channel] * np.uint32(weight)
    return (grey >> 16).astype(np.uint8)[..., None]


def come_along(request: DataRequest, name: str) -> None:
    """Sees that nobody expects other pictures from what comes with the package.

    Raises:
        DataError: quoting where they were to come from.
    """
    if request.path is not None:
        raise DataError(
            f"{name} come with ganzoo and are read from nowhere else; got '{request.path}': for "
            "pictures of your own set data.name=folder"
        )


def choose(split: str, known: Sequence[str], name: str) -> str:
    """The split that was asked for.

    Raises:
        DataError: quoting it, if it is none of the known.
    """
    if split not in known:
        raise DataError(f"{name} has no split {split!r}. {suggestion(split, known)}")
    return split


def dataset(
    name: str,
    request: DataRequest,
    pictures: UInt8[np.ndarray, "n h w c"],
    labels: Int64[np.ndarray, " n"] | None,
    class_names: Sequence[str],
    pad: bool = False,
) -> Dataset:
    """A data set in memory, as requested."""
    return Dataset(
        name=name,
        pictures=fit(pictures, request.size, request.channels, pad),
        labels=labels,
        class_names=tuple(class_names),
    )


def _resize(square: UInt8[np.ndarray, "n s s c"], size: int) -> UInt8[np.ndarray, "n size size c"]:
    resized = np.empty((len(square), size, size, square.shape[3]), np.uint8)

    def some(start: int) -> None:
        for index in range(start, min(start + AT_ONCE, len(square))):
            small = to_pillow(square[index]).resize((size, size), Pillow.Resampling.LANCZOS)
            resized[index] = np.asarray(small).reshape(resized.shape[1:])

    with ThreadPoolExecutor(cpu_count()) as pool:
        list(pool.map(some, range(0, len(square), AT_ONCE)))
    return resized
