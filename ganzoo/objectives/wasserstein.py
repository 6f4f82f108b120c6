"""The Wasserstein distance (Arjovsky, Chintala & Bottou 2017, arXiv:1701.07875, Eqs. 2 and 3).

    L_D = E[D(G(z))] - E[D(x)]
    L_G = -E[D(G(z))]

-L_D is a lower bound of the distance that earth must be moved to turn fakes into reals, as long as
the critic D is 1-Lipschitz: pair it with a gradient penalty, weight clipping or spectral norm.

Deviations from the paper: none.
"""

from ganzoo.objectives import Objective
from ganzoo.objectives._labels import no_smoothing
from ganzoo.papers import Paper
from ganzoo.shapes import Logits, Scalar


def d_loss(real: Logits, fake: Logits, smoothing: float = 0.0) -> Scalar:
    """The critic's gap, which it widens.

    Raises:
        InputError: if ``smoothing`` is not 0.
    """
    no_smoothing("wasserstein", smoothing)
    return fake.mean() - real.mean()


def g_loss(fake: Logits) -> Scalar:
    """Its slope is -1 everywhere: a critic, however sure, never stops teaching."""
    return -fake.mean()


ENTRY = Objective(
    paper=Paper(
        nickname="WGAN",
        title="Wasserstein Generative Adversarial Networks",
        authors="Martin Arjovsky, Soumith Chintala, Léon Bottou",
        year=2017,
        arxiv="1701.07875",
        venue="ICML 2017",
        idea="Ask how far earth must be moved to turn the fakes into the reals: a distance that "
        "still points the way when the two have nothing in common.",
        equation=r"W(p_r, p_g) = \sup_{\lVert D \rVert_L \le 1} "
        r"\mathbb{E}_{x \sim p_r}\left[D(x)\right] - \mathbb{E}_{x \sim p_g}\left[D(x)\right]",
        parents=("GAN",),
    ),
    d_loss=d_loss,
    g_loss=g_loss,
)
