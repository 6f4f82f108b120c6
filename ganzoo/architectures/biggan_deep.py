"""BigGAN-deep (Brock, Donahue & Simonyan 2018, arXiv:1809.11096, App. B, Fig. 16).

    c = (z, shared embedding of y), whole, to every block
    c --linear--> 4x4 --[block(c), block(c) x2, (attention)] * n--> norm, ReLU, conv, tanh --> image
    block(h, c) = h without its surplus channels + conv 1x1 (conv, conv (conv 1x1 of h)),
                  with norm and ReLU before each convolution, and a quarter of the channels inside
    image --conv--> [block /2, block, (attention)] * m--> ReLU, sum over places
          --> linear + projection --> logit

Four times as deep as BigGAN, with fewer weights: bottlenecks do the work, and shortcuts only drop
channels (on the way to an image) or append some (on the way to a logit).

Deviations from the paper: none known in the default networks. Norms may keep statistics for
several truncations (``statistics``), as the released weights do: ``net(z, y, truncation)``.
"""

from itertools import pairwise

import torch
from jaxtyping import Float
from pydantic import Field, model_validator
from torch import Tensor, nn
from torch.nn.functional import avg_pool2d, interpolate, relu

from ganzoo.architectures import Architecture, LatentOptions
from ganzoo.architectures._resnet import Init, draw, normalise
from ganzoo.layers.attention import SelfAttention
from ganzoo.layers.batch_norm import BatchNorm2d
from ganzoo.layers.biggan_widths import (
    D_WIDTHS,
    G_WIDTHS,
    HALVINGS,
    check_places,
    layout,
)
from ganzoo.layers.conditional_norm import batch_norm, by_vector
from ganzoo.layers.lookup import Lookup
from ganzoo.layers.project import ToMap
from ganzoo.layers.projection import Projection
from ganzoo.layers.resample import DoublingConv2d
from ganzoo.layers.shown import ShownConv2d
from ganzoo.layers.spectral_norm import spectral_norm_everywhere
from ganzoo.papers import Paper
from ganzoo.shapes import Image, Labels, Latent, Logits, Told

Layer = tuple[bool, int, int]  # doubles (or halves), channels before, channels behind

REDUCTION = 4  # channels outside a block to those inside
Resized = Float[Tensor, "b maps up across"]


