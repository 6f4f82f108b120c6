"""The minimax game (Goodfellow et al. 2014, arXiv:1406.2661, Eq. 1).

    L_D = E[softplus(-D(x))] + E[softplus(D(G(z)))]
    L_G = -E[softplus(D(G(z)))]                          both players share the second summand

D returns logits l: softplus(-l) is -log sigmoid(l), and softplus(l) is -log(1 - sigmoid(l)). With
one-sided label smoothing s (Salimans et al. 2016, arXiv:1606.03498, Sec. 3.4) a real's label is
1 - s, and its summand (1 - s) softplus(-l) + s softplus(l).

Deviations from the paper: none.
"""

from torch.nn.functional import softplus

from ganzoo.objectives import Objective
from ganzoo.objectives._labels import soft_reals
from ganzoo.papers import Paper
from ganzoo.shapes import Logits, Scalar


def d_loss(real: Logits, fake: Logits, smoothing: float = 0.0) -> Scalar:
    """Binary cross-entropy: log 4 where D is undecided, 2 JSD(real, fake) below that at best."""
    return soft_reals(real, smoothing) + softplus(fake).mean()


def g_loss(fake: Logits) -> Scalar:
    """Fades where D is sure of itself: the slope is -sigmoid(l), nothing for a bad fake."""
    return -softplus(fake).mean()


ENTRY = Objective(
    paper=Paper(
        nickname="Minimax GAN",
        title="Generative Adversarial Networks",
        authors="Ian Goodfellow, Jean Pouget-Abadie, Mehdi Mirza, Bing Xu, David Warde-Farley, "
        "Sherjil Ozair, Aaron Courville, Yoshua Bengio",
        year=2014,
        arxiv="1406.2661",
        venue="NeurIPS 2014",
        idea="One number, and two players who pull it in opposite directions: where neither can "
        "gain, the fakes are distributed like the reals.",
        equation=r"\min_G \max_D \; \mathbb{E}_{x}\left[\log D(x)\right] "
        r"+ \mathbb{E}_{z}\left[\log\left(1 - D(G(z))\right)\right]",
        parents=("GAN",),
    ),
    d_loss=d_loss,
    g_loss=g_loss,
    has_labels=True,
)
