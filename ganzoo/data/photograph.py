"""One picture, for a network that learns from a single one, in its own proportions.

A path to a picture file, or without one the photograph of a pagoda that comes in scikit-learn's
package (``china.jpg``), so that it needs no network and no file. The longer side becomes the size
that was asked for. It is turned upright and laid on white, and never cut.
"""

from pathlib import Path

import numpy as np
from PIL import Image as Pillow

from ganzoo.data._arrays import choose
from ganzoo.data._base import DataRequest, Dataset, Source
from ganzoo.data._decode import upright
from ganzoo.errors import DataError


def load(request: DataRequest) -> Dataset:
    """Reads one picture.

    Raises:
        DataError: if there is no such file, if it is no picture, or if a split other than
            ``train`` is asked for.
    """
    choose(request.split, ("train",), "photograph")
    path = _embedded() if request.path is None else request.path.expanduser()
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
    return Dataset(name="photograph", pictures=np.ascontiguousarray(small.transpose(2, 0, 1)[None]))


def _embedded() -> Path:
    import sklearn.datasets  # a heavy import, for one source

    return Path(sklearn.datasets.__file__).parent / "images" / "china.jpg"


ENTRY = Source(
    title="Photograph of a pagoda (danielbuechele)",
    short="pagoda",
    licence="CC BY 2.0",
    url="https://www.flickr.com/photos/danielbuechele/6061409035/",
    load=load,
)
