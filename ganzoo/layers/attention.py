"""Self-attention over feature maps (Zhang et al. 2018, arXiv:1805.08318, Eqs. 1 to 3).

    beta = softmax(theta(h)^T phi(h))          where each place looks
    out  = h + gamma * o(beta g(h))            gamma = 0 at the start: the identity

A convolution sees a neighbourhood; here a place can ask any other. theta, phi, g and o are 1x1
convolutions.

Deviations from the paper: as in its authors' code, phi and g are halved by max pooling, theta and
phi have an eighth of the channels, and g half of them.
"""

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn.functional import max_pool2d, scaled_dot_product_attention, softmax

from ganzoo.shapes import Image


class SelfAttention(nn.Module):
    """Adds to every place what it found elsewhere in the same image."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        if channels < 8:
            raise ValueError(f"self-attention needs at least 8 channels; got {channels}")
        self.theta = nn.Conv2d(channels, channels // 8, 1, bias=False)
        self.phi = nn.Conv2d(channels, channels // 8, 1, bias=False)
        self.g = nn.Conv2d(channels, channels // 2, 1, bias=False)
        self.o = nn.Conv2d(channels // 2, channels, 1, bias=False)
        self.gamma = nn.Parameter(torch.zeros(()))

    def forward(self, image: Image) -> Image:
        query = _places(self.theta(image))
        key, value = (_places(max_pool2d(conv(image), 2)) for conv in (self.phi, self.g))
        found = self.o(_look(query, key, value).mT.unflatten(2, image.shape[2:]))
        return torch.addcmul(image, self.gamma.to(found.dtype), found)


def _look(
    query: Float[Tensor, "b here keys"],
    key: Float[Tensor, "b there keys"],
    value: Float[Tensor, "b there values"],
) -> Float[Tensor, "b here values"]:
    """softmax(query key^T) value, fused where there is a kernel for it.

    On a processor there is none while query and value differ in width, and what stands in for it
    also looks for rows that see nothing: three times as slow as the products alone.
    """
    if query.device.type == "cpu":
        return softmax(query @ key.mT, 2) @ value
    one, two, three = (places[:, None] for places in (query, key, value))
    return scaled_dot_product_attention(one, two, three, scale=1.0)[:, 0]


def _places(image: Image) -> Float[Tensor, "b places channels"]:
    return image.flatten(2).mT
