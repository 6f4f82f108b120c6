"""DeepFool (Moosavi-Dezfooli, Fawzi & Frossard 2015, arXiv:1511.04599, Algorithm 2).

Where the logits f are linear, the nearest boundary to a class k other than y is at the distance

    |f_k - f_y| / |grad f_k - grad f_y|_q

with q = 2 for Euclidean changes and q = 1 for the maximum norm. Step onto the nearest of these
boundaries, look again, until the answer changes; then go ``overshoot`` further.

    Euclidean      r = (f_y - f_k) / |g|_2^2 * g,          g = grad f_k - grad f_y
    maximum norm   r = (f_y - f_k) / |g|_1 * sign(g)

Deviations from the paper: only the ``candidates`` likeliest classes are looked at, and every
picture of the sum so far is clipped to the range of a pixel; each step goes 1e-4 farther, as the
authors' own code does.
"""

from typing import NamedTuple

import torch
from pydantic import Field

from ganzoo.attacks._base import Attack, AttackOptions, Goal, Norm
from ganzoo.attacks._victim import Victim
from ganzoo.papers import Paper
from ganzoo.shapes import Labels, Pixels, Verdicts

HAIR = 1e-4  # farther than the boundary, so that a step is never lost to rounding


class DeepFoolOptions(AttackOptions):
    epsilon: float | None = Field(default=None, ge=0)
    norm: Norm = "l2"
    steps: int = Field(default=50, ge=1)
    candidates: int = Field(default=10, ge=2, description="classes, the present one included")
    overshoot: float = Field(default=0.02, ge=0)


def deepfool(victim: Victim, image: Pixels, goal: Goal, options: DeepFoolOptions) -> Pixels:
    count = min(options.candidates, victim.num_classes)
    likely = victim(image).scatter(1, goal.y[:, None], -torch.inf).topk(count - 1).indices
    change, left = torch.zeros_like(image), torch.arange(len(image), device=image.device)
    for _ in range(options.steps):
        there = image[left] + (1 + options.overshoot) * change[left]
        there = victim.clip(there)
        still = ~goal[left].reached(victim(there))
        left, there = left[still], there[still]
        if not len(left):
            break
        change[left] += nearest(victim, there, goal.y[left], likely[left], options.norm)
    return image + (1 + options.overshoot) * change


def nearest(victim: Victim, image: Pixels, y: Labels, others: torch.Tensor, norm: Norm) -> Pixels:
    """The step onto the nearest of the linearised boundaries between y and some other classes."""
    with torch.enable_grad():
        seen = image.detach().requires_grad_()
        logits = victim(seen)
        own = logits.gather(1, y[:, None])
        gaps = own - logits.gather(1, others)  # how far each other class is behind
        slopes = [
            torch.autograd.grad(-gaps[:, k].sum(), seen, retain_graph=True)[0]
            for k in range(others.shape[1])
        ]
    steps = [_step(gaps[:, k].detach(), slopes[k], norm) for k in range(others.shape[1])]
    closest = torch.stack([step.distance for step in steps]).argmin(0)
    every = torch.arange(len(image), device=image.device)
    return torch.stack([step.change for step in steps])[closest, every]


class _Step(NamedTuple):
    distance: Verdicts
    change: Pixels


def _step(gap: Verdicts, slope: Pixels, norm: Norm) -> _Step:
    flat = slope.flatten(1)
    if norm == "linf":
        steepness, way = flat.abs().sum(1).clamp_min(1e-12), slope.sign()
    else:
        steepness = flat.norm(dim=1).clamp_min(1e-12)
        way = slope / steepness[:, None, None, None]
    distance = gap.abs() / steepness
    return _Step(distance, (distance + HAIR)[:, None, None, None] * way)


ENTRY = Attack(
    paper=Paper(
        nickname="DeepFool",
        title="DeepFool: a simple and accurate method to fool deep neural networks",
        authors="Seyed-Mohsen Moosavi-Dezfooli, Alhussein Fawzi, Pascal Frossard",
        year=2015,
        arxiv="1511.04599",
        venue="CVPR 2016",
        idea="Pretend that the network is linear, step onto its nearest boundary, look again: "
        "soon one stands on the other side, hardly farther than need be.",
        equation=r"r = \frac{|f_k(x) - f_y(x)|}{\lVert w \rVert_2^2} \, w, \qquad "
        r"w = \nabla f_k(x) - \nabla f_y(x)",
        parents=("FGSM",),
    ),
    options=DeepFoolOptions,
    run=deepfool,
    minimal=True,
    targets=False,
)
