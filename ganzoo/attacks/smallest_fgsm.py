"""The smallest step that fools, along FGSM's direction.

    min epsilon >= 0   such that   C(clip(x + epsilon * steepest(grad_x J(x, y)))) != y

Szegedy et al. 2014 (arXiv:1312.6199, Sec. 4.1) ask for the smallest change that makes a network
say another class; along one fixed direction the question has an exact answer. Success need not
grow with epsilon (a larger step may lead back), so no bisection from the outside is right: every
step of a grid of 1/255 is tried, and the first interval with a success is then halved until its
ends differ by less than 1e-6.

Deviations from the paper: the direction is FGSM's (Goodfellow et al. 2015, arXiv:1412.6572), not
found by L-BFGS, and the change is measured by its norm along it. A success that begins and ends
within one 255th is not seen.
"""

import math

import torch
from jaxtyping import Bool, Float
from pydantic import Field
from torch import Tensor

from ganzoo.attacks._base import Attack, AttackOptions, Goal, slope, steepest
from ganzoo.attacks._victim import Victim
from ganzoo.papers import Paper
from ganzoo.shapes import Pixels, Verdicts

LEVELS = 255  # steps of the grid to 1
HALVINGS = 12  # of 1/255, to below 1e-6
AT_ONCE = 512  # pictures


class SmallestOptions(AttackOptions):
    epsilon: float | None = Field(default=None, ge=0)
    most: float = Field(default=1.0, gt=0, le=1, description="the largest step that is tried")


def smallest_fgsm(victim: Victim, image: Pixels, goal: Goal, options: SmallestOptions) -> Pixels:
    direction = steepest(slope(victim, image, goal), options.norm)
    epsilon = smallest(victim, image, direction, goal, options.most)
    found = epsilon.isfinite()
    return image + torch.where(found, epsilon, 0)[:, None, None, None] * direction


def smallest(
    victim: Victim,
    image: Pixels,
    direction: Pixels,
    goal: Goal,
    most: float = 1.0,
    grid: Float[Tensor, " steps"] | None = None,
) -> Verdicts:
    """The smallest step along a direction that reaches the goal; infinite if none up to most does.

    A picture that is there already needs a step of 0.

    Args:
        grid: the steps that are tried before the first success is narrowed down, ascending; below
            the first nothing is looked for. None: every 255th up to most, from 0 on.
    """
    if grid is None:
        grid = torch.arange(math.ceil(most * LEVELS) + 1) / LEVELS
        grid = grid.clamp_max(most)
    grid = grid.to(image.device)
    there = succeeds(victim, image, direction, goal, grid.expand(len(image), -1))
    first = there.int().argmax(1)
    high, low = grid[first], grid[(first - 1).clamp_min(0)]
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        fooled = succeeds(victim, image, direction, goal, middle[:, None])[:, 0]
        high, low = torch.where(fooled, middle, high), torch.where(fooled, low, middle)
    high = torch.where(there[:, 0], grid[0], high)
    return torch.where(there.any(1), high, torch.inf)


def succeeds(
    victim: Victim, image: Pixels, direction: Pixels, goal: Goal, epsilon: Float[Tensor, "b steps"]
) -> Bool[Tensor, "b steps"]:
    """Whether each of several steps along each picture's direction reaches the goal."""
    count, steps = epsilon.shape
    rows = torch.arange(count, device=image.device).repeat_interleave(steps)
    parts = [
        goal[some].reached(
            victim(victim.clip(image[some] + each[:, None, None, None] * direction[some]))
        )
        for some, each in zip(rows.split(AT_ONCE), epsilon.flatten().split(AT_ONCE), strict=True)
    ]
    return torch.cat(parts).view(count, steps)


ENTRY = Attack(
    paper=Paper(
        nickname="Smallest step",
        title="Intriguing properties of neural networks",
        authors="Christian Szegedy, Wojciech Zaremba, Ilya Sutskever, Joan Bruna, Dumitru Erhan, "
        "Ian Goodfellow, Rob Fergus",
        year=2013,
        arxiv="1312.6199",
        venue="ICLR 2014",
        idea="Beside almost every picture lies one that looks the same to us and is something "
        "else to the network; so ask how far it is.",
        equation=r"\min_r \lVert r \rVert \quad \text{such that} \quad C(x + r) \ne C(x), "
        r"\quad x + r \in [0, 1]^m",
    ),
    options=SmallestOptions,
    run=smallest_fgsm,
    minimal=True,
    norms=("linf",),
)
