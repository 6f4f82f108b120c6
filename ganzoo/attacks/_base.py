"""What an attack file declares about itself, and what every attack is after."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import torch
from jaxtyping import Bool, Float
from pydantic import Field
from torch import Tensor
from torch.nn.functional import cross_entropy

from ganzoo.attacks._victim import Victim
from ganzoo.options import Options
from ganzoo.papers import Paper
from ganzoo.shapes import Labels, Pixels, Verdicts

Norm = Literal["linf", "l2"]


class AttackOptions(Options):
    """What every attack knows.

    Attributes:
        epsilon: radius of the ball that the change stays in, in the units of a picture in [0, 1];
            None, where the attack looks for the smallest change, does not bound it.
        norm: by which the change is measured: its largest pixel, or its Euclidean length.
        seed: of whatever is random in it.
    """

    epsilon: float | None = Field(default=8 / 255, ge=0)
    norm: Norm = "linf"
    seed: int = Field(default=0, ge=0)


@dataclass(frozen=True)
class Goal:
    """What an attack is after: away from the classes ``y``, or towards them.

    Attributes:
        y: a class for each picture: the one to leave, or if ``targeted`` the one to reach.
    """

    y: Labels
    targeted: bool = False

    def gain(self, logits: Float[Tensor, "b classes"]) -> Verdicts:
        """What an attack raises: the cross-entropy of ``y``; of a target, its negative."""
        loss = cross_entropy(logits, self.y, reduction="none")
        return -loss if self.targeted else loss

    def margin(self, logits: Float[Tensor, "b classes"]) -> Verdicts:
        """How far the goal is: the class's logit above the best other's; negative once reached.

        Of a target, the best other's logit above the target's.
        """
        own = logits.gather(1, self.y[:, None])[:, 0]
        rest = logits.scatter(1, self.y[:, None], -torch.inf).amax(1)
        return rest - own if self.targeted else own - rest

    def reached(self, logits: Float[Tensor, "b classes"]) -> Bool[Tensor, " b"]:
        """Whether the network says another class than ``y``, or the target."""
        return (logits.argmax(1) == self.y) == self.targeted

    def __getitem__(self, rows: Tensor | slice) -> "Goal":
        return Goal(self.y[rows], self.targeted)


@dataclass(frozen=True, kw_only=True)
class Attack:
    """One way to change a picture.

    Attributes:
        run: from a victim, pictures and a goal to changed pictures. A pure function; the frame
            around it (:func:`ganzoo.attacks.attack`) checks, projects and reports.
        minimal: looks for the smallest change rather than the best within a radius.
        targets: whether it can be given a class to reach.
        norms: those that it knows.
    """

    paper: Paper
    options: type[AttackOptions]
    run: Callable[[Victim, Pixels, Goal, Any], Pixels]
    minimal: bool = False
    targets: bool = True
    norms: tuple[Norm, ...] = ("linf", "l2")


def length(change: Pixels, norm: Norm) -> Verdicts:
    """Of each picture's change: its largest pixel, or its Euclidean length."""
    flat = change.flatten(1)
    return flat.abs().amax(1) if norm == "linf" else flat.norm(dim=1)


def project(change: Pixels, epsilon: float, norm: Norm) -> Pixels:
    """The nearest change that is no longer than epsilon."""
    if norm == "linf":
        return change.clamp(-epsilon, epsilon)
    excess = length(change, norm).clamp_min(1e-12) / max(epsilon, 1e-12)
    return change / excess.clamp_min(1)[:, None, None, None] if epsilon else change * 0


def steepest(gradient: Pixels, norm: Norm) -> Pixels:
    """The change of length 1 along which a linear function of that gradient rises most."""
    if norm == "linf":
        return gradient.sign()
    return gradient / length(gradient, norm).clamp_min(1e-12)[:, None, None, None]


def slope(victim: Victim, image: Pixels, goal: Goal) -> Pixels:
    """The gradient of the goal's gain in the picture."""
    return slope_of(lambda seen: goal.gain(victim(seen)), image)


def slope_of(gain: Callable[[Pixels], Verdicts], image: Pixels) -> Pixels:
    """The gradient of any gain in the picture."""
    with torch.enable_grad():
        seen = image.detach().requires_grad_()
        return torch.autograd.grad(gain(seen).sum(), seen)[0].detach()


def ascend(
    gain: Callable[[Pixels], Verdicts],
    victim: Victim,
    image: Pixels,
    change: Pixels,
    *,
    epsilon: float,
    norm: Norm,
    steps: int,
    step: float,
) -> Pixels:
    """Steps up the steepest way, each time back into the ball and into the range of pixels.

    change <- clip(image + project(change + step * steepest(grad gain))) - image
    """
    for _ in range(steps):
        uphill = steepest(slope_of(gain, image + change), norm)
        change = victim.clip(image + project(change + step * uphill, epsilon, norm)) - image
    return change
