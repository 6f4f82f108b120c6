"""pix2pixHD, from coarse to fine (Wang et al. 2017, arXiv:1711.11585, Secs. 3.2 and 3.3).

    input / 2^n --global generator's features-----------+
    input / 2^(n-1) --7x7, conv/2--> features --------- + --> residual blocks --deconv x2--> ...
                                                                       ... --7x7--> output
    [input, output] and its halves --> one PatchGAN for each scale

Deviations from the paper: the global generator keeps a last layer of its own (``g_coarse``), so
that it can be trained first and its picture be looked at; the boundaries of areas of one colour
stand for those of instances (``g_edges``); no encoder of instance features; two judges unless
``d_scales`` says 3, as in the authors' code.
"""

from collections.abc import Iterator
from typing import Literal

import torch
from pydantic import Field
from torch import Tensor, nn
from torch.nn.functional import avg_pool2d

from ganzoo.architectures import Architecture, TranslatorOptions
from ganzoo.architectures._translators import beside
from ganzoo.layers.patch import PatchJudge
from ganzoo.layers.residual_translator import (
    Residual,
    ResidualTranslator,
    brush,
    larger,
    smaller,
    stem,
)
from ganzoo.layers.translation import Enlarging, Padding, PlainNorm, draw_translator
from ganzoo.papers import Paper
from ganzoo.shapes import Image, Latent, Translation

WIDEST_JUDGE = 512


class Options(TranslatorOptions):
    g_kind: Literal["global", "local"] = "global"
    g_width: int = Field(default=64, ge=1, le=512, description="channels at full size")
    g_downs: int = Field(default=4, ge=1, le=8, description="how often the global generator halves")
    g_blocks: int = Field(
        default=9, ge=0, le=32, description="residual blocks of the global generator"
    )
    g_enhancers: int = Field(
        default=1, ge=1, le=4, description="local ones, each of twice the size"
    )
    g_enhancer_blocks: int = Field(default=3, ge=0, le=32)
    g_norm: PlainNorm = "instance"
    g_padding: Padding = "reflect"
    g_enhancer_padding: Padding | None = Field(default=None, description="None: as g_padding")
    g_enlarging: Enlarging = Field(default="deconv", description="how the way up doubles the size")
    g_coarse: bool = Field(
        default=False, description="a last layer for the global generator within"
    )
    g_edges: bool = Field(
        default=False, description="one more channel: where the input changes colour"
    )
    d_channels: int | None = Field(
        default=None, ge=1, le=512, description="of what it judges; None: input and output together"
    )
    d_width: int = Field(default=64, ge=1, le=512)
    d_layers: int = Field(default=3, ge=1, le=8)
    d_scales: int = Field(default=2, ge=1, le=5)
    d_norm: PlainNorm = "instance"

    @property
    def multiple(self) -> int:
        return 1 << (self.g_downs + (self.g_enhancers if self.g_kind == "local" else 0))

    @property
    def given_channels(self) -> int:
        return self.input_channels + self.z_dim + self.g_edges

    @property
    def judged_channels(self) -> int:
        return self.d_channels or self.input_channels + self.output_channels + self.g_edges

    def channels_of(self, player: str) -> int:
        return self.input_channels if player == "generator" else self.judged_channels


class Generator(nn.Module):
    """The global generator, and around it as many local enhancers as are asked for."""

    def __init__(self, options: Options) -> None:
        super().__init__()
        self.edges = options.g_edges
        enhancers = options.g_enhancers if options.g_kind == "local" else 0
        self.coarse = ResidualTranslator(
            options.given_channels,
            options.output_channels,
            options.g_width << enhancers,
            options.g_downs,
            options.g_blocks,
            options.g_norm,
            options.g_padding,
            enlarging=options.g_enlarging,
        )
        if enhancers and not options.g_coarse:
            self.coarse.paint = nn.Sequential()
        self.enhancers = nn.ModuleList(
            Enhancer(options, options.g_width << level) for level in reversed(range(enhancers))
        )
        if enhancers:
            self.paint = brush(options.g_width, options.output_channels)
        self.apply(draw_translator)

    def forward(self, image: Image, z: Latent | None = None) -> Translation:
        scales = self._scales(image, z)
        if not self.enhancers:
            return self.coarse(scales[0])
        features = self.coarse.features(scales[-1])
        for enhancer, scale in zip(self.enhancers, reversed(scales[:-1]), strict=True):
            features = enhancer(scale, features)
        return self.paint(features)

    @property
    def has_rough(self) -> bool:
        """Whether the global generator can paint by itself."""
        return len(self.enhancers) > 0 and len(self.coarse.paint) > 0

    def context(self, image: Image) -> Tensor:
        """The input as both players are told it."""
        return torch.cat([image, edges(image)], 1) if self.edges else image

    def rough(self, image: Image, z: Latent | None = None) -> Tensor:
        """The global generator's own picture, smaller by two to the power of the enhancers."""
        return self.coarse(self._scales(image, z)[-1])

    def _scales(self, image: Image, z: Latent | None) -> list[Tensor]:
        given = self.context(image)
        return pyramid(given if z is None else beside(given, z), len(self.enhancers) + 1)


