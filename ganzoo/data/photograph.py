"""One picture of one's own, for a network that learns from a single one.

It keeps its proportions: the longer side becomes the size that was asked for. It is turned upright
and laid on white, and never cut.
"""

from pathlib import Path

import numpy as np
from PIL import Image as Pillow

from ganzoo.data._arrays import choose
from ganzoo.data._base import DataRequest, Dataset, Source
from ganzoo.data._decode import upright
from ganzoo.errors import DataError


def load(request: DataRequest) -> Dataset:
    """Reads the file at ``request.path``.

    Raises:
        DataError: if there is no such file, if it is no picture, or if a split other than
            ``train`` is asked for.
    """
    if request.path is None:
        raise DataError("photograph needs a path: the picture to read (--data FILE)")
    return read(request.path.expanduser(), request, "photograph")


def read(path: Path, request: DataRequest, name: str) -> Dataset:
    """Reads the picture at ``path`` as the data set ``name``.

    Raises:
        DataError: as :func:`load`.
    """
    choose(request.split, ("train",), name)
    if not path.is_file():
        raise DataError(f"there is no picture '{path}': a photograph is a single file")
    try:
        with path.open("rb") as file:
            flat = upright(file, request.channels)
    except Exception as error:  # a damaged file can trip Pillow in any way at all
        said = str(error) if isinstance(error, ValueError) else "it is damaged or no picture"
        raise DataError(f"'{path}' cannot be read: {said}") from None
    longer = max(flat.size)
    width, height = (max(1, round(side * request.size / longer)) for side in flat.size)
    small = np.atleast_3d(np.asarray(flat.resize((width, height), Pillow.Resampling.LANCZOS)))
    return Dataset(name=name, pictures=np.ascontiguousarray(small.transpose(2, 0, 1)[None]))


ENTRY = Source(title="Photograph", licence="not stated", load=load)
