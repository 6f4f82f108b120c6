"""Doubling or halving of maps, in one step with the convolution beside it.

    DoublingConv2d   conv3x3(nearest x2)   =  transposed conv 4x4, stride 2, of kernel K^T
    HalvingConv2d    mean/2(conv3x3)       =  conv 4x4, stride 2, of kernel K / 4
    K[i, j] = sum of W[i - a, j - b] over a, b in {0, 1}

The same sums at 16 products for four places instead of 36 (Karras et al. 2017, arXiv:1710.10196,
use both in their code); wide ones in float32, on a processor, take some six
(:mod:`ganzoo.layers.winograd`). What is learned is the 3x3 kernel.
"""

from typing import TypeVar

from jaxtyping import Float
from torch import Tensor, nn
from torch.nn.functional import conv2d, conv_transpose2d, pad

from ganzoo.layers import winograd
from ganzoo.shapes import Image

Kernel = Float[Tensor, "out in 3 3"]
Layer = TypeVar("Layer", nn.Conv2d, nn.ConvTranspose2d)
Blurred = Float[Tensor, "out in 4 4"]


class DoublingConv2d(nn.Conv2d):
    """A 3x3 convolution of maps that were doubled by repeating every value."""

    def __init__(self, thin: int, wide: int) -> None:
        super().__init__(thin, wide, 3, padding=1)

    def forward(self, input: Image) -> Float[Tensor, "b maps up across"]:
        weight = self.weight  # read once: a spectral norm moves at each reading
        if winograd.suits(input, weight, scheme=winograd.DOUBLING):
            return winograd.doubled(input, weight, self.bias)
        return conv_transpose2d(input, doubling_kernel(weight), self.bias, stride=2, padding=1)

    def plain(self) -> nn.ConvTranspose2d:
        """The same layer, with its kernel kept."""
        layer = nn.ConvTranspose2d(self.in_channels, self.out_channels, 4, 2, 1)
        return _filled(layer, doubling_kernel(self.weight), self.bias)


class HalvingConv2d(nn.Conv2d):
    """A 3x3 convolution, then the mean of every four neighbours."""

    def __init__(self, thin: int, wide: int) -> None:
        super().__init__(thin, wide, 3, padding=1)

    def forward(self, input: Image) -> Float[Tensor, "b maps down across"]:
        even = input.shape[2] % 2 == input.shape[3] % 2 == 0
        less = input[:, :, ::2, ::2]  # of the size of which the doubling would be the adjoint
        weight = self.weight  # read once: a spectral norm moves at each reading
        if even and winograd.suits(less, weight, scheme=winograd.DOUBLING):
            return winograd.halved(input, weight, self.bias)
        return conv2d(input, _blurred(weight) / 4, self.bias, stride=2, padding=1)

    def plain(self) -> nn.Conv2d:
        """The same layer, with its kernel kept."""
        layer = nn.Conv2d(self.in_channels, self.out_channels, 4, 2, 1)
        return _filled(layer, _blurred(self.weight) / 4, self.bias)


def doubling_kernel(weight: Kernel) -> Float[Tensor, "in out 4 4"]:
    """Of the transposed convolution that doubles maps and convolves them with a weight."""
    return _blurred(weight.flip(2, 3)).transpose(0, 1)


def _blurred(weight: Kernel) -> Blurred:
    wide = pad(weight, (1, 1, 1, 1))
    rows = wide[:, :, 1:] + wide[:, :, :-1]
    return rows[..., 1:] + rows[..., :-1]


def _filled(layer: Layer, kernel: Blurred, bias: Tensor | None) -> Layer:
    layer.weight = nn.Parameter(kernel.detach().clone(), requires_grad=False)
    layer.bias = None if bias is None else nn.Parameter(bias.detach().clone(), requires_grad=False)
    return layer.eval()
