"""StyleGAN2 (Karras et al. 2020, arXiv:1912.04958, Fig. 7).

    z --mapping--> w
    constant 4x4 --[conv]--> --[conv x2, conv] * n-->      each convolution modulated by w, then
         to RGB, doubled  +  to RGB, doubled  + ... --> image     noise, bias, LeakyReLU

Every resolution paints its own picture and adds it to the enlarged one before: what growing gave
ProGAN, without growing. The discriminator is residual.

Deviations from the paper: none; what later code of the same authors adds (fewer mapping layers,
classes, clamped activations) are options, and so are the paper's other connections (Fig. 7).
"""

from collections.abc import Iterable
from typing import cast

import torch
from pydantic import Field
from torch import nn

from ganzoo.architectures import Architecture
from ganzoo.architectures._residual_judge import HALF, Connection, Discriminator, JudgeOptions
from ganzoo.architectures._style import StyleGenerator, mapping
from ganzoo.layers.activations import Activation, Bend
from ganzoo.layers.equalized import EqualConv
from ganzoo.layers.fir import BINOMIAL, Resample
from ganzoo.layers.modulated_conv import ModulatedConv
from ganzoo.layers.noise import AddNoise, Noise, check_noise
from ganzoo.layers.units import by_side
from ganzoo.papers import Paper
from ganzoo.shapes import Features, Image, Made, Maps, Style


