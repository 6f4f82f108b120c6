"""Two data sets become one: what a translator starts from, and what it is to make.

Where a set has no split of its own, one picture in ten is held out (:mod:`ganzoo.data._held_out`).
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath

import numpy as np
from jaxtyping import UInt8

from ganzoo.data._arrays import choose
from ganzoo.data._base import DataRequest, Dataset
from ganzoo.data._held_out import HOW, held_out
from ganzoo.data._labels import SPLITS
from ganzoo.data._root import Root, root
from ganzoo.errors import DataError

SHOWN = 12  # held-out pictures that a training's sheets are made from
OURS = ("train", "test")  # splits of a set that came without
SIDES = ("A", "B")  # folders of one's own: where a translator begins, and where it ends
Pictures = UInt8[np.ndarray, "n c h w"]
Inputs = UInt8[np.ndarray, "n inputs h w"]


def stem(name: str) -> str:
    """A file's path without its ending and without a split's folder: by this pairs are found."""
    path = PurePosixPath(name)
    parts = [part for part in path.parent.parts if part not in SPLITS]
    return "/".join([*parts, path.stem])


def own(request: DataRequest, name: str) -> Root:
    """The folder, or the archive, that was named.

    Raises:
        DataError: if none was, or there is none.
    """
    if request.path is None:
        raise DataError(f"{name} needs a path: --data FOLDER")
    return root(request.path)


def splits_of(root: Path) -> frozenset[str]:
    """The splits that a folder is divided into; none if it is not."""
    return frozenset(split for split in SPLITS if (root / split).is_dir())


def aligned(
    name: str, inputs: Dataset, pictures: Dataset, key: Callable[[str], str] = stem
) -> tuple[Inputs, Pictures, list[str]]:
    """Inputs and pictures whose names have the same key, and those keys, sorted.

    Raises:
        DataError: if no two have, or if two inputs, or two pictures, have the same.
    """
    left, right = (_by_key(one, key, name) for one in (inputs, pictures))
    both = sorted(left.keys() & right.keys())
    if not both:
        first = [next(iter(names), "nothing") for names in (inputs.names, pictures.names)]
        raise DataError(
            f"{name}: no input is called like a picture; the first are "
            f"{first[0]!r} and {first[1]!r}"
        )
    return (
        inputs.pictures[[left[one] for one in both]],
        pictures.pictures[[right[one] for one in both]],
        both,
    )


def paired(
    name: str,
    request: DataRequest,
    inputs: Inputs,
    pictures: Pictures,
    names: Sequence[str],
    concept: Callable[[str], str] = str,
) -> Dataset:
    """One split of aligned pairs; with the training's comes a glimpse of what is held out.

    Args:
        concept: what pictures must share to fall on the same side: variants of one drawing.

    Raises:
        DataError: if there is no such split, or nothing is in it.
    """
    apart = np.array([held_out(concept(one)) for one in names], bool)
    choose(request.split, OURS, name)
    rows = np.flatnonzero(apart if request.split == "test" else ~apart)
    if not len(rows):
        raise DataError(
            f"{name}: none of {len(names)} pairs falls into the split {request.split!r}"
        )
    whole = Dataset(name=name, pictures=pictures, inputs=inputs, names=tuple(names))
    glimpse = chosen(whole, np.flatnonzero(apart)) if request.split == "train" else None
    return replace(chosen(whole, rows), held_out=glimpse and few(glimpse), drawn=HOW)


def chosen(dataset: Dataset, rows: np.ndarray) -> Dataset:
    """Some pairs, in that order."""
    assert dataset.inputs is not None
    return Dataset(
        name=dataset.name,
        pictures=np.ascontiguousarray(dataset.pictures[rows]),
        inputs=np.ascontiguousarray(dataset.inputs[rows]),
        names=tuple(dataset.names[row] for row in rows),
        paired=dataset.paired,
    )


def unpaired(
    name: str,
    inputs: Dataset,
    pictures: Dataset,
    test: tuple[Dataset, Dataset] | None = None,
) -> Dataset:
    """Two sets side by side; ``test`` are their held-out halves, for sheets."""
    glimpse = unpaired(name, _few_of(test[0]), _few_of(test[1])) if test else None
    return Dataset(
        name=name,
        pictures=pictures.pictures,
        inputs=inputs.pictures,
        names=pictures.names,
        paired=False,
        drawn=pictures.drawn,
        held_out=glimpse,
    )


def divided(called: str, keys: Sequence[str], split: str) -> np.ndarray:
    """Of which keys the pictures are learned from, or held out.

    Raises:
        DataError: if there is no such split, or nothing is in it.
    """
    choose(split, OURS, called)
    rows = np.flatnonzero(np.array([held_out(one) for one in keys], bool) == (split == "test"))
    if not len(rows):
        raise DataError(f"{called}: none of {len(keys)} is in the split {split!r}")
    return rows


def half(dataset: Dataset, split: str, concept: Callable[[str], str] = stem) -> Dataset:
    """The part of a set without splits that is learned from, or the part that is held out.

    Raises:
        DataError: if there is no such split, or nothing is in it.
    """
    rows = divided(dataset.name, [concept(one) for one in dataset.names], split)
    names = tuple(dataset.names[row] for row in rows)
    return replace(dataset, pictures=dataset.pictures[rows], names=names, labels=None, drawn=HOW)


def _by_key(dataset: Dataset, key: Callable[[str], str], called: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for row, name in enumerate(dataset.names):
        if (first := found.setdefault(key(name), row)) != row:
            raise DataError(
                f"{called}: {dataset.names[first]!r} and {name!r} would answer to the same name"
            )
    return found


def few(dataset: Dataset) -> Dataset | None:
    """Enough pairs for a sheet, from all over the set; None if there are none."""
    if not len(dataset):
        return None
    return chosen(dataset, np.linspace(0, len(dataset) - 1, min(SHOWN, len(dataset))).astype(int))


def _few_of(dataset: Dataset) -> Dataset:
    rows = np.linspace(0, len(dataset) - 1, min(SHOWN, len(dataset))).astype(int)
    names = tuple(dataset.names[row] for row in rows) if dataset.names else ()
    return replace(dataset, pictures=np.ascontiguousarray(dataset.pictures[rows]), names=names)