class Options(LatentOptions):
    image_size: int = Field(default=128, ge=8, le=1024, description="side in pixels")
    z_dim: int = Field(default=128, ge=1, le=4096)
    num_classes: int = Field(default=1000, ge=1, le=10_000)
    bottom: int = Field(default=4, ge=1, le=16, description="side of the generator's first map")
    shared_dim: int = Field(default=128, ge=1, le=4096, description="of the class embedding")
    g_channels: int = Field(default=128, ge=1, le=512, description="unit of the generator's widths")
    d_channels: int = Field(default=128, ge=1, le=512, description="unit of the judge's widths")
    g_depth: int = Field(default=2, ge=1, le=8, description="blocks at each size of maps")
    d_depth: int = Field(default=2, ge=1, le=8, description="blocks at each size of maps")
    g_blocks: tuple[Layer, ...] = Field(
        default=(), description="(doubles, in, out) of each block; none: the paper's for the size"
    )
    g_attention: tuple[int, ...] = Field(
        default=(7,), description="blocks, from 0, with attention behind them"
    )
    d_attention: tuple[int, ...] = Field(
        default=(1,), description="blocks, from 0, with attention behind them"
    )
    g_spectral: bool = Field(default=True, description="spectral norm in the generator")
    g_eps: float = Field(default=1e-4, gt=0, lt=1, description="added to each block's variance")
    g_last_eps: float = Field(default=1e-4, gt=0, lt=1, description="added to the last norm's")
    statistics: int = Field(default=1, ge=1, le=1001, description="truncations with their own")
    spare_outputs: int = Field(
        default=0, ge=0, le=4096, description="of the last convolution, never shown"
    )
    init: Init = "orthogonal"

    @property
    def layers(self) -> tuple[Layer, ...]:
        """The generator's blocks, widths in units of g_channels."""
        if self.g_blocks:
            return self.g_blocks
        widths, found = G_WIDTHS[self.layout], []
        for before, behind in pairwise(widths):
            found += [(False, before, before)] * (self.g_depth - 1) + [(True, before, behind)]
        return tuple(found)

    @property
    def layout(self) -> int:
        """The size whose widths it has."""
        return layout(self.image_size, self.bottom)

    @property
    def judge_layers(self) -> tuple[Layer, ...]:
        """The discriminator's blocks, widths in units of d_channels."""
        widths, found = D_WIDTHS[self.layout], []
        for i, (before, behind) in enumerate(pairwise(widths)):
            found += [(i < HALVINGS[self.layout], before, behind)]
            found += [(False, behind, behind)] * (self.d_depth - 1)
        return tuple(found)

    @model_validator(mode="after")
    def fits_together(self) -> "Options":
        layers = self.layers
        if self.bottom << sum(doubles for doubles, _, _ in layers) != self.image_size:
            raise ValueError(f"g_blocks do not double {self.bottom} pixels to {self.image_size}")
        for (_, _, behind), (_, before, _) in pairwise(layers):
            if behind != before:
                raise ValueError(f"g_blocks: {behind} channels cannot enter a block for {before}")
        if wrong := [layer for layer in layers if layer[2] > layer[1]]:
            raise ValueError(f"g_blocks: shortcuts only drop channels; got {wrong[0]}")
        check_places("g_attention", self.g_attention, len(layers))
        check_places("d_attention", self.d_attention, len(self.judge_layers))
        return self


class Generator(nn.Module):
    def __init__(self, options: Options) -> None:
        super().__init__()
        unit, told = options.g_channels, options.z_dim + options.shared_dim
        first, last = unit * options.layers[0][1], unit * options.layers[-1][2]
        self.embed = Lookup(options.num_classes, options.shared_dim)
        self.project = ToMap(told, first, options.bottom)
        self.blocks = nn.ModuleList(
            PaintBlock(unit * thin, unit * wide, told, doubles, options)
            for doubles, thin, wide in options.layers
        )
        self.attention = nn.ModuleDict(
            {str(i): SelfAttention(unit * options.layers[i][2]) for i in options.g_attention}
        )
        self.norm = batch_norm(last, options.g_last_eps, options.statistics)
        self.to_image = ShownConv2d(last, options.image_channels, options.spare_outputs)
        draw(self, options.init)
        if options.g_spectral:
            normalise(self)

    def forward(self, z: Latent, y: Told, truncation: float | int = 1.0) -> Image:
        """``truncation`` chooses among the norms' statistics, where they have several.

        Raises:
            InputError: if there are several, and it is not in (0, 1].
        """
        told = torch.cat([z, self.embed(y)], 1)
        image = self.project(told)
        for i, block in enumerate(self.blocks):
            image = block(image, told, truncation)
            if str(i) in self.attention:
                image = self.attention[str(i)](image)
        several = () if isinstance(self.norm, BatchNorm2d) else (truncation,)
        image = relu(self.norm(image, *several), inplace=True)
        return self.to_image(image).tanh()


