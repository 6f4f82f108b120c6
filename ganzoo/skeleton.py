"""A body as points: joints by name, the limbs between them, and its picture as a stick figure.

Joints are (17, 2): x to the right and y downwards, in sides of a square picture. A stick figure is
what a pose detector's pictures look like: one colour for each limb, on black.
"""

from itertools import pairwise

import numpy as np
from PIL import Image as Pillow
from PIL import ImageDraw

from ganzoo.shapes import Joints, Picture

SIDES = "left", "right"  # of the picture, as one looks at it
ARM = "shoulder", "elbow", "wrist"
LEG = "hip", "knee", "ankle", "toe"
JOINTS = (
    "head", "neck", "pelvis", *(f"{side} {part}" for side in SIDES for part in (*ARM, *LEG))
)  # fmt: skip
FINER = 4  # times as large as it is drawn, for smooth borders
WIDTH = 0.03  # of a stick, in sides of the picture
GOLDEN = 0.618  # of a turn of the colour wheel from limb to limb: neighbours differ most


def joint(name: str) -> int:
    """The row of a joint."""
    return JOINTS.index(name)


def chains() -> list[tuple[str, ...]]:
    """Joints that hang together, from the trunk outwards."""
    limbs: list[tuple[str, ...]] = [("head", "neck", "pelvis")]
    for side in SIDES:
        limbs.append(("neck", *(f"{side} {part}" for part in ARM)))
        limbs.append(("pelvis", *(f"{side} {part}" for part in LEG)))
    return limbs


LIMBS = tuple((joint(a), joint(b)) for chain in chains() for a, b in pairwise(chain))
ANKLES = [joint(f"{side} ankle") for side in SIDES]
COLOURS = tuple(
    tuple(int(127.5 + 127.5 * np.cos(2 * np.pi * (GOLDEN * i - third / 3))) for third in range(3))
    for i in range(len(LIMBS))
)


def stick_figure(joints: Joints, size: int) -> Picture:
    """The picture of a pose, ``size`` pixels wide and high."""
    side = size * FINER
    large = Pillow.new("RGB", (side, side))
    draw, width = ImageDraw.Draw(large), max(FINER, WIDTH * side)
    for (a, b), colour in zip(LIMBS, COLOURS, strict=True):
        ends = joints[[a, b]] * side
        draw.line([*map(tuple, ends)], colour, round(width))
        for x, y in ends:
            disc(draw, x, y, width / 2, colour)
    return np.asarray(large.resize((size, size), Pillow.Resampling.BOX))


def disc(draw: ImageDraw.ImageDraw, x: float, y: float, radius: float, colour: object) -> None:
    """A filled circle."""
    draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=colour)  # type: ignore[arg-type]
