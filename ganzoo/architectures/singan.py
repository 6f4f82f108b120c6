"""SinGAN: a pyramid that knows one image (Shaham, Dekel & Michaeli 2019, arXiv:1905.01164, Sec. 3).

    noise z_0 --> [psi_0] --> x_0 --up--> + <-- a_1 z_1
                                   |      |
                                   |   [psi_1]
                                   +----> + --> x_1 --up--> ... --> x_N, at full size

    x_k = up(x_{k-1}) + psi_k(a_k z_k + up(x_{k-1}))                             (Eqs. 1 and 2)
    psi   [conv 3x3, norm, leaky ReLU] * 4, conv 3x3, tanh                         (Sec. 3.1)

All is convolution, so that a picture may have any size. What a scale changes or judges it sees
through a window of 11 x 11 pixels: half of the picture at the coarsest scale, a detail at the
finest. The judge of each scale has psi's layers and ends in a map of logits. The borders are
zeros, put around once, before the first layer (Sec. 3.1).

Deviations from the paper: scale 0 is the coarsest, where the paper counts from the finest; the norm
is over each picture's own pixels, which is what batch norm does in a batch of one; noise differs
from channel to channel at the coarsest scale too.
"""

from collections.abc import Sequence
from math import ceil, log

import torch
from pydantic import Field, model_validator
from torch import Tensor, nn
from torch.nn.functional import pad

from ganzoo.architectures import Architecture
from ganzoo.architectures._one_image import OneImageOptions
from ganzoo.errors import InputError
from ganzoo.images import resized
from ganzoo.layers.instance_norm import InstanceNorm2d
from ganzoo.papers import Paper
from ganzoo.shapes import Image, Logits, Made, Shape, shape_of

SLOPE = 0.2  # of a LeakyReLU below zero
MOST_DOUBLINGS = 2  # of a width; the authors' code stops at 128 as well


