"""BigGAN (Brock, Donahue & Simonyan 2018, arXiv:1809.11096, App. B, Fig. 15).

    y --shared embedding--> e;    z = (z0, z1, ..., zn)
    z0 --linear--> 4x4 --[UpBlock(e, zi), (attention)] * n--> norm, ReLU, conv --> tanh --> image
    image --[DownBlock, (attention)] * m--> ReLU, sum over places --> linear + projection --> logit

Each block's norms read their gains from the class embedding and from a slice of the latent of
their own (skip-z). Spectral norm in both players, attention in both. What the paper adds step by
step can be taken away: ``shared_dim: 0``, ``skip_z: false``, ``g_channels``, the penalty
``orthogonal``, the recipe's ``batch_size``; latents cut at a threshold trade variety for quality.

Deviations from the paper: none known in the networks for 128 to 512 pixels; those for 32 and 64
are the ones of its author's later code, and for 16 and 8 pixels of ours.
"""

from itertools import pairwise

import torch
from pydantic import Field, model_validator
from torch import nn
from torch.nn.functional import relu

from ganzoo.architectures import Architecture, LatentOptions
from ganzoo.architectures._resnet import Init, ResidualDiscriminator, draw, normalise
from ganzoo.layers.attention import SelfAttention
from ganzoo.layers.batch_norm import BatchNorm2d
from ganzoo.layers.biggan_widths import (
    D_WIDTHS,
    G_WIDTHS,
    HALVINGS,
    check_places,
    layout,
)
from ganzoo.layers.conditional_norm import ConditionalBatchNorm2d, by_class, by_vector
from ganzoo.layers.lookup import Lookup
from ganzoo.layers.project import ToMap
from ganzoo.layers.residual import UpBlock
from ganzoo.papers import Paper
from ganzoo.shapes import Image, Latent, Told


class Options(LatentOptions):
    image_size: int = Field(default=128, ge=8, le=1024, description="side in pixels")
    z_dim: int = Field(default=120, ge=1, le=4096, description="with skip_z, of all slices")
    num_classes: int = Field(default=1000, ge=1, le=10_000)
    bottom: int = Field(default=4, ge=1, le=16, description="side of the generator's first map")
    g_channels: int = Field(default=96, ge=1, le=512, description="unit of the generator's widths")
    d_channels: int = Field(default=96, ge=1, le=512, description="unit of the judge's widths")
    shared_dim: int = Field(
        default=128, ge=0, le=4096, description="class embedding; 0: gains apart for each class"
    )
    skip_z: bool = Field(default=True, description="a slice of the latent for every block")
    g_attention: tuple[int, ...] = Field(
        default=(3,), description="blocks, from 0, with attention behind them"
    )
    d_attention: tuple[int, ...] = Field(
        default=(0,), description="blocks, from 0, with attention behind them"
    )
    g_spectral: bool = Field(default=True, description="spectral norm in the generator")
    g_eps: float = Field(default=1e-5, gt=0, lt=1, description="added to each block's variance")
    d_thin: bool = Field(default=False, description="the judge's hidden maps as its input's")
    init: Init = "orthogonal"

    @property
    def layout(self) -> int:
        """The size whose widths it has."""
        return layout(self.image_size, self.bottom)

    @property
    def g_widths(self) -> tuple[int, ...]:
        return tuple(self.g_channels * width for width in G_WIDTHS[self.layout])

    @property
    def d_widths(self) -> tuple[int, ...]:
        return tuple(self.d_channels * width for width in D_WIDTHS[self.layout])

    @property
    def slices(self) -> list[int]:
        """How the latent is shared out: to the first layer, then to each block."""
        blocks = len(G_WIDTHS[self.layout]) - 1
        if not self.skip_z:
            return [self.z_dim] + [0] * blocks
        return [self.z_dim // (blocks + 1)] * (blocks + 1)

    @model_validator(mode="after")
    def fits_together(self) -> "Options":
        if sum(self.slices) != self.z_dim:
            raise ValueError(f"z_dim {self.z_dim} cannot be cut into {len(self.slices)} slices")
        if self.skip_z and not self.shared_dim:
            raise ValueError("skip_z needs a shared embedding (shared_dim) to stand beside")
        check_places("g_attention", self.g_attention, len(self.g_widths) - 1)
        check_places("d_attention", self.d_attention, len(self.d_widths))
        return self


class Generator(nn.Module):
    def __init__(self, options: Options) -> None:
        super().__init__()
        self.slices, shared = options.slices, options.shared_dim
        self.embed = Lookup(options.num_classes, shared) if shared else None

        def norm(channels: int) -> ConditionalBatchNorm2d:
            if shared:
                return by_vector(channels, shared + self.slices[1], options.g_eps)
            return by_class(channels, options.num_classes, options.g_eps)

        widths = options.g_widths
        self.project = ToMap(self.slices[0], widths[0], options.bottom)
        self.blocks = nn.ModuleList(UpBlock(thin, wide, norm) for thin, wide in pairwise(widths))
        self.attention = nn.ModuleDict(
            {str(i): SelfAttention(widths[i + 1]) for i in options.g_attention}
        )
        self.norm = BatchNorm2d(widths[-1])
        self.to_image = nn.Conv2d(widths[-1], options.image_channels, 3, padding=1)
        draw(self, options.init)
        if options.g_spectral:
            normalise(self)

    def forward(self, z: Latent, y: Told) -> Image:
        condition = y if self.embed is None else self.embed(y)
        first, *slices = z.split(self.slices, 1)
        image = self.project(first)
        for i, (block, slice) in enumerate(zip(self.blocks, slices, strict=True)):
            told = torch.cat([condition, slice], 1) if slice.shape[1] else condition
            image = block(image, told)
            if str(i) in self.attention:
                image = self.attention[str(i)](image)
        return self.to_image(relu(self.norm(image), inplace=True)).tanh()


def discriminator(options: Options) -> nn.Module:
    return ResidualDiscriminator(
        options.image_channels,
        options.d_widths,
        HALVINGS[options.layout],
        thin=[options.d_thin] * len(options.d_widths),
        attention=options.d_attention,
        num_classes=options.num_classes,
        init=options.init,
    )


ENTRY = Architecture(
    paper=Paper(
        nickname="BigGAN",
        title="Large Scale GAN Training for High Fidelity Natural Image Synthesis",
        authors="Andrew Brock, Jeff Donahue, Karen Simonyan",
        year=2018,
        arxiv="1809.11096",
        venue="ICLR 2019",
        idea="Eight times the batch, twice the width, the class told to every layer: and at the "
        "end a knob that trades variety for quality.",
        equation=r"\operatorname{cBN}(h \mid y, z_\ell) = \left(1 + W_\gamma [e_y; z_\ell]\right) "
        r"\odot \frac{h - \mu}{\sqrt{\sigma^2 + \varepsilon}} + W_\beta [e_y; z_\ell]",
        parents=("SAGAN",),
    ),
    options=Options,
    networks={"generator": Generator, "discriminator": discriminator},
    tiny=Options(
        image_size=8, z_dim=8, num_classes=3, g_channels=2, d_channels=2, shared_dim=4,
        g_attention=(0,), d_attention=(0,),
    ),
    abilities=frozenset({"sample", "classes", "blend", "truncate"}),
)  # fmt: skip
