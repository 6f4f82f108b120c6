"""Iterated FGSM, the basic iterative method (Kurakin, Goodfellow & Bengio 2016, arXiv:1607.02533,
Sec. 2.2).

    x_0 = x,    x_{n+1} = clip(x_n + step * sign(grad_x J(x_n, y)), to epsilon around x)

Deviations from the paper: the number of steps is an option, and a step is epsilon / steps unless
given (the paper takes 1/255, and min(255 epsilon + 4, 1.25 * 255 epsilon) of them).
"""

import torch
from pydantic import Field

from ganzoo.attacks._base import Attack, AttackOptions, Goal, ascend
from ganzoo.attacks._victim import Victim
from ganzoo.papers import Paper
from ganzoo.shapes import Pixels


class IteratedOptions(AttackOptions):
    steps: int = Field(default=10, ge=1)
    step: float | None = Field(default=None, gt=0, description="length of one; epsilon / steps")


def ifgsm(victim: Victim, image: Pixels, goal: Goal, options: IteratedOptions) -> Pixels:
    assert options.epsilon is not None
    change = ascend(
        lambda seen: goal.gain(victim(seen)),
        victim,
        image,
        torch.zeros_like(image),
        epsilon=options.epsilon,
        norm=options.norm,
        steps=options.steps,
        step=options.step or options.epsilon / options.steps,
    )
    return image + change


ENTRY = Attack(
    paper=Paper(
        nickname="I-FGSM",
        title="Adversarial examples in the physical world",
        authors="Alexey Kurakin, Ian Goodfellow, Samy Bengio",
        year=2016,
        arxiv="1607.02533",
        venue="ICLR 2017 workshop",
        idea="Take many small steps instead of one large one, and look at the gradient anew "
        "after each.",
        equation=r"x'_{n+1} = \operatorname{Clip}_{x, \epsilon}\left(x'_n + "
        r"\alpha \operatorname{sign}(\nabla_x J(x'_n, y))\right)",
        parents=("FGSM",),
    ),
    options=IteratedOptions,
    run=ifgsm,
)
