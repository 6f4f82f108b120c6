"""Path length regularisation (Karras et al. 2020, arXiv:1912.04958, Eq. 4).

    (|J^T y|_2 - a)^2,    J = d synthesis(w) / dw,    y ~ N(0, I) / side

J^T y is the gradient of <synthesis(w), y>: how far the picture moves for a step in w, in a random
direction of the picture. ``a`` follows the mean of these lengths; the recipe's weight is 2 in the
authors' code, every 4th step. Equal steps then change the picture equally, wherever they start.

Deviations from the paper: as in the authors' code, half of the batch is looked at, and a style's
length is the root mean square over its layers.
"""

from typing import Any, cast

import torch
from jaxtyping import Float
from torch import Tensor

from ganzoo.errors import RecipeError
from ganzoo.papers import Paper
from ganzoo.penalties import Penalty, Round
from ganzoo.shapes import Scalar

MEMORY = 0.99  # of the mean length, at each look


def path_length(round: Round) -> Scalar:
    """E[(|J^T y|_2 - a)^2]; ``a``, kept in the generator, moves by a hundredth of its way.

    Raises:
        RecipeError: if the generator has no styles.
    """
    generator = cast(Any, round.players["generator"])
    if not hasattr(generator, "path"):
        raise RecipeError(
            "path_length measures how styles move the picture: it needs a generator with styles"
        )
    lengths = _lengths(round, max(1, len(round.z) // 2))
    with torch.no_grad():
        mean = round.draws.gathered(lengths).mean().to(generator.path.dtype)
        generator.path.lerp_(mean, 1 - MEMORY)
    return (lengths - generator.path.clone()).square().mean()


def _lengths(round: Round, count: int) -> Float[Tensor, " half"]:
    generator = cast(Any, round.players["generator"])
    y = None if round.fake_y is None else round.fake_y[:count]
    w = generator.mapping(round.z[:count], y)
    image = generator.synthesis(w, noise="random").float()
    direction = round.draws.normal(*image.shape).to(image.dtype) / image.shape[2]
    (gradient,) = torch.autograd.grad((image * direction).sum(), w, create_graph=True)
    return gradient.square().sum(2).mean(1).sqrt()


ENTRY = Penalty(
    paper=Paper(
        nickname="Path length regularisation",
        title="Analyzing and Improving the Image Quality of StyleGAN",
        authors="Tero Karras, Samuli Laine, Miika Aittala, Janne Hellsten, Jaakko Lehtinen, "
        "Timo Aila",
        year=2020,
        arxiv="1912.04958",
        venue="CVPR 2020",
        idea="Ask that equal steps among styles change the picture equally, wherever they start "
        "and whichever way they lead.",
        equation=r"\mathbb{E}_{w,\, y \sim \mathcal{N}(0, I)}\left[\left("
        r"\lVert J_w^{\top} y \rVert_2 - a\right)^2\right]",
        parents=("StyleGAN2",),
    ),
    player="generator",
    term=path_length,
)
