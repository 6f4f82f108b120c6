"""A folder of pairs of one's own: what a translator starts from, and what it is to make.

    mine/*.png               each a pair, side by side, twice as wide as high: the input left
    mine/A, mine/B           two folders, files of the same names: inputs in A, pictures in B

Folders ``train``, ``val`` and ``test`` (of ``mine``, or of ``A`` and ``B``) are splits; where there
are none, one pair in ten is held out. ``backwards`` turns the direction. ``mine`` may be an archive
as well.
"""

from dataclasses import replace
from functools import partial

from PIL import Image as Pillow

from ganzoo.data import _pairs
from ganzoo.data._base import DataRequest, Dataset, Given, Source
from ganzoo.data._decode import FORMATS, UNREADABLE, Crop
from ganzoo.data._labels import SPLITS
from ganzoo.data._root import Root
from ganzoo.errors import DataError

NAME = "pairs"
NARROWEST = 1.5  # times as wide as high: what is narrower is no pair side by side


def load(request: DataRequest) -> Dataset:
    """Reads ``request.path``.

    Raises:
        DataError: if there is no such folder or split, if no two files have one name, or if
            pictures are no pairs side by side.
    """
    root = _pairs.own(request, NAME)
    sides = [root / side for side in _pairs.SIDES]
    apart = all(map(root.has, _pairs.SIDES))
    if not apart:
        _look(root)
    own = [split for split in SPLITS if (sides[0] if apart else root).has(split)]
    read = partial(_read, root, apart)
    if not own:
        inputs, pictures, names = read(replace(request, split="train"))
        return _pairs.paired(NAME, request, inputs, pictures, names)
    made = _whole(read(request))
    rest = [split for split in ("test", "val") if split in own and split != request.split]
    if request.split != "train" or not rest:
        return made
    return replace(made, held_out=_pairs.few(_whole(read(replace(request, split=rest[0])))))


def _read(
    root: Root, apart: bool, request: DataRequest
) -> tuple[_pairs.Inputs, _pairs.Pictures, list[str]]:
    """Inputs and pictures of one split, aligned."""
    places, crops = [root, root], _crops("left", "right")
    if apart:
        places, crops = [root / side for side in _pairs.SIDES], _crops("centre", "centre")
    if request.backwards:
        places, crops = places[::-1], crops[::-1]
    inputs = replace(request, channels=request.input_channels, backwards=False)
    return _pairs.aligned(
        NAME,
        places[0].read(inputs, NAME, crops[0]),
        places[1].read(replace(request, backwards=False), NAME, crops[1]),
    )


def _crops(first: Crop, second: Crop) -> list[Crop]:
    return [first, second]


def _whole(aligned: tuple[_pairs.Inputs, _pairs.Pictures, list[str]]) -> Dataset:
    inputs, pictures, names = aligned
    return Dataset(name=NAME, inputs=inputs, pictures=pictures, names=tuple(names))


def _look(root: Root) -> None:
    """A first picture that is no pair would silently be cut in two."""
    for one in root.pictures():
        try:
            with one.open() as file, Pillow.open(file, formats=FORMATS) as first:
                width, height = first.size
        except UNREADABLE:
            continue  # whoever reads the folder will say so
        if width < NARROWEST * height:
            raise DataError(
                f"{one.name!r} in '{root}' is {width}x{height} pixels: a pair side by side is "
                "twice as wide as high. Or put inputs into a folder A, and pictures into a folder B"
            )
        return


ENTRY = Source(
    title="Folder of pairs",
    licence="not stated",
    load=load,
    given=Given(noun="inputs"),
    made="pictures",
)
