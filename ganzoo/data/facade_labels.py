"""CMP facades with their label maps: 400 pairs to learn from, 100 to choose by, 106 held out.

The photograph is each file's left half, its labels the right one. Looked for where
:mod:`ganzoo.data.facades` is.
"""

from dataclasses import replace
from functools import partial

from ganzoo.data import _known, _pairs
from ganzoo.data._base import DataRequest, Dataset, Given, Source
from ganzoo.data._decode import Crop
from ganzoo.data.facades import PLACES, URL

NAME = "facade_labels"
PALETTE = {  # as they are found in the files
    "background": (0, 0, 222),
    "wall": (0, 48, 255),
    "window": (0, 127, 255),
    "door": (0, 206, 255),
    "cornice": (35, 254, 226),
    "sill": (113, 253, 150),
    "balcony": (192, 255, 63),
    "blind": (251, 240, 19),
    "decoration": (255, 159, 3),
    "moulding": (254, 80, 1),
    "pillar": (248, 3, 4),
    "shop": (174, 0, 0),
}


def load(request: DataRequest) -> Dataset:
    """Labels to photographs, or backwards.

    Raises:
        DataError: if there is no copy, or no such split.
    """
    dataset = _split(request)
    if request.split != "train":
        return dataset
    return replace(dataset, held_out=_pairs.few(_split(replace(request, split="test"))))


def _split(request: DataRequest) -> Dataset:
    sides: tuple[Crop, Crop] = ("left", "right") if request.backwards else ("right", "left")
    read = partial(_known.load, name=NAME, places=PLACES, url=URL)
    inputs = read(replace(request, channels=request.input_channels), crop=sides[0])
    pictures = read(request, crop=sides[1])
    made = _pairs.aligned(NAME, inputs, pictures)
    return Dataset(name=NAME, inputs=made[0], pictures=made[1], names=tuple(made[2]))


ENTRY = Source(
    title="CMP facades and their labels",
    short="facades",
    licence="none found",
    url=URL,
    count=400,
    load=load,
    given=Given(noun="labels", palette=PALETTE),
    made="facades",
)
