"""R2, a flat discriminator on fakes (Mescheder, Geiger & Nowozin 2018, arXiv:1801.04406, Eq. 10).

    1/2 E[|grad D(G(z))|^2];   the recipe's weight is gamma, 10 in the paper

The twin of R1: it converges for the same reason, since in the end fakes and reals are the same.

Deviations from the paper: none.
"""

from ganzoo.papers import Paper
from ganzoo.penalties import Penalty, Round
from ganzoo.penalties._slope import slope
from ganzoo.shapes import Scalar


def r2(round: Round) -> Scalar:
    return slope(round, round.fake, round.fake_y).square().sum(1).mean() / 2


ENTRY = Penalty(
    paper=Paper(
        nickname="R2",
        title="Which Training Methods for GANs do actually Converge?",
        authors="Lars Mescheder, Andreas Geiger, Sebastian Nowozin",
        year=2018,
        arxiv="1801.04406",
        venue="ICML 2018",
        idea="Make the judge flat where the fakes are: the mirror image of R1, and it settles the "
        "game just as well.",
        equation=r"\frac{\gamma}{2} \, \mathbb{E}_{x \sim p_g}\left["
        r"\lVert \nabla_x D(x) \rVert^2\right]",
        parents=("GAN", "WGAN-GP"),
    ),
    term=r2,
    per_image=True,
)
