"""Folders and files of pictures as they are: all of one size, or brought to one on request."""

from collections.abc import Iterator
from pathlib import Path
from typing import Literal, NamedTuple

import numpy as np
from PIL import Image as Pillow

from ganzoo.data import FORMATS, UNREADABLE, DataRequest, npz, root, sources, splits_of
from ganzoo.errors import DataError, InputError, MetricError
from ganzoo.evaluation.reals import Reals

SIDES = 1024
GREY = frozenset({"1", "L", "LA", "I", "I;16", "F"})


def same_shape(*folders: Path, size: int | None = None, seed: int = 0) -> tuple[Reals, ...]:
    """All pictures of each folder, squares of one size; in colour if any picture is.

    They come in an order drawn by lot: some scores are means over parts of a set, and the order of
    names may be that of classes.

    Args:
        size: to resize to, in pixels; without it all must have one size already.
        seed: of the lot.

    Raises:
        MetricError: if the pictures differ in size, naming two that do, or are no squares; if a
            folder holds splits.
        DataError: if a folder is missing, empty or unreadable.
        InputError: if the size is none.
    """
    if size is not None and not 1 <= size <= SIDES:
        raise InputError(f"pictures have a side of 1 to {SIDES} pixels; got {size}")
    sizes: dict[tuple[int, int], str] = {}
    coloured = False
    for folder in folders:
        for look in _looks(folder):
            sizes.setdefault(look.size, look.name)
            coloured |= look.coloured
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
    channels: Literal[1, 3] = 3 if coloured else 1
    wanted = [DataRequest(path=folder, size=side, channels=channels) for folder in folders]
    sets = [sources[_kind(request.path)].load(request) for request in wanted]
    orders = [np.random.default_rng(seed).permutation(len(one)) for one in sets]
    return tuple(Reals(one, "all", order) for one, order in zip(sets, orders, strict=True))


class _Look(NamedTuple):
    name: str
    size: tuple[int, int]
    coloured: bool


def _kind(path: Path | None) -> str:
    return "npz" if path and path.suffix == ".npz" and not path.is_dir() else "folder"


def _looks(folder: Path) -> Iterator[_Look]:
    """What each picture is like; of an ``.npz``, all at once."""
    if _kind(folder) == "npz":
        height, width, channels = npz.shape(folder)
        yield _Look(str(folder), (width, height), channels > 1)
        return
    place = root(folder)
    if splits := splits_of(place.listed()):
        raise MetricError(
            f"'{folder}' holds the split{'s' * (len(splits) > 1)} {' and '.join(splits)}: name the "
            "folder of the one that is meant"
        )
    for one in place.pictures():
        try:
            with one.open() as file, Pillow.open(file, formats=FORMATS) as picture:
                yield _Look(f"{folder}/{one.name}", picture.size, picture.mode not in GREY)
        except UNREADABLE:
            continue  # the reader of the folder will say so
