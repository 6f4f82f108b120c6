"""Networks that grow (Karras et al. 2018, arXiv:1710.10196, Sec. 2 and Fig. 2), and their judge.

    level 0           paints 4x4
    level k + alpha   (1 - alpha) * doubled picture of stage k + alpha * picture of stage k + 1

So alpha 1 of one stage is alpha 0 of the next. A picture always has the full size: pixels of a
network that is not grown are squares, and the judge averages them first.

    image --averaged--> from RGB --[conv, conv, half]*--> 4x4 --std--> conv --> linear --> linear
"""

import torch
from jaxtyping import Int
from pydantic import Field
from torch import Tensor, nn
from torch.nn.functional import avg_pool2d, interpolate

from ganzoo.architectures import LatentOptions
from ganzoo.architectures._style import Doubled
from ganzoo.errors import InputError
from ganzoo.layers.equalized import GAIN, EqualConv, EqualLinear, bend
from ganzoo.layers.fir import Resample
from ganzoo.layers.minibatch_std import MinibatchStd
from ganzoo.shapes import Image, Logits, Made

STEPS = 2**16  # between one stage and the next


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


class Grows(nn.Module):
    """Remembers how far it has grown: a whole number, so that no average blurs it."""

    grown: Int[Tensor, ""]

    def __init__(self, stages: int) -> None:
        super().__init__()
        self.stages = stages
        self.register_buffer("grown", torch.tensor((stages - 1) * STEPS))

    @property
    def level(self) -> float:
        """From 0 (4x4) to ``stages - 1``."""
        return int(self.grown) / STEPS

    def grow(self, level: float) -> None:
        """Grows, or shrinks.

        Raises:
            InputError: if there is no such level.
        """
        if not 0 <= level <= self.stages - 1:
            raise InputError(f"a level is 0 to {self.stages - 1}; got {level!r}")
        self.grown.fill_(round(level * STEPS))

    def stage(self) -> tuple[int, float]:
        """The stage that is being added, and its alpha in (0, 1]."""
        whole, part = divmod(int(self.grown), STEPS)
        return (whole, 1.0) if not part else (whole + 1, part / STEPS)


def grow(network: nn.Module, level: float) -> None:
    """Grows whatever in a network does."""
    for module in network.modules():
        if isinstance(module, Grows):
            module.grow(level)


def grown(network: nn.Module) -> float:
    """How far a network has grown."""
    return max((one.level for one in network.modules() if isinstance(one, Grows)), default=0.0)


def faded(image: Image, level: float) -> Made:
    """Reals as a generator of that level would paint them."""
    fine = -int(-level // 1)
    alpha = level - (fine - 1)
    small = _squares(image, 4 << fine)
    return small if alpha == 1 else torch.lerp(_squares(image, 2 << fine), small, alpha)


def halved(image: Image) -> Made:
    """Each 2x2 pixels' average."""
    return avg_pool2d(image, 2)


def enlarged(image: Image, times: int) -> Made:
    """Each pixel becomes a square."""
    return interpolate(image, scale_factor=times) if times > 1 else image


def _squares(image: Image, side: int) -> Made:
    times = image.shape[2] // side
    return enlarged(avg_pool2d(image, times), times) if times > 1 else image


class Block(nn.Module):
    """Two convolutions, and half the size: behind the activation; with blurs, before it."""

    def __init__(self, thin: int, wide: int, blur: bool) -> None:
        super().__init__()
        self.first = EqualConv(thin, thin, 3, gain=GAIN)
        self.second = EqualConv(thin, wide, 3, gain=GAIN)
        self.resample = Resample((1.0, 2.0, 1.0)) if blur else None

    def forward(self, image: Image) -> Made:
        image = bend(self.first(image), "lrelu")
        if self.resample is None:
            return halved(bend(self.second(image), "lrelu"))
        return bend(halved(self.second(self.resample.blur(image, 1, 1))), "lrelu")


class Discriminator(Grows):
    """``net(image)`` gives logits (b, 1); the image has its full size at every level."""

    def __init__(self, options: GrowingOptions) -> None:
        super().__init__(options.stages)
        widths = options.widths(options.d_widths)
        self.reads = nn.ModuleList(
            EqualConv(options.image_channels, wide, 1, gain=GAIN) for wide in widths
        )
        self.blocks = nn.ModuleList(
            Block(widths[k + 1], widths[k], options.d_blur) for k in range(len(widths) - 1)
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
        features = bend(self.reads[stage](image), "lrelu")
        for k in range(stage - 1, -1, -1):
            features = self.blocks[k](features)
            if k == stage - 1 and alpha < 1:
                before = bend(self.reads[k](halved(image)), "lrelu")
                features = torch.lerp(before.to(features.dtype), features, alpha)
        if self.compare is not None:
            features = self.compare(features)
        features = bend(self.conv(features), "lrelu")
        return self.verdict(bend(self.dense(features.flatten(1)), "lrelu"))
