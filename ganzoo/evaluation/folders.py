"""Folders of pictures as they are: all of one size, or else brought to one on request."""

from pathlib import Path, PurePosixPath

import numpy as np
from PIL import Image as Pillow

from ganzoo.data import DataRequest, sources
from ganzoo.data._decode import FORMATS, UNREADABLE
from ganzoo.data._labels import SPLITS, is_picture
from ganzoo.errors import DataError, InputError, MetricError
from ganzoo.evaluation.reals import Reals

SIDES = 1024
GREY = frozenset({"1", "L", "LA", "I", "I;16", "F"})


def same_shape(*folders: Path, size: int | None = None) -> tuple[Reals, ...]:
    """All pictures of each folder, squares of one size; in colour if any picture is.

    Args:
        size: to resize to, in pixels; without it all must have one size already.

    Raises:
        MetricError: if the pictures differ in size, naming two that do, or are no squares; if a
            folder holds splits.
        DataError: if a folder is missing, empty or unreadable.
        InputError: if the size is none.
    """
    if size is not None and not 1 <= size <= SIDES:
        raise InputError(f"pictures have a side of 1 to {SIDES} pixels; got {size}")
    sizes, coloured = {}, False
    for folder in folders:
        for path in _pictures(folder):
            try:
                with Pillow.open(path, formats=FORMATS) as picture:
                    sizes.setdefault(picture.size, path)
                    coloured |= picture.mode not in GREY
            except UNREADABLE:
                continue  # the reader of the folder will say so
    if len(sizes) > 1 and size is None:
        told = ", ".join(f"'{path}' is {w}x{h}" for (w, h), path in list(sizes.items())[:2])
        raise MetricError(f"pictures of mixed sizes: {told}; --size brings them to one")
    if size is None and (oblong := [one for one in sizes if one[0] != one[1]]):
        wide, high = oblong[0]
        raise MetricError(
            f"'{sizes[oblong[0]]}' is {wide}x{high}: --size cuts squares and brings all to one size"
        )
    if not sizes:
        raise DataError(f"no pictures in {' or '.join(repr(str(one)) for one in folders)}")
    side = size or min(next(iter(sizes), (0, 0)))
    request = {"size": side, "channels": 3 if coloured else 1}
    return tuple(_whole(folder, **request) for folder in folders)


def _whole(folder: Path, size: int, channels: int) -> Reals:
    dataset = sources["folder"].load(
        DataRequest(path=folder, size=size, channels=3 if channels == 3 else 1)
    )
    return Reals(dataset, "all", np.arange(len(dataset)))


def _pictures(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise DataError(f"there is no folder '{folder}'")
    if splits := [name for name in SPLITS if (folder / name).is_dir()]:
        raise MetricError(
            f"'{folder}' holds the split{'s' * (len(splits) > 1)} {' and '.join(splits)}: name the "
            f"one that is meant, such as '{folder / splits[0]}'"
        )
    found = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return [path for path in found if is_picture(PurePosixPath(path.relative_to(folder)))]
