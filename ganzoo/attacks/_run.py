"""The frame around every attack: what is checked before, promised after, and reported."""

from dataclasses import dataclass
from typing import Any

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from ganzoo.attacks._base import Attack, AttackOptions, Goal, Norm, length, project, slope
from ganzoo.attacks._victim import Victim, undisturbed
from ganzoo.errors import InputError
from ganzoo.registry import Folder
from ganzoo.shapes import Pixels, Verdicts

Given = Int[Tensor, " given"]  # labels as they come: how many is checked, not assumed

attacks: Folder[Attack] = Folder("ganzoo.attacks", Attack)


@dataclass(frozen=True, kw_only=True)
class Attacked:
    """What became of a batch.

    Attributes:
        image: the changed pictures, in [0, 1].
        change: what was added.
        goal: what the attack was after.
        before, after: the victim's logits of the given and of the changed pictures.
        silent: pictures at which the gradient is zero in every pixel: no attack that follows it
            can move them, which is no proof that they are safe.
    """

    image: Pixels
    change: Pixels
    goal: Goal
    before: Float[Tensor, "b classes"]
    after: Float[Tensor, "b classes"]
    silent: Bool[Tensor, " b"]

    @property
    def reached(self) -> Bool[Tensor, " b"]:
        """Where the goal was reached."""
        return self.goal.reached(self.after)

    def length(self, norm: Norm) -> Verdicts:
        """Of each change."""
        return length(self.change, norm)


def attack(
    name: str,
    victim: Victim,
    image: Pixels,
    y: Given | None = None,
    *,
    target: Given | None = None,
    crafted_on: Victim | None = None,
    **options: Any,
) -> Attacked:
    """Attacks a batch of pictures in [0, 1].

    Args:
        name: of the attack: a file of :mod:`ganzoo.attacks`.
        y: the true classes; None takes the victim's own answers.
        target: classes to reach, instead of leaving ``y``.
        crafted_on: another network that the change is made for; the victim only meets the result
            (transfer: Papernot, McDaniel & Goodfellow 2016, arXiv:1605.07277).
        options: of the attack.

    Raises:
        UnknownNameError: if there is no such attack.
        RecipeError: if an option is unknown or out of range.
        InputError: if the pictures are not in [0, 1] or a class is out of range, if the attack
            cannot be aimed or knows no such norm, or if the other network sees other pictures.
    """
    entry = attacks[name]
    settings = read(entry, name, options)
    source = crafted_on or victim
    with undisturbed(victim.network), torch.no_grad():
        _check(victim, image)
        _check_source(source, victim, image)
        before = victim(image)
        if y is None:
            y = before.argmax(1)
        _check_classes(y, len(image), victim.num_classes, "y")
        goal = Goal(y)
        if target is not None:
            if not entry.targets:
                raise InputError(f"{name} knows no target: it leads to whatever class is nearest")
            _check_classes(target, len(image), victim.num_classes, "target")
            goal = Goal(target, targeted=True)
    with undisturbed(source.network), torch.no_grad():
        silent = ~slope(source, image, goal).flatten(1).any(1)
        changed = crafted(entry, source, image, goal, settings)
    with undisturbed(victim.network), torch.no_grad():
        after = victim(changed)
    return Attacked(
        image=changed,
        change=changed - image,
        goal=goal,
        before=before,
        after=after,
        silent=silent,
    )


def crafted(
    entry: Attack, victim: Victim, image: Pixels, goal: Goal, options: AttackOptions
) -> Pixels:
    """The bare changed pictures: within the radius, within the range; nothing is checked."""
    epsilon = options.epsilon
    if epsilon == 0 or not len(image):
        return image.clone()
    with undisturbed(victim.network), torch.no_grad():
        changed = entry.run(victim, image, goal, options)
        if epsilon is not None:
            changed = image + project(changed - image, epsilon, options.norm)
        return victim.clip(changed)


def read(entry: Attack, name: str, options: dict[str, Any]) -> AttackOptions:
    """Options, checked.

    Raises:
        RecipeError: if one is unknown or out of range.
        InputError: if the attack knows no such norm, needs an epsilon, or it exceeds the range.
    """
    settings = entry.options.read(options, f"attack {name}")
    if settings.norm not in entry.norms:
        raise InputError(
            f"{name} measures by {' or '.join(entry.norms)}; got norm {settings.norm!r}"
        )
    if settings.norm == "linf" and (settings.epsilon or 0) > 1:
        raise InputError(
            f"pixels are in [0, 1], and no change is larger than 1: 8 of 255 levels are 8/255; "
            f"got epsilon {settings.epsilon:g}"
        )
    if settings.epsilon is None and not entry.minimal:
        raise InputError(f"{name} needs an epsilon: it does not look for the smallest change")
    return settings


def _check_source(source: Victim, victim: Victim, image: Pixels) -> None:
    if source is victim:
        return
    if source.num_classes != victim.num_classes:
        raise InputError(
            f"a change for a network of {source.num_classes} classes says nothing of one "
            f"of {victim.num_classes}"
        )
    _check(source, image)


def _check(victim: Victim, image: Pixels) -> None:
    if not len(image):
        raise InputError("there is no picture to attack")
    if victim.shape and victim.shape != (shape := tuple(image.shape[1:])):
        wanted, got = ("×".join(map(str, each)) for each in (victim.shape, shape))
        raise InputError(f"pictures are {wanted} here (channels, height, width); got {got}")
    if not image.isfinite().all():
        raise InputError("a picture holds values that are not numbers")
    low, high = image.min().item(), image.max().item()
    if low < victim.low or high > victim.high:
        raise InputError(
            f"pictures are in [{victim.low:g}, {victim.high:g}] here; got {low:.3g} to {high:.3g}"
        )


def _check_classes(y: Given, count: int, classes: int, what: str) -> None:
    if len(y) != count:
        raise InputError(f"{what} is a class for each of the {count} pictures; got {len(y)}")
    if bool(((y < 0) | (y >= classes)).any()):
        wrong = y[(y < 0) | (y >= classes)][0].item()
        raise InputError(f"{what}: a class is 0 to {classes - 1}; got {wrong}")
