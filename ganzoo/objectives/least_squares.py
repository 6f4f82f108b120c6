"""Least squares (Mao et al. 2016, arXiv:1611.04076, Eq. 9: targets a = 0, b = c = 1).

    L_D = 1/2 E[(D(x) - 1)^2] + 1/2 E[D(G(z))^2]
    L_G = 1/2 E[(D(G(z)) - 1)^2]

A fake on the right side but far from the boundary costs nothing in cross-entropy, and learns
nothing; here it is still pulled back to the data. With one-sided label smoothing s a real's
target is 1 - s.

Deviations from the paper: none.
"""

from ganzoo.objectives import Objective
from ganzoo.papers import Paper
from ganzoo.shapes import Logits, Scalar


def d_loss(real: Logits, fake: Logits, smoothing: float = 0.0) -> Scalar:
    """0 where every real scores 1 - smoothing and every fake 0; 1/4 at best if they are alike."""
    return ((real - (1 - smoothing)).square().mean() + fake.square().mean()) / 2


def g_loss(fake: Logits) -> Scalar:
    """0 where every fake scores what a real should."""
    return (fake - 1).square().mean() / 2


ENTRY = Objective(
    paper=Paper(
        nickname="LSGAN",
        title="Least Squares Generative Adversarial Networks",
        authors="Xudong Mao, Qing Li, Haoran Xie, Raymond Y.K. Lau, Zhen Wang, "
        "Stephen Paul Smolley",
        year=2016,
        arxiv="1611.04076",
        venue="ICCV 2017",
        idea="Measure by how far a fake misses, not only on which side it falls, and even fakes "
        "that already fool the judge keep learning.",
        equation=r"\min_D \; \tfrac12 \mathbb{E}_{x}\left[(D(x) - 1)^2\right] "
        r"+ \tfrac12 \mathbb{E}_{z}\left[D(G(z))^2\right], \qquad "
        r"\min_G \; \tfrac12 \mathbb{E}_{z}\left[(D(G(z)) - 1)^2\right]",
        parents=("GAN", "DCGAN"),
    ),
    d_loss=d_loss,
    g_loss=g_loss,
    has_labels=True,
)
