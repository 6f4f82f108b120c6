"""Carlini and Wagner's Euclidean attack (2016, arXiv:1608.04644, Sec. VI A).

    min_w  |x' - x|_2^2 + c * max(margin(x'), -confidence),     x' = (tanh(w) + 1) / 2

The margin is the class's logit above the best other's (for a target, the best other's above its
own). tanh keeps every pixel in its range, Adam goes down, and the smallest c that succeeds is
searched for by halving, for each picture alone. Of all successes on the way the shortest is kept.

Deviations from the paper: 5 rounds of at most 200 steps instead of 9 of 10,000, with c from 1e-2,
and Adam's step falls to 0 within a round; tanh is stretched by a ninth and clipped, because black
and white pixels, at its very ends, would not move in so few steps. The gradient passes the clip: a
pixel that once left its range would never come back.
"""

from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float
from pydantic import Field
from torch import Tensor

from ganzoo.attacks._base import Attack, AttackOptions, Goal, Norm, length
from ganzoo.attacks._victim import Victim
from ganzoo.papers import Paper
from ganzoo.shapes import Pixels, Verdicts

INSIDE = 0.9  # where black and white start on tanh: its slope has not vanished there


class CarliniWagnerOptions(AttackOptions):
    epsilon: float | None = Field(default=None, ge=0)
    norm: Norm = "l2"
    rounds: int = Field(default=5, ge=1, description="of the search for c")
    steps: int = Field(default=200, ge=1, description="in each round")
    lr: float = Field(default=0.01, gt=0)
    confidence: float = Field(default=0.0, ge=0)
    c: float = Field(default=0.01, gt=0, description="of the first round")


def carlini_wagner(
    victim: Victim, image: Pixels, goal: Goal, options: CarliniWagnerOptions
) -> Pixels:
    record = _Record.of(victim, image, goal, options.confidence)
    c = torch.full((len(image),), options.c, device=image.device)
    low, high = torch.zeros_like(c), torch.full_like(c, torch.inf)
    for _ in range(options.rounds):
        won = _round(victim, image, goal, options, c, record)
        high, low = torch.where(won, c, high), torch.where(won, low, c)
        c = torch.where(high.isfinite(), (low + high) / 2, 10 * c)
    return record.image


@dataclass
class _Record:
    """The shortest success of each picture so far."""

    image: Pixels
    length: Verdicts

    @classmethod
    def of(cls, victim: Victim, image: Pixels, goal: Goal, confidence: float) -> "_Record":
        there = _surely(goal, victim(image), confidence)
        return cls(image.clone(), torch.where(there, 0.0, torch.inf))

    def take(self, changed: Pixels, long: Verdicts, success: Tensor) -> None:
        better = success & (long < self.length)
        self.image = torch.where(better[:, None, None, None], changed, self.image)
        self.length = torch.where(better, long, self.length)


def _surely(
    goal: Goal, logits: Float[Tensor, "b classes"], confidence: float
) -> Bool[Tensor, " b"]:
    """Whether the goal is reached by more than that margin; by any, if that is 0."""
    surely = goal.margin(logits) < -confidence
    return surely if confidence else surely | goal.reached(logits)


def _round(
    victim: Victim,
    image: Pixels,
    goal: Goal,
    options: CarliniWagnerOptions,
    c: Verdicts,
    record: _Record,
) -> Tensor:
    """Goes down with one c for each picture; returns which of them succeeded."""
    middle, half = (victim.low + victim.high) / 2, (victim.high - victim.low) / 2
    w = torch.atanh((image - middle) / half * INSIDE)
    with torch.enable_grad():
        w = w.detach().requires_grad_()
        optimizer = torch.optim.Adam([w], options.lr)
        won = torch.zeros_like(c, dtype=torch.bool)
        for step in range(options.steps):
            optimizer.param_groups[0]["lr"] = options.lr * (1 - step / options.steps)
            free = middle + half * torch.tanh(w) / INSIDE
            changed = free + (victim.clip(free) - free).detach()  # clipped, but never stuck there
            logits = victim(changed)
            squares = (changed - image).flatten(1).square().sum(1)
            short_of = goal.margin(logits).clamp_min(-options.confidence)
            w.grad = torch.autograd.grad((squares + c * short_of).sum(), w)[0]
            optimizer.step()
            success = _surely(goal, logits.detach(), options.confidence)
            with torch.no_grad():
                record.take(changed.detach(), length(changed - image, "l2"), success)
            won |= success
    return won


ENTRY = Attack(
    paper=Paper(
        nickname="C&W",
        title="Towards Evaluating the Robustness of Neural Networks",
        authors="Nicholas Carlini, David Wagner",
        year=2016,
        arxiv="1608.04644",
        venue="IEEE S&P 2017",
        idea="Write down what is wanted, the smallest change that moves the logits past each "
        "other, and let a good optimiser find it: defences that only blur gradients fall.",
        equation=r"\min_w \lVert x' - x \rVert_2^2 + c \max\big(Z_y(x') - "
        r"\max_{i \ne y} Z_i(x'),\, -\kappa\big), \quad x' = \tfrac12(\tanh w + 1)",
        parents=("DeepFool",),
    ),
    options=CarliniWagnerOptions,
    run=carlini_wagner,
    minimal=True,
    norms=("l2",),
)
