"""Adaptive discriminator augmentation (Karras et al. 2020, arXiv:2006.06676, Sec. 2 to 3).

    each change happens to each image with probability p
    r = E[sign(D(x))] over the last reals;    p rises while r > target, falls while r < target

As long as the discriminator judges all reals to be real (r = 1), it knows them by heart, and more
is changed; p is at most 1, and moves from 0 to 1 over ``kimg`` thousand images at the fastest.

    geometry   mirror, quarter turns, whole pixels, scale, turn, stretch, turn, shift
    colour     brightness, contrast, inverted lightness, hue, saturation

Deviations from the paper: pixels are read bilinearly, not from a twice finer image through wavelet
filters; a grey image has neither hue nor saturation; p ends at 1; nothing is filtered, made noisy
or cut out, which the authors' experiments do without too.
"""

import math
from collections.abc import Sequence
from typing import Any

import torch
from jaxtyping import Float
from pydantic import Field
from torch import Tensor
from torch.nn.functional import affine_grid

from ganzoo.augment import Augment, Augmentation
from ganzoo.draws import Draws
from ganzoo.options import Options
from ganzoo.papers import Paper
from ganzoo.shapes import Image, Logits

Geometry = Float[Tensor, "b 3 3"]
Colour = Float[Tensor, "b 4 4"]


class ADAOptions(Options):
    target: float = Field(0.6, ge=-1, le=1)
    kimg: float = Field(500.0, gt=0, description="thousands of images from p = 0 to 1, at least")
    every: int = Field(4, ge=1, description="(parts of) batches between two moves of p")
    start: float = Field(0.0, ge=0, le=1, description="the first p")
    geometry: bool = True
    colour: bool = True


class ADA(Augment):
    """Attributes: p, how often a change happens."""

    def __init__(self, options: ADAOptions) -> None:
        self.options, self.p = options, options.start
        self._signs: list[float] = []
        self._seen = 0

    def change(self, image: Image, draws: Draws) -> Image:
        dice = Dice(draws, len(image), self.p)
        if self.options.geometry:
            image = resampled(image, geometry(dice, image.shape[2]))
        if self.options.colour:
            image = recoloured(image, colour(dice, grey=image.shape[1] == 1))
        return image

    def heed(self, real: Logits) -> None:
        self._signs.append(float(real.sign().mean()))
        self._seen += len(real)
        if len(self._signs) < self.options.every:
            return
        excess = sum(self._signs) / len(self._signs) - self.options.target
        step = self._seen / (1000 * self.options.kimg)
        self.p = min(1.0, max(0.0, self.p + math.copysign(step, excess) * (excess != 0)))
        self._signs, self._seen = [], 0

    def gauges(self) -> dict[str, float]:
        return {"p": self.p}

    def state(self) -> dict[str, Any]:
        return {"p": self.p, "signs": list(self._signs), "seen": self._seen}

    def restore(self, state: dict[str, Any]) -> None:
        self.p, self._signs, self._seen = state["p"], list(state["signs"]), state["seen"]


class Dice:
    """Draws for a batch; what is not to happen is replaced by what changes nothing."""

    def __init__(self, draws: Draws, count: int, p: float) -> None:
        self.draws, self.count, self.p = draws, count, p

    def uniform(
        self, low: float, high: float, nothing: float = 0.0, p: float | None = None
    ) -> Tensor:
        return self._maybe(low + (high - low) * self.draws.uniform(self.count), nothing, p)

    def normal(self, deviation: float) -> Tensor:
        return self._maybe(deviation * self.draws.normal(self.count, 1)[:, 0], 0.0, None)

    def whole(self, limit: int) -> Tensor:
        return self._maybe(self.draws.integers(self.count, limit).float(), 0.0, None)

    def pair(self, values: Float[Tensor, "b 2"]) -> tuple[Tensor, Tensor]:
        """Two numbers for each image: both happen, or neither."""
        happens = self.draws.uniform(self.count, 1) < self.p
        across, down = torch.where(happens, values, 0.0).unbind(1)
        return across, down

    def _maybe(self, value: Tensor, nothing: float, p: float | None) -> Tensor:
        happens = self.draws.uniform(self.count) < (self.p if p is None else p)
        return torch.where(happens, value, nothing)


def geometry(dice: Dice, side: int) -> Geometry:
    """The inverse transform of each image, in half sides from its middle."""
    turns = 1 - math.sqrt(1 - dice.p)  # so that turning at all has probability p
    mirror = 1 - 2 * dice.whole(2)
    found = scaled(mirror, torch.ones_like(mirror))
    found = found @ turned(-math.pi / 2 * dice.whole(4))
    pixels = ((2 * dice.draws.uniform(dice.count, 2) - 1) * (side / 8)).round()
    found = found @ moved(*dice.pair(pixels * (2 / side)))
    size = torch.exp2(dice.normal(0.2))
    found = found @ scaled(1 / size, 1 / size)
    found = found @ turned(dice.uniform(-math.pi, math.pi, p=turns))
    stretch = torch.exp2(dice.normal(0.2))
    found = found @ scaled(1 / stretch, stretch)
    found = found @ turned(dice.uniform(-math.pi, math.pi, p=turns))
    return found @ moved(*dice.pair(dice.draws.normal(dice.count, 2) * (2 / 8)))


