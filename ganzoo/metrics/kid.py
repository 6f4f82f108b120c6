"""Kernel distance (Bińkowski et al. 2018, arXiv:1801.01401): unbiased squared MMD.

    k(x, y) = (<x, y> / d + 1)^3
    MMD^2 = mean of k(x, x') over pairs x != x'  +  the same for y  -  2 mean of k(x, y)

It expects 0 when both samples come from one distribution, at any number of images, where a
Fréchet distance shrinks with that number; so single values may be below 0.

Deviations from the paper: the blocks do not overlap. The public code draws 100 overlapping blocks
of 1,000; with disjoint ones the standard error printed beside the mean is that of the mean.
"""

from jaxtyping import Float
from torch import Tensor

from ganzoo.errors import MetricError
from ganzoo.metrics._base import Estimate, Estimates, Metric, Sample, mean_and_error
from ganzoo.papers import Paper

BLOCK = 1000  # images from each side


def kernel(
    x: Float[Tensor, "m d"], y: Float[Tensor, "n d"], degree: int = 3
) -> Float[Tensor, "m n"]:
    return (x @ y.T / x.shape[1] + 1) ** degree


def mmd(x: Float[Tensor, "m d"], y: Float[Tensor, "n d"]) -> float:
    """The unbiased estimate of the squared maximum mean discrepancy of two samples."""
    x, y = x.double(), y.double()
    return float(_between_others(x) + _between_others(y) - 2 * kernel(x, y).mean())


def _between_others(x: Float[Tensor, "n d"]) -> Float[Tensor, ""]:
    """The mean kernel over all pairs of different rows."""
    table = kernel(x, x)
    return (table.sum() - table.trace()) / (len(x) * (len(x) - 1))


def kid(real: Float[Tensor, "m d"], fake: Float[Tensor, "n d"], block: int = BLOCK) -> Estimate:
    """The mean over disjoint blocks, and its standard error; a shorter last block is left out.

    Raises:
        MetricError: if a side has fewer than two images.
    """
    if min(len(real), len(fake), block) < 2:
        raise MetricError(f"kid needs at least 2 images a side; got {len(real)} and {len(fake)}")
    block = min(block, len(real), len(fake))
    pairs = zip(real.split(block), fake.split(block), strict=False)
    whole = [(x, y) for x, y in pairs if min(len(x), len(y)) == block]
    return mean_and_error([mmd(x, y) for x, y in whole])


def measure(real: Sample, fake: Sample) -> Estimates:
    return {"kid": kid(real.features, fake.features)}


ENTRY = Metric(
    paper=Paper(
        nickname="KID",
        title="Demystifying MMD GANs",
        authors="Bińkowski et al.",
        year=2018,
        arxiv="1801.01401",
        venue="ICLR 2018",
        idea="Asks whether two clouds of features differ in their first three moments, without "
        "the bias that few images give a Fréchet distance.",
        equation=r"\mathbb{E}\,k(x,x')+\mathbb{E}\,k(y,y')-2\,\mathbb{E}\,k(x,y),\quad"
        r"k(x,y)=\left(\tfrac{1}{d}x^\top y+1\right)^3",
    ),
    yields={"kid": "lower"},
    words={"kid": "kernel distance"},
    protocol={"block": BLOCK},
    measure=measure,
)
