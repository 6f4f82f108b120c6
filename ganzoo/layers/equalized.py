"""Equalised learning rate (Karras et al. 2018, arXiv:1710.10196, Sec. 4.1).

    out = gain (rate W / sqrt(fan_in)) x + gain rate b,    W ~ N(0, 1 / rate^2)

He's constant (He et al. 2015) is applied at every use, not once at the start: an optimiser that
divides by the gradient's size, like Adam, then moves all weights at the same relative speed.
``gain`` is that of the activation that follows, where they commute (see
:mod:`ganzoo.layers.activations`).
"""

import math

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn.functional import conv2d, linear

from ganzoo.layers.bake import Bakes
from ganzoo.shapes import Features, Image, Made


class EqualLinear(Bakes):
    """A linear layer, always in float32: a rounded style would be wrong in the whole picture.

    Args:
        rate: the learning rate of this layer, relative to the optimiser's.
        bias: its first value, once scaled.
        scale: of the first weights, beside N(0, 1).
        gain: of the activation that follows.
    """

    def __init__(
        self,
        width: int,
        units: int,
        *,
        rate: float = 1.0,
        bias: float = 0.0,
        gain: float = 1.0,
        scale: float = 1.0,
    ) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(units, width) * (scale / rate))
        self.bias = nn.Parameter(torch.full((units,), bias / rate))
        self.factors = gain * rate / math.sqrt(width), gain * rate

    def forward(self, features: Features) -> Float[Tensor, "b units"]:
        steep, high = self.factors
        with torch.autocast(features.device.type, enabled=False):
            weight = self.weight if steep == 1 else self.weight * steep
            return linear(features.float(), weight, self.bias if high == 1 else self.bias * high)

    @torch.no_grad()
    def bake(self) -> None:
        self.weight.mul_(self.factors[0])
        self.bias.mul_(self.factors[1])
        self.factors = 1.0, 1.0


class EqualConv(nn.Conv2d, Bakes):
    """A convolution that keeps the image's size, or goes over it in strides.

    Args:
        gain: of the activation that follows.
    """

    def __init__(
        self,
        thin: int,
        wide: int,
        kernel: int,
        *,
        stride: int = 1,
        padding: int | None = None,
        bias: bool = True,
        gain: float = 1.0,
    ) -> None:
        padding = kernel // 2 if padding is None else padding
        super().__init__(thin, wide, kernel, stride, padding, bias=bias)
        nn.init.normal_(self.weight)
        if self.bias is not None:
            nn.init.zeros_(self.bias)
        self.factors = gain / math.sqrt(thin * kernel**2), gain

    def forward(self, input: Image) -> Made:
        steep, high = self.factors
        weight = self.weight if steep == 1 else self.weight * steep
        bias = self.bias if self.bias is None or high == 1 else self.bias * high
        return conv2d(input, weight, bias, self.stride, self.padding)

    @torch.no_grad()
    def bake(self) -> None:
        self.weight.mul_(self.factors[0])
        if self.bias is not None:
            self.bias.mul_(self.factors[1])
        self.factors = 1.0, 1.0

    def plain(self) -> nn.Conv2d:
        """The same layer once it is baked, without its factors."""
        thin, wide, bias = self.in_channels, self.out_channels, self.bias is not None
        kernel, stride, padding = self.kernel_size[0], self.stride[0], int(self.padding[0])
        layer = nn.Conv2d(thin, wide, kernel, stride, padding, bias=bias)
        layer.weight, layer.bias = self.weight, self.bias
        return layer.eval()


def unit(features: Float[Tensor, "b c ..."]) -> Float[Tensor, "b c ..."]:
    """Pixel norm: each vector gets length sqrt(c) (Karras et al. 2018, Sec. 4.2).

    x / sqrt(mean(x^2) + 1e-8),    the mean over channels, at every pixel
    """
    return features * (features.square().mean(1, keepdim=True) + 1e-8).rsqrt()
