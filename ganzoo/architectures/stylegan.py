"""StyleGAN (Karras et al. 2019, arXiv:1812.04948, Fig. 1b).

    z --mapping--> w
    constant 4x4 --layer--> --[doubled, conv, blur, layer; conv, layer] * n--> to RGB --> image
    layer           noise, bias, LeakyReLU, AdaIN by w

It grows as ProGAN does, against ProGAN's discriminator with blurs.

Deviations from the paper: the gain of sqrt(2) stands behind a layer's rectifier, not in its
weights: biases and strengths of noise learn by as much faster.

``modulation: demodulated`` replaces AdaIN by what StyleGAN2 puts in its place, in networks that
still grow (Karras et al. 2020, arXiv:1912.04958, Table 1, row B).
"""

from typing import Literal, cast

import torch
from pydantic import Field
from torch import Tensor, nn

from ganzoo.architectures import Architecture
from ganzoo.architectures._growing import Discriminator, GrowingOptions
from ganzoo.architectures._style import StyleGenerator, StyleOptions, mapping
from ganzoo.layers.activations import GAIN, bend
from ganzoo.layers.adain import AdaIN
from ganzoo.layers.equalized import EqualConv
from ganzoo.layers.fir import Resample
from ganzoo.layers.growing import Grows, enlarged
from ganzoo.layers.modulated_conv import ModulatedConv
from ganzoo.layers.noise import AddNoise, Noise, check_noise
from ganzoo.layers.units import by_side
from ganzoo.papers import Paper
from ganzoo.shapes import Features, Image, Made, Style


class Options(GrowingOptions, StyleOptions):
    d_blur: bool = Field(default=True, description="blurs before halving")
    g_widths: tuple[int, ...] = Field(
        (), description="channels at 4x4, 8x8, …; the paper's if empty"
    )
    modulation: Literal["adain", "demodulated"] = "adain"


class Layer(nn.Module):
    """A convolution (none at first), noise, a bias, LeakyReLU and AdaIN."""

    def __init__(
        self, thin: int | None, wide: int, side: int, options: Options, up: bool = False
    ) -> None:
        super().__init__()
        self.conv = EqualConv(thin, wide, 3, bias=False, gain=GAIN) if thin else None
        self.resample = Resample((1.0, 2.0, 1.0)) if up else None
        self.noise = AddNoise(side, wide)
        self.bias = nn.Parameter(torch.zeros(wide))
        self.style = AdaIN(wide, options.w_dim)

    def forward(self, image: Image, w: Features, noise: Noise | Tensor) -> Made:
        if self.resample is not None:
            image = enlarged(image, 2)
        if self.conv is not None:
            image = self.conv(image)
        if self.resample is not None:
            image = self.resample.blur(image, 1, 1)
        image = self.noise(image, noise, GAIN)
        image = image + (self.bias * GAIN).to(image.dtype)[:, None, None]
        return self.style(bend(image, "lrelu"), w)


class ModulatedLayer(nn.Module):
    """A modulated convolution, noise, a bias and LeakyReLU."""

    def __init__(self, thin: int, wide: int, side: int, options: Options, up: bool = False) -> None:
        super().__init__()
        self.conv = ModulatedConv(thin, wide, 3, options.w_dim, up=up, gain=GAIN)
        self.noise = AddNoise(side)
        self.bias = nn.Parameter(torch.zeros(wide))

    def forward(self, image: Image, w: Features, noise: Noise | Tensor) -> Made:
        image = self.conv(image, w, self.bias * GAIN)
        return bend(self.noise(image, noise, GAIN), "lrelu")


class Synthesis(Grows):
    """From styles (b, layers, w) to the image: two layers for each resolution.

    Attributes:
        noises: sides of the maps of noise.
        sides: of the maps that each style works on.
    """

    def __init__(self, options: Options) -> None:
        super().__init__(options.stages)
        widths = options.widths(options.g_widths)
        self.size = options.image_size
        self.constant = nn.Parameter(torch.ones(widths[0], 4, 4))
        self.noises = [4 << k // 2 for k in range(2 * len(widths))]
        self.sides, self.styles = self.noises, len(self.noises)
        adain = options.modulation == "adain"
        layer = Layer if adain else ModulatedLayer
        first = (
            Layer(None, widths[0], 4, options) if adain else layer(widths[0], widths[0], 4, options)
        )
        layers = [first, layer(widths[0], widths[0], 4, options)]
        for k in range(1, len(widths)):
            layers.append(layer(widths[k - 1], widths[k], 4 << k, options, up=True))
            layers.append(layer(widths[k], widths[k], 4 << k, options))
        self.layers = nn.ModuleList(layers)
        self.paints = nn.ModuleList(EqualConv(wide, options.image_channels, 1) for wide in widths)

    def forward(self, w: Style, noise: Noise = "constant") -> Image:
        check_noise(noise, self.styles)
        each = [noise] * self.styles if isinstance(noise, str) else list(noise)
        stage, alpha = self.stage()
        features = self.constant.expand(len(w), -1, -1, -1)
        before = features = features.contiguous(memory_format=torch.channels_last)
        for k, layer in enumerate(self.layers[: 2 * stage + 2]):
            if k == 2 * stage:
                before = features
            features = layer(features, w[:, k], each[k])
        image = self.paints[stage](features)
        if alpha < 1:
            image = torch.lerp(enlarged(self.paints[stage - 1](before), 2), image, alpha)
        return enlarged(image.float(), self.size // image.shape[2])


class Generator(StyleGenerator):
    def __init__(self, options: Options) -> None:
        synthesis = Synthesis(options)
        super().__init__(mapping(options, synthesis.styles), synthesis)

    @property
    def used(self) -> int:
        """As many as it has grown layers."""
        return 2 * cast(Synthesis, self.synthesis).stage()[0] + 2

    def unit_layers(self) -> dict[str, nn.Module]:
        """Every layer's map, behind its activation and style, as far as it has grown."""
        synthesis = cast(Synthesis, self.synthesis)
        return by_side(zip(synthesis.noises[: self.used], synthesis.layers, strict=False))


ENTRY = Architecture(
    paper=Paper(
        nickname="StyleGAN",
        title="A Style-Based Generator Architecture for Generative Adversarial Networks",
        authors="Tero Karras, Samuli Laine, Timo Aila",
        year=2019,
        arxiv="1812.04948",
        venue="CVPR 2019",
        idea="Give the latent to every layer as a style instead of to the first as a seed: coarse "
        "layers then decide the pose, fine ones the colours, and they can be mixed.",
        equation=r"\operatorname{AdaIN}(x_i, y) = y_{s,i} \, "
        r"\frac{x_i - \mu(x_i)}{\sigma(x_i)} + y_{b,i}, \qquad y = A(w)",
        parents=("ProGAN",),
    ),
    options=Options,
    networks={"generator": Generator, "discriminator": Discriminator},
    tiny=Options(
        image_size=16, z_dim=8, w_dim=8, mapping_layers=2, g_widths=(8, 8, 4), d_widths=(8, 8, 4)
    ),
    abilities=frozenset({"sample", "truncate", "style", "dissect"}),
    bounded=False,
    game="progressive",
)