class Options(JudgeOptions):
    g_base: int = Field(default=32768, ge=4, description="channels times the side of a map, …")
    g_most: int = Field(default=512, ge=1, le=4096, description="… but at most so many channels")
    g_connection: Connection = "skip"
    g_activation: Activation = "lrelu"
    g_noise: bool = True
    g_taps: tuple[float, ...] = Field(default=BINOMIAL, min_length=2, max_length=16)
    g_clamp: float | None = Field(
        default=None, gt=0, description="bound of every convolution's output"
    )

    def g_width(self, side: int) -> int:
        """Channels of the maps of that side."""
        return max(1, min(self.g_base // side, self.g_most))


class Layer(nn.Module):
    """A modulated convolution, noise, a bias and the activation."""

    def __init__(
        self, thin: int, side: int, options: Options, up: bool = False, gain: float = 1.0
    ) -> None:
        super().__init__()
        wide = options.g_width(side)
        self.bend = Bend(options.g_activation, gain, options.g_clamp)
        self.conv = ModulatedConv(
            thin, wide, 3, options.w_dim, up=up, gain=self.bend.before, taps=options.g_taps
        )
        self.noise = AddNoise(side) if options.g_noise else None
        self.bias = nn.Parameter(torch.zeros(wide))

    def forward(self, image: Image, w: Features, noise: Noise | torch.Tensor) -> Made:
        image = self.conv(image, w, self.bias * self.bend.before)
        if self.noise is not None:
            image = self.noise(image, noise, self.bend.before)
        return self.bend(image)


class Painter(nn.Module):
    """To RGB: a modulated 1x1 convolution whose outputs are not scaled back."""

    def __init__(self, side: int, options: Options) -> None:
        super().__init__()
        self.conv = ModulatedConv(
            options.g_width(side), options.image_channels, 1, options.w_dim, demodulate=False
        )
        self.bias = nn.Parameter(torch.zeros(options.image_channels))
        self.limit = options.g_clamp

    def forward(self, features: Maps, w: Features) -> Made:
        image = self.conv(features, w).float() + self.bias[:, None, None]
        return image if self.limit is None else image.clamp(-self.limit, self.limit)


class Block(nn.Module):
    """One resolution: it doubles what came before, and may paint."""

    def __init__(self, side: int, options: Options) -> None:
        super().__init__()
        thin, wide = options.g_width(side // 2), options.g_width(side)
        residual = options.g_connection == "resnet" and side > 4
        gain = HALF if residual else 1.0
        self.first = Layer(thin, side, options, up=True) if side > 4 else None
        self.second = Layer(wide, side, options, gain=gain)
        paints = options.g_connection == "skip" or side == options.image_size
        self.paint = Painter(side, options) if paints else None
        self.short = EqualConv(thin, wide, 1, bias=False, gain=HALF) if residual else None
        self.layers = 1 if self.first is None else 2

    def forward(
        self, features: Maps, w: Style, noise: list[Noise | torch.Tensor], resample: Resample
    ) -> Made:
        short = None if self.short is None else resample.twice(self.short(features))
        if self.first is not None:
            features = self.first(features, w[:, 0], noise[0])
        features = self.second(features, w[:, self.layers - 1], noise[-1])
        return features if short is None else features + short


class Synthesis(nn.Module):
    """From styles (b, layers, w) to the image.

    Attributes:
        noises: sides of the maps of noise.
        sides: of the maps that each style works on.
    """

    def __init__(self, options: Options) -> None:
        super().__init__()
        sides = [4 << k for k in range(options.image_size.bit_length() - 2)]
        self.constant = nn.Parameter(torch.randn(options.g_width(4), 4, 4))
        self.blocks = nn.ModuleList(Block(side, options) for side in sides)
        self.resample = Resample(options.g_taps)
        self.noises = [side for side in sides for _ in range(1 if side == 4 else 2)]
        self.sides = [*self.noises, options.image_size]  # the last style only paints
        self.styles = len(self.sides)

    def forward(self, w: Style, noise: Noise = "constant") -> Image:
        layers = len(self.noises)
        check_noise(noise, layers)
        each = [noise] * layers if isinstance(noise, str) else list(noise)
        features = self.constant.expand(len(w), -1, -1, -1)
        features = features.contiguous(memory_format=torch.channels_last)
        image, place = None, 0
        for block in cast(Iterable[Block], self.blocks):
            count = block.layers
            here = w[:, place : place + count + 1]
            features = block(features, here, each[place : place + count], self.resample)
            place += count
            if image is not None:
                image = self.resample.twice(image)
            if block.paint is not None:
                painted = block.paint(features, here[:, count])
                image = painted if image is None else image + painted
        assert image is not None
        return image


class Generator(StyleGenerator):
    def __init__(self, options: Options) -> None:
        synthesis = Synthesis(options)
        super().__init__(mapping(options, synthesis.styles), synthesis)

    def unit_layers(self) -> dict[str, nn.Module]:
        """Every convolution's map, behind its activation."""
        layers = (module for module in self.synthesis.modules() if isinstance(module, Layer))
        return by_side(zip(cast(Synthesis, self.synthesis).noises, layers, strict=True))


ENTRY = Architecture(
    paper=Paper(
        nickname="StyleGAN2",
        title="Analyzing and Improving the Image Quality of StyleGAN",
        authors="Tero Karras, Samuli Laine, Miika Aittala, Janne Hellsten, Jaakko Lehtinen, "
        "Timo Aila",
        year=2020,
        arxiv="1912.04958",
        venue="CVPR 2020",
        idea="Let the style scale the kernels instead of the pictures, and scale what comes out "
        "back: the droplets vanish, and nothing need grow.",
        equation=r"w''_{ijk} = \frac{s_i \, w_{ijk}}"
        r"{\sqrt{\sum_{i,k} (s_i \, w_{ijk})^2 + \epsilon}}",
        parents=("StyleGAN", "R1"),
    ),
    options=Options,
    networks={"generator": Generator, "discriminator": Discriminator},
    tiny=Options(
        image_size=16, z_dim=8, w_dim=8, num_classes=3, mapping_layers=2, g_base=64, g_most=8,
        d_base=64, d_most=8, d_mapping_layers=1, g_noise=True,
    ),
    abilities=frozenset({"sample", "classes", "truncate", "style", "dissect"}),
    bounded=False,
    game="style",
)  # fmt: skip
