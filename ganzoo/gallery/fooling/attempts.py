"""What comes of an attack on one picture, and of the searches for the smallest change."""

import math
from dataclasses import dataclass
from functools import lru_cache

import torch

from ganzoo.attacks import Attacked, Goal, attack, undisturbed
from ganzoo.attacks.smallest_fgsm import smallest
from ganzoo.explore import fooled
from ganzoo.gallery.fooling.subjects import LEVELS, Subject
from ganzoo.shapes import Pixels


def perform(
    subject: Subject, picture: str, attack: str, epsilon: int, target: int | None
) -> Attacked:
    """The attack on one picture; the same arguments cost nothing twice.

    Args:
        epsilon: in 255ths.
        target: a class to reach; one left over from another model means none.
    """
    return _perform(subject, subject.version, picture, attack, epsilon, subject.aim(target))


@lru_cache(maxsize=64)
def _perform(
    subject: Subject, version: str, picture: str, name: str, epsilon: int, target: int | None
) -> Attacked:
    return attack(
        name,
        subject.victim,
        subject.shown(picture),
        target=None if target is None else torch.tensor([target]),
        epsilon=epsilon / LEVELS,
        **subject.pace.attacks[name],
    )


@dataclass(frozen=True)
class Way:
    """What a network says of x + epsilon * direction, as epsilon grows.

    Attributes:
        at: the radii that it was asked at, in 255ths.
        probabilities: of each class at each of them, (steps, classes).
        own: the class it names at first.
        rival: the class that is aimed at, or else the strongest other one where it first fails.
        failure: the smallest epsilon, in [0, 1], at which the goal is reached; None if none is.
    """

    at: tuple[int, ...]
    probabilities: torch.Tensor
    own: int
    rival: int
    failure: float | None


def way(subject: Subject, picture: str, attack: str, epsilon: int, target: int | None) -> Way:
    """Along the direction in which the attack at hand moves the picture."""
    done = perform(subject, picture, attack, max(epsilon, 1), target)
    victim, image, at = subject.victim, subject.shown(picture), subject.pace.radii
    direction = done.change * LEVELS / max(epsilon, 1)
    steps = torch.tensor(at) / LEVELS
    shares = fooled.along(victim, image, direction, steps)
    own, past = int(done.before.argmax()), -1
    reached = Goal(done.goal.y.expand(len(at)), done.goal.targeted).reached(shares)
    if bool(reached.any()):
        past = int(reached.int().argmax())
    found = math.inf
    with undisturbed(victim.network), torch.no_grad():
        for grid in (steps[: past + 2], steps):  # the curve is rounded, the search is not
            if not math.isfinite(found):
                found = smallest(victim, image, direction, done.goal, grid=grid).item()
    failure = found if math.isfinite(found) else None
    if done.goal.targeted:
        rival = int(done.goal.y)
    else:
        last = steps[-1] if failure is None else failure
        others = fooled.probabilities(victim, victim.clip(image + last * direction))[0]
        others[own] = -1
        rival = int(others.argmax())
    return Way(at, shares, own, rival, failure)


@dataclass(frozen=True)
class Found:
    """One smallest change: what it is called, the picture, what it is taken for, how long it is."""

    name: str
    image: Pixels
    says: int
    confidence: float
    reached: bool
    linf: float
    l2: float


def smallest_changes(subject: Subject, picture: str, target: int | None) -> list[Found]:
    """By the searches that know no radius, each after its own measure."""
    aim, image = subject.aim(target), subject.shown(picture)
    aimed = None if aim is None else torch.tensor([aim])
    found = []
    for search in subject.pace.searches:
        if aimed is not None and not search.aims:
            continue
        done = attack(search.attack, subject.victim, image, target=aimed, **search.options)
        shares = done.after.softmax(1)[0]
        found.append(
            Found(
                search.title,
                done.image,
                int(shares.argmax()),
                float(shares.max()),
                bool(done.reached),
                float(done.length("linf")),
                float(done.length("l2")),
            )
        )
    return found


def verdict(subject: Subject, image: Pixels) -> tuple[int, float]:
    """What a network says of one picture, and how sure it is."""
    shares = fooled.probabilities(subject.victim, image)[0]
    return int(shares.argmax()), float(shares.max())


def persists(subject: Subject, done: Attacked, quality: int | None) -> tuple[bool, int]:
    """Whether the goal is still reached once the picture was written to a file; what is said."""
    written = fooled.jpeg(done.image, quality) if quality else fooled.eight_bits(done.image)
    with torch.no_grad():
        logits = subject.victim(written)
    goal = Goal(done.goal.y, done.goal.targeted)
    return bool(goal.reached(logits)), int(logits.argmax())
