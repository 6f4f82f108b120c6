"""One puppet's dance on another's body: its poses, normalised, as stick figures, as a film."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from ganzoo import images
from ganzoo.data import puppets
from ganzoo.errors import InputError
from ganzoo.explore.pose import Range, normalised, range_of
from ganzoo.shapes import Pictures, Poses, SheetFilm
from ganzoo.zoo import Dancer

LONG = 600  # frames over which it is seen how far a dancer comes and goes
GAP = 2  # pixels between panels


@dataclass(frozen=True, kw_only=True)
class Transfer:
    """Frame by frame: who dances, what is told of it, who is painted, and who should be."""

    source: Pictures
    figures: Pictures
    painted: Pictures
    wanted: Pictures

    def side_by_side(self) -> SheetFilm:
        """Dancer, stick figure and painted target in one picture, frame by frame."""
        panels = self.source, self.figures, self.painted
        edge = np.full((*self.source.shape[:2], GAP, 3), 255, np.uint8)
        return np.concatenate([panels[0], edge, panels[1], edge, panels[2]], 2)


def transfer(
    dancer: Dancer,
    source: str,
    seed: int,
    count: int,
    *,
    normalise: bool = True,
    smooth: bool = True,
) -> Transfer:
    """The target, painted in the poses of a source's dance.

    Args:
        normalise: bring the poses to where the target stands, and to its height.
        smooth: tell the painter its last frame.

    Raises:
        InputError: if the model did not learn from puppets: nobody knows its dancer's joints.
        UnknownNameError: if there is no such puppet.
        DataError: if ``count`` is out of range.
    """
    model = dancer.model
    if model.bundle.recipe.data.name != puppets.NAME:
        raise InputError(
            f"{model.bundle.name} did not learn from {puppets.NAME}, and nobody kept the joints "
            "of its dancer: there is no telling where its stick figures stand"
        )
    danced = puppets.dance(source, seed, count)
    poses = fitted(source, danced) if normalise else danced
    figures = puppets.figures(poses, model.image_size)
    return Transfer(
        source=puppets.film(source, danced, model.image_size),
        figures=figures,
        painted=images.to_pictures(dancer.film(images.from_pictures(figures), smooth)),
        wanted=puppets.film(puppets.TARGET, poses, model.image_size),
    )


def fitted(source: str, poses: Poses) -> Poses:
    """A source's poses, normalised for the target."""
    return normalised(poses, reach(source), target())


@lru_cache(maxsize=8)
def reach(source: str) -> Range:
    """How far a puppet comes and goes, seen over a long dance."""
    return range_of(puppets.dance(source, 0, LONG))


@lru_cache(maxsize=1)
def target() -> Range:
    """How far the target came and went in the frames that were learned from."""
    return range_of(puppets.known())
