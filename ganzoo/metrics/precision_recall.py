"""Improved precision and recall (Kynkäänniemi et al. 2019, arXiv:1904.06991, Eq. 1 and 2).

    precision = share of fakes inside the real manifold
    recall    = share of reals inside the generated manifold

A manifold is the union of balls around its images, each reaching to its k-th nearest other one
(k = 3). One outlier with a far neighbour makes a large ball: density and coverage mend that.

Deviations from the paper: the network is the one named in the score, not VGG-16.
"""

import torch
from jaxtyping import Float
from torch import Tensor

from ganzoo.metrics._base import Estimate, Estimates, Metric, Sample
from ganzoo.metrics._neighbours import blocks, reach
from ganzoo.papers import Paper

K = 3


def inside(query: Float[Tensor, "m d"], bank: Float[Tensor, "n d"], k: int = K) -> float:
    """The share of query rows that lie in some ball of the bank's manifold."""
    limit = reach(bank, k)
    found = torch.zeros(len(query), dtype=torch.bool)
    for block in blocks(query, bank):
        found[block.query] |= (block.squares <= limit[block.bank]).any(1)
    return float(found.double().mean())


def measure(real: Sample, fake: Sample) -> Estimates:
    return {
        "precision": Estimate(inside(fake.features, real.features)),
        "recall": Estimate(inside(real.features, fake.features)),
    }


ENTRY = Metric(
    paper=Paper(
        nickname="P&R",
        title="Improved Precision and Recall Metric for Assessing Generative Models",
        authors="Kynkäänniemi et al.",
        year=2019,
        arxiv="1904.06991",
        venue="NeurIPS 2019",
        idea="Tells quality from variety: how many fakes look real, and how many reals could have "
        "been generated.",
        equation=r"\mathrm{precision}=\frac{1}{|\Phi_g|}\sum_{\phi\in\Phi_g}"
        r"\mathbb{1}\left[\exists\,\phi'\in\Phi_r:\|\phi-\phi'\|\le\mathrm{NND}_k(\phi')\right]",
    ),
    yields={"precision": "higher", "recall": "higher"},
    words={"precision": "precision", "recall": "recall"},
    protocol={"k": K},
    measure=measure,
)
