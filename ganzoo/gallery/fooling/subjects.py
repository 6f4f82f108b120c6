"""Who is attacked: classifiers, their kin, and the pictures that they are shown."""

from functools import lru_cache

import numpy as np
import torch
from PIL import Image as Pillow

from ganzoo.attacks import Victim
from ganzoo.bundle import MODEL, Bundle
from ganzoo.errors import InputError
from ganzoo.explore import fooled, imagenet
from ganzoo.gallery.fooling import photographs
from ganzoo.gallery.fooling.controls import decoded
from ganzoo.gallery.translating import opened
from ganzoo.hub.table import headline
from ganzoo.shapes import Pixels
from ganzoo.zoo import Zoo

LEVELS = 255
MODES = ("1", "L", "LA", "P", "RGB", "RGBA")
BROUGHT = "file:"  # begins what stands for a picture that a visitor brought; no address can say it


def version(zoo: Zoo, model: str) -> str:
    """Changes with the weights."""
    if photographs.large(model):
        return "as torchvision has it"
    return zoo.bundle(model).config.sha256[MODEL]


def victim(zoo: Zoo, model: str) -> Victim:
    """The network of a classifier, built once.

    Raises:
        InputError: if it is one of ImageNet whose weights are not here.
    """
    if photographs.large(model):
        photographs.check(model)
        return imagenet.imagenet(photographs.short(model))
    return _victim(zoo, model, version(zoo, model))


@lru_cache(maxsize=6)
def _victim(zoo: Zoo, model: str, version: str) -> Victim:
    return fooled.victim(zoo.bundle(model))


def classes(zoo: Zoo, model: str) -> list[str]:
    """What it can say."""
    if photographs.large(model):
        return list(imagenet.classes(photographs.short(model)))
    bundle = zoo.bundle(model)
    return list(fooled.named(bundle.config.classes, victim(zoo, model).num_classes))


def kin(zoo: Zoo, model: str) -> list[str]:
    """The classifiers that see the same pictures and tell the same classes apart."""
    if photographs.large(model):
        return [name for name in photographs.OFFERED if photographs.at_hand(name)]
    mine = zoo.bundle(model)
    return [name for name in zoo.names("classify") if _alike(zoo.bundle(name), mine)]


def sibling(zoo: Zoo, model: str, beside: str) -> str | None:
    """The classifier to stand beside it: the one asked for, or the one that is defended the other
    way (trained on attacked pictures, if this one was not); of large ones only the one asked for.
    """
    others = [name for name in kin(zoo, model) if name != model]
    if beside in others:
        return beside
    if photographs.large(model):
        return None
    other_way = [name for name in others if defended(zoo, name) != defended(zoo, model)]
    return next(iter(sorted(other_way, key=lambda n: "pgd" not in n) or others), None)


def defended(zoo: Zoo, model: str) -> bool:
    """Whether it was trained on attacked pictures."""
    if photographs.large(model):
        return False
    return bool(zoo.bundle(model).recipe.game_options.get("attack"))


def painter(zoo: Zoo, model: str) -> str | None:
    """The best generator of pictures like those that a classifier learned from."""
    if photographs.large(model):
        return None
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
    if photographs.large(model):
        return _photograph(photographs.short(model), picture)
    subject = victim(zoo, model)
    if not picture.isdecimal():
        return fitting(decoded(picture), subject, model)
    name = painter(zoo, model)
    if name is None:
        return _ring(subject)
    image = zoo.model(name).sample(int(picture), 1)
    return fooled.eight_bits((image.float() + 1) / 2)


def chosen(model: str, picture: str, brought: str | None) -> str:
    """The picture that is meant: what was brought comes first, where photographs are attacked."""
    return f"{BROUGHT}{brought}" if brought and photographs.large(model) else picture


def _photograph(name: str, picture: str) -> Pixels:
    if picture.startswith(BROUGHT):
        levels = opened(picture.removeprefix(BROUGHT))
    elif picture.isdecimal():
        known = photographs.examples()
        levels = known[int(picture) % len(known)]
    else:
        levels = np.asarray(decoded(picture).convert("RGB"))
    return imagenet.prepared(name, levels)


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
