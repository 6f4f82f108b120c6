"""Density and coverage (Naeem et al. 2020, arXiv:2002.09797, Sec. 3).

    density  = mean over fakes of (number of real balls that hold it) / k
    coverage = share of real balls that hold at least one fake

A real image's ball reaches to its k-th nearest other real (k = 5). Density may exceed 1; between
two samples of one distribution it expects 1, and coverage 1 - 2^-k for as many fakes as reals.

Deviations from the paper: the network is the one named in the score.
"""

import torch
from jaxtyping import Float
from torch import Tensor

from ganzoo.metrics._base import Estimate, Estimates, Metric, Sample
from ganzoo.metrics._neighbours import blocks, reach
from ganzoo.papers import Paper

K = 5


def density_coverage(
    real: Float[Tensor, "m d"], fake: Float[Tensor, "n d"], k: int = K
) -> tuple[float, float]:
    """Density and coverage of the fakes around the reals."""
    limit = reach(real, k)
    held, visited = 0, torch.zeros(len(real), dtype=torch.bool)
    for block in blocks(fake, real):
        within = block.squares <= limit[block.bank]
        held += int(within.sum())
        visited[block.bank] |= within.any(0)
    return held / (k * len(fake)), float(visited.double().mean())


def measure(real: Sample, fake: Sample) -> Estimates:
    density, coverage = density_coverage(real.features, fake.features)
    return {"density": Estimate(density), "coverage": Estimate(coverage)}


ENTRY = Metric(
    paper=Paper(
        nickname="D&C",
        title="Reliable Fidelity and Diversity Metrics for Generative Models",
        authors="Naeem et al.",
        year=2020,
        arxiv="2002.09797",
        venue="ICML 2020",
        idea="Counts balls instead of joining them, so that one outlier no longer decides.",
        equation=r"\mathrm{coverage}=\frac{1}{N}\sum_{i=1}^{N}"
        r"\mathbb{1}\left[\exists j:y_j\in B(x_i,\mathrm{NND}_k(x_i))\right]",
        parents=("P&R",),
    ),
    yields={"density": "higher", "coverage": "higher"},
    words={"density": "density", "coverage": "coverage"},
    protocol={"k": K},
    measure=measure,
)
