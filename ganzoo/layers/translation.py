"""Bricks that translators of pictures share: norms without gains, and how weights are drawn."""

from typing import Literal

from torch import Tensor, nn
from torch.nn.functional import interpolate
from torch.nn.functional import pad as pad_with

from ganzoo.layers.batch_norm import BatchNorm2d
from ganzoo.shapes import Image

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
            return nn.InstanceNorm2d(channels)
        case "none":
            return nn.Identity()


def pad(kind: Padding, width: int) -> nn.Module:
    """What lies beyond the border: a mirror image, the border's own colour, or nothing."""
    match kind:
        case "reflect":
            return nn.ReflectionPad2d(width)
        case "replicate":
            return nn.ReplicationPad2d(width)
        case "zero":
            return nn.ZeroPad2d(width)


class ResizeConv(nn.Module):
    """Doubles each pixel, then a 3x3 convolution (Odena et al. 2016): no checkerboard can come."""

    def __init__(self, in_channels: int, out_channels: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(in_channels, out_channels, 3)

    def forward(self, image: Image) -> Tensor:
        return self.conv(pad_with(interpolate(image, scale_factor=2), [1] * 4, mode="replicate"))


def draw_translator(module: nn.Module) -> None:
    """Weights from N(0, 0.02^2), gains from N(1, 0.02^2), biases 0 (Isola 2016, Sec. 6.2)."""
    if isinstance(module, nn.Conv2d | nn.ConvTranspose2d):
        nn.init.normal_(module.weight, 0.0, 0.02)
        if module.bias is not None:
            nn.init.zeros_(module.bias)
    elif isinstance(module, nn.BatchNorm2d):
        nn.init.normal_(module.weight, 1.0, 0.02)
        nn.init.zeros_(module.bias)
