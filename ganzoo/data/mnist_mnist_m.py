"""MNIST with its labels, MNIST-M without: what a classifier was taught, and where it is to work.

    pictures, labels    MNIST, in colour like the others
    inputs              MNIST-M, in an order of its own; what its digits are is not handed over

So does a classifier adapt from one domain to the other (Ganin et al. 2016, arXiv:1505.07818,
Sec. 5.2), or CycleGAN translate between them. ``backwards`` exchanges the two. A path is that of
the photographs, as in :mod:`ganzoo.data.mnist_m`.
"""

from dataclasses import replace

from ganzoo.data import _pairs, mnist_m
from ganzoo.data._base import DataRequest, Dataset, Given, Source

NAME = "mnist_mnist_m"


def load(request: DataRequest) -> Dataset:
    """Both domains, of one split.

    Raises:
        DataError: if the split is unknown, or digits or photographs are not at hand.
    """
    target, source = _both(request)
    held_out = _both(replace(request, split="test")) if request.split == "train" else None
    both = _pairs.unpaired(NAME, target, source, held_out)
    return replace(both, labels=source.labels, class_names=source.class_names)


def _both(request: DataRequest) -> tuple[Dataset, Dataset]:
    """What is adapted to, and what has the labels."""
    target = replace(request, channels=request.input_channels, backwards=False)
    source = replace(request, backwards=False)
    if request.backwards:
        return mnist_m.digits(target), mnist_m.load(source)
    return mnist_m.load(target), mnist_m.digits(source)


ENTRY = Source(
    title="MNIST, and MNIST-M without labels",
    short="mnist_m",
    licence=mnist_m.ENTRY.licence,
    url=mnist_m.ENTRY.url,
    count=60_000,
    load=load,
    given=Given(noun="digits in front of photographs"),
    made="digits on black",
    domains=mnist_m.ENTRY.domains,
)
