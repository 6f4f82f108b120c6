"""Modulated convolution (Karras et al. 2020, arXiv:1912.04958, Eq. 1 to 3).

    w'_oik = s_i w_oik                     the style scales each input channel
    w''_oik = w'_oik / sqrt(sum_ik w'_oik^2 + 1e-8)     and each output is scaled back to size 1

    W'' * x = d (W * (s x)),    d_o = 1 / sqrt(sum_i s_i^2 sum_k w_oik^2 + 1e-8)

The second line is the same without a kernel per image: one convolution serves the batch, where the
first would be a convolution in as many groups as there are images, many times as slow.
"""

import math
from collections.abc import Sequence

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn.functional import linear

from ganzoo.layers.bake import Bakes
from ganzoo.layers.equalized import EqualLinear
from ganzoo.layers.fir import BINOMIAL, Resample
from ganzoo.shapes import Features, Image, Made


class ModulatedConv(Bakes):
    """A convolution whose kernels follow a style.

    Args:
        up: twice the size, then a blur.
        demodulate: whether outputs are scaled back; if not, by 1 / sqrt(fan_in) only.
        gain: of the activation that follows.
    """

    power: Tensor | None

    def __init__(
        self,
        thin: int,
        wide: int,
        kernel: int,
        w_dim: int,
        *,
        up: bool = False,
        demodulate: bool = True,
        gain: float = 1.0,
        taps: Sequence[float] = BINOMIAL,
    ) -> None:
        super().__init__()
        self.affine = EqualLinear(w_dim, thin, bias=1.0)
        self.conv = (
            nn.ConvTranspose2d(thin, wide, kernel, stride=2, bias=False)
            if up
            else nn.Conv2d(thin, wide, kernel, padding=kernel // 2, bias=False)
        )
        nn.init.normal_(self.conv.weight)
        self.resample = Resample(taps) if up else None
        self.demodulate, self.gain = demodulate, gain
        self.shrink = 1.0 if demodulate else gain / math.sqrt(thin * kernel**2)
        self.register_buffer("power", None, persistent=False)

    def forward(
        self, image: Image, w: Features, bias: Float[Tensor, " wide"] | None = None
    ) -> Made:
        """Convolves; a bias is added in the same pass that scales the outputs back."""
        style = self.affine(w)
        scaled = self.conv(image * _channels(style * self.shrink, image))
        if self.resample is not None:
            size = self.resample.size
            scaled = self.resample.blur(scaled, (size - 1) // 2, (size - 2) // 2, gain=4.0)
        shift = None if bias is None else bias.to(scaled.dtype)[:, None, None]
        if not self.demodulate:
            return scaled if shift is None else scaled + shift
        size = _channels(self._demodulation(style), scaled)
        return scaled * size if shift is None else torch.addcmul(shift, scaled, size)

    def bake(self) -> None:
        self.power = self._power()

    def _demodulation(self, style: Features) -> Float[Tensor, "b wide"]:
        power = self._power() if self.power is None else self.power
        with torch.autocast(style.device.type, enabled=False):
            return self.gain * (linear(style.square(), power) + 1e-8).rsqrt()

    def _power(self) -> Float[Tensor, "wide thin"]:
        power = self.conv.weight.float().square().sum((2, 3))
        return power.mT if self.resample is not None else power


def _channels(scale: Features, image: Image) -> Float[Tensor, "b c 1 1"]:
    return scale.to(image.dtype)[:, :, None, None]
