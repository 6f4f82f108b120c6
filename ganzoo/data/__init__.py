"""One file per data set or kind of folder: each reads images into memory, square and uint8."""

from ganzoo.data._base import DataRequest, Dataset, Source
from ganzoo.registry import Folder

sources: Folder[Source] = Folder(__name__, Source)

__all__ = ["DataRequest", "Dataset", "Source", "sources"]
