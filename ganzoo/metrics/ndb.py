"""Number of statistically different bins (Richardson & Weiss 2018, arXiv:1805.12462, Sec. 2).

The reals are cut into bins by k-means; fakes fall into the bin of the nearest centre. A bin is
different if the two shares differ by more than chance allows:

    |p_r - p_g| / sqrt(p (1 - p) (1/n_r + 1/n_g)) > 1.96,   p = pooled share

The score is the share of bins that are different: about 0.05 between two samples of one
distribution, 1 after a collapse. It finds lost modes without knowing any classes.

Deviations from the paper: bins in the features of the network named in the score, not in pixels.
"""

import torch
from jaxtyping import Float, Int64
from torch import Tensor

from ganzoo.errors import MetricError
from ganzoo.metrics._base import Estimate, Estimates, Metric, Sample
from ganzoo.metrics._neighbours import nearest
from ganzoo.papers import Paper

BINS = 100
PER_BIN = 10  # images a bin should hold for the test to mean something
ROUNDS = 20
Z = 1.96  # 5 % of equal bins differ by more


def centres(features: Float[Tensor, "n d"], bins: int, seed: int = 0) -> Float[Tensor, "bins d"]:
    """k-means (Lloyd), started from ``bins`` images drawn by the seed."""
    dice = torch.Generator().manual_seed(seed)
    middle = features[torch.randperm(len(features), generator=dice)[:bins]].double()
    for _ in range(ROUNDS):
        owner = nearest(features, middle).row[:, 0]
        size = owner.bincount(minlength=bins)[:, None]
        total = torch.zeros_like(middle).index_add_(0, owner, features.double())
        middle = torch.where(size > 0, total / size.clamp(min=1), middle)
    return middle


def filled(
    features: Float[Tensor, "n d"], middle: Float[Tensor, "bins d"]
) -> Int64[Tensor, " bins"]:
    """How many images fall into each bin."""
    return nearest(features, middle).row[:, 0].bincount(minlength=len(middle))


def different(real: Int64[Tensor, " bins"], fake: Int64[Tensor, " bins"]) -> float:
    """The share of bins in which the two counts differ by more than chance (two proportions)."""
    n_real, n_fake = real.sum().double(), fake.sum().double()
    pooled = (real + fake) / (n_real + n_fake)
    error = (pooled * (1 - pooled) * (1 / n_real + 1 / n_fake)).sqrt()
    gap = (real / n_real - fake / n_fake).abs()
    return float((gap > Z * error).double().mean())


def measure(real: Sample, fake: Sample) -> Estimates:
    bins = min(BINS, len(real) // PER_BIN)
    if bins < 2:
        raise MetricError(f"ndb needs at least {2 * PER_BIN} real images; got {len(real)}")
    # Bins are drawn from one half and counted in the other: centres fit the images that made them,
    # so counting those again would find differences between equal distributions.
    middle = centres(real.features[::2], bins)
    counts = [filled(features, middle) for features in (real.features[1::2], fake.features)]
    return {"ndb": Estimate(different(*counts))}


ENTRY = Metric(
    paper=Paper(
        nickname="NDB",
        title="On GANs and GMMs",
        authors="Richardson & Weiss",
        year=2018,
        arxiv="1805.12462",
        venue="NeurIPS 2018",
        idea="Sorts real images into bins and counts the bins that generated images fill too much "
        "or too little.",
        equation=r"\frac{|p_r-p_g|}{\sqrt{p(1-p)(1/n_r+1/n_g)}}>1.96",
    ),
    yields={"ndb": "lower"},
    words={"ndb": "share of statistically different bins"},
    protocol={"bins_at_most": BINS},
    measure=measure,
)
