"""The hinge loss (Lim & Ye 2017, arXiv:1705.02894; as Miyato et al. 2018, Eqs. 16 and 17).

    L_D = E[max(0, 1 - D(x))] + E[max(0, 1 + D(G(z)))]
    L_G = -E[D(G(z))]

As in a support vector machine, images beyond the margin cost nothing: the discriminator works on
those it is not sure of.

Deviations from the paper: none.
"""

from torch.nn.functional import relu

from ganzoo.objectives import Objective
from ganzoo.objectives._labels import no_smoothing
from ganzoo.papers import Paper
from ganzoo.shapes import Logits, Scalar


def d_loss(real: Logits, fake: Logits, smoothing: float = 0.0) -> Scalar:
    """2 where D is undecided, 0 once every real scores above 1 and every fake below -1.

    Raises:
        InputError: if ``smoothing`` is not 0.
    """
    no_smoothing("hinge", smoothing)
    return relu(1 - real).mean() + relu(1 + fake).mean()


def g_loss(fake: Logits) -> Scalar:
    """Its slope is -1 everywhere."""
    return -fake.mean()


ENTRY = Objective(
    paper=Paper(
        nickname="Geometric GAN",
        title="Geometric GAN",
        authors="Jae Hyun Lim, Jong Chul Ye",
        year=2017,
        arxiv="1705.02894",
        venue="arXiv preprint",
        idea="The judge draws the widest street between reals and fakes, and looks only at "
        "pictures that stand in it.",
        equation=r"\min_D \; \mathbb{E}_{x}\left[\max(0, 1 - D(x))\right] "
        r"+ \mathbb{E}_{z}\left[\max(0, 1 + D(G(z)))\right], \qquad "
        r"\min_G \; -\mathbb{E}_{z}\left[D(G(z))\right]",
        parents=("GAN", "WGAN"),
    ),
    d_loss=d_loss,
    g_loss=g_loss,
)