class Enhancer(nn.Module):
    """Adds the detail of a scale: features of half its size come in, of full size go out."""

    def __init__(self, options: Options, width: int) -> None:
        super().__init__()
        norm, bias = options.g_norm, True
        padding = options.g_enhancer_padding or options.g_padding
        self.look = nn.Sequential(
            *stem(options.given_channels, width, norm, bias), *smaller(width, norm, bias)
        )
        self.refine = nn.Sequential(
            *(
                Residual(2 * width, norm, padding, dropout=False, bias=bias)
                for _ in range(options.g_enhancer_blocks)
            ),
            *larger(width, norm, bias, options.g_enlarging),
        )

    def forward(self, image: Image, coarse: Tensor) -> Tensor:
        return self.refine(self.look(image) + coarse)


class Discriminator(nn.Module):
    """One judge of patches for each scale; returns a map of logits from each, the finest first.

    Called with input and output, one above the other: ``net(cat([input, output], 1))``.
    """

    def __init__(self, options: Options) -> None:
        super().__init__()
        self.scales = nn.ModuleList(
            PatchJudge(
                options.judged_channels,
                options.d_width,
                options.d_layers,
                options.d_norm,
                padding=2,
                bias=True,
                widest=WIDEST_JUDGE,
            )
            for _ in range(options.d_scales)
        )
        self.apply(draw_translator)

    def features(self, image: Image) -> list[list[Tensor]]:
        """What each layer makes of the picture, at each scale; the last are the logits."""
        return list(self._each(image))

    def forward(self, image: Image) -> list[Tensor]:
        return [seen[-1] for seen in self._each(image)]

    def _each(self, image: Image) -> Iterator[list[Tensor]]:
        smaller_and_smaller = pyramid(image, len(self.scales))
        for judge, scale in zip(self.scales, smaller_and_smaller, strict=True):
            assert isinstance(judge, PatchJudge)
            yield judge.features(scale)


def pyramid(image: Image, levels: int) -> list[Tensor]:
    """The picture, its half, its quarter, ...; an average never counts what lies outside."""
    scales = [image]
    for _ in range(levels - 1):
        scales.append(avg_pool2d(scales[-1], 3, 2, 1, count_include_pad=False))
    return scales


def edges(image: Image) -> Tensor:
    """1 where a pixel differs from a neighbour beside, above or below it, else -1 (Sec. 3.3)."""
    across = (image[:, :, :, 1:] != image[:, :, :, :-1]).any(1, keepdim=True)
    along = (image[:, :, 1:] != image[:, :, :-1]).any(1, keepdim=True)
    found = torch.zeros_like(image[:, :1], dtype=torch.bool)
    found[:, :, :, 1:] |= across
    found[:, :, :, :-1] |= across
    found[:, :, 1:] |= along
    found[:, :, :-1] |= along
    return found.to(image.dtype) * 2 - 1


ENTRY = Architecture(
    paper=Paper(
        nickname="pix2pixHD",
        title="High-Resolution Image Synthesis and Semantic Manipulation with Conditional GANs",
        authors="Ting-Chun Wang, Ming-Yu Liu, Jun-Yan Zhu, Andrew Tao, Jan Kautz, Bryan Catanzaro",
        year=2017,
        arxiv="1711.11585",
        venue="CVPR 2018",
        idea="Paint the whole coarsely, then let an enhancer add the detail; judges at several "
        "scales, whose features must match as well, keep both honest.",
        equation=r"\min_G \sum_{k} \max_{D_k} \mathcal{L}_{\text{GAN}}(G, D_k) "
        r"+ \lambda \sum_{k} \mathbb{E} \sum_{i} \tfrac{1}{N_i} "
        r"\lVert D_k^{(i)}(x, y) - D_k^{(i)}(x, G(x)) \rVert_1",
        parents=("pix2pix", "LSGAN"),
    ),
    options=Options,
    networks={"generator": Generator, "discriminator": Discriminator},
    tiny=Options(
        image_size=16,
        g_kind="local",
        g_width=4,
        g_downs=1,
        g_blocks=1,
        g_enhancer_blocks=1,
        g_coarse=True,
        d_width=4,
        d_layers=1,
    ),
    abilities=frozenset({"translate"}),
    game="coarse_to_fine",
)
