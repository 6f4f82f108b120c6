"""Fashion-MNIST: 70,000 grey pictures of clothes, 28 x 28 (Xiao et al. 2017, arXiv:1708.07747).

Looked for at the path given; else in ``fashion-mnist/`` among local data, in Debian's
``dataset-fashion-mnist``, and where torchvision puts what it downloads, which it does last.
At 32 x 32 the pictures are padded with black, not resized.
"""

from functools import partial

from ganzoo.data import _idx
from ganzoo.data._base import Source

ENTRY = Source(
    title="Fashion-MNIST",
    short="fashion",
    licence="MIT",
    url="https://github.com/zalandoresearch/fashion-mnist",
    count=60_000,
    load=partial(
        _idx.load,
        name="fashion_mnist",
        kind="FashionMNIST",
        places=("fashion-mnist", "/usr/share/datasets/fashion-mnist"),
        classes=(
            "T-shirt/top",
            "Trouser",
            "Pullover",
            "Dress",
            "Coat",
            "Sandal",
            "Shirt",
            "Sneaker",
            "Bag",
            "Ankle boot",
        ),
    ),
)
