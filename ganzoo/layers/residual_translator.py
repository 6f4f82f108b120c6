"""The residual translator (Johnson et al. 2016, arXiv:1603.08155; Zhu et al. 2017, Sec. 7.2).

image --7x7--> [conv/2] * downs --> [x + f(x)] * blocks --> [deconv x2] * downs --7x7--> image
f: pad, conv 3x3, norm, ReLU, pad, conv 3x3, norm
"""

from torch import Tensor, nn

from ganzoo.layers.dropout import Dropout
from ganzoo.layers.translation import Enlarging, Padding, PlainNorm, ResizeConv, pad, plain_norm
from ganzoo.shapes import Image, Translation


class Residual(nn.Module):
    """x + f(x), at one size and width."""

    def __init__(
        self, width: int, norm: PlainNorm, padding: Padding, dropout: bool, bias: bool
    ) -> None:
        super().__init__()
        self.change = nn.Sequential(
            pad(padding, 1),
            nn.Conv2d(width, width, 3, bias=bias),
            plain_norm(norm, width),
            nn.ReLU(inplace=True),
            Dropout(0.5) if dropout else nn.Identity(),
            pad(padding, 1),
            nn.Conv2d(width, width, 3, bias=bias),
            plain_norm(norm, width),
        )

    def forward(self, features: Tensor) -> Tensor:
        return features + self.change(features)


class ResidualTranslator(nn.Module):
    """Shrinks, changes and enlarges; ``features`` is all but the last layer.

    Args:
        width: channels at full size; they double at each halving.
        bias: of the convolutions that a norm follows.
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        width: int,
        downs: int,
        blocks: int,
        norm: PlainNorm,
        padding: Padding = "reflect",
        dropout: bool = False,
        bias: bool = True,
        enlarging: Enlarging = "deconv",
    ) -> None:
        super().__init__()
        layers = stem(in_channels, width, norm, bias)
        for level in range(downs):
            layers += smaller(width << level, norm, bias)
        for _ in range(blocks):
            layers.append(Residual(width << downs, norm, padding, dropout, bias))
        for level in reversed(range(downs)):
            layers += larger(width << level, norm, bias, enlarging)
        self.features = nn.Sequential(*layers)
        self.paint = brush(width, out_channels)

    def forward(self, image: Image) -> Translation:
        return self.paint(self.features(image))


def stem(in_channels: int, width: int, norm: PlainNorm, bias: bool) -> list[nn.Module]:
    """From a picture to features of full size; its border is always mirrored."""
    conv = nn.Conv2d(in_channels, width, 7, bias=bias)
    return [pad("reflect", 3), conv, plain_norm(norm, width), nn.ReLU(inplace=True)]


def smaller(width: int, norm: PlainNorm, bias: bool) -> list[nn.Module]:
    """Half the size, twice the width."""
    conv = nn.Conv2d(width, 2 * width, 3, 2, 1, bias=bias)
    return [conv, plain_norm(norm, 2 * width), nn.ReLU(inplace=True)]


def larger(
    width: int, norm: PlainNorm, bias: bool, enlarging: Enlarging = "deconv"
) -> list[nn.Module]:
    """Twice the size, down to ``width``."""
    grow: nn.Module = ResizeConv(2 * width, width)
    if enlarging == "deconv":
        grow = nn.ConvTranspose2d(2 * width, width, 3, 2, 1, output_padding=1, bias=bias)
    return [grow, plain_norm(norm, width), nn.ReLU(inplace=True)]


def brush(width: int, out_channels: int) -> nn.Sequential:
    """From features of full size to a picture."""
    return nn.Sequential(pad("reflect", 3), nn.Conv2d(width, out_channels, 7), nn.Tanh())
