"""A dissected generator at work: pictures before and after units are set, and what they show."""

from collections.abc import Mapping, Sequence
from colorsys import hls_to_rgb
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np
import torch
from torch import nn

from ganzoo import images
from ganzoo.data import Colour, sources
from ganzoo.errors import InputError, UnknownNameError, suggestion
from ganzoo.explore import dissect
from ganzoo.explore.dissect import Change, Units
from ganzoo.gallery.cells import places
from ganzoo.record import Dissection, Effect
from ganzoo.shapes import Picture, PixelLabels
from ganzoo.zoo import Model, Zoo

DIM = 0.3  # how bright the rest is where a unit's answer is shown
STARK = 4  # a quarter of the range is as dark as a change is drawn

_bare: "WeakKeyDictionary[Model, nn.Module]" = WeakKeyDictionary()


@dataclass(frozen=True)
class Look:
    """One picture: its pixels, its parts by name, and the units behind it."""

    picture: Picture
    classes: PixelLabels
    units: Units
    shares: tuple[float, ...]


@dataclass(frozen=True)
class Operation:
    """One picture before and after."""

    before: Look
    after: Look
    units: tuple[int, ...]

    @property
    def changed(self) -> Picture:
        """White where nothing changed, black where a quarter of the range did."""
        pictures = (one.picture.astype(np.int16) for one in (self.before, self.after))
        levels = STARK * np.abs(np.subtract(*pictures)).mean(2, keepdims=True)
        return (255 - levels.clip(0, 255)).astype(np.uint8)


def known(zoo: Zoo, model: str) -> Dissection:
    """What was measured of a model.

    Raises:
        InputError: if it was not dissected.
    """
    found = zoo.bundle(model).config.dissection
    if found is None:
        raise InputError(f"nobody dissected {model}: ganzoo dissect {model} --segmenter BUNDLE")
    return found


def concepts(found: Dissection) -> list[str]:
    """Those that are seen in its pictures, the largest first."""
    ranked = sorted(zip(found.shares, found.concepts, strict=True), reverse=True)
    return [name for share, name in ranked if share > 0]


def number(found: Dissection, concept: str, strict: bool = False) -> int:
    """The number of a concept; of one that is not known here, the most frequent one's.

    Args:
        strict: whether to refuse that instead.

    Raises:
        UnknownNameError: if it is refused.
    """
    if concept not in found.concepts:
        if strict:
            raise UnknownNameError(
                f"there is no concept {concept!r} here. {suggestion(concept, found.concepts)}"
            )
        concept = concepts(found)[0]
    return found.concepts.index(concept)


def operate(
    zoo: Zoo,
    model: str,
    seed: int,
    concept: int,
    units: int,
    off: bool,
    cells: Sequence[int],
    strength: float = 1.0,
) -> Operation:
    """Paints a seed before and after a concept's best units are set.

    Args:
        units: how many of them.
        off: whether they are 0 everywhere.
        cells: where they are set to what they answer on average where the concept is …
        strength: … so many times over.

    Raises:
        InputError: if the model was not dissected, or its segmenter is not at hand.
    """
    found = known(zoo, model)
    chosen = dissect.best(found.iou, concept, units)
    changes = [Change(chosen)] if off else []
    if cells:
        values = strength * torch.tensor([found.means[concept][unit] for unit in chosen])
        changes.append(Change(chosen, values, places(cells, found.side)))
    before = _look(zoo, model, found, seed, ())
    return Operation(before, _look(zoo, model, found, seed, changes), chosen)


def look(zoo: Zoo, model: str, seed: int) -> Look:
    """A seed's picture as it is.

    Raises:
        InputError: as :func:`operate`.
    """
    return _look(zoo, model, known(zoo, model), seed, ())


def lit(seen: Look, unit: int, threshold: float) -> Picture:
    """The picture, dimmed but where a unit answers above its threshold."""
    side = seen.picture.shape[0]
    loud = dissect.enlarged(seen.units[:, unit : unit + 1], side)[0, 0] > threshold
    bright = np.where(loud.numpy(), 1.0, DIM)[:, :, None]
    return (seen.picture * bright).round().astype(np.uint8)


def coloured(classes: PixelLabels, colours: Mapping[str, Colour]) -> Picture:
    """Each pixel in its concept's colour."""
    return np.array(list(colours.values()), np.uint8)[classes[0].numpy()]


def palette(zoo: Zoo, found: Dissection) -> dict[str, Colour]:
    """A colour for each concept: the data set's own, or one of a wheel."""
    own = sources[zoo.bundle(found.segmenter).recipe.data.name].palette
    count = len(found.concepts)
    return {name: own.get(name) or _hue(place / count) for place, name in enumerate(found.concepts)}


def effect(found: Dissection, concept: int, units: int) -> Effect | None:
    """What was measured of so many of a concept's best units, or of nearly so many."""
    measured = [one for one in found.effects if one.concept == found.concepts[concept]]
    return min(measured, key=lambda one: abs(len(one.units) - units), default=None)


def _look(zoo: Zoo, model: str, found: Dissection, seed: int, changes: Sequence[Change]) -> Look:
    artist = zoo.model(model)
    if found.segmenter not in zoo.names("segment"):
        raise InputError(f"{model} was dissected with {found.segmenter}, which is not here")
    painted = dissect.paint(
        _network(artist), found.layer, artist.latents(seed, 1), changes, artist.labels(seed, 1)
    )
    picture = images.to_pictures(painted.image)
    seen = images.from_pictures(picture)
    classes = dissect.segmented(_network(zoo.model(found.segmenter)), seen)
    shares = dissect.shares(classes, len(found.concepts))
    return Look(picture[0], classes, painted.units, tuple(shares.tolist()))


def _network(model: Model) -> nn.Module:
    """The bare network, kept as long as its model is: its layers can be opened."""
    if model not in _bare:
        _bare[model] = model.network()
    return _bare[model]


def _hue(turn: float) -> Colour:
    red, green, blue = (round(255 * part) for part in hls_to_rgb(turn, 0.5, 0.65))
    return red, green, blue
