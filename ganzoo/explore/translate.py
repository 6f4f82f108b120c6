"""A picture goes into a translator: prepared as the model was trained, and back out again."""

from typing import Literal

import numpy as np
import torch
from PIL import Image as Pillow

from ganzoo import images
from ganzoo.data import Given, sources
from ganzoo.explore.walk import slerp
from ganzoo.shapes import Input, Picture, Sheet
from ganzoo.zoo import Model

INK = 128  # grey levels: darker than this a drawn pixel is part of a line


def given(model: Model) -> Given:
    """What the model is given; photographs, where nobody says."""
    return sources[model.bundle.recipe.data.name].given or Given(noun="pictures")


def fitted(picture: Sheet, side: int) -> Picture:
    """The same picture, its shorter side ``side`` pixels long."""
    height, width = picture.shape[:2]
    factor = side / min(height, width)
    size = (max(1, round(width * factor)), max(1, round(height * factor)))
    resized = images.to_pillow(picture).resize(size, Pillow.Resampling.LANCZOS)
    return np.atleast_3d(np.asarray(resized))


def squared(picture: Sheet, side: int) -> Picture:
    """The square in its middle, ``side`` pixels wide: as training sees every picture."""
    height, width = picture.shape[:2]
    short = min(height, width)
    top, left = (height - short) // 2, (width - short) // 2
    return fitted(picture[top : top + short, left : left + short], side)


def prepared(
    model: Model,
    picture: Sheet,
    kind: Literal["photo", "drawing", "ready"] = "photo",
    back: bool = False,
) -> Input:
    """The picture as the model is given it.

    Args:
        kind: a photograph becomes what the model learned from, its edges for instance; a drawing
            becomes lines as crisp as those; one that is ready only gets its channels.
        back: for the way back of a model that learned both; then photographs stay as they are.
    """
    told = given(model)
    if kind == "photo" and told.prepare and not back:
        picture = told.prepare(picture)
    elif kind == "drawing" and told.pencil == 1:
        picture = np.where(_grey(picture) < INK, 0, 255).astype(np.uint8)
    elif kind == "drawing" and told.palette:
        picture = _nearest(picture, np.array(list(told.palette.values()), np.int16))
    return _channels(picture, model.given_channels(back))


def translated(
    model: Model,
    picture: Input,
    seed: int | None = None,
    back: bool = False,
    towards: float = 0.0,
) -> Picture:
    """A prepared picture's translation.

    Args:
        towards: how far on the great arc from this answer's latent to the next one's, 0 to 1; only
            where it has latents.
    """
    z = None
    if towards and model.z_dim:
        here, next_one = model.latents(seed or 0, 2).split(1)
        z = slerp(here, next_one, torch.tensor([towards]))
    batch = np.require(picture[None], requirements=["C", "W"])
    image = model.translate(images.from_pictures(batch), seed, back, z)
    return images.to_pictures(image)[0]


def _channels(picture: Sheet, channels: int) -> Input:
    if picture.shape[2] == channels:
        return picture
    return picture.repeat(3, axis=2) if channels == 3 else _grey(picture)


def _grey(picture: Sheet) -> Input:
    pillow = images.to_pillow(picture).convert("L")
    return np.atleast_3d(np.asarray(pillow))


def _nearest(picture: Sheet, colours: np.ndarray) -> Picture:
    """Each pixel in the nearest of these colours: what lies between two means nothing."""
    apart = np.abs(picture[:, :, None].astype(np.int16) - colours).sum(3)
    return colours.astype(np.uint8)[apart.argmin(2)]
