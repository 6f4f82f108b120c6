"""One file per data set or kind of folder: each reads images, square and uint8."""

from ganzoo.data._base import DataRequest, Dataset, Given, Source
from ganzoo.data._decode import SUFFIXES, UNREADABLE, picture
from ganzoo.data._numbered import numbered
from ganzoo.data._read import read, recognise, sources
from ganzoo.data._stream import Batch, Batches

__all__ = [
    "SUFFIXES",
    "UNREADABLE",
    "Batch",
    "Batches",
    "DataRequest",
    "Dataset",
    "Given",
    "Source",
    "numbered",
    "picture",
    "read",
    "recognise",
    "sources",
]
