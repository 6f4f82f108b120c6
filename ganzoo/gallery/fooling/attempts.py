"""What comes of an attack on one picture, and of the searches for the smallest change."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import torch

from ganzoo.attacks import Attacked, Goal, attack, undisturbed
from ganzoo.attacks.smallest_fgsm import smallest
from ganzoo.explore import fooled
from ganzoo.gallery.fooling.photographs import large
from ganzoo.gallery.fooling.subjects import LEVELS, classes, shown, version, victim
from ganzoo.shapes import Pixels
from ganzoo.zoo import Zoo

MOST = 128  # of the slider, in 255ths
QUICK: dict[str, dict[str, Any]] = {  # what a move of the slider can wait for
    "fgsm": {},
    "ifgsm": {"steps": 10},
    "pgd": {"steps": 15},
    "eot": {"steps": 12, "views": 6},
}
BRISK: dict[str, dict[str, Any]] = {  # the same, of a network that takes a hundred times as long
    "fgsm": {},
    "ifgsm": {"steps": 4},
    "pgd": {"steps": 5},
    "eot": {"steps": 4, "views": 3},
}
COARSE = (0, 1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 64, MOST)  # 255ths that it is asked at


def perform(
    zoo: Zoo, model: str, picture: str, attack: str, epsilon: int, target: int | None
) -> Attacked:
    """The attack on one picture; the same arguments cost nothing twice.

    Args:
        epsilon: in 255ths.
        target: a class to reach; one left over from another model means none.
    """
    known = target if target is not None and target < len(classes(zoo, model)) else None
    return _perform(zoo, model, version(zoo, model), picture, attack, epsilon, known)


@lru_cache(maxsize=64)
def _perform(
    zoo: Zoo,
    model: str,
    version: str,
    picture: str,
    name: str,
    epsilon: int,
    target: int | None,
) -> Attacked:
    return attack(
        name,
        victim(zoo, model),
        shown(zoo, model, picture),
        target=None if target is None else torch.tensor([target]),
        epsilon=epsilon / LEVELS,
        **(BRISK if large(model) else QUICK)[name],
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


def way(zoo: Zoo, model: str, picture: str, attack: str, epsilon: int, target: int | None) -> Way:
    """Along the direction in which the attack at hand moves the picture."""
    done = perform(zoo, model, picture, attack, max(epsilon, 1), target)
    subject, image = victim(zoo, model), shown(zoo, model, picture)
    direction = done.change * LEVELS / max(epsilon, 1)
    at = COARSE if large(model) else tuple(range(MOST + 1))
    steps = torch.tensor(at) / LEVELS
    shares = fooled.along(subject, image, direction, steps)
    own, failure, past = int(shares[0].argmax()), None, -1
    reached = Goal(done.goal.y.expand(len(at)), done.goal.targeted).reached(shares)
    if bool(reached.any()):
        past = int(reached.int().argmax())
        between = steps[max(past - 1, 0) : past + 1]
        with undisturbed(subject.network), torch.no_grad():
            found = smallest(subject, image, direction, done.goal, grid=between).item()
        failure = min(found, at[past] / LEVELS)
    if done.goal.targeted:
        rival = int(done.goal.y)
    else:
        others = shares[past].clone()
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


def smallest_changes(zoo: Zoo, model: str, picture: str, target: int | None) -> list[Found]:
    """By the searches that know no radius, each after its own measure."""
    check = target if target is not None and target < len(classes(zoo, model)) else None
    subject, image = victim(zoo, model), shown(zoo, model, picture)
    aimed = None if check is None else torch.tensor([check])
    searches: list[tuple[str, str, dict[str, Any]]] = [
        ("Smallest FGSM step", "smallest_fgsm", {}),
        ("Carlini and Wagner", "carlini_wagner", {"rounds": 4, "steps": 60, "lr": 0.05, "c": 1}),
    ]
    if large(model):
        step = {"rounds": 1, "steps": 25, "lr": 0.01, "c": 1}
        searches = [("Carlini and Wagner", "carlini_wagner", step)]
    if aimed is None:
        few = {"candidates": 4, "steps": 8} if large(model) else {}
        searches.insert(-1, ("DeepFool, largest pixel", "deepfool", {"norm": "linf", **few}))
        searches.insert(-1, ("DeepFool, Euclidean", "deepfool", {"norm": "l2", **few}))
    found = []
    for title, name, options in searches:
        done = attack(name, subject, image, target=aimed, **options)
        shares = done.after.softmax(1)[0]
        found.append(
            Found(
                title,
                done.image,
                int(shares.argmax()),
                float(shares.max()),
                bool(done.reached),
                float(done.length("linf")),
                float(done.length("l2")),
            )
        )
    return found


def verdict(zoo: Zoo, model: str, image: Pixels) -> tuple[int, float]:
    """What a network says of one picture, and how sure it is."""
    shares = fooled.probabilities(victim(zoo, model), image)[0]
    return int(shares.argmax()), float(shares.max())


def persists(zoo: Zoo, model: str, done: Attacked, quality: int | None) -> tuple[bool, int]:
    """Whether the goal is still reached once the picture was written to a file; what is said."""
    written = fooled.jpeg(done.image, quality) if quality else fooled.eight_bits(done.image)
    with torch.no_grad():
        logits = victim(zoo, model)(written)
    goal = Goal(done.goal.y, done.goal.targeted)
    return bool(goal.reached(logits)), int(logits.argmax())
