"""The discriminator of StyleGAN2 and StyleGAN3 (Karras et al. 2020, arXiv:1912.04958, Fig. 7).

    image --from RGB--> [block, half the size] * n --> 4x4 --std--> conv --> linear --> linear
    block       out = conv/2(conv(h))
    residual    (that + h as blurred, halved and mixed by a 1x1 convolution) / sqrt(2)
    skip        each block adds what a 1x1 convolution reads from the image, halved as often

A class's logit is <features, c> / sqrt(width), c from a mapping network of its own (Miyato & Koyama
2018, arXiv:1802.05637).
"""

import math
from typing import Literal

from pydantic import Field, model_validator
from torch import nn

from ganzoo.architectures._style import Doubled, StyleOptions, doubled_from_four
from ganzoo.errors import InputError
from ganzoo.layers.activations import Activation, Bend
from ganzoo.layers.equalized import EqualConv, EqualLinear
from ganzoo.layers.fir import BINOMIAL, Resample
from ganzoo.layers.mapping import Classes, Perceptron
from ganzoo.layers.minibatch_std import MinibatchStd
from ganzoo.shapes import Image, Logits, Made, Maps

HALF = 1 / math.sqrt(2)  # keeps the size of a sum of two
Connection = Literal["orig", "skip", "resnet"]


