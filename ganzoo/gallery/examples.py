"""Inputs to begin with, for every kind of translator: drawings, emoji, a photograph of a cat.

They lie beside the gallery's style; where they come from says NOTICE.md there.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from io import BytesIO
from typing import Any, Literal

import numpy as np
from PIL import Image as Pillow
from PIL import ImageDraw

from ganzoo.data import Given, picture
from ganzoo.errors import UnknownNameError, suggestion
from ganzoo.explore.translate import given
from ganzoo.shapes import Picture
from ganzoo.zoo import Model

SIDE = 128  # of the square that drawings are noted in
FINER = 4  # times as fine they are painted
EMOJI = ("crab", "monkey", "mushroom", "rocket", "carrot", "tiger")
BRIGHT = {
    "black": (0, 0, 0),
    "yellow": (252, 213, 63),
    "orange": (255, 130, 45),
    "red": (248, 49, 47),
    "pink": (255, 120, 180),
    "violet": (141, 101, 197),
    "blue": (0, 116, 186),
    "green": (0, 210, 106),
    "brown": (165, 105, 83),
    "white": (255, 255, 255),
}  # for drawings whose colours mean nothing in particular
_FOLDER = files("ganzoo.gallery").joinpath("static", "examples")

Kind = Literal["photo", "drawing", "ready"]
Mark = Mapping[str, Any]  # a line, a box or a disc, in a square of SIDE


@dataclass(frozen=True, kw_only=True)
class Example:
    """A picture to translate.

    Attributes:
        name: as an address has it.
        kind: what :func:`ganzoo.explore.translate.prepared` is told.
    """

    name: str
    kind: Kind
    picture: Picture


def colours(told: Given) -> Mapping[str, tuple[int, int, int]]:
    """What may be drawn with, by name."""
    if told.palette:
        return told.palette
    return {"black": (0, 0, 0)} if told.pencil else BRIGHT


def paper(told: Given) -> tuple[int, int, int]:
    """What is drawn on."""
    return told.palette.get("wall", (255, 255, 255))


@lru_cache(maxsize=1)
def drawings() -> list[dict[str, Any]]:
    """All drawings: ``name``, what they are ``for``, and their ``marks``, first to last."""
    return json.loads(_FOLDER.joinpath("drawings.json").read_text("utf-8"))


def pencil(model: Model) -> float:
    """How wide a line is drawn, in the square of SIDE: what the model saw, at its own size."""
    told = given(model)
    return float(told.pencil * SIDE / model.image_size if told.pencil == 1 else told.pencil or 6)


def wanted(told: Given) -> str:
    """Which drawings a model is given: those for this."""
    if told.palette:
        return "labels"
    if told.prepare:
        return "edges"
    return "line art" if told.pencil else "flat"


def of(model: Model, back: bool = False) -> list[Example]:
    """What a model can begin with, the first first.

    Args:
        back: for the way back of a model that learned both.
    """
    told = given(model)
    if "there_and_back" in model.bundle.abilities:
        return [_emoji("fluent" if back else "noto", name) for name in EMOJI]
    found = [
        Example(name=one["name"], kind="drawing", picture=drawn(one["marks"], model))
        for one in drawings()
        if one["for"] == wanted(told)
    ]
    if told.prepare:
        return [*found, Example(name="photograph", kind="photo", picture=_read("cat.jpg"))]
    if told.palette or told.pencil:
        return found
    return [*(_emoji("noto", name) for name in EMOJI), *found]


def named(model: Model, name: str, back: bool = False) -> Example:
    """The example of that name; the first if there is no name.

    Raises:
        UnknownNameError: if the model has none of that name.
    """
    known = {one.name: one for one in of(model, back)}
    if name and name not in known:
        raise UnknownNameError(
            f"{model.bundle.name} has no example {name[:120]!r}. {suggestion(name[:120], known)}"
        )
    return known[name] if name else next(iter(known.values()))


def drawn(marks: list[Mark], model: Model) -> Picture:
    """A drawing as the canvas would hand it over."""
    side, told, wide = SIDE * FINER, given(model), round(FINER * pencil(model))
    sheet = Pillow.new("RGB", (side, side), paper(told))
    brush, inks = ImageDraw.Draw(sheet), colours(told)
    for mark in marks:
        ink = inks[mark["colour"]] if "colour" in mark else (0, 0, 0)
        if "line" in mark:
            points = [FINER * at for at in mark["line"]]
            brush.line(points, ink, wide, joint="curve")
        elif "box" in mark:
            x, y, width, height = (FINER * at for at in mark["box"])
            brush.rectangle((x, y, x + width - 1, y + height - 1), ink)
        else:
            x, y, radius = (FINER * at for at in mark["disc"])
            brush.ellipse((x - radius, y - radius, x + radius, y + radius), ink)
    return np.asarray(sheet)


def _emoji(hand: str, name: str) -> Example:
    return Example(name=name, kind="ready", picture=_read(f"{hand}-{name}.png"))


@lru_cache(maxsize=32)
def _read(name: str) -> Picture:
    return picture(BytesIO(_FOLDER.joinpath(name).read_bytes()), name=name)
