"""StyleGAN3 (Karras et al. 2021, arXiv:2106.12423, Fig. 4 and Sec. 3).

    z --mapping--> w
    Fourier features, moved by w --[modulated conv, filtered LeakyReLU] * n--> to RGB --> image

The picture is a signal without pixels until the end: a step of the input moves everything, and
nothing may stick to the grid. So the input is a sum of waves; each layer knows which frequencies it
may hold (Fig. 4c) and filters its non-linearity; there is no noise; and a margin keeps the border
out of sight.

    T   3x3 kernels: moves with its input
    R   1x1 kernels, filters alike in all directions: turns with it, too

Deviations from the paper: the mean square of each layer's maps is followed at every pass in
training, two a step, by a thousandth of the way, not over 20 thousand images; the discriminator is
StyleGAN2's, as there.
"""

import math
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float
from pydantic import Field, model_validator
from torch import Tensor, nn
from torch.nn.functional import conv2d, linear

from ganzoo.architectures import Architecture
from ganzoo.architectures._residual_judge import Discriminator, JudgeOptions
from ganzoo.architectures._style import StyleGenerator, mapping
from ganzoo.layers.activations import GAIN, SLOPE
from ganzoo.layers.equalized import EqualLinear
from ganzoo.layers.filtered import (
    FilteredReLU,
    coarser,
    finer,
    low_pass,
    radial_low_pass,
    separated,
    sketched,
)
from ganzoo.layers.noise import Noise, check_noise
from ganzoo.layers.processes import mean_of_all
from ganzoo.papers import Paper
from ganzoo.shapes import Features, Image, Made, Style

MEMORY = 0.999  # of a layer's mean square, at each batch
Transforms = Float[Tensor, "b 3 3"]


class Options(JudgeOptions):
    image_size: int = Field(
        default=64, ge=4, le=1024, description="side in pixels; a judge's is doubled from 4 on"
    )
    mapping_layers: int = Field(default=2, ge=1, le=32)
    g_base: int = Field(default=32768, ge=4, description="twice the channels times the cutoff, …")
    g_most: int = Field(default=512, ge=1, le=4096, description="… but at most so many channels")
    g_layers: int = Field(default=14, ge=2, le=32, description="besides the input and to RGB")
    g_critical: int = Field(
        default=2, ge=0, le=8, description="last layers that use all frequencies"
    )
    g_first_cutoff: float = Field(
        default=2.0, gt=0, description="cycles per picture in the first layer"
    )
    g_first_stopband: float = Field(default=2**2.1, gt=0)
    g_last_stopband: float = Field(default=2**0.3, gt=1, description="in cutoffs")
    g_margin: int = Field(default=10, ge=0, le=64, description="pixels beyond each border")
    g_kernel: int = Field(default=3, ge=1, le=7, description="3 for T, 1 for R")
    g_radial: bool = Field(default=False, description="filters alike in all directions, for R")
    g_filter: int = Field(default=6, ge=1, le=32, description="taps per pixel of the coarser grid")
    g_finer: int = Field(default=2, ge=1, le=8, description="grid on which activations bend")
    g_clamp: float | None = Field(default=256.0, gt=0)
    g_scale: float = Field(default=0.25, gt=0, description="of the image")

    @model_validator(mode="after")
    def frequencies_grow(self) -> "Options":
        if self.g_critical >= self.g_layers:
            raise ValueError(
                f"the last g_critical layers are fewer than all g_layers, {self.g_layers}; "
                f"got {self.g_critical}"
            )
        return self


@dataclass(frozen=True)
class Signal:
    """What maps of one layer hold: frequencies up to ``cutoff``, none beyond ``cutoff + width``.

    Attributes:
        side: pixels, margins included.
        rate: pixels per picture.
    """

    channels: int
    side: int
    rate: int
    cutoff: float
    width: float


def signals(options: Options) -> list[Signal]:
    """Of the layers' outputs, the input's first (Fig. 4c)."""
    count, size = options.g_layers, options.image_size
    exponents = np.minimum(np.arange(count + 1) / (count - options.g_critical), 1)
    last_cutoff = size / 2
    last_stopband = last_cutoff * options.g_last_stopband
    first_cutoff, first_stopband = options.g_first_cutoff, options.g_first_stopband
    cutoffs = first_cutoff * (last_cutoff / first_cutoff) ** exponents
    stopbands = first_stopband * (last_stopband / first_stopband) ** exponents
    rates = np.exp2(np.ceil(np.log2(np.minimum(stopbands * 2, size))))
    widths = np.maximum(stopbands, rates / 2) - cutoffs
    sides = rates + options.g_margin * 2
    sides[-2:] = size
    channels = np.rint(np.minimum(options.g_base / 2 / cutoffs, options.g_most))
    channels[-1] = options.image_channels
    made = zip(channels, sides, rates, cutoffs, widths, strict=True)
    return [Signal(int(c), int(s), int(r), float(f), float(h)) for c, s, r, f, h in made]


