"""A classifier inverted: a picture to begin with, what is painted of it, and their names."""

from dataclasses import dataclass
from functools import lru_cache

from ganzoo import images
from ganzoo.bundle import MODEL
from ganzoo.gallery.fooling.bundled import Bundled
from ganzoo.latents import SEED_LIMIT
from ganzoo.shapes import Image, Pictures
from ganzoo.zoo import Inverter, Zoo

ROW = 8  # pictures that are painted at each level


@dataclass(frozen=True)
class Named:
    """Pictures, and what the classifier calls each.

    Attributes:
        said: a class's name for each.
        sure: the share of that class, for each.
    """

    pictures: Pictures
    said: tuple[str, ...]
    sure: tuple[float, ...]

    def alike(self, name: str) -> int:
        """How many are called so."""
        return self.said.count(name)

    def few(self, count: int) -> "Named":
        """The first of them."""
        return Named(self.pictures[:count], self.said[:count], self.sure[:count])


@dataclass(frozen=True)
class Descent:
    """A picture, and those that are painted of it at each level."""

    first: Named
    rows: tuple[Named, ...]


@dataclass(frozen=True)
class Depth:
    """One level of a classifier, in words.

    Attributes:
        title: how deep it is.
        numbers: how many numbers are known of a picture, and where.
        left: what they can say.
    """

    title: str
    numbers: str
    left: str


def depths(inverter: Inverter) -> list[Depth]:
    """The levels, the finest first."""
    *maps, pooled, scores = inverter.levels
    told = []
    for level, (channels, side, _) in enumerate(maps):
        left = (
            "every stroke in its place" if level == 0 else "what is where" if level < len(maps) - 1
            else "roughly what is where"
        )  # fmt: skip
        numbers = (
            f"{channels * side * side:,} numbers, {channels} at each of {side} × {side} places"
        )
        told.append(Depth(f"Stage {level + 1}", numbers, left))
    return [
        *told,
        Depth("All places pooled", f"{pooled[0]} numbers, no places", "what is there, not where"),
        Depth("Scores", f"{scores[0]} numbers, one for each class", "what it is called"),
    ]


def inverter(zoo: Zoo, model: str) -> Inverter:
    """The model and its classifier, put together once.

    Raises:
        As :meth:`ganzoo.zoo.Inverter.of`.
    """
    bundle = zoo.bundle(model)
    beheld = bundle.config.classifier
    here = beheld is not None and beheld.name in zoo.names("classify")
    theirs = zoo.bundle(beheld.name).config.sha256[MODEL] if beheld and here else ""
    return _inverter(zoo, model, bundle.config.sha256[MODEL], theirs)


def original(zoo: Zoo, model: str, picture: str) -> Image:
    """The picture to begin with: a seed's, by the best painter of such pictures, or a visitor's.

    Raises:
        InputError: if it does not fit the classifier.
    """
    return offers(zoo, model).shown(picture) * 2 - 1


def offers(zoo: Zoo, model: str) -> Bundled:
    """Who has pictures that the classifier understands."""
    return Bundled(zoo, inverter(zoo, model).classifier.bundle.name)


def named(found: Inverter, image: Image) -> Named:
    """Pictures with what the classifier calls them."""
    shares = found.look(image)[-1].softmax(1)
    sure, best = shares.max(1)
    said = tuple(found.classes[int(one)] for one in best)
    return Named(images.to_pictures(image), said, tuple(map(float, sure)))


def painted(found: Inverter, image: Image, level: int, seed: int, count: int) -> Named:
    """What is painted of a picture that is known at one level."""
    return named(found, found.invert(image, level, seed % SEED_LIMIT, count))


def descent(zoo: Zoo, model: str, picture: str, seed: int) -> Descent:
    """A picture and all that is painted of it: who goes deeper sees the same pictures again."""
    painter = offers(zoo, model).painter
    version = zoo.bundle(painter).config.sha256[MODEL] if painter else ""
    return _descent(zoo, model, picture, seed, inverter(zoo, model), version)


@lru_cache(maxsize=8)
def _descent(
    zoo: Zoo, model: str, picture: str, seed: int, found: Inverter, version: str
) -> Descent:
    image = original(zoo, model, picture)
    levels = range(len(found.levels))
    rows = tuple(painted(found, image, level, seed, ROW) for level in levels)
    return Descent(named(found, image), rows)


@lru_cache(maxsize=4)
def _inverter(zoo: Zoo, model: str, ours: str, theirs: str) -> Inverter:
    return Inverter.of(zoo, model)
