"""Networks that grow (Karras et al. 2018, arXiv:1710.10196, Sec. 2).

    level 0           paints 4x4
    level k + alpha   (1 - alpha) * doubled picture of stage k + alpha * picture of stage k + 1

So alpha 1 of one stage is alpha 0 of the next. A picture always has the full size: pixels of a
network that is not grown are squares, and the judge averages them first.
"""

import torch
from jaxtyping import Int
from torch import Tensor, nn
from torch.nn.functional import avg_pool2d, interpolate

from ganzoo.errors import InputError
from ganzoo.shapes import Image, Made

STEPS = 2**16  # between one stage and the next


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
