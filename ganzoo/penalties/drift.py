"""Drift penalty (Karras et al. 2018, arXiv:1710.10196, App. A.1).

    E[D(x)^2],   x real;   the recipe's weight is 0.001 in the paper

A Wasserstein critic's verdicts mean the same if a constant is added to all of them: this keeps them
from drifting away from zero.

Deviations from the paper: none.
"""

from ganzoo.papers import Paper
from ganzoo.penalties import Penalty, Round
from ganzoo.shapes import Scalar


def drift(round: Round) -> Scalar:
    return round.judge(round.real, round.y).float().square().mean()


ENTRY = Penalty(
    paper=Paper(
        nickname="Drift penalty",
        title="Progressive Growing of GANs for Improved Quality, Stability, and Variation",
        authors="Tero Karras, Timo Aila, Samuli Laine, Jaakko Lehtinen",
        year=2018,
        arxiv="1710.10196",
        venue="ICLR 2018",
        idea="Keep the critic's verdicts near zero: only their differences mean anything.",
        equation=r"\epsilon_{\text{drift}} \, \mathbb{E}_{x \sim p_r}\left[D(x)^2\right]",
        parents=("WGAN-GP",),
    ),
    term=drift,
)
