"""Bricks that translators of pictures share: norms without gains, and how weights are drawn."""

from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn.functional import conv_transpose2d

from ganzoo.layers.batch_norm import BatchNorm2d
from ganzoo.layers.instance_norm import InstanceNorm2d
from ganzoo.layers.resample import doubling_kernel
from ganzoo.shapes import Image, Made

PlainNorm = Literal["batch", "instance", "none"]
Padding = Literal["reflect", "replicate", "zero"]
Enlarging = Literal["deconv", "resize"]

SLOPE = 0.2  # of a LeakyReLU below zero


def plain_norm(kind: PlainNorm, channels: int) -> nn.Module:
    """As :func:`ganzoo.layers.norms.norm`, but an instance norm has no gain and bias of its own.

    So it is in pix2pix, CycleGAN and pix2pixHD; the layer before it then keeps a bias, which
    padding makes visible at the picture's border.
    """
    match kind:
        case "batch":
            return BatchNorm2d(channels)
        case "instance":
            return InstanceNorm2d(channels)
        case "none":
            return nn.Identity()


def pad(kind: Padding, width: int) -> nn.Module:
    """What lies beyond the border: a mirror image, the border's own colour, or nothing."""
    match kind:
        case "reflect":
            return Mirror(width)
        case "replicate":
            return Stretch(width)
        case "zero":
            return nn.ZeroPad2d(width)


class Mirror(nn.ReflectionPad2d):
    """Reflection padding in the precision it is given: autocast would take it for arithmetic."""

    def forward(self, input: Image) -> Made:
        with torch.autocast(input.device.type, enabled=False):
            return super().forward(input)


class Stretch(nn.ReplicationPad2d):
    """Replication padding in the precision it is given."""

    def forward(self, input: Image) -> Made:
        with torch.autocast(input.device.type, enabled=False):
            return super().forward(input)


class ResizeConv(nn.Module):
    """Doubles each pixel, then a 3x3 convolution (Odena et al. 2016): no checkerboard can come.

    In one step, as :mod:`ganzoo.layers.resample` has it; the border's pixels are repeated.
    """

    def __init__(self, in_channels: int, out_channels: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(in_channels, out_channels, 3)
        self.border = Stretch(1)

    def forward(self, image: Image) -> Tensor:
        kernel = doubling_kernel(self.conv.weight)
        return conv_transpose2d(self.border(image), kernel, self.conv.bias, stride=2, padding=3)

    def plain(self) -> nn.Module:
        """The same layer, with its kernel kept."""
        thin, wide = self.conv.in_channels, self.conv.out_channels
        layer = nn.ConvTranspose2d(thin, wide, 4, 2, 3)
        layer.weight = nn.Parameter(doubling_kernel(self.conv.weight).detach().contiguous())
        layer.bias = self.conv.bias
        return nn.Sequential(self.border, layer).eval().requires_grad_(False)


def draw_translator(module: nn.Module) -> None:
    """Weights from N(0, 0.02^2), gains from N(1, 0.02^2), biases 0 (Isola 2016, Sec. 6.2)."""
    if isinstance(module, nn.Conv2d | nn.ConvTranspose2d):
        nn.init.normal_(module.weight, 0.0, 0.02)
        if module.bias is not None:
            nn.init.zeros_(module.bias)
    elif isinstance(module, nn.BatchNorm2d):
        nn.init.normal_(module.weight, 1.0, 0.02)
        nn.init.zeros_(module.bias)
