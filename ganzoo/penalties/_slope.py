"""How steep a discriminator is where it looks: what several penalties are made of."""

import torch
from jaxtyping import Float
from torch import Tensor

from ganzoo.penalties import Round
from ganzoo.shapes import Image, Labels


def slope(round: Round, image: Image, y: Labels | None) -> Float[Tensor, "b pixels"]:
    """The gradient of each image's logits by its own pixels, itself differentiable.

    One backward pass serves the batch, for a discriminator that judges each image alone.
    """
    image = image.detach().requires_grad_()
    logits = round.judge(image, y)
    (gradient,) = torch.autograd.grad(logits.float().sum(), image, create_graph=True)
    return gradient.flatten(1)
