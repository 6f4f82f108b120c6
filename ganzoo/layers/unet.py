"""The U-Net of pix2pix (Isola et al. 2016, arXiv:1611.07004, Sec. 6.1.1).

    image --conv/2--> e1 --> e2 --> ... --> en      each: LeakyReLU, conv/2, norm
                      |      |               |
    image <--tanh-- [d1 e1'] [d2 e2'] ... <--+      each: ReLU, deconv x2, norm

What goes down at a scale is handed across to the way up: the picture's own lines need not squeeze
through the bottleneck.
"""

import torch
from torch import Tensor, nn
from torch.nn.functional import leaky_relu_

from ganzoo.layers.dropout import Dropout
from ganzoo.layers.translation import SLOPE, Enlarging, PlainNorm, ResizeConv, plain_norm
from ganzoo.shapes import Image, Translation

WIDEST = 8  # times the width of the first layer


class UNet(nn.Module):
    """Halves its image ``downs`` times, and doubles it as often.

    Args:
        width: channels at half size; they double down to eight times as many.
        dropout: half of the features, at random, on the way up: at the scales below a sixteenth
            but for the smallest.
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        width: int,
        downs: int,
        norm: PlainNorm,
        dropout: bool,
        enlarging: Enlarging = "deconv",
    ) -> None:
        super().__init__()
        widths = [width * min(2**level, WIDEST) for level in range(downs)]
        bias, last = norm == "instance", downs - 1
        self.down, self.down_norm = nn.ModuleList(), nn.ModuleList()
        self.up, self.up_norm, self.drop = nn.ModuleList(), nn.ModuleList(), nn.ModuleList()
        for level, wide in enumerate(widths):
            above = widths[level - 1] if level else in_channels
            inner = 0 < level < last
            self.down.append(nn.Conv2d(above, wide, 4, 2, 1, bias=bias))
            self.down_norm.append(plain_norm(norm if inner else "none", wide))
            back = widths[level - 1] if level else out_channels
            joined = wide if level == last else 2 * wide
            if enlarging == "resize":
                self.up.append(ResizeConv(joined, back))
            else:
                self.up.append(nn.ConvTranspose2d(joined, back, 4, 2, 1, bias=bias or not level))
            self.up_norm.append(plain_norm(norm if level else "none", back))
            forgets = dropout and 3 < level < last
            self.drop.append(Dropout(0.5) if forgets else nn.Identity())

    def forward(self, image: Image) -> Translation:
        skips: list[Tensor] = []
        features = image
        for level, (down, norm) in enumerate(zip(self.down, self.down_norm, strict=True)):
            # in place: of a skip only the positive part is looked at, and that stays as it is
            features = norm(down(leaky_relu_(features, SLOPE) if level else features))
            skips.append(features)
        features = skips.pop()
        for level in reversed(range(len(self.up))):
            features = self.drop[level](self.up_norm[level](self.up[level](features.relu_())))
            if level:
                features = torch.cat([skips.pop(), features], 1)
        return features.tanh()
