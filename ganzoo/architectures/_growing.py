"""Options of networks that grow, and their judge (Karras et al. 2018, arXiv:1710.10196, Fig. 2).

How they grow is told in :mod:`ganzoo.layers.growing`.

    image --averaged--> from RGB --[conv, conv, half]*--> 4x4 --std--> conv --> linear --> linear
"""

import torch
from pydantic import Field
from torch import nn
from torch.nn.functional import avg_pool2d

from ganzoo.architectures import LatentOptions
from ganzoo.architectures._style import Doubled
from ganzoo.errors import InputError
from ganzoo.layers.activations import GAIN, SLOPE, bend
from ganzoo.layers.equalized import EqualConv, EqualLinear
from ganzoo.layers.fir import Resample
from ganzoo.layers.growing import Grows, halved
from ganzoo.layers.minibatch_std import MinibatchStd
from ganzoo.shapes import Image, Logits, Made


class GrowingOptions(LatentOptions):
    """Of networks that grow, and of the discriminator."""

    image_size: Doubled = Field(default=64, ge=4, le=1024, description="side in pixels")
    z_dim: int = Field(default=512, ge=1, le=4096)
    num_classes: int = Field(default=0, ge=0, le=0, description="what grows is told no class")
    d_widths: tuple[int, ...] = Field(
        (), description="channels at 4x4, 8x8, …; the paper's if empty"
    )
    d_group: int = Field(
        default=4, ge=1, description="images compared by minibatch standard deviation"
    )
    d_std: bool = Field(default=True, description="whether images of a batch are compared")
    d_std_unbiased: bool = Field(
        default=False, description="neighbours are compared, variance over n - 1"
    )
    d_blur: bool = Field(default=False, description="blurs before halving (Karras et al. 2019)")
    d_slope: float = Field(default=SLOPE, ge=0, le=1, description="of LeakyReLU below zero")

    @property
    def stages(self) -> int:
        """Resolutions from 4x4 to the image's."""
        return self.image_size.bit_length() - 2

    def widths(self, said: tuple[int, ...]) -> list[int]:
        """Channels at 4x4, 8x8, …

        Raises:
            InputError: if there are too few of them, or too many.
        """
        if not said:
            return [min(16384 // (4 << k), 512) for k in range(self.stages)]
        if len(said) != self.stages:
            raise InputError(f"{self.stages} widths go from 4 to {self.image_size}; got {said}")
        return list(said)


class Block(nn.Module):
    """Two convolutions, and half the size: behind the activation; with blurs, before it."""

    def __init__(self, thin: int, wide: int, blur: bool, slope: float = SLOPE) -> None:
        super().__init__()
        self.slope = slope
        self.first = EqualConv(thin, thin, 3, gain=GAIN)
        self.second = EqualConv(thin, wide, 3, gain=GAIN)
        self.resample = Resample((1.0, 2.0, 1.0)) if blur else None

    def forward(self, image: Image) -> Made:
        image = bend(self.first(image), "lrelu", self.slope)
        if self.resample is None:
            return halved(bend(self.second(image), "lrelu", self.slope))
        return bend(halved(self.second(self.resample.blur(image, 1, 1))), "lrelu", self.slope)


class Discriminator(Grows):
    """``net(image)`` gives logits (b, 1); the image has its full size at every level."""

    def __init__(self, options: GrowingOptions) -> None:
        super().__init__(options.stages)
        widths, self.slope = options.widths(options.d_widths), options.d_slope
        self.reads = nn.ModuleList(
            EqualConv(options.image_channels, wide, 1, gain=GAIN) for wide in widths
        )
        self.blocks = nn.ModuleList(
            Block(widths[k + 1], widths[k], options.d_blur, self.slope)
            for k in range(len(widths) - 1)
        )
        unbiased = options.d_std_unbiased
        self.compare = (
            MinibatchStd(options.d_group, neighbours=unbiased, unbiased=unbiased)
            if options.d_std else None
        )  # fmt: skip
        self.conv = EqualConv(widths[0] + options.d_std, widths[0], 3, gain=GAIN)
        self.dense = EqualLinear(16 * widths[0], widths[0], gain=GAIN)
        self.verdict = EqualLinear(widths[0], 1)

    def forward(self, image: Image) -> Logits:
        stage, alpha = self.stage()
        image = avg_pool2d(image, image.shape[2] // (4 << stage))
        features = bend(self.reads[stage](image), "lrelu", self.slope)
        for k in range(stage - 1, -1, -1):
            features = self.blocks[k](features)
            if k == stage - 1 and alpha < 1:
                before = bend(self.reads[k](halved(image)), "lrelu", self.slope)
                features = torch.lerp(before.to(features.dtype), features, alpha)
        if self.compare is not None:
            features = self.compare(features)
        features = bend(self.conv(features), "lrelu", self.slope)
        return self.verdict(bend(self.dense(features.flatten(1)), "lrelu", self.slope))
