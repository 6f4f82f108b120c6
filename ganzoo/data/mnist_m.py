"""MNIST-M: MNIST's digits in front of photographs (Ganin et al. 2016, arXiv:1505.07818, Sec. 5.2).

    picture[i, j, k] = |digit[i, j] - patch[i, j, k]|        k: red, green, blue

Where the pen went, the patch is inverted; elsewhere it is seen as it is. A person still reads the
digit, a network that knows digits on black alone hardly does.

The patches are cut at random, the same for everyone, one for each digit, out of photographs that
are 128 pixels wide: those of :mod:`ganzoo.data.flowers`, or of the folder or archive whose path is
given, such as BSDS500's. Of a folder, ``train`` and ``test`` directly in it are kept; of anything
else one photograph in ten is held out for the patches of the test digits. The digits come from
where MNIST usually lies.

Deviations from the paper: patches of flowers instead of those of BSDS500, unless its path is given.
"""

from dataclasses import replace

import numpy as np
from jaxtyping import UInt8

from ganzoo.data import _pairs, flowers, mnist
from ganzoo.data._arrays import choose, dataset
from ganzoo.data._base import DataRequest, Dataset, Source

NAME = "mnist_m"
PHOTOGRAPH = 128  # pixels, in each direction
SPLITS = ("train", "test")


def load(request: DataRequest) -> Dataset:
    """MNIST's digits, blended; as many as it has, in its order.

    Raises:
        DataError: if the split is unknown, or digits or photographs are not at hand.
    """
    split = choose(request.split, SPLITS, NAME)
    plain = digits(replace(request, channels=1))
    photographs = _photographs(request).pictures
    patches = cut(photographs, len(plain), request.size, seed=SPLITS.index(split))
    pictures = blend(plain.pictures, patches).transpose(0, 2, 3, 1)
    return dataset(NAME, request, pictures, plain.labels, plain.class_names)


def digits(request: DataRequest) -> Dataset:
    """MNIST as it usually lies: the path that is given is that of photographs.

    Raises:
        DataError: as :func:`ganzoo.data.mnist.load`.
    """
    return mnist.load(replace(request, path=None))


def blend(
    plain: UInt8[np.ndarray, "n 1 h w"], patches: UInt8[np.ndarray, "n c h w"]
) -> UInt8[np.ndarray, "n c h w"]:
    """|digit - patch|, in each colour."""
    return np.maximum(plain, patches) - np.minimum(plain, patches)


def cut(
    photographs: UInt8[np.ndarray, "m c side side"], count: int, size: int, seed: int
) -> UInt8[np.ndarray, "count c size size"]:
    """``count`` squares, each from anywhere in any photograph; they follow from the seed alone."""
    dice, reach = np.random.default_rng(seed), photographs.shape[2] - size + 1
    rows = dice.integers(len(photographs), size=count)
    corners = dice.integers(reach, size=(count, 2))
    patches = np.empty((count, photographs.shape[1], size, size), np.uint8)
    for patch, row, (top, left) in zip(patches, rows, corners, strict=True):
        patch[:] = photographs[row, :, top : top + size, left : left + size]
    return patches


def _photographs(request: DataRequest) -> Dataset:
    """Those of the split that was asked for."""
    side = max(request.size, PHOTOGRAPH)
    asked = replace(request, size=side, channels=3, backwards=False)
    if request.path is not None and _pairs.splits_of(request.path.expanduser()):
        return flowers.ENTRY.load(asked)
    return _pairs.half(flowers.ENTRY.load(replace(asked, split="train")), request.split)


ENTRY = Source(
    title="MNIST-M (digits in front of flowers)",
    short="mnist_m",
    licence=f"digits: {mnist.ENTRY.licence}; photographs: {flowers.ENTRY.licence}",
    url="https://arxiv.org/abs/1505.07818",
    count=60_000,
    load=load,
    domains={"mnist_m": load, "mnist": digits},
)