class JudgeOptions(StyleOptions):
    """Of the discriminator; ``d_`` sets them apart from the generator's own."""

    image_size: Doubled = Field(default=64, ge=4, le=1024, description="side in pixels")
    d_base: int = Field(default=32768, ge=4, description="channels times the side of a map, …")
    d_most: int = Field(default=512, ge=1, le=4096, description="… but at most so many channels")
    d_connection: Connection = "resnet"
    d_activation: Activation = "lrelu"
    d_last_activation: Activation | None = Field(
        default=None, description="from the 4x4 maps on; None: as d_activation"
    )
    d_taps: tuple[float, ...] = Field(default=BINOMIAL, min_length=2, max_length=16)
    d_clamp: float | None = Field(
        default=None, gt=0, description="bound of every convolution's output"
    )
    d_group: int = Field(
        default=4, ge=1, description="images compared by minibatch standard deviation"
    )
    d_std_channels: int = Field(default=1, ge=0, le=512, description="0: images are not compared")
    d_class_width: int | None = Field(default=None, ge=1, description="channels at 4x4 if not said")
    d_mapping_layers: int = Field(default=8, ge=1, le=32)
    d_mapping_width: int | None = Field(default=None, ge=1, le=4096)
    d_mapping_embed: int | None = Field(default=None, ge=1, le=4096)
    d_mapping_rate: float = Field(default=0.01, gt=0, le=1)
    d_mapping_activation: Activation = "lrelu"

    def d_width(self, side: int) -> int:
        """Channels of the maps of that side."""
        return max(1, min(self.d_base // side, self.d_most))

    def activation(self, last: bool) -> Activation:
        """Of the blocks, or of what follows them."""
        return (self.d_last_activation if last else None) or self.d_activation

    @model_validator(mode="after")
    def features_are_shared_out(self) -> "JudgeOptions":
        if self.d_std_channels and self.d_width(4) % self.d_std_channels:
            raise ValueError(
                f"{self.d_width(4)} channels at 4x4 cannot be shared out evenly among "
                f"d_std_channels = {self.d_std_channels}"
            )
        return self


class Layer(nn.Module):
    """A convolution, halving the image if asked to, and its activation."""

    def __init__(
        self,
        thin: int,
        wide: int,
        kernel: int,
        options: JudgeOptions,
        *,
        halve: bool = False,
        linear: bool = False,
        last: bool = False,
        gain: float = 1.0,
        clamp: bool = True,
    ) -> None:
        super().__init__()
        self.bend = Bend(
            "linear" if linear else options.activation(last), gain,
            options.d_clamp if clamp and not linear else None,
        )  # fmt: skip
        self.resample = Resample(options.d_taps) if halve else None
        strided = halve and kernel > 1
        self.conv = EqualConv(
            thin, wide, kernel, stride=2 if strided else 1, padding=0 if strided else None,
            bias=not linear, gain=self.bend.before,
        )  # fmt: skip

    def forward(self, image: Image) -> Made:
        if self.resample is not None:
            image = self._low(image, self.resample)
        return self.bend(self.conv(image))

    def _low(self, image: Image, resample: Resample) -> Made:
        if self.conv.stride == (1, 1):  # one pixel is read: those left out need not be blurred
            return resample.halve(image)
        lead, size = self.conv.kernel_size[0] // 2, resample.size
        return resample.blur(image, lead + (size - 1) // 2, lead + (size - 2) // 2)


class Block(nn.Module):
    """Half the size, and more channels."""

    def __init__(self, side: int, options: JudgeOptions, reads: bool) -> None:
        super().__init__()
        thin, wide = options.d_width(side), options.d_width(side // 2)
        residual = options.d_connection == "resnet"
        self.read = Layer(options.image_channels, thin, 1, options) if reads else None
        self.first = Layer(thin, thin, 3, options)
        self.second = Layer(thin, wide, 3, options, halve=True, gain=HALF if residual else 1.0)
        self.short = (
            Layer(thin, wide, 1, options, halve=True, linear=True, gain=HALF) if residual else None
        )

    def forward(self, features: Maps | None, image: Image) -> Made:
        if self.read is not None:
            read = self.read(image)
            features = read if features is None else features + read
        assert features is not None
        new = self.second(self.first(features))
        return new if self.short is None else new + self.short(features)


class Discriminator(nn.Module):
    """``net(image)`` or ``net(image, y)`` gives logits (b, 1).

    Raises:
        InputError: if the image's side is not doubled from 4: StyleGAN3 paints others, too.
    """

    def __init__(self, options: JudgeOptions) -> None:
        super().__init__()
        try:
            doubled_from_four(options.image_size)
        except ValueError as error:
            raise InputError(f"a judge of {options.image_size} pixels: {error}") from None
        sides = [options.image_size >> k for k in range(options.image_size.bit_length() - 3)]
        skips = options.d_connection == "skip"
        self.blocks = nn.ModuleList(
            Block(side, options, skips or side == options.image_size) for side in sides
        )
        width = options.d_width(4)
        self.resample = Resample(options.d_taps) if skips else None
        self.read = (
            Layer(options.image_channels, width, 1, options, last=True, clamp=False)
            if skips or not sides else None
        )  # fmt: skip
        extra = options.d_std_channels
        self.compare = MinibatchStd(options.d_group, extra) if extra else None
        self.conv = Layer(width + extra, width, 3, options, last=True)
        self.bend = Bend(options.activation(last=True))
        self.dense = EqualLinear(16 * width, width, gain=self.bend.before)
        classes = options.num_classes
        said = (options.d_class_width or width) if classes else 1
        self.verdict = EqualLinear(width, said)
        self.wanted = (
            Perceptron(
                0, classes, said, layers=options.d_mapping_layers,
                hidden=options.d_mapping_width, embed=options.d_mapping_embed,
                rate=options.d_mapping_rate, activation=options.d_mapping_activation,
            )
            if classes else None
        )  # fmt: skip

    def forward(self, image: Image, y: Classes | None = None) -> Logits:
        features: Image | None = None
        for block in self.blocks:
            features = block(features, image)
            if self.resample is not None:
                image = self.resample.halve(image)
        if self.read is not None:
            read = self.read(image)
            features = read if features is None else features + read
        assert features is not None
        compared = features if self.compare is None else self.compare(features)
        seen = self.conv(compared).flatten(1)
        said = self.verdict(self.bend(self.dense(seen)))
        if self.wanted is None:
            return said
        if y is None:
            raise InputError("this discriminator must be told a class for each image; got none")
        wanted = self.wanted(None, y)
        return (said * wanted).sum(1, keepdim=True) / math.sqrt(wanted.shape[1])
