"""The residual generator that SNGAN and SAGAN share (Miyato et al. 2018, Fig. 8).

    z --linear--> map --[UpBlock, (attention)] * n--> norm, ReLU, conv --> tanh --> image

Where it knows classes, the norms inside its blocks are conditional.
"""

from collections.abc import Sequence
from functools import partial
from itertools import pairwise

from pydantic import Field, model_validator
from torch import nn
from torch.nn.functional import relu

from ganzoo.architectures import LatentOptions
from ganzoo.architectures._resnet import Init, draw, normalise
from ganzoo.layers.attention import SelfAttention
from ganzoo.layers.batch_norm import BatchNorm2d
from ganzoo.layers.conditional_norm import by_class
from ganzoo.layers.project import ToMap
from ganzoo.layers.residual import Doubling, UpBlock
from ganzoo.shapes import Image, Latent, Told


class ResidualOptions(LatentOptions):
    """What both players of SNGAN and SAGAN may be told."""

    image_size: int = Field(default=32, ge=4, le=1024, description="bottom width, doubled n times")
    z_dim: int = Field(default=128, ge=1, le=4096)
    num_classes: int = Field(default=0, ge=0, le=10_000, description="0: told no class")
    g_widths: tuple[int, ...] = Field(
        default=(256, 256, 256, 256), min_length=2, description="channels at the bottom, doubled, …"
    )
    g_doubling: Doubling = Field(default="nearest", description="how maps grow")
    d_widths: tuple[int, ...] = Field(
        default=(128, 128, 128, 128), min_length=1, description="channels behind each block"
    )
    d_halvings: int = Field(default=2, ge=0, le=10, description="blocks that halve their maps")
    d_clipped: bool = Field(default=False, description="shortcuts start behind the ReLU")
    init: Init = "xavier"

    @model_validator(mode="after")
    def halves_what_is_there(self) -> "ResidualOptions":
        if not self.image_size >> min(self.d_halvings, len(self.d_widths)):
            raise ValueError(
                f"{self.image_size} pixels cannot be halved {self.d_halvings} times (d_halvings)"
            )
        return self

    @property
    def bottom(self) -> int:
        """Side of the generator's first map."""
        side = self.image_size >> (len(self.g_widths) - 1)
        if side < 1 or side << (len(self.g_widths) - 1) != self.image_size:
            raise ValueError(
                f"{self.image_size} pixels are no whole number doubled "
                f"{len(self.g_widths) - 1} times (g_widths)"
            )
        return side


class ResidualGenerator(nn.Module):
    """Paints from a latent, and where it knows classes, one of the class it is told.

    Args:
        widths: channels of the first map, and behind each block.
        bottom: side of the first map.
        attention: blocks, counted from 0, behind which self-attention stands.
        num_classes: 0 for none.
        spectral: whether every linear and convolutional layer is normalised.
    """

    def __init__(
        self,
        z_dim: int,
        image_channels: int,
        widths: Sequence[int],
        bottom: int,
        *,
        doubling: Doubling,
        attention: Sequence[int] = (),
        num_classes: int = 0,
        spectral: bool = False,
        init: Init = "xavier",
    ) -> None:
        super().__init__()
        norm = partial(by_class, num_classes=num_classes) if num_classes else BatchNorm2d
        self.project = ToMap(z_dim, widths[0], bottom)
        self.blocks = nn.ModuleList(
            UpBlock(thin, wide, norm, doubling) for thin, wide in pairwise(widths)
        )
        self.attention = nn.ModuleDict({str(i): SelfAttention(widths[i + 1]) for i in attention})
        self.norm = BatchNorm2d(widths[-1])
        self.to_image = nn.Conv2d(widths[-1], image_channels, 3, padding=1)
        draw(self, init)
        if spectral:
            normalise(self)

    def forward(self, z: Latent, y: Told | None = None) -> Image:
        image = self.project(z)
        told = () if y is None else (y,)
        for i, block in enumerate(self.blocks):
            image = block(image, *told)
            if str(i) in self.attention:
                image = self.attention[str(i)](image)
        return self.to_image(relu(self.norm(image), inplace=True)).tanh()
