"""What a dream begins with, and the dreams of a few seeds."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from ganzoo import images
from ganzoo.explore.one_image import edited
from ganzoo.gallery import translating
from ganzoo.images import resized
from ganzoo.latents import SEED_LIMIT
from ganzoo.shapes import Image, Picture, Sheet
from ganzoo.zoo import Dreamer, Zoo


@dataclass(frozen=True)
class Begun:
    """What a dream begins with.

    Attributes:
        start: the first scale that draws afresh.
        picture: whose coarser scales are kept; None: the known image's, if there are any.
    """

    start: int
    picture: Image | None


def begin(dreamer: Dreamer, start: int, origin: str, brought: Sheet | None) -> Begun:
    """A picture that was brought, or rearranged, enters above the coarsest scale at the earliest:
    at the coarsest nothing is kept of any.
    """
    finest = len(dreamer.shapes) - 1
    other = brought is not None or origin != "as_it_is"
    start = min(max(start, 1) if other else start, finest)
    if not other:
        return Begun(start, None)
    picture = dreamer.known() if brought is None else framed(dreamer, brought)
    return Begun(start, edited(picture, origin))


def framed(dreamer: Dreamer, picture: Sheet) -> Image:
    """As large as the image that is known, cut in the middle where its proportions are others."""
    rows, columns = dreamer.shapes[-1]
    height, width = picture.shape[:2]
    tall = min(height, max(1, round(width * rows / columns)))
    wide = min(width, max(1, round(height * columns / rows)))
    top, left = (height - tall) // 2, (width - wide) // 2
    cut = picture[top : top + tall, left : left + wide].copy()
    channels = dreamer.model.image_channels
    image = images.from_pictures(cut[None])
    image = image.mean(1, keepdim=True) if channels == 1 else image.expand(-1, 3, -1, -1)
    return resized(image, (rows, columns)).clamp(-1, 1)


def dreams(
    zoo: Zoo,
    model: str,
    seed: int,
    count: int,
    start: int,
    stretch: tuple[float, float],
    origin: str,
    brought: str | None,
) -> np.ndarray:
    """Pictures of the seeds ``seed``, ``seed + 1``, …"""
    dreamer = Dreamer(zoo.model(model))
    begun = begin(dreamer, start, origin, translating.opened(brought) if brought else None)
    made = dreamer.dream(
        seed % SEED_LIMIT, count, start=begun.start, stretch=stretch, picture=begun.picture
    )
    return images.to_pictures(made)


@lru_cache(maxsize=8)
def known(zoo: Zoo, model: str, version: tuple[str, ...]) -> Picture:
    """The one image, as a version of a model remembers it."""
    return images.to_pictures(Dreamer(zoo.model(model)).known())[0]