@dataclass(frozen=True)
class Filters:
    """Around one layer's activation.

    Attributes:
        times_up, times_down: how much finer the grid in between is.
        up: taps in one direction.
        down: the same, or a kernel that is alike in all directions.
    """

    times_up: int
    times_down: int
    up: Float[np.ndarray, " taps"]
    down: Float[np.ndarray, " back"] | Float[np.ndarray, "back back"]


def filters(options: Options, before: Signal, after: Signal, place: int) -> Filters:
    """What lies around the activation of the layer at that place."""
    last = place == options.g_layers
    rate = max(before.rate, after.rate) * (1 if last else options.g_finer)
    times_up, times_down = rate // before.rate, rate // after.rate
    taps_up = 1 if last or times_up == 1 else options.g_filter * times_up
    taps_down = 1 if last or times_down == 1 else options.g_filter * times_down
    radial = options.g_radial and place < options.g_layers - options.g_critical and taps_down > 1
    shape = radial_low_pass if radial else low_pass
    return Filters(
        times_up,
        times_down,
        low_pass(taps_up, before.cutoff, 2 * before.width, rate),
        shape(taps_down, after.cutoff, 2 * after.width, rate),
    )


class Input(nn.Module):
    """Waves of random frequencies and phases, moved and turned as a style says (App. F).

    Attributes:
        transform: inverse transform of the picture, in picture widths; the identity unless set.
    """

    transform: Tensor
    frequencies: Tensor
    phases: Tensor

    def __init__(self, first: Signal, w_dim: int) -> None:
        super().__init__()
        self.signal = first
        waves = torch.randn(first.channels, 2)
        if not sketched():
            radii = waves.square().sum(1, keepdim=True).sqrt()
            waves = waves / (radii * radii.square().exp().pow(0.25)) * first.cutoff
        self.weight = nn.Parameter(torch.randn(first.channels, first.channels))
        self.affine = EqualLinear(w_dim, 4, scale=0.0)
        with torch.no_grad():
            self.affine.bias[0] = 1.0  # not turned, not moved
        self.register_buffer("transform", torch.tensor(np.eye(3), dtype=torch.float32))
        self.register_buffer("frequencies", waves)
        self.register_buffer("phases", torch.rand(first.channels) - 0.5)

    def forward(self, w: Features, transform: Transforms | None) -> Image:
        with torch.autocast(w.device.type, enabled=False):
            return self._waves(self._motion(w, transform))

    def _motion(self, w: Features, transform: Transforms | None) -> Transforms:
        """Turn, then move, then what the visitor asks for; all inverse."""
        said = self.affine(w)
        cos, sin, right, down = (said / said[:, :2].norm(dim=1, keepdim=True)).unbind(1)
        one, none = torch.ones_like(cos), torch.zeros_like(cos)
        turn = torch.stack([cos, -sin, none, sin, cos, none, none, none, one], 1)
        move = torch.stack([one, none, -right, none, one, -down, none, none, one], 1)
        asked = self.transform if transform is None else transform.float()
        return turn.unflatten(1, (3, 3)) @ move.unflatten(1, (3, 3)) @ asked

    def _waves(self, motion: Transforms) -> Image:
        signal = self.signal
        phases = self.phases + (self.frequencies @ motion[:, :2, 2:]).squeeze(2)
        waves = self.frequencies @ motion[:, :2, :2]
        beyond = (waves.norm(dim=2) - signal.cutoff) / (signal.rate / 2 - signal.cutoff)
        loudness = (1 - beyond).clamp(0, 1)
        place = (
            torch.arange(signal.side, device=waves.device) + 0.5 - signal.side / 2
        ) / signal.rate
        across = waves[:, :, :1, None] * place
        up = waves[:, :, 1:, None] * place[:, None]
        angle = 2 * math.pi * (across + up + phases[:, :, None, None])
        mixed = loudness[:, :, None, None] * angle.sin()
        weight = self.weight / math.sqrt(signal.channels)
        return (weight @ mixed.flatten(2)).unflatten(2, (signal.side, signal.side))


