"""A judge of patches (Isola et al. 2016, arXiv:1611.07004, Secs. 3.3 and 6.1.2).

    picture --conv/2--> [conv/2, norm] * (layers - 1) --conv, norm--> conv --> a map of logits

Each logit looks at 9 * 2^layers - 2 pixels in each direction: 16, 34, 70, 142, 286 for one to
five layers; at one pixel alone where ``layers`` is 0.
"""

from torch import Tensor, nn

from ganzoo.layers.translation import SLOPE, PlainNorm, plain_norm
from ganzoo.shapes import Image

WIDEST = 8  # times the width of the first layer


def sees(layers: int) -> int:
    """How many pixels wide the patch is that one logit judges."""
    return 9 * 2**layers - 2 if layers else 1


class PatchJudge(nn.Module):
    """A map of logits. Its layers are kept apart, so that their features can be compared.

    Args:
        layers: how often the picture is halved; 0 judges each pixel alone.
        padding: 1 in pix2pix, 2 in pix2pixHD.
        bias: of the convolutions that a norm follows.
        widest: channels at most; eight times ``width`` if None.
    """

    def __init__(
        self,
        channels: int,
        width: int,
        layers: int,
        norm: PlainNorm,
        padding: int = 1,
        bias: bool = False,
        widest: int | None = None,
    ) -> None:
        super().__init__()
        most = widest or WIDEST * width
        size, around = (4, padding) if layers else (1, 0)
        widths = [min(width << level, most) for level in range((layers or 1) + 1)]
        first = nn.Conv2d(channels, width, size, 2 if layers else 1, around)
        self.layers = nn.ModuleList([nn.Sequential(first, nn.LeakyReLU(SLOPE))])
        for level in range(1, len(widths)):
            stride = 2 if level < layers else 1
            conv = nn.Conv2d(widths[level - 1], widths[level], size, stride, around, bias=bias)
            normed = plain_norm(norm, widths[level])
            self.layers.append(nn.Sequential(conv, normed, nn.LeakyReLU(SLOPE)))
        last_bias = bool(layers) or bias  # the pixel judge's last layer follows the others
        self.layers.append(nn.Sequential(nn.Conv2d(widths[-1], 1, size, 1, around, bias=last_bias)))

    def features(self, image: Image) -> list[Tensor]:
        """What each layer makes of the picture; the last are the logits."""
        seen: list[Tensor] = [image]
        for layer in self.layers:
            seen.append(layer(seen[-1]))
        return seen[1:]

    def forward(self, image: Image) -> Tensor:
        return self.features(image)[-1]
