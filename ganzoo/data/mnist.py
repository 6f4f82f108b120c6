"""MNIST: 70,000 handwritten digits, grey, 28 x 28 (LeCun, Cortes & Burges 1998).

Looked for at the path given, a folder of its four IDX files or an ``.npz``; else as ``mnist/`` or
``mnist.npz`` among local data, and where torchvision puts what it downloads, which it does last.
At 32 x 32 the digits are padded with black, not resized.
"""

from ganzoo.data import _idx, npz
from ganzoo.data._base import DataRequest, Dataset, Source
from ganzoo.data._places import candidates


def load(request: DataRequest) -> Dataset:
    """Reads an ``.npz`` where there is one, else the IDX files.

    Raises:
        DataError: if the split is unknown, or there is no copy and no network.
    """
    for path in candidates(request, ["mnist.npz"]):
        if path.suffix == ".npz" and path.is_file():
            return npz.read(path, request, name="mnist", pad=True)
    return _idx.load(request, name="mnist", kind="MNIST", places=["mnist"], classes="0123456789")


ENTRY = Source(
    title="MNIST",
    short="mnist",
    licence="CC BY-SA 3.0 (by common account)",
    url="https://en.wikipedia.org/wiki/MNIST_database",
    count=60_000,
    load=load,
)