def colour(dice: Dice, grey: bool) -> Colour:
    """The transform of each image's colours, as homogeneous vectors."""
    light = torch.tensor([1.0, 1.0, 1.0, 0.0], device=dice.draws.device) / math.sqrt(3)
    along = torch.outer(light, light)
    flat = torch.eye(4, device=light.device) - along
    bright = dice.normal(0.2)
    found = torch.eye(4, device=light.device).repeat(dice.count, 1, 1)
    found[:, :3, 3] = bright[:, None]
    strong = torch.exp2(dice.normal(0.5))
    found = (
        torch.diag_embed(torch.stack([strong, strong, strong, strong.new_ones(dice.count)], 1))
        @ found
    )
    inverted = dice.whole(2)[:, None, None]
    found = (torch.eye(4, device=light.device) - 2 * inverted * along) @ found
    if grey:
        return found
    found = _about_light(dice.uniform(-math.pi, math.pi)) @ found
    vivid = torch.exp2(dice.normal(1.0))[:, None, None]
    corner = torch.zeros_like(flat)
    corner[3, 3] = 1.0
    return (along + corner + (flat - corner) * vivid) @ found


def recoloured(image: Image, found: Colour) -> Image:
    """Each pixel's colour through the matrix; grey lies on the axis of light."""
    if image.shape[1] == 1:
        steep, high = found[:, :1, :3].sum(2), found[:, :1, 3]
        return image * steep[..., None, None] + high[..., None, None]
    mixed = torch.einsum("bij,bjhw->bihw", found[:, :3, :3], image)
    return mixed + found[:, :3, 3, None, None]


def resampled(image: Image, found: Geometry) -> Image:
    """The image through inverse transforms; its mirror image lies beyond its borders."""
    grid = affine_grid(found[:, :2], list(image.shape), align_corners=False)
    return _Read.apply(image, grid)


class _Read(torch.autograd.Function):
    """Bilinear reading at fixed places: linear in the image, so its adjoint's adjoint is itself.

    torch's own cannot be differentiated twice.
    """

    @staticmethod
    def forward(ctx: Any, image: Image, grid: Tensor) -> Image:
        ctx.save_for_backward(grid)
        ctx.shape = image.shape
        with torch.autocast(image.device.type, enabled=False):
            return torch.ops.aten.grid_sampler_2d(image, grid, 0, 2, False)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> Any:
        (grid,) = ctx.saved_tensors
        return _Write.apply(gradients[0], grid, ctx.shape), None


class _Write(torch.autograd.Function):
    """The adjoint of :class:`_Read`: spreads each value over the pixels that it was read from."""

    @staticmethod
    def forward(ctx: Any, values: Image, grid: Tensor, shape: Sequence[int]) -> Image:
        ctx.save_for_backward(grid)
        with torch.autocast(values.device.type, enabled=False):
            return torch.ops.aten.grid_sampler_2d_backward(
                values.contiguous(), values.new_zeros(shape), grid, 0, 2, False, [True, False]
            )[0]

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> Any:
        (grid,) = ctx.saved_tensors
        return _Read.apply(gradients[0], grid), None, None


def moved(right: Tensor, down: Tensor) -> Geometry:
    """Inverse of a translation."""
    one, none = torch.ones_like(right), torch.zeros_like(right)
    rows = [one, none, -right, none, one, -down, none, none, one]
    return torch.stack(rows, 1).unflatten(1, (3, 3))


def scaled(across: Tensor, up: Tensor) -> Geometry:
    """Inverse of a scaling by 1 / across, 1 / up."""
    return torch.diag_embed(torch.stack([across, up, torch.ones_like(up)], 1))


def turned(angle: Tensor) -> Geometry:
    """A turn, in radians."""
    cos, sin = angle.cos(), angle.sin()
    one, none = torch.ones_like(cos), torch.zeros_like(cos)
    rows = [cos, -sin, none, sin, cos, none, none, none, one]
    return torch.stack(rows, 1).unflatten(1, (3, 3))


def _about_light(angle: Tensor) -> Colour:
    """A turn of the colours about the axis from black to white (Rodrigues)."""
    cross = torch.tensor([[0.0, -1, 1], [1, 0, -1], [-1, 1, 0]], device=angle.device) / math.sqrt(3)
    cos, sin = angle.cos()[:, None, None], angle.sin()[:, None, None]
    found = torch.eye(4, device=angle.device).repeat(len(angle), 1, 1)
    found[:, :3, :3] = cos * torch.eye(3, device=angle.device) + sin * cross + (1 - cos) / 3
    return found


ENTRY = Augmentation(
    paper=Paper(
        nickname="ADA",
        title="Training Generative Adversarial Networks with Limited Data",
        authors="Tero Karras, Miika Aittala, Janne Hellsten, Samuli Laine, Jaakko Lehtinen, "
        "Timo Aila",
        year=2020,
        arxiv="2006.06676",
        venue="NeurIPS 2020",
        idea="Change what the judge sees just often enough that it never knows the real pictures "
        "by heart, and listen to its verdicts to find out how often.",
        equation=r"r_t = \mathbb{E}_x\left[\operatorname{sign}(D(x))\right], \qquad "
        r"p \leftarrow p \pm \Delta \text{ as } r_t \gtrless 0.6",
        parents=("StyleGAN2",),
    ),
    options=ADAOptions,
    build=ADA,
)
