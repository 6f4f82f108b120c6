"""What the Fool tab computes: a picture, an attack on it, and what networks say. No layout."""

import base64
import binascii
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from io import BytesIO
from typing import Any

import numpy as np
import torch
from PIL import Image as Pillow

from ganzoo.attacks import Attacked, Goal, Victim, attack, undisturbed
from ganzoo.attacks.smallest_fgsm import smallest
from ganzoo.bundle import MODEL, Bundle
from ganzoo.errors import InputError, UnknownNameError, suggestion
from ganzoo.explore import fooled
from ganzoo.gallery.address import Control, said
from ganzoo.hub.table import headline
from ganzoo.latents import SEED_LIMIT
from ganzoo.shapes import Pixels
from ganzoo.zoo import Zoo

LEVELS = 255
MOST = 128  # of the slider, in 255ths
QUICK: dict[str, dict[str, Any]] = {  # what a move of the slider can wait for
    "fgsm": {},
    "ifgsm": {"steps": 10},
    "pgd": {"steps": 15},
    "eot": {"steps": 12, "views": 6},
}
LONGEST_PICTURE = 2**16  # characters of a picture in an address
MODES = ("1", "L", "LA", "P", "RGB", "RGBA")


@dataclass(frozen=True, kw_only=True)
class PictureControl(Control):
    """A picture: the seed of one that a generator paints, or a PNG in (URL-safe) base64."""

    def read(self, value: object) -> str:
        text = str(value).strip() if isinstance(value, str | int) else ""
        if re.fullmatch(r"\d{1,10}", text) and int(text) < SEED_LIMIT:
            return text
        decoded(text)
        return text


@dataclass(frozen=True, kw_only=True)
class Beside(Control):
    """The name of another classifier, or nothing for the one that suits."""

    options: tuple[str, ...] = ()

    def among(self, names: Sequence[str]) -> "Beside":
        return replace(self, options=tuple(names))

    def read(self, value: object) -> str:
        if value in (None, ""):
            return ""
        if value not in self.options:
            raise UnknownNameError(
                f"there is no classifier {said(value)} here. "
                f"{suggestion(str(value)[:80], self.options)}"
            )
        return str(value)


def decoded(text: str) -> Pillow.Image:
    """The picture in an address.

    Raises:
        InputError: if it is none.
    """
    expected = "picture is a seed, or a PNG in base64"
    if not text or len(text) > LONGEST_PICTURE:
        raise InputError(f"{expected}; got {said(text) if text else 'nothing'}")
    try:
        padded = text + "=" * (-len(text) % 4)
        picture = Pillow.open(BytesIO(base64.urlsafe_b64decode(padded)), formats=["PNG"])
        picture.load()
    except (binascii.Error, OSError, ValueError, SyntaxError, Pillow.DecompressionBombError):
        raise InputError(f"{expected}; got {said(text)}") from None
    return picture


def fitting(picture: Pillow.Image, victim: Victim, name: str) -> Pixels:
    """As a network sees it: (1, c, h, w) in [0, 1].

    Raises:
        InputError: if it is of another size, or of a mode without plain grey or colours.
    """
    assert victim.shape is not None
    channels, height, width = victim.shape
    if picture.size != (width, height):
        wide, tall = picture.size
        raise InputError(f"{name} sees {width}×{height} pixels; this picture has {wide}×{tall}")
    if picture.mode not in MODES:
        raise InputError(f"a picture is grey or colour, 8 bits deep; got mode {picture.mode!r}")
    flat = picture.convert("RGBA")
    black = Pillow.new("RGBA", flat.size, "black")
    plain = Pillow.alpha_composite(black, flat).convert("L" if channels == 1 else "RGB")
    levels = np.atleast_3d(np.asarray(plain)).copy()
    return torch.from_numpy(levels).permute(2, 0, 1)[None].float() / LEVELS


def version(zoo: Zoo, model: str) -> str:
    """Changes with the weights."""
    return zoo.bundle(model).config.sha256[MODEL]


def victim(zoo: Zoo, model: str) -> Victim:
    """The network of a classifier's bundle, built once."""
    return _victim(zoo, model, version(zoo, model))


@lru_cache(maxsize=6)
def _victim(zoo: Zoo, model: str, version: str) -> Victim:
    return fooled.victim(zoo.bundle(model))


def classes(zoo: Zoo, model: str) -> list[str]:
    """What it can say."""
    bundle = zoo.bundle(model)
    return list(fooled.named(bundle.config.classes, victim(zoo, model).num_classes))


def kin(zoo: Zoo, model: str) -> list[str]:
    """The classifiers that see the same pictures and tell the same classes apart."""
    mine = zoo.bundle(model)
    return [name for name in zoo.names("classify") if _alike(zoo.bundle(name), mine)]