class PaintBlock(nn.Module):
    """A bottleneck, told all of the condition; its shortcut drops the surplus channels."""

    def __init__(self, thin: int, wide: int, told: int, doubles: bool, options: Options) -> None:
        super().__init__()
        inside = thin // REDUCTION
        self.doubles, self.kept = doubles, wide
        self.norm1, self.norm2, self.norm3, self.norm4 = (
            by_vector(channels, told, options.g_eps, options.statistics)
            for channels in (thin, inside, inside, inside)
        )
        self.conv1 = nn.Conv2d(thin, inside, 1)
        self.conv2 = (
            DoublingConv2d(inside, inside) if doubles else nn.Conv2d(inside, inside, 3, padding=1)
        )
        self.conv3 = nn.Conv2d(inside, inside, 3, padding=1)
        self.conv4 = nn.Conv2d(inside, wide, 1)

    def forward(self, image: Image, told: Latent, truncation: float | int) -> Resized:
        h = self.conv1(relu(self.norm1(image, told, truncation), inplace=True))
        h = self.conv2(relu(self.norm2(h, told, truncation), inplace=True))
        h = self.conv3(relu(self.norm3(h, told, truncation), inplace=True))
        h = self.conv4(relu(self.norm4(h, told, truncation), inplace=True))
        beside = image[:, : self.kept]
        return h + (interpolate(beside, scale_factor=2) if self.doubles else beside)


class Discriminator(nn.Module):
    def __init__(self, options: Options) -> None:
        super().__init__()
        unit, layers = options.d_channels, options.judge_layers
        self.stem = nn.Conv2d(options.image_channels, unit * layers[0][1], 3, padding=1)
        self.blocks = nn.ModuleList(
            JudgeBlock(unit * thin, unit * wide, halves) for halves, thin, wide in layers
        )
        self.attention = nn.ModuleDict(
            {str(i): SelfAttention(unit * layers[i][2]) for i in options.d_attention}
        )
        self.head = Projection(unit * layers[-1][2], options.num_classes)
        draw(self, options.init)
        spectral_norm_everywhere(self)

    def forward(self, image: Image, y: Labels) -> Logits:
        image = self.stem(image)
        for i, block in enumerate(self.blocks):
            image = block(image)
            if str(i) in self.attention:
                image = self.attention[str(i)](image)
        return self.head(image, y)


class JudgeBlock(nn.Module):
    """A bottleneck; its shortcut appends channels where more leave than enter."""

    def __init__(self, thin: int, wide: int, halves: bool) -> None:
        super().__init__()
        inside = wide // REDUCTION
        self.halves = halves
        self.conv1 = nn.Conv2d(thin, inside, 1)
        self.conv2 = nn.Conv2d(inside, inside, 3, padding=1)
        self.conv3 = nn.Conv2d(inside, inside, 3, padding=1)
        self.conv4 = nn.Conv2d(inside, wide, 1)
        self.shortcut = nn.Conv2d(thin, wide - thin, 1) if wide > thin else None

    def forward(self, image: Image) -> Resized:
        h = self.conv1(relu(image))
        h = self.conv2(relu(h, inplace=True))
        h = relu(self.conv3(relu(h, inplace=True)), inplace=True)
        h = self.conv4(avg_pool2d(h, 2) if self.halves else h)
        beside = avg_pool2d(image, 2) if self.halves else image
        if self.shortcut is None:
            return h + beside
        return h + torch.cat([beside, self.shortcut(beside)], 1)


ENTRY = Architecture(
    paper=Paper(
        nickname="BigGAN-deep",
        title="Large Scale GAN Training for High Fidelity Natural Image Synthesis",
        authors="Andrew Brock, Jeff Donahue, Karen Simonyan",
        year=2018,
        arxiv="1809.11096",
        venue="ICLR 2019",
        idea="Four times as deep, with bottlenecks in every block: better pictures from fewer "
        "weights.",
        equation=r"\operatorname{cBN}(h \mid y, z) = \left(1 + W_\gamma [z; e_y]\right) "
        r"\odot \frac{h - \mu_\tau}{\sqrt{\sigma_\tau^2 + \varepsilon}} + W_\beta [z; e_y]",
        parents=("BigGAN",),
    ),
    options=Options,
    networks={"generator": Generator, "discriminator": Discriminator},
    tiny=Options(
        image_size=8, z_dim=8, num_classes=3, g_channels=2, d_channels=2, shared_dim=4,
        g_depth=2, d_depth=1, g_attention=(1,), d_attention=(0,),
    ),
    abilities=frozenset({"sample", "classes", "blend", "truncate"}),
)  # fmt: skip
