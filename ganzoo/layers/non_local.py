"""Denoising features: each place becomes a mean over all places that look like it.

Non-local means in a network (Wang et al. 2018, arXiv:1711.07971), as a denoiser (Xie et al. 2019,
arXiv:1812.03411, Eqs. 1 to 3).
"""

from typing import Literal

from jaxtyping import Float
from torch import Tensor, nn

from ganzoo.layers.batch_norm import BatchNorm2d
from ganzoo.shapes import Image

GAIN = 0.1  # of the branch at first: the network starts out nearly without it
Likeness = Literal["gaussian", "dot"]


class NonLocal(nn.Module):
    """Adds to features what a 1x1 convolution makes of their denoised selves.

        out = x + norm(conv(y)),    y_i = sum_j f(x_i, x_j) x_j / C
        gaussian    f = exp(<theta x_i, phi x_j> / sqrt(d)),   C = sum_j f
        dot         f = <x_i, x_j>,                            C = the number of places

    The dot product needs no weights, and no map of all pairs: sum_j x_j x_j^T comes first.

    Args:
        likeness: how alike two places are. Embedded Gaussian, or the dot product.
    """

    def __init__(self, channels: int, likeness: Likeness = "gaussian") -> None:
        super().__init__()
        self.likeness, self.inner = likeness, max(1, channels // 2)
        if likeness == "gaussian":
            self.embed = nn.Conv2d(channels, 2 * self.inner, 1, bias=False)
        norm = BatchNorm2d(channels)
        nn.init.constant_(norm.weight, GAIN)
        self.project = nn.Sequential(nn.Conv2d(channels, channels, 1, bias=False), norm)

    def forward(self, features: Image) -> Image:
        return features + self.project(self.denoised(features))

    def denoised(self, features: Image) -> Image:
        """The weighted means alone."""
        places = features.flatten(2)
        if self.likeness == "dot":
            alike = places @ places.transpose(1, 2) / places.shape[2]
            return (alike @ places).view_as(features)
        theta, phi = self.embed(features).flatten(2).chunk(2, 1)
        return (places @ weights(theta, phi).transpose(1, 2)).view_as(features)


def weights(
    theta: Float[Tensor, "b inner places"], phi: Float[Tensor, "b inner places"]
) -> Float[Tensor, "b places places"]:
    """How much each place (a row) takes from each other one; every row sums to 1."""
    return (theta.transpose(1, 2) @ phi / theta.shape[1] ** 0.5).float().softmax(2).to(theta.dtype)