class Options(OneImageOptions):
    coarsest: int = Field(
        default=25, ge=4, le=256, description="the shorter side at the coarsest scale"
    )
    factor: float = Field(
        default=0.75, ge=0.3, le=0.95, description="at most so much smaller is each coarser scale"
    )
    base_channels: int = Field(default=32, ge=1, le=512, description="width of the coarsest scale")
    doubling: int = Field(
        default=4, ge=0, le=16, description="scales after which the width doubles; 0: never"
    )
    layers: int = Field(default=5, ge=2, le=16, description="convolutions at each scale")

    @model_validator(mode="after")
    def _scales_fit(self) -> "Options":
        if min(self.shape) < self.coarsest:
            raise ValueError(
                f"the coarsest scale's shorter side, {self.coarsest}, is more than the image's"
            )
        if self.coarsest <= 2 * self.layers:
            raise ValueError(
                f"{self.layers} layers see {2 * self.layers + 1} pixels; the coarsest scale's "
                f"shorter side is {self.coarsest}"
            )
        return self

    @property
    def shapes(self) -> list[Shape]:
        """Rows and columns at each scale, from coarse to fine."""
        rows, columns = self.shape
        least = self.coarsest / min(rows, columns)
        steps = ceil(log(least) / log(self.factor) - 1e-9)
        shrunk = [least ** (k / steps) for k in range(steps, 0, -1)]
        return [*((round(s * rows), round(s * columns)) for s in shrunk), (rows, columns)]

    @property
    def widths(self) -> list[int]:
        """Channels of each scale's layers."""
        every = self.doubling or len(self.shapes)
        doublings = (min(k // every, MOST_DOUBLINGS) for k in range(len(self.shapes)))
        return [self.base_channels << times for times in doublings]


def patches(channels: int, width: int, made: int, layers: int, *last: nn.Module) -> nn.Sequential:
    """One scale's layers, without borders of their own: ``2 * layers`` rows fewer come out."""
    widths = [channels, *[width] * (layers - 1)]
    blocks = [
        nn.Sequential(
            nn.Conv2d(widths[k], width, 3),
            InstanceNorm2d(width, affine=True),
            nn.LeakyReLU(SLOPE, inplace=True),
        )
        for k in range(layers - 1)
    ]
    return nn.Sequential(*blocks, nn.Conv2d(width, made, 3), *last).apply(draw)


class Generator(nn.Module):
    """``net(z_0, z_1, ...)`` paints from a map of noise for each scale, from coarse to fine.

    Attributes:
        anchor: the noise that the image itself is painted from at the coarsest scale; none at the
            others: {z*, 0, ..., 0} (Sec. 3.2).
        amplitudes: how much noise each scale adds.
        top: the finest scale that has learned.
    """

    anchor: Tensor
    amplitudes: Tensor
    top: Tensor

    def __init__(self, options: Options) -> None:
        super().__init__()
        self.shapes, self.layers = options.shapes, options.layers
        channels = options.image_channels
        self.scales = nn.ModuleList(
            patches(channels, width, channels, options.layers, nn.Tanh())
            for width in options.widths
        )
        self.register_buffer("anchor", torch.randn(1, channels, *self.shapes[0]))
        self.register_buffer("amplitudes", torch.zeros(len(self.shapes)))
        self.amplitudes[0] = 1
        self.register_buffer("top", torch.tensor(0))

    def forward(self, *noise: Tensor, start: Tensor | None = None) -> Made:
        """Pictures as large as the last map of noise.

        Args:
            noise: maps of N(0, 1), (b, c, h, w), each of its scale's size or of one in proportion.
            start: what the scale below has painted, where the first map is not the coarsest's:
                the last map is always the finest's.

        Raises:
            InputError: if there are more maps than scales, or fewer without a ``start``.
        """
        first = len(self.scales) - len(noise)
        if first < 0 or (first and start is None):
            raise InputError(
                f"this pyramid has {len(self.scales)} scales; got noise for {len(noise)}"
                + (" and nothing to start from" if first > 0 else "")
            )
        painted = self.climbed(noise, start, first)
        if painted is None:
            raise InputError("no noise and nothing to start from: there is nothing to paint")
        return painted

    def climbed(
        self, noise: Sequence[Tensor], start: Tensor | None = None, first: int = 0
    ) -> Tensor | None:
        """What as many scales as there are maps paint, from scale ``first`` on."""
        painted = start
        for scale, z in enumerate(noise, first):
            painted = self.paint(scale, z, painted)
        return painted

    def paint(self, scale: int, z: Image, coarse: Tensor | None) -> Made:
        """What one scale makes of the picture from the scale below; Eq. 1 without one."""
        below = torch.zeros_like(z) if coarse is None else resized(coarse, shape_of(z))
        return below + self.change(scale, below + self.amplitudes[scale] * z)

    def change(self, scale: int, noisy: Image) -> Made:
        """psi_k: what the scale adds."""
        return self.scales[scale](pad(noisy, [self.layers] * 4))

    def anchored(self, scale: int) -> list[Tensor]:
        """The maps from which the image itself is painted, up to a scale."""
        still = [self.anchor.new_zeros(1, self.anchor.shape[1], *s) for s in self.shapes[1:]]
        return [self.anchor, *still][: scale + 1]


class Discriminator(nn.Module):
    """``net(image)`` gives a map of logits, one for each 11 x 11 pixels, at scale ``top``."""

    top: Tensor

    def __init__(self, options: Options) -> None:
        super().__init__()
        self.scales = nn.ModuleList(
            patches(options.image_channels, width, 1, options.layers) for width in options.widths
        )
        self.register_buffer("top", torch.tensor(0))

    def forward(self, image: Image) -> Logits:
        return self.scales[int(self.top)](image)


def climb(network: nn.Module, scale: int) -> None:
    """Makes a scale the finest; it begins with the weights of the one below, if they fit."""
    scales: Sequence[nn.Module] = network.scales  # pyright: ignore[reportAssignmentType]
    network.top.fill_(scale)  # pyright: ignore[reportCallIssue]
    if not scale:
        return
    mine, below = scales[scale].state_dict(), scales[scale - 1].state_dict()
    if all(mine[key].shape == below[key].shape for key in mine):
        scales[scale].load_state_dict(below)


def draw(module: nn.Module) -> None:
    """Weights from N(0, 0.02^2), gains from N(1, 0.02^2), as in the authors' code."""
    if isinstance(module, nn.Conv2d):
        nn.init.normal_(module.weight, 0.0, 0.02)
    elif isinstance(module, InstanceNorm2d):
        nn.init.normal_(module.weight, 1.0, 0.02)


ENTRY = Architecture(
    paper=Paper(
        nickname="SinGAN",
        title="SinGAN: Learning a Generative Model from a Single Natural Image",
        authors="Tamar Rott Shaham, Tali Dekel, Tomer Michaeli",
        year=2019,
        arxiv="1905.01164",
        venue="ICCV 2019",
        idea="One picture holds thousands of patches, at every scale: learn their distributions "
        "from coarse to fine, and new pictures of the same place can be dreamt, at any size.",
        equation=r"\tilde x_n = (\tilde x_{n-1})\uparrow{} + \; "
        r"\psi_n\left(z_n + (\tilde x_{n-1})\uparrow\right)",
        parents=("WGAN-GP", "pix2pix"),
    ),
    options=Options,
    networks={"generator": Generator, "discriminator": Discriminator},
    tiny=Options(image_size=8, image_channels=1, coarsest=6, base_channels=2, layers=2),
    abilities=frozenset({"single_image"}),
    bounded=False,
    game="pyramid",
)
