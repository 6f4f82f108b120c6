"""R1, a flat discriminator on reals (Mescheder, Geiger & Nowozin 2018, arXiv:1801.04406, Eq. 9).

    1/2 E[|grad D(x)|^2],   x real;   the recipe's weight is gamma, 10 in the paper

Once the fakes have arrived at the data, a slope there would only push them away again: without
it the game converges locally, where the unpenalised one may circle for ever (Theorem 4.1).

Deviations from the paper: none.
"""

from ganzoo.papers import Paper
from ganzoo.penalties import Penalty, Round
from ganzoo.penalties._slope import slope
from ganzoo.shapes import Scalar


def r1(round: Round) -> Scalar:
    return slope(round, round.real, round.y).square().sum(1).mean() / 2


ENTRY = Penalty(
    paper=Paper(
        nickname="R1",
        title="Which Training Methods for GANs do actually Converge?",
        authors="Lars Mescheder, Andreas Geiger, Sebastian Nowozin",
        year=2018,
        arxiv="1801.04406",
        venue="ICML 2018",
        idea="Make the judge flat where the real pictures are, and the two players stop circling "
        "each other and settle.",
        equation=r"\frac{\gamma}{2} \, \mathbb{E}_{x \sim p_r}\left["
        r"\lVert \nabla_x D(x) \rVert^2\right]",
        parents=("GAN", "WGAN-GP"),
    ),
    term=r1,
    per_image=True,
)
