"""A ``.tar``, ``.tar.gz`` or ``.tgz`` of pictures, in the order in which it holds them.

``archive.tar.gz:inner/folder`` reads only what lies below that folder of the archive; see
:mod:`ganzoo.data._archive`. :mod:`ganzoo.data.folder` reads the same, and ``.zip``.
"""

from ganzoo.data import _archive
from ganzoo.data._base import DataRequest, Dataset, Source
from ganzoo.errors import DataError


def load(request: DataRequest) -> Dataset:
    """Reads ``request.path``.

    Raises:
        DataError: if there is no such archive, it is damaged, or it has no picture there or no
            such split.
    """
    if request.path is None:
        raise DataError("tar needs a path: the .tar, .tar.gz or .tgz to read (--data FILE)")
    return _archive.read(request.path, request)


ENTRY = Source(title="Archive of pictures", licence="not stated", load=load, divides=True)
