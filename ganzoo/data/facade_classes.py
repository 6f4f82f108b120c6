"""CMP facades as a segmenter learns them: photographs, and the class of each of their pixels.

    class of a pixel = the palette's colour nearest to that of its label, at the label's own size

The labels are JPEGs, and shrinking would mix their colours into those of other classes; so classes
are read at 128 pixels, and a smaller map takes the pixels beneath its own pixels' middles. Looked
for where :mod:`ganzoo.data.facades` is.
"""

from dataclasses import replace
from functools import partial

import numpy as np
from jaxtyping import UInt8

from ganzoo.data import _known, _pairs
from ganzoo.data._base import DataRequest, Dataset, Source
from ganzoo.data.facade_labels import PALETTE
from ganzoo.data.facades import PLACES, URL

NAME = "facade_classes"
SIDE = 128  # of the labels in the files
AT_ONCE = 16  # maps compared with the palette at once


def load(request: DataRequest) -> Dataset:
    """Photographs and their maps, one split.

    Raises:
        DataError: if there is no copy, or no such split.
    """
    read = partial(_known.load, name=NAME, places=PLACES, url=URL)
    whole = read(replace(request, size=SIDE, channels=3), crop="right")
    middles = (np.arange(request.size) * 2 + 1) * SIDE // (2 * request.size)
    labels = replace(whole, pictures=whole.pictures[:, :, middles[:, None], middles])
    shrunk, pictures, names = _pairs.aligned(NAME, labels, read(request, crop="left"))
    return Dataset(
        name=NAME,
        pictures=pictures,
        maps=classes(shrunk),
        class_names=tuple(PALETTE),
        names=tuple(names),
    )


def classes(labels: UInt8[np.ndarray, "n 3 h w"]) -> UInt8[np.ndarray, "n h w"]:
    """The number of the palette's nearest colour, for each pixel."""
    palette = np.array(list(PALETTE.values()), np.int32)
    return np.concatenate([
        np.square(part[:, None].astype(np.int32) - palette[:, :, None, None]).sum(2).argmin(1)
        for part in np.array_split(labels, -(-len(labels) // AT_ONCE))
    ]).astype(np.uint8)  # fmt: skip


ENTRY = Source(
    title="CMP facades and the class of each pixel",
    short="facades",
    licence="none found",
    url=URL,
    count=400,
    load=load,
    palette=PALETTE,
)
