"""Expectation over transformations (Athalye, Engstrom, Ilyas & Kwok 2017, arXiv:1707.07397,
Sec. 2.1): a change that survives being turned, moved, scaled, lit and photographed.

    max_x'  E_t[J(t(x'), y)],     |x' - x| <= epsilon

Each step follows the mean gradient over fresh views t: a turn, a zoom and a shift (bilinear, the
edge repeated), then a change of brightness and contrast, and noise. A change made for the picture
as it is loses its hold under such views; one that is made for all of them keeps it.

Deviations from the paper: a hard bound and signed steps (as PGD) in pixel space, where the paper
penalises a distance in LAB space; two-dimensional views only, no 3D renderings.
"""

import math

import torch
from jaxtyping import Float
from pydantic import Field
from torch import Tensor
from torch.nn.functional import affine_grid, grid_sample

from ganzoo.attacks._base import Attack, AttackOptions, Goal, ascend
from ganzoo.attacks._victim import Victim, undisturbed
from ganzoo.papers import Paper
from ganzoo.shapes import Pixels, Verdicts

AT_ONCE = 256  # views judged together


class EotOptions(AttackOptions):
    steps: int = Field(default=40, ge=1)
    step: float | None = Field(default=None, gt=0, description="length of one; 2.5 epsilon / steps")
    views: int = Field(default=8, ge=1, description="fresh ones for each step")
    turn: float = Field(default=20.0, ge=0, le=180, description="degrees, either way")
    zoom: float = Field(default=0.15, ge=0, lt=1, description="share, either way")
    shift: float = Field(default=0.08, ge=0, lt=1, description="share of the side, either way")
    light: float = Field(default=0.1, ge=0, lt=1, description="of brightness and of contrast")
    noise: float = Field(default=0.02, ge=0, lt=1, description="standard deviation")


def eot(victim: Victim, image: Pixels, goal: Goal, options: EotOptions) -> Pixels:
    assert options.epsilon is not None
    luck = torch.Generator().manual_seed(options.seed)

    def gain(seen: Pixels) -> Verdicts:
        many = Goal(goal.y.repeat(options.views), goal.targeted)
        views = view(victim, seen.repeat(options.views, 1, 1, 1), options, luck)
        return many.gain(victim(views)).view(options.views, -1).mean(0)

    change = ascend(
        gain,
        victim,
        image,
        torch.zeros_like(image),
        epsilon=options.epsilon,
        norm=options.norm,
        steps=options.steps,
        step=options.step or 2.5 * options.epsilon / options.steps,
    )
    return image + change


def view(victim: Victim, image: Pixels, options: EotOptions, luck: torch.Generator) -> Pixels:
    """Each picture as one random view shows it."""
    turned = _placed(image, options, luck)
    light, contrast = options.light * _either_way(image, 2, luck)
    middle = (victim.low + victim.high) / 2
    lit = (turned - middle) * (1 + _spread(contrast)) + middle + _spread(light)
    noise = torch.randn(image.shape, generator=luck).to(image)
    return victim.clip(lit + options.noise * noise)


def scaled(options: EotOptions, strength: float) -> EotOptions:
    """The same views, so many times as far from the picture as it is; 0 is the picture itself."""
    kinds = ("turn", "zoom", "shift", "light", "noise")
    return options.model_copy(update={kind: strength * getattr(options, kind) for kind in kinds})


def survival(
    victim: Victim, image: Pixels, goal: Goal, options: EotOptions, count: int = 100
) -> Verdicts:
    """The share of ``count`` random views of each picture under which the goal is reached."""
    luck = torch.Generator().manual_seed(options.seed + 1)  # views that no step has seen
    reached = torch.zeros(len(image))
    with undisturbed(victim.network), torch.no_grad():
        for some in torch.arange(count).split(max(1, AT_ONCE // max(1, len(image)))):
            views = view(victim, image.repeat(len(some), 1, 1, 1), options, luck)
            many = Goal(goal.y.repeat(len(some)), goal.targeted)
            reached += many.reached(victim(views)).view(len(some), -1).sum(0)
    return reached / count


def _placed(image: Pixels, options: EotOptions, luck: torch.Generator) -> Pixels:
    """Turned about the centre, zoomed and shifted."""
    turn, zoom, across, down = _either_way(image, 4, luck)
    angle, scale = turn * math.radians(options.turn), 1 / (1 + options.zoom * zoom)
    cos, sin = scale * angle.cos(), scale * angle.sin()
    rows = [cos, -sin, 2 * options.shift * across, sin, cos, 2 * options.shift * down]
    where = affine_grid(torch.stack(rows, 1).view(-1, 2, 3), list(image.shape), align_corners=False)
    return grid_sample(image, where, mode="bilinear", padding_mode="border", align_corners=False)


def _either_way(image: Pixels, kinds: int, luck: torch.Generator) -> Float[Tensor, "kinds b"]:
    """Numbers from -1 to 1: for each kind of change, and each picture."""
    return (torch.rand(kinds, len(image), generator=luck) * 2 - 1).to(image)


def _spread(values: Verdicts) -> Pixels:
    return values[:, None, None, None]


ENTRY = Attack(
    paper=Paper(
        nickname="EOT",
        title="Synthesizing Robust Adversarial Examples",
        authors="Anish Athalye, Logan Engstrom, Andrew Ilyas, Kevin Kwok",
        year=2017,
        arxiv="1707.07397",
        venue="ICML 2018",
        idea="To fool a camera from every side, do not attack one picture but the mean over all "
        "the ways in which it may be seen.",
        equation=r"\max_{x'} \; \mathbb{E}_{t \sim T}\left[J(\theta, t(x'), y)\right] "
        r"\quad \text{such that} \quad \lVert x' - x \rVert \le \epsilon",
        parents=("I-FGSM",),
    ),
    options=EotOptions,
    run=eot,
)
