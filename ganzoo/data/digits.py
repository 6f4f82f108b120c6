"""Scikit-learn's digits: 1,797 real handwritten digits, 8 x 8, that come in its package.

They need no network and no file, so they are what a first try runs on. Their 17 grey levels are
spread over 0..255. From the test set of Alpaydin & Kaynak's *Optical Recognition of Handwritten
Digits* (UCI, 1998).
"""

import numpy as np

from ganzoo.data._arrays import choose, come_along, dataset
from ganzoo.data._base import DataRequest, Dataset, Source


def load(request: DataRequest) -> Dataset:
    """Reads the package's copy.

    Raises:
        DataError: if a split other than ``train``, or another place, is asked for.
    """
    come_along(request, "digits")
    from sklearn.datasets import load_digits  # a heavy import, for one source

    choose(request.split, ("train",), "digits")
    images, labels = load_digits(return_X_y=True)
    pictures = np.rint(images * (255 / 16)).astype(np.uint8).reshape(-1, 8, 8, 1)
    return dataset("digits", request, pictures, np.asarray(labels, np.int64), "0123456789")


ENTRY = Source(
    title="Optical Recognition of Handwritten Digits (8 x 8)",
    short="digits",
    licence="CC BY 4.0",
    url="https://archive.ics.uci.edu/dataset/80",
    load=load,
)
