"""Classifiers of the zoo in the room Fool: small networks that keep up with a slider."""

from functools import lru_cache
from typing import Any

import numpy as np
import torch
from PIL import Image as Pillow

from ganzoo import images
from ganzoo.attacks import Victim
from ganzoo.bundle import MODEL, Bundle
from ganzoo.errors import InputError
from ganzoo.evaluation import robustness
from ganzoo.evaluation.robustness import Robustness
from ganzoo.explore import fooled
from ganzoo.gallery import widgets
from ganzoo.gallery.chooser import offered
from ganzoo.gallery.fooling._base import LEVELS, MOST, Pace, Search, Subject
from ganzoo.gallery.fooling.controls import decoded
from ganzoo.gallery.paint import width
from ganzoo.hub.table import headline
from ganzoo.latents import SEED_LIMIT
from ganzoo.shapes import Pixels
from ganzoo.zoo import Zoo

MODES = ("1", "L", "LA", "P", "RGB", "RGBA")
EXAMPLES = 10  # pictures to choose from


class Bundled(Subject):
    """A classifier's bundle; its pictures are painted by a generator of the same data."""

    company = "Standard and defended"
    pace = Pace(
        quick=True,
        attacks={
            "fgsm": {},
            "ifgsm": {"steps": 10},
            "pgd": {"steps": 15},
            "eot": {"steps": 12, "views": 6},
        },
        radii=tuple(range(MOST + 1)),
        searches=(
            Search("Smallest FGSM step", "smallest_fgsm"),
            Search("DeepFool, largest pixel", "deepfool", False, {"norm": "linf"}),
            Search("DeepFool, Euclidean", "deepfool", False, {"norm": "l2"}),
            Search(
                "Carlini and Wagner",
                "carlini_wagner",
                options={"rounds": 5, "steps": 60, "lr": 0.02, "c": 0.3},
            ),
        ),
    )

    @property
    def bundle(self) -> Bundle:
        return self.zoo.bundle(self.model)

    @property
    def version(self) -> str:
        return self.bundle.config.sha256[MODEL]

    @property
    def victim(self) -> Victim:
        return _victim(self.zoo, self.model, self.version)

    @property
    def classes(self) -> list[str]:
        return list(fooled.named(self.bundle.config.classes, self.victim.num_classes))

    @property
    def kin(self) -> list[str]:
        mine = self.bundle
        names = self.zoo.names("classify")
        return [name for name in names if _alike(self.zoo.bundle(name), mine)]

    @property
    def defended(self) -> bool:
        return bool(self.bundle.recipe.game_options.get("attack"))

    @property
    def measured(self) -> Robustness | None:
        return robustness.load(self.bundle)

    @property
    def painter(self) -> str | None:
        mine = self.bundle.recipe.data
        scored = []
        for name in self.zoo.names("sample"):
            bundle = self.zoo.bundle(name)
            data = bundle.recipe.data
            if (data.name, data.size, data.channels) == (mine.name, mine.size, mine.channels):
                best = headline(bundle)
                scored.append((best.value if best else float("inf"), name))
        return min(scored)[1] if scored else None

    def partner(self, others: list[str]) -> str | None:
        """One that is defended the other way: trained on attacked pictures, if this was not."""
        other_way = [n for n in others if Bundled(self.zoo, n).defended != self.defended]
        return next(iter(sorted(other_way, key=lambda n: "pgd" not in n) or others), None)

    def shown(self, picture: str) -> Pixels:
        if not picture.isdecimal():
            return fitting(decoded(picture), self.victim, self.model)
        painter = self.painter
        if painter is None:
            return _ring(self.victim)
        image = self.zoo.model(painter).sample(int(picture), 1)
        return fooled.eight_bits((image.float() + 1) / 2)

    def offered(self, picture: str) -> dict[str, Any]:
        shape, painter = self.victim.shape, self.painter
        assert shape is not None
        seeds: list[int] = []
        painted: list[str] = []
        if painter:
            first = int(picture) // EXAMPLES * EXAMPLES if picture.isdecimal() else 0
            seeds = [(first + i) % SEED_LIMIT for i in range(EXAMPLES)]
            image = self.zoo.model(painter).sample(seeds[0], EXAMPLES)
            painted = [widgets.png(one) for one in images.to_pictures(image)]
        return offered(
            picture,
            pictures=painted,
            seeds=list(map(str, seeds)),
            heading=f"Painted by {painter}",
            painter=painter or "",
            small=True,
            side=shape[1],
            grey=shape[0] == 1,
            wide=width(shape[1], 64),
        )


@lru_cache(maxsize=6)
def _victim(zoo: Zoo, model: str, version: str) -> Victim:
    return fooled.victim(zoo.bundle(model))


def _alike(one: Bundle, other: Bundle) -> bool:
    return all(
        getattr(one.recipe.data, key) == getattr(other.recipe.data, key)
        for key in ("name", "size", "channels")
    ) and len(one.config.classes) == len(other.config.classes)


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
