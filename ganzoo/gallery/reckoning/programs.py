"""What programs get of Arithmetic: the sum with its neighbours, and the turn in strips."""

from typing import TypedDict

import numpy as np
import torch
from gradio.data_classes import FileData

from ganzoo import images
from ganzoo.explore.arithmetic import PAPER_SPREAD, analogy, neighbours
from ganzoo.gallery import widgets
from ganzoo.gallery.paint import check_class, paint
from ganzoo.gallery.reckoning.sums import (
    FOURS,
    OTHERS,
    SLANTED,
    STEPS,
    UPRIGHT,
    Chosen,
    amounts,
    means,
    turning,
)
from ganzoo.zoo import Zoo


class Reckoned(TypedDict):
    """What a program gets: pictures at their true size, and how long the result is (1 is usual)."""

    result: FileData
    sheet: FileData
    means: FileData
    length: float


class Turned(TypedDict):
    """What a program gets: a strip for each latent at its true size, and the steps."""

    strips: FileData
    amounts: list[float]


def reckon(
    zoo: Zoo,
    model: str,
    a: Chosen = SLANTED,
    b: Chosen = UPRIGHT,
    c: Chosen = FOURS,
    spread: float = PAPER_SPREAD,
    seed: int = 0,
    y: int | None = None,
) -> Reckoned:
    """Draws A - B + C, where each letter is the mean of the latents that a few seeds name.

    `spread` is half the width of the noise that makes the eight neighbours, in standard deviations
    of a latent, and `seed` names that noise. `y` is the class, for a conditional model. Returns
    PNGs at true size: the result alone, the sheet of 3 x 3 with the result in the middle, and the
    three means; and the length of the result's latent, where 1 is that of a usual one.
    """
    check_class(zoo, model, y)
    averages = means(zoo, model, a, b, c)
    centre = analogy(*averages)
    sheet = paint(zoo, model, neighbours(centre, seed, spread), y)
    three = paint(zoo, model, torch.cat(averages), y)
    return Reckoned(
        result=widgets.file(widgets.png_bytes(sheet[4]), f"{model}-result.png"),
        sheet=widgets.file(widgets.png_bytes(images.grid(sheet, columns=3)), f"{model}-sheet.png"),
        means=widgets.file(widgets.png_bytes(images.grid(three, columns=3)), f"{model}-means.png"),
        length=centre.norm().item() / centre.shape[1] ** 0.5,
    )


def turn_all(
    zoo: Zoo,
    model: str,
    a: Chosen = SLANTED,
    b: Chosen = UPRIGHT,
    c: Chosen = FOURS,
    others: Chosen = OTHERS,
    y: int | None = None,
) -> Turned:
    """Adds the turn vector, the mean of A minus the mean of B, in steps.

    The strips start from the mean of B (and so end at that of A), from the mean of C (and end at
    A - B + C) and from the single seeds in `others`. `y` is the class, for a conditional model.
    Returns all strips as one PNG at true size, and how much of the turn each step has taken.
    """
    check_class(zoo, model, y)
    strips = np.concatenate(turning(zoo, model, a, b, c, others, y))
    sheet = images.grid(strips, columns=STEPS)
    return Turned(
        strips=widgets.file(widgets.png_bytes(sheet), f"{model}-turn.png"), amounts=amounts()
    )
