"""U-Net, a segmenter (Ronneberger, Fischer & Brox 2015, arXiv:1505.04597, Fig. 1).

    image --[conv, conv]--> ------------------------- copied -> [conv, conv] --1x1--> logits
              |  half                                  ^ doubled
            [conv, conv] ---------- copied -> [conv, conv]
              |  half                  ^ doubled
            [conv, conv] ------------- +

On the way down it learns what is there, on the way up where: each level is handed the maps that it
had before halving.

Deviations from the paper: convolutions are padded, so that every pixel of the picture has a class,
and followed by batch norm.
"""

from itertools import pairwise

import torch
from jaxtyping import Float
from pydantic import Field, model_validator
from torch import Tensor, nn

from ganzoo.architectures import Architecture, ImageOptions
from ganzoo.layers.batch_norm import BatchNorm2d
from ganzoo.papers import Paper
from ganzoo.shapes import Image


class Options(ImageOptions):
    image_size: int = Field(default=64, ge=4, le=1024, description="side in pixels")
    num_classes: int = Field(default=2, ge=2, le=256, description="that a pixel may be of")
    base_channels: int = Field(
        default=64, ge=1, le=512, description="width at full size; then doubling"
    )
    halvings: int = Field(default=4, ge=1, le=8)

    @model_validator(mode="after")
    def _can_be_halved(self) -> "Options":
        if self.image_size % (1 << self.halvings):
            raise ValueError(f"a side of {self.image_size} cannot be halved {self.halvings} times")
        return self

    @property
    def widths(self) -> list[int]:
        """Channels at full size, at half of it, …"""
        return [self.base_channels << k for k in range(self.halvings + 1)]


class Segmenter(nn.Module):
    """``net(image)`` gives logits (b, classes, h, w): one of each class for each pixel."""

    def __init__(self, options: Options) -> None:
        super().__init__()
        widths = options.widths
        self.down = nn.ModuleList(
            twice(thin, wide) for thin, wide in pairwise([options.image_channels, *widths])
        )
        self.enlarge = nn.ModuleList(
            nn.ConvTranspose2d(wide, thin, 2, 2) for thin, wide in pairwise(widths)
        )
        self.up = nn.ModuleList(twice(2 * thin, thin) for thin in widths[:-1])
        self.head = nn.Conv2d(widths[0], options.num_classes, 1)
        self.apply(draw_he)

    def forward(self, image: Image) -> Float[Tensor, "b classes h w"]:
        kept: list[Tensor] = []
        features: Tensor = image
        for level, convolve in enumerate(self.down):
            if level:
                features = nn.functional.max_pool2d(features, 2)
            features = convolve(features)
            kept.append(features)
        for level in reversed(range(len(self.up))):
            features = torch.cat([kept[level], self.enlarge[level](features)], 1)
            features = self.up[level](features)
        return self.head(features)


def twice(thin: int, wide: int) -> nn.Sequential:
    """Two 3x3 convolutions, each with batch norm and ReLU."""
    layers: list[nn.Module] = []
    for channels in (thin, wide):
        conv = nn.Conv2d(channels, wide, 3, padding=1, bias=False)
        layers += [conv, BatchNorm2d(wide), nn.ReLU(inplace=True)]
    return nn.Sequential(*layers)


def draw_he(module: nn.Module) -> None:
    """Weights that keep the signal's size through ReLUs (Sec. 3: deviation sqrt(2 / N))."""
    if isinstance(module, nn.Conv2d):
        nn.init.kaiming_normal_(module.weight, nonlinearity="relu")


ENTRY = Architecture(
    paper=Paper(
        nickname="U-Net",
        title="U-Net: Convolutional Networks for Biomedical Image Segmentation",
        authors="Olaf Ronneberger, Philipp Fischer, Thomas Brox",
        year=2015,
        arxiv="1505.04597",
        venue="MICCAI 2015",
        idea="Shrink a picture to learn what is in it, enlarge that to say where, and hand each "
        "size across what it knew on the way down: every pixel gets a name.",
        equation=r"E = -\sum_{x} w(x) \log \frac{e^{a_{\ell(x)}(x)}}{\sum_k e^{a_k(x)}}",
    ),
    options=Options,
    networks={"segmenter": Segmenter},
    tiny=Options(image_size=8, image_channels=1, num_classes=3, base_channels=4, halvings=1),
    abilities=frozenset({"segment"}),
    shown="segmenter",
    game="segmentation",
)
