"""A photograph of a pagoda that comes in scikit-learn's package (``china.jpg``).

A single image to learn from that needs no network and no file.
"""

from pathlib import Path

from ganzoo.data import photograph
from ganzoo.data._base import DataRequest, Dataset, Source
from ganzoo.errors import DataError


def load(request: DataRequest) -> Dataset:
    """Reads the package's copy.

    Raises:
        DataError: if a path is given, or a split other than ``train`` is asked for.
    """
    if request.path is not None:
        raise DataError(
            f"pagoda is one photograph, and reads no other; got '{request.path}': for a picture of "
            "your own set data.name=photograph"
        )
    import sklearn.datasets  # a heavy import, for one source

    china = Path(sklearn.datasets.__file__).parent / "images" / "china.jpg"
    return photograph.read(china, request, "pagoda")


ENTRY = Source(
    title="Photograph of a pagoda (danielbuechele)",
    short="pagoda",
    licence="CC BY 2.0",
    url="https://www.flickr.com/photos/danielbuechele/6061409035/",
    load=load,
)
