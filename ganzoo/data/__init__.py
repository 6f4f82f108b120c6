"""One file per data set or kind of folder: each reads images, square and uint8."""

from ganzoo.data._base import Colour, DataRequest, Dataset, Given, Source
from ganzoo.data._decode import FORMATS, SUFFIXES, UNREADABLE, picture
from ganzoo.data._labels import splits_of
from ganzoo.data._numbered import numbered
from ganzoo.data._read import read, recognise, sources
from ganzoo.data._root import root
from ganzoo.data._stream import Batch, Batches

__all__ = [
    "FORMATS",
    "SUFFIXES",
    "UNREADABLE",
    "Batch",
    "Batches",
    "Colour",
    "DataRequest",
    "Dataset",
    "Given",
    "Source",
    "numbered",
    "picture",
    "read",
    "recognise",
    "root",
    "sources",
    "splits_of",
]
