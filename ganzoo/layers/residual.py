"""Residual blocks that double or halve their maps (Gulrajani et al. 2017, arXiv:1704.00028, App. F;
Miyato et al. 2018, arXiv:1802.05957, Fig. 8).

    UpBlock    h --norm, ReLU, (x2), conv, norm, ReLU, conv--> +
               h ------------------conv 1x1, (x2)------------> +
    DownBlock  h --ReLU, conv, ReLU, conv, (/2)--> +
               h --------(/2), conv 1x1----------> +

A 1x1 convolution, doubling and halving may trade places; it always runs on the smaller map.
"""

from collections.abc import Callable
from typing import Any, Literal

from jaxtyping import Float
from torch import Tensor, nn
from torch.nn.functional import avg_pool2d, interpolate, relu

from ganzoo.layers.resample import DoublingConv2d, HalvingConv2d
from ganzoo.shapes import Image

Doubling = Literal["nearest", "bilinear"]
Resized = Float[Tensor, "b maps up across"]


class UpBlock(nn.Module):
    """A generator's block.

    Args:
        norm: builds a norm for so many channels; it is called with whatever the block is told.
        doubling: how the maps grow; None if they stay as they are.
    """

    def __init__(
        self,
        thin: int,
        wide: int,
        norm: Callable[[int], nn.Module],
        doubling: Doubling | None = "nearest",
    ) -> None:
        super().__init__()
        self.doubling: Doubling | None = doubling
        self.norm1, self.norm2 = norm(thin), norm(wide)
        self.fused = doubling == "nearest"
        self.conv1 = (
            DoublingConv2d(thin, wide) if self.fused else nn.Conv2d(thin, wide, 3, padding=1)
        )
        self.conv2 = nn.Conv2d(wide, wide, 3, padding=1)
        self.shortcut = nn.Conv2d(thin, wide, 1) if doubling or thin != wide else nn.Identity()

    def forward(self, image: Image, *told: Any) -> Resized:
        h = relu(self.norm1(image, *told), inplace=True)
        h = self.conv1(h if self.fused else self._double(h))
        h = relu(self.norm2(h, *told), inplace=True)
        return self.conv2(h) + self._double(self.shortcut(image))

    def _double(self, image: Image) -> Resized:
        return double(image, self.doubling) if self.doubling else image


class DownBlock(nn.Module):
    """A discriminator's block.

    Args:
        hidden: channels between the two convolutions.
        first: whether it sees the image itself, which no ReLU may clip.
        clipped: whether the shortcut, too, starts behind the ReLU.
    """

    def __init__(
        self,
        thin: int,
        wide: int,
        hidden: int,
        *,
        halve: bool = True,
        first: bool = False,
        clipped: bool = False,
    ) -> None:
        super().__init__()
        self.halve, self.first, self.clipped = halve, first, clipped
        self.conv1 = nn.Conv2d(thin, hidden, 3, padding=1)
        self.conv2 = HalvingConv2d(hidden, wide) if halve else nn.Conv2d(hidden, wide, 3, padding=1)
        self.shortcut = nn.Conv2d(thin, wide, 1) if halve or thin != wide else nn.Identity()

    def forward(self, image: Image) -> Resized:
        start = image if self.first else relu(image)
        h = self.conv2(relu(self.conv1(start), inplace=True))
        beside = start if self.clipped else image
        return h + self.shortcut(avg_pool2d(beside, 2) if self.halve else beside)


def double(image: Image, how: Doubling) -> Resized:
    """Twice as many rows and columns."""
    if how == "nearest":
        return interpolate(image, scale_factor=2, mode="nearest")
    return interpolate(image, scale_factor=2, mode="bilinear", align_corners=False)