def sibling(zoo: Zoo, model: str, beside: str) -> str | None:
    """The classifier to stand beside it: the one asked for, or the one that is defended the other
    way (trained on attacked pictures, if this one was not)."""
    others = [name for name in kin(zoo, model) if name != model]
    if beside in others:
        return beside
    mine = defended(zoo.bundle(model))
    other_way = [name for name in others if defended(zoo.bundle(name)) != mine]
    return next(iter(sorted(other_way, key=lambda n: "pgd" not in n) or others), None)


def defended(bundle: Bundle) -> bool:
    """Whether it was trained on attacked pictures."""
    return bool(bundle.recipe.game_options.get("attack"))


def painter(zoo: Zoo, model: str) -> str | None:
    """The best generator of pictures like those that a classifier learned from."""
    mine = zoo.bundle(model).recipe.data
    scored = []
    for name in zoo.names("sample"):
        bundle = zoo.bundle(name)
        data = bundle.recipe.data
        if (data.name, data.size, data.channels) == (mine.name, mine.size, mine.channels):
            best = headline(bundle)
            scored.append((best.value if best else float("inf"), name))
    return min(scored)[1] if scored else None


def _alike(one: Bundle, other: Bundle) -> bool:
    return all(
        getattr(one.recipe.data, key) == getattr(other.recipe.data, key)
        for key in ("name", "size", "channels")
    ) and len(one.config.classes) == len(other.config.classes)


def shown(zoo: Zoo, model: str, picture: str) -> Pixels:
    """The picture that is attacked, (1, c, h, w) in [0, 1], in 256 levels.

    Raises:
        InputError: if it does not fit the network.
    """
    subject = victim(zoo, model)
    if not picture.isdecimal():
        return fitting(decoded(picture), subject, model)
    name = painter(zoo, model)
    if name is None:
        return _ring(subject)
    image = zoo.model(name).sample(int(picture), 1)
    return fooled.eight_bits((image.float() + 1) / 2)


def _ring(victim: Victim) -> Pixels:
    """Where nobody paints: a ring, which somebody may take for a nought."""
    assert victim.shape is not None
    channels, height, width = victim.shape
    down = torch.linspace(-1, 1, height)[:, None]
    across = torch.linspace(-1, 1, width)[None]
    far = ((down / 0.6) ** 2 + (across / 0.42) ** 2).sqrt()
    bright = (1.6 - 5 * (far - 1).abs()).clamp(0, 1)
    return fooled.eight_bits(bright.expand(1, channels, height, width))


def check_target(zoo: Zoo, model: str, target: int | None) -> None:
    """Programs are told of a class that is not there.

    Raises:
        InputError: if the number is out of range.
    """
    if target is not None and target >= len(names := classes(zoo, model)):
        raise InputError(f"target: a class is 0 to {len(names) - 1}; got {target}")


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
        **QUICK[name],
    )


@dataclass(frozen=True)
class Way:
    """What a network says of x + epsilon * direction, as epsilon grows.

    Attributes:
        probabilities: of each class at each 255th, (steps, classes).
        own: the class it names at first.
        rival: the class that is aimed at, or else the strongest other one where it first fails.
        failure: the smallest epsilon, in [0, 1], at which the goal is reached; None if none is.
    """

    probabilities: torch.Tensor
    own: int
    rival: int
    failure: float | None


def way(zoo: Zoo, model: str, picture: str, attack: str, epsilon: int, target: int | None) -> Way:
    """Along the direction in which the attack at hand moves the picture."""
    done = perform(zoo, model, picture, attack, max(epsilon, 1), target)
    subject, image = victim(zoo, model), shown(zoo, model, picture)
    direction = done.change * LEVELS / max(epsilon, 1)
    steps = torch.arange(MOST + 1) / LEVELS
    shares = fooled.along(subject, image, direction, steps)
    with undisturbed(subject.network), torch.no_grad():
        found = smallest(subject, image, direction, done.goal, MOST / LEVELS).item()
    own = int(shares[0].argmax())
    failure = found if found < float("inf") else None
    if done.goal.targeted:
        rival = int(done.goal.y)
    else:
        at = -1 if failure is None else min(MOST, int(failure * LEVELS) + 1)
        others = shares[at].clone()
        others[own] = -1
        rival = int(others.argmax())
    return Way(shares, own, rival, failure)


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
    if aimed is None:
        searches.insert(1, ("DeepFool, largest pixel", "deepfool", {"norm": "linf"}))
        searches.insert(2, ("DeepFool, Euclidean", "deepfool", {"norm": "l2"}))
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
