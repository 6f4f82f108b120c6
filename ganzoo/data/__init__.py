"""One file per data set or kind of folder: each reads images into memory, square and uint8."""

from ganzoo.data._base import DataRequest, Dataset, Source
from ganzoo.data._stream import Batch, Batches
from ganzoo.registry import Folder

sources: Folder[Source] = Folder(__name__, Source)

__all__ = ["Batch", "Batches", "DataRequest", "Dataset", "Source", "sources"]
