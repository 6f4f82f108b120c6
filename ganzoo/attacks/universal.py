"""Universal perturbations: one change for all pictures (Moosavi-Dezfooli, Fawzi, Fawzi & Frossard
2016, arXiv:1610.08401).

    v <- project(v + step * steepest(sum_i grad_v min(J(x_i + v, y_i), ceiling)))

Deviations from the paper: v climbs the mean loss of the whole batch (Shafahi et al. 2018,
arXiv:1811.11304, Eq. 3), each picture's loss capped so that none that is fooled already pulls on,
instead of adding up one DeepFool step after another.
"""

import torch
from jaxtyping import Float
from pydantic import Field
from torch import Tensor

from ganzoo.attacks._base import Attack, AttackOptions, Goal, project, slope_of, steepest
from ganzoo.attacks._victim import Victim
from ganzoo.papers import Paper
from ganzoo.shapes import Pixels, Verdicts


class UniversalOptions(AttackOptions):
    steps: int = Field(default=40, ge=1, description="each sees every picture once")
    step: float | None = Field(default=None, gt=0, description="length of one; epsilon / 8")
    ceiling: float = Field(default=4.0, gt=0, description="of a picture's loss, in nats")


def universal(victim: Victim, image: Pixels, goal: Goal, options: UniversalOptions) -> Pixels:
    return image + perturbation(victim, image, goal, options)


def perturbation(
    victim: Victim, image: Pixels, goal: Goal, options: UniversalOptions
) -> Float[Tensor, "1 c h w"]:
    """The one change, (1, c, h, w), learned from these pictures; it may be tried on any others."""
    assert options.epsilon is not None
    step = options.step or options.epsilon / 8
    change = torch.zeros_like(image[:1])

    def gain(shared: Tensor) -> Verdicts:
        return goal.gain(victim(victim.clip(image + shared))).clamp_max(options.ceiling)

    for _ in range(options.steps):
        uphill = steepest(slope_of(gain, change), options.norm)
        change = project(change + step * uphill, options.epsilon, options.norm)
    return change


ENTRY = Attack(
    paper=Paper(
        nickname="Universal perturbation",
        title="Universal adversarial perturbations",
        authors="Seyed-Mohsen Moosavi-Dezfooli, Alhussein Fawzi, Omar Fawzi, Pascal Frossard",
        year=2016,
        arxiv="1610.08401",
        venue="CVPR 2017",
        idea="One and the same faint pattern, added to nearly any picture, changes what the "
        "network says of it.",
        equation=r"\lVert v \rVert \le \epsilon, \qquad "
        r"\mathbb{P}_x\left[C(x + v) \ne C(x)\right] \ge 1 - \delta",
        parents=("DeepFool",),
    ),
    options=UniversalOptions,
    run=universal,
)
