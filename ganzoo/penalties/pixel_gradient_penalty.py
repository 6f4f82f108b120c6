"""The gradient penalty of a judge of patches, pixel by pixel (Gulrajani et al. 2017,
arXiv:1704.00028, Eq. 3, as SinGAN's authors apply it: Shaham et al. 2019, arXiv:1905.01164).

    E[mean over pixels p of (|grad_{x^[p]} sum_q D(x^)[q]|_2 - 1)^2]
    x^ = e x + (1 - e) G(z),   e ~ U[0, 1), one for each image

A map of logits has a Lipschitz bound of its own at each place. Asking for a slope of one over the
whole picture would give every patch less of it, the larger the picture is.

Deviations from the paper: the slope is that of the sum of all logits by one pixel's channels, not
by the whole image.
"""

import torch

from ganzoo.papers import Paper
from ganzoo.penalties import Penalty, Round
from ganzoo.penalties._slope import slope
from ganzoo.shapes import Scalar


def pixel_gradient_penalty(round: Round) -> Scalar:
    mix = round.draws.uniform(len(round.real), 1, 1, 1).to(round.real.dtype)
    between = torch.lerp(round.fake, round.real, mix)
    slopes = slope(round, between, round.y).unflatten(1, between.shape[1:])
    return (slopes.norm(dim=1) - 1).square().mean()


ENTRY = Penalty(
    paper=Paper(
        nickname="Pixel gradient penalty",
        title="SinGAN: Learning a Generative Model from a Single Natural Image",
        authors="Tamar Rott Shaham, Tali Dekel, Tomer Michaeli",
        year=2019,
        arxiv="1905.01164",
        venue="ICCV 2019",
        idea="A judge of patches owes a slope of one to each pixel, not to the picture.",
        equation=r"\lambda \, \mathbb{E}_{\hat x}\Big[\tfrac{1}{P} \textstyle\sum_p \big("
        r"\lVert \nabla_{\hat x_p} \sum_q D(\hat x)_q \rVert_2 - 1\big)^2\Big]",
        parents=("WGAN-GP",),
    ),
    term=pixel_gradient_penalty,
    per_image=True,
)
