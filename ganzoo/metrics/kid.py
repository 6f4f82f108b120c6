"""Kernel distance (Bińkowski et al. 2018, arXiv:1801.01401): unbiased squared MMD.

    k(x, y) = (<x, y> / d + 1)^3
    MMD^2 = mean of k(x, x') over pairs x != x'  +  the same for y  -  2 mean of k(x, y)

It expects 0 when both samples come from one distribution, at any number of images, where a
Fréchet distance shrinks with that number; so single values may be below 0.

Where x_i and y_i belong together, as a translation y_i and the wanted x_i do, k(x_i, y_i) says
nothing of two clouds, and the terms of one pair are left out everywhere:

    MMD^2 = mean over i != j of  k(x_i, x_j) + k(y_i, y_j) - k(x_i, y_j) - k(x_j, y_i)

(Gretton et al. 2012, JMLR 13, Lemma 6): as unbiased, whatever binds x_i to y_i. With all n^2 terms
between the sides, n pairs would score (2 / n) E[k(x_i, y_i) - k(x_i, y_j)] too low, and a
translator that errs in nothing below 0.

Deviations from the paper: the blocks do not overlap. The public code draws 100 overlapping blocks
of 1,000; with disjoint ones the standard error printed beside the mean is that of the mean.
"""

from jaxtyping import Float
from torch import Tensor

from ganzoo.errors import MetricError
from ganzoo.metrics._base import Estimate, Estimates, Metric, Sample, mean_and_error
from ganzoo.papers import Paper

BLOCK = 1000  # images from each side
OF_PAIRS = {"cross_term": "other pairs"}  # of pairs, each side is compared with these


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


def mmd_of_pairs(x: Float[Tensor, "n d"], y: Float[Tensor, "n d"]) -> tuple[float, float | None]:
    """The same of n pairs, and its standard error, by the jackknife over them; None of two.

    Without pair i the mean over the n (n - 1) terms h_ij moves by 2 (H - H_i) / ((n - 1) (n - 2)),
    where H_i = sum over j of h_ij, and H their mean. Where the sides are alike, this error errs
    towards too large.
    """
    x, y = x.double(), y.double()
    between = kernel(x, y)
    terms = kernel(x, x) + kernel(y, y) - between - between.T
    terms.fill_diagonal_(0)
    rows, n = terms.sum(1), len(terms)
    value = float(rows.sum() / (n * (n - 1)))
    if n < 3:
        return value, None
    moved = 2 * (rows.mean() - rows) / ((n - 1) * (n - 2))
    return value, float((moved.square().sum() * (n - 1) / n).sqrt())


def kid(
    real: Float[Tensor, "m d"],
    fake: Float[Tensor, "n d"],
    block: int = BLOCK,
    paired: bool = False,
) -> Estimate:
    """The mean over disjoint blocks, and its standard error; a shorter last block is left out.

    Args:
        paired: whether real ``i`` and fake ``i`` belong together; the error is then over pairs.

    Raises:
        MetricError: if a side has fewer than two images, or pairs are not as many on both sides.
    """
    if min(len(real), len(fake), block) < 2:
        raise MetricError(f"kid needs at least 2 images a side; got {len(real)} and {len(fake)}")
    if paired and len(real) != len(fake):
        raise MetricError(f"pairs have two sides of one size; got {len(real)} and {len(fake)}")
    block = min(block, len(real), len(fake))
    sides = zip(real.split(block), fake.split(block), strict=False)
    whole = [(x, y) for x, y in sides if min(len(x), len(y)) == block]
    if not paired:
        return mean_and_error([mmd(x, y) for x, y in whole])
    found = [mmd_of_pairs(x, y) for x, y in whole]
    errors = [error**2 for _, error in found if error is not None]
    return Estimate(
        sum(value for value, _ in found) / len(found),
        sum(errors) ** 0.5 / len(found) if errors else None,
        over="pairs",
        parts=len(found) * block,
    )


def measure(real: Sample, fake: Sample) -> Estimates:
    return {"kid": kid(real.features, fake.features)}


def measure_pairs(real: Sample, fake: Sample) -> Estimates:
    return {"kid": kid(real.features, fake.features, paired=True)}


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
    measure_pairs=measure_pairs,
    protocol_of_pairs=OF_PAIRS,
)
