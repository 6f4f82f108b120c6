"""A folder of one's own for a segmenter: pictures, and maps that say the class of each pixel.

    mine/A/1.jpg, mine/B/1.png      files of the same names: pictures in A, their maps in B

A map is a PNG in grey or with a palette, whose pixels hold numbers of classes from 0 on. It is cut
square in the middle like its picture, and each pixel of a smaller map is the one beneath its own
middle. Folders ``train``, ``val`` and ``test`` of ``A`` and ``B`` are splits; where there are none,
one picture in ten is held out. ``mine`` may be an archive.
"""

from dataclasses import replace

from ganzoo.data import _pairs
from ganzoo.data._arrays import choose
from ganzoo.data._base import DataRequest, Dataset, Source
from ganzoo.data._held_out import HOW
from ganzoo.data._labels import SPLITS
from ganzoo.data._root import Root
from ganzoo.errors import DataError

NAME = "maps"


def load(request: DataRequest) -> Dataset:
    """Reads ``request.path``.

    Raises:
        DataError: if there is no such folder or split, if no picture has a map, or if a map does
            not hold numbers.
    """
    root = _pairs.own(request, NAME)
    if not all(map(root.has, _pairs.SIDES)):
        raise DataError(
            f"'{root}' holds no folders A, of pictures, and B, of maps with the same names"
        )
    named = [split for split in SPLITS if (root / "A").has(split)]
    choose(request.split, named or _pairs.OURS, NAME)
    parts = {split: _read(root, replace(request, split=split)) for split in named or ("train",)}
    most = max(int(part.maps.max()) for part in parts.values() if part.maps is not None)
    class_names = tuple(map(str, range(most + 1)))
    if named:
        return replace(parts[request.split], class_names=class_names)
    return replace(_side(parts["train"], request.split), class_names=class_names)


def _read(root: Root, request: DataRequest) -> Dataset:
    asked = replace(request, backwards=False)
    maps = (root / "B").read(replace(asked, channels=1), NAME, "numbers")
    if maps.skipped:
        raise DataError(f"{NAME}: in '{root / 'B'}' {maps.skipped[0]}")
    pictures = (root / "A").read(asked, NAME)
    numbers, shown, names = _pairs.aligned(NAME, maps, pictures)
    return Dataset(name=NAME, pictures=shown, maps=numbers[:, 0], names=tuple(names))


def _side(whole: Dataset, split: str) -> Dataset:
    assert whole.maps is not None
    rows = _pairs.divided(NAME, whole.names, split)
    names = tuple(whole.names[row] for row in rows)
    return replace(
        whole, pictures=whole.pictures[rows], maps=whole.maps[rows], names=names, drawn=HOW
    )


ENTRY = Source(title="Folder of pictures and class maps", licence="not stated", load=load)
