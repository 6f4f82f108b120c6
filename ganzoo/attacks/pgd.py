"""Projected gradient descent with restarts (Madry et al. 2017, arXiv:1706.06083, Sec. 2.1).

    x_0 = x + a random point of the ball
    x_{n+1} = project(x_n + step * steepest(grad_x J(x_n, y)))

``steepest`` is the sign in the maximum norm and grad / |grad| in the Euclidean one. Of several
restarts each picture keeps the one that reached its goal, or else raised J most. Training on such
pictures instead of the clean ones is the paper's defence: game ``classification``, option
``attack``.

Deviations from the paper: a step is 2.5 * epsilon / steps unless given, so that from anywhere in
the ball its edge can be reached.
"""

import torch
from pydantic import Field

from ganzoo.attacks._base import Attack, AttackOptions, Goal, Norm, ascend, length
from ganzoo.attacks._victim import Victim
from ganzoo.papers import Paper
from ganzoo.shapes import Pixels


class PgdOptions(AttackOptions):
    steps: int = Field(default=20, ge=1)
    step: float | None = Field(default=None, gt=0, description="length of one; 2.5 epsilon / steps")
    restarts: int = Field(default=1, ge=1)


def pgd(victim: Victim, image: Pixels, goal: Goal, options: PgdOptions) -> Pixels:
    assert options.epsilon is not None
    luck = torch.Generator().manual_seed(options.seed)
    best = _climb(victim, image, goal, options, luck)
    if options.restarts == 1:
        return best
    record = _merit(victim, best, goal)
    for _ in range(options.restarts - 1):
        other = _climb(victim, image, goal, options, luck)
        merit = _merit(victim, other, goal)
        better = merit > record
        best = torch.where(better[:, None, None, None], other, best)
        record = torch.where(better, merit, record)
    return best


def _climb(
    victim: Victim, image: Pixels, goal: Goal, options: PgdOptions, luck: torch.Generator
) -> Pixels:
    assert options.epsilon is not None
    start = within(image, options.epsilon, options.norm, luck)
    change = ascend(
        lambda seen: goal.gain(victim(seen)),
        victim,
        image,
        victim.clip(image + start) - image,
        epsilon=options.epsilon,
        norm=options.norm,
        steps=options.steps,
        step=options.step or 2.5 * options.epsilon / options.steps,
    )
    return image + change


def _merit(victim: Victim, image: Pixels, goal: Goal) -> torch.Tensor:
    logits = victim(image)
    return torch.where(goal.reached(logits), torch.inf, goal.gain(logits))


def within(image: Pixels, epsilon: float, norm: Norm, luck: torch.Generator) -> Pixels:
    """For each picture a random change, uniform in the ball."""
    if norm == "linf":
        drawn = torch.rand(image.shape, generator=luck) * 2 - 1
        return (epsilon * drawn).to(image)
    drawn = torch.randn(image.shape, generator=luck)
    share = torch.rand(len(image), generator=luck) ** (1 / image[0].numel())
    return (epsilon * drawn * (share / length(drawn, norm))[:, None, None, None]).to(image)


ENTRY = Attack(
    paper=Paper(
        nickname="PGD",
        title="Towards Deep Learning Models Resistant to Adversarial Attacks",
        authors="Aleksander Madry, Aleksandar Makelov, Ludwig Schmidt, Dimitris Tsipras, "
        "Adrian Vladu",
        year=2017,
        arxiv="1706.06083",
        venue="ICLR 2018",
        idea="Robustness is a game: train on the worst picture that a strong attack finds near "
        "each one, and weaker attacks will find none either.",
        equation=r"\min_\theta \mathbb{E}\left[\max_{\lVert\delta\rVert \le \epsilon} "
        r"J(\theta, x + \delta, y)\right]",
        parents=("I-FGSM",),
    ),
    options=PgdOptions,
    run=pgd,
)