class Layer(nn.Module):
    """A modulated convolution, a bias and the filtered activation; or the last one, to RGB."""

    magnitude: Tensor

    def __init__(self, options: Options, before: Signal, after: Signal, place: int) -> None:
        super().__init__()
        last = place == options.g_layers
        self.kernel = 1 if last else options.g_kernel
        self.last, self.gain = last, 1.0 if last else GAIN
        self.affine = EqualLinear(options.w_dim, before.channels, bias=1.0)
        shape = (after.channels, before.channels, self.kernel, self.kernel)
        self.weight = nn.Parameter(torch.randn(shape))
        self.bias = nn.Parameter(torch.zeros(after.channels))
        self.register_buffer("magnitude", torch.ones(()))
        self.bend = self._bend(options, before, after, place)

    def forward(self, image: Image, w: Features) -> Made:
        if self.training:
            with torch.no_grad():
                now = mean_of_all(image.float().square().mean())
                self.magnitude.lerp_(now, 1 - MEMORY)
        style, kernel = self.affine(w), self.weight
        if self.last:
            style = style / math.sqrt(kernel[0].numel())
        else:
            kernel = kernel * kernel.square().mean((1, 2, 3), keepdim=True).rsqrt()
            style = style * style.square().mean(1, keepdim=True).rsqrt()
        scale = style * self.magnitude.rsqrt()
        image = conv2d(
            image * scale.to(image.dtype)[:, :, None, None], kernel.contiguous(),
            padding=self.kernel - 1,
        )  # fmt: skip
        bias = (self.bias * self.gain).to(image.dtype)[:, None, None]
        if self.last:
            return self.bend(image + bias)
        with torch.autocast(image.device.type, enabled=False):
            power = linear(style.square(), kernel.square().sum((2, 3)))
            demodulation = self.gain * (power + 1e-8).rsqrt()
        return self.bend(torch.addcmul(bias, image, demodulation.to(image.dtype)[:, :, None, None]))

    def _bend(self, options: Options, before: Signal, after: Signal, place: int) -> FilteredReLU:
        both = filters(options, before, after, place)
        wide = before.side + self.kernel - 1
        total = (after.side - 1) * both.times_down + 1 - wide * both.times_up
        total += len(both.up) + len(both.down) - 2
        lead = (total + both.times_up) // 2
        up = finer(both.up, wide, both.times_up, lead, total - lead)
        parts = [(1.0, both.down)] if both.down.ndim == 1 else separated(both.down)
        down = [(factor, coarser(taps, len(up), both.times_down)) for factor, taps in parts]
        return FilteredReLU(up, down, 1.0 if self.last else SLOPE, options.g_clamp)


class Synthesis(nn.Module):
    """From styles (b, layers, w) to the image.

    Attributes:
        sides: pixels per picture of the maps that each style works on, without their margins.
    """

    def __init__(self, options: Options) -> None:
        super().__init__()
        made = signals(options)
        self.sides = [made[0].rate, *(one.rate for one in made)]
        self.styles = options.g_layers + 2
        self.noises: list[int] = []
        self.scale = options.g_scale
        self.input = Input(made[0], options.w_dim)
        self.layers = nn.ModuleList(
            Layer(options, made[max(place - 1, 0)], after, place)
            for place, after in enumerate(made)
        )

    def forward(
        self, w: Style, noise: Noise = "constant", transform: Transforms | None = None
    ) -> Image:
        """Paints.

        Args:
            noise: there is none in this network, whatever is asked.
            transform: inverse transform of each picture: :func:`ganzoo.motion.moved`.
        """
        check_noise(noise, 0)
        image = self.input(w[:, 0], transform)
        for place, layer in enumerate(self.layers):
            image = layer(image, w[:, place + 1])
        return image.float() * self.scale


class Generator(StyleGenerator):
    def __init__(self, options: Options) -> None:
        synthesis = Synthesis(options)
        super().__init__(mapping(options, synthesis.styles), synthesis)


ENTRY = Architecture(
    paper=Paper(
        nickname="StyleGAN3",
        title="Alias-Free Generative Adversarial Networks",
        authors="Tero Karras, Miika Aittala, Samuli Laine, Erik Härkönen, Janne Hellsten, "
        "Jaakko Lehtinen, Timo Aila",
        year=2021,
        arxiv="2106.12423",
        venue="NeurIPS 2021",
        idea="Treat every layer's maps as samples of a smooth signal and filter away what the grid "
        "cannot hold: hair no longer sticks to the screen when the head moves.",
        equation=r"\mathbf{t}[F(x)] = F(\mathbf{t}[x]), \qquad "
        r"f(z) = \psi_s * \left(\mathrm{III}_s \odot \sigma(\phi_s * z)\right)",
        parents=("StyleGAN2",),
    ),
    options=Options,
    networks={"generator": Generator, "discriminator": Discriminator},
    tiny=Options(
        image_size=16, z_dim=8, w_dim=8, num_classes=3, g_layers=3, g_critical=1, g_margin=2,
        g_base=64, g_most=8, d_base=64, d_most=8, d_mapping_layers=1,
    ),
    abilities=frozenset({"sample", "classes", "truncate", "style", "move"}),
    bounded=False,
    game="style",
)  # fmt: skip
