"""The non-saturating game (Goodfellow et al. 2014, arXiv:1406.2661, Sec. 3).

    L_D = E[softplus(-D(x))] + E[softplus(D(G(z)))]
    L_G = E[softplus(-D(G(z)))]

D returns logits l, and softplus(-l) is -log sigmoid(l), written so that it neither overflows nor
loses its gradient. The discriminator plays as in the minimax game, label smoothing included; the
generator maximises log D(G(z)) instead of minimising log(1 - D(G(z))): the same goal, but a
gradient that is strongest where the fake is worst.

Deviations from the paper: none.
"""

from torch.nn.functional import softplus

from ganzoo.objectives import Objective
from ganzoo.objectives.minimax import d_loss
from ganzoo.papers import Paper
from ganzoo.shapes import Logits, Scalar


def g_loss(fake: Logits) -> Scalar:
    """Its slope is sigmoid(l) - 1: -1 for a fake that convinces nobody."""
    return softplus(-fake).mean()


ENTRY = Objective(
    paper=Paper(
        nickname="Non-saturating GAN",
        title="Generative Adversarial Networks",
        authors="Ian Goodfellow, Jean Pouget-Abadie, Mehdi Mirza, Bing Xu, David Warde-Farley, "
        "Sherjil Ozair, Aaron Courville, Yoshua Bengio",
        year=2014,
        arxiv="1406.2661",
        venue="NeurIPS 2014",
        idea="Do not avoid being caught, try to be believed: the same goal, but now the worst "
        "fakes learn the most.",
        equation=r"\max_G \; \mathbb{E}_{z}\left[\log D(G(z))\right]",
        parents=("Minimax GAN",),
    ),
    d_loss=d_loss,
    g_loss=g_loss,
    has_labels=True,
)
