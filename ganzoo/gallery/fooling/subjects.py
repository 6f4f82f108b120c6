"""Who is attacked: classifiers, their kin, and the pictures that they are shown."""

from functools import lru_cache

import numpy as np
import torch
from PIL import Image as Pillow

from ganzoo.attacks import Victim
from ganzoo.bundle import MODEL, Bundle
from ganzoo.errors import InputError
from ganzoo.explore import fooled
from ganzoo.gallery.fooling.controls import decoded
from ganzoo.hub.table import headline
from ganzoo.shapes import Pixels
from ganzoo.zoo import Zoo

LEVELS = 255
MODES = ("1", "L", "LA", "P", "RGB", "RGBA")


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
