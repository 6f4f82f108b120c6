"""How a puppet is painted: clothes, hair and a smile around the joints of a pose.

Any pose of any body will do: what is painted takes its size from the pose's own trunk, and its
proportions from the puppet. So it is known what a puppet looks like in someone else's pose.
"""

from dataclasses import dataclass
from functools import cache
from typing import Literal

import numpy as np
from jaxtyping import Float
from PIL import Image as Pillow
from PIL import ImageDraw, ImageFilter

from ganzoo.data._choreography import Body
from ganzoo.shapes import Joints, Picture
from ganzoo.skeleton import FINER, SIDES, disc, joint

Colour = tuple[int, int, int]
Point = Float[np.ndarray, "2"]

INK = (43, 36, 51)
CHEEK = (240, 128, 128)
PLANKS = 5


@dataclass(frozen=True, kw_only=True)
class Look:
    """Colours, and widths in terms of the trunk's length.

    Attributes:
        face: radius of the head; ``arm``, ``leg``, ``waist`` and ``chest`` are half widths.
    """

    skin: Colour
    hair: Colour
    top: Colour
    bottom: Colour
    trim: Colour
    shoes: Colour
    wall: tuple[Colour, Colour]
    floor: Colour
    style: Literal["dress", "dungarees", "stripes"]
    scene: Literal["bunting", "stars", "sun"]
    face: float
    arm: float
    leg: float
    waist: float
    chest: float


@dataclass(frozen=True, kw_only=True)
class Puppet:
    """A body, and what it looks like."""

    body: Body
    look: Look


def painted(puppet: Puppet, joints: Joints, size: int) -> Picture:
    """The puppet in that pose, ``size`` pixels wide and high."""
    side = size * FINER
    large = _backdrop(puppet.look, side, puppet.body.floor[1]).copy()
    _Painter(puppet, joints * side, large).paint()
    return np.asarray(large.resize((size, size), Pillow.Resampling.BOX))


class _Painter:
    """One puppet on one large picture; ``unit`` is the trunk's length in pixels."""

    def __init__(self, puppet: Puppet, joints: Joints, large: Pillow.Image) -> None:
        self.look, self.at, self.large = puppet.look, joints, large
        self.draw = ImageDraw.Draw(large)
        body = puppet.body
        trunk = self._length("head", "neck") + self._length("neck", "pelvis")
        self.unit = trunk * body.torso / (body.head + body.torso)
        self.up = _unit(self["neck"] - self["pelvis"])
        self.across = np.array([-self.up[1], self.up[0]])
        self.nod = _unit(self["head"] - self["neck"])
        self.face = self.look.face * self.unit

    def __getitem__(self, name: str) -> Point:
        return self.at[joint(name)]

    def paint(self) -> None:
        self._shadow()
        self._hair_behind()
        for side in SIDES:
            self._leg(side)
        self._arm("left")
        self._clothes()
        self._neck_and_head()
        self._arm("right")

    def _length(self, a: str, b: str) -> float:
        return float(np.hypot(*(self[a] - self[b])))

    def _limb(self, names: tuple[str, ...], width: float, colour: Colour) -> None:
        self._line([self[name] for name in names], width * self.unit, colour)

    def _line(self, points: list[Point], half: float, colour: Colour) -> None:
        self.draw.line([tuple(point) for point in points], colour, max(round(2 * half), 1))
        for x, y in points:
            disc(self.draw, x, y, half, colour)

    def _shape(self, points: list[Point], colour: Colour) -> None:
        self.draw.polygon([tuple(point) for point in points], colour)

    def _disc(self, centre: Point, radius: float, colour: Colour) -> None:
        x, y = centre
        disc(self.draw, x, y, radius, colour)

    def _shadow(self) -> None:
        feet = np.stack([self[f"{side} ankle"] for side in SIDES])
        x, y, wide = feet[:, 0].mean(), feet[:, 1].max(), 0.75 * self.unit
        dark = tuple(int(0.72 * part) for part in self.look.floor)
        self.draw.ellipse((x - wide, y - wide / 6, x + wide, y + wide / 4), dark)

    def _leg(self, side: str) -> None:
        look = self.look
        stocking = look.trim if look.style == "dress" else look.bottom
        hip, knee, ankle = (f"{side} {part}" for part in ("hip", "knee", "ankle"))
        self._limb((hip, knee), look.leg, stocking)
        self._limb((knee, ankle), 0.85 * look.leg, stocking)
        self._limb((ankle, f"{side} toe"), 0.8 * look.leg, look.shoes)

    def _arm(self, side: str) -> None:
        look = self.look
        shoulder, elbow, wrist = (f"{side} {part}" for part in ("shoulder", "elbow", "wrist"))
        self._limb((shoulder, elbow), look.arm, look.top)
        bare = look.skin if look.style != "stripes" else look.top
        self._limb((elbow, wrist), 0.85 * look.arm, bare)
        self._disc(self[wrist], 1.25 * look.arm * self.unit, look.skin)

    def _clothes(self) -> None:
        look, unit = self.look, self.unit
        neck, pelvis = self["neck"], self["pelvis"]
        chest, waist = (half * unit * self.across for half in (look.chest, look.waist))
        middle = neck + 0.6 * (pelvis - neck)
        trunk = [neck - chest, neck + chest, middle + waist, pelvis + waist,
                 pelvis - waist, middle - waist]  # fmt: skip
        self._shape(trunk, look.top)
        self._line([neck - 0.75 * chest, neck + 0.75 * chest], 0.25 * look.chest * unit, look.top)
        match look.style:
            case "dress":
                self._skirt(middle, waist)
            case "dungarees":
                self._disc(pelvis, look.waist * unit, look.bottom)
                bib = neck + 0.45 * (pelvis - neck)
                self._shape([bib - 0.75 * waist, bib + 0.75 * waist, pelvis + waist,
                             pelvis - waist], look.bottom)  # fmt: skip
                for out in (-1, 1):
                    self._line([neck + 0.5 * out * chest, bib + 0.6 * out * waist],
                               0.05 * unit, look.bottom)  # fmt: skip
                    self._disc(bib + 0.55 * out * waist, 0.07 * unit, look.trim)
            case "stripes":
                for share in (0.2, 0.48, 0.76):
                    half = (1 - share) * chest + share * waist
                    at = neck + share * (pelvis - neck)
                    self._line([at - 0.88 * half, at + 0.88 * half], 0.065 * unit, look.trim)
                self._line([pelvis - 0.75 * waist, pelvis + 0.75 * waist], 0.16 * unit, look.bottom)

    def _skirt(self, middle: Point, waist: Point) -> None:
        """It is as wide as the knees are apart, and a little more."""
        look = self.look
        thighs = [self[f"{side} hip"] + 0.72 * (self[f"{side} knee"] - self[f"{side} hip"])
                  for side in SIDES]  # fmt: skip
        left, right = thighs
        flare = 0.3 * self.unit * self.across
        hem = [left - flare, right + flare]
        self._shape([middle - waist, middle + waist, hem[1], hem[0]], look.bottom)
        self._line(hem, 0.07 * self.unit, look.trim)
        self._line([middle - 0.9 * waist, middle + 0.9 * waist], 0.06 * self.unit, look.trim)

    def _hair_behind(self) -> None:
        if self.look.style == "dress":
            head, side = self["head"], self._sideways()
            self._disc(head - 0.35 * self.face * self.nod, 1.12 * self.face, self.look.hair)
            self._shape([head - 1.1 * self.face * side, head + 1.1 * self.face * side,
                         self["neck"] + 0.75 * self.face * side - 0.2 * self.face * self.nod,
                         self["neck"] - 0.75 * self.face * side - 0.2 * self.face * self.nod],
                        self.look.hair)  # fmt: skip

    def _sideways(self) -> Point:
        return np.array([-self.nod[1], self.nod[0]])

    def _neck_and_head(self) -> None:
        look, face, head, side = self.look, self.face, self["head"], self._sideways()
        self._limb(("neck", "head"), 0.75 * look.arm, look.skin)
        self._disc(head, face, look.skin)
        self._hair(head, face, side)
        down = -self.nod
        for out in (-1, 1):
            eye = head + 0.38 * out * face * side + 0.02 * face * down
            self._disc(eye, 0.15 * face, INK)
            self._disc(eye + 0.32 * face * down + 0.2 * out * face * side, 0.17 * face, CHEEK)
        smile = [head + (0.28 * np.sin(turn) * side + (0.3 + 0.2 * np.cos(turn)) * down) * face
                 for turn in np.linspace(-1.3, 1.3, 7)]  # fmt: skip
        self._line(smile, 0.06 * face, INK)

    def _hair(self, head: Point, face: float, side: Point) -> None:
        hair = self.look.hair
        fringe = [head + face * (np.sin(turn) * side + np.cos(turn) * self.nod)
                  for turn in np.linspace(-1.35, 1.35, 15)]  # fmt: skip
        match self.look.style:
            case "dress":
                self._shape([*fringe, head + 0.3 * face * self.nod], hair)
                self._line(fringe, 0.12 * face, hair)
                bow = head + 0.95 * face * self.nod + 0.35 * face * side
                for out in (-1, 1):
                    self._disc(bow + 0.28 * out * face * side, 0.27 * face, self.look.trim)
            case "dungarees":
                for turn in np.linspace(-1.75, 1.75, 9):
                    curl = np.sin(turn) * side + np.cos(turn) * self.nod
                    self._disc(head + 0.95 * face * curl, 0.36 * face, hair)
            case "stripes":
                self._line([head + face * (0.42 * self.nod - 1.1 * side),
                            head + face * (0.42 * self.nod + 1.1 * side)],
                           0.14 * face, hair)  # fmt: skip
                self._shape([head + face * (0.45 * self.nod - 0.8 * side),
                             head + face * (1.35 * self.nod - 0.6 * side),
                             head + face * (1.35 * self.nod + 0.6 * side),
                             head + face * (0.45 * self.nod + 0.8 * side)], hair)  # fmt: skip
                for out in (-1, 1):
                    lip = head - 0.26 * face * self.nod
                    self._line([lip, lip + 0.4 * out * face * side], 0.11 * face, INK)


def _unit(arrow: Point) -> Point:
    return arrow / max(float(np.hypot(*arrow)), 1e-9)


@cache
def _backdrop(look: Look, side: int, horizon: float) -> Pillow.Image:
    """A stage: a wall that grows brighter, planks, and what the scene hangs there."""
    top, bottom = (np.array(colour, np.float64) for colour in look.wall)
    share = np.linspace(0, 1, side)[:, None, None]
    wall = np.broadcast_to(top + (bottom - top) * share, (side, side, 3))
    large = Pillow.fromarray(wall.astype(np.uint8))
    draw, edge = ImageDraw.Draw(large), (horizon - 0.05) * side
    _hang(draw, look, side)
    draw.rectangle((0, edge, side, side), look.floor)
    dark = tuple(int(0.86 * part) for part in look.floor)
    for i in range(PLANKS + 1):
        spread = i / PLANKS - 0.5
        draw.line((side * (0.5 + spread), edge, side * (0.5 + 1.9 * spread), side), dark, 3)
    return large.filter(ImageFilter.GaussianBlur(side / 300))


def _hang(draw: ImageDraw.ImageDraw, look: Look, side: int) -> None:
    match look.scene:
        case "bunting":
            flags = (look.bottom, look.trim, look.top, look.shoes)
            for i in range(9):
                x, y = (i + 0.5) / 9, 0.03 + 0.07 * np.sin(np.pi * (i + 0.5) / 9)
                draw.polygon([((x + dx) * side, (y + dy) * side)
                              for dx, dy in ((-0.045, 0), (0.045, 0), (0, 0.09))],
                             flags[i % len(flags)])  # fmt: skip
        case "stars":
            dice = np.random.default_rng(7)
            for x, y, bright in dice.random((26, 3)):
                disc(draw, x * side, 0.6 * y * side, (0.004 + 0.006 * bright) * side,
                     (255, 244, 200))  # fmt: skip
            disc(draw, 0.82 * side, 0.16 * side, 0.09 * side, (255, 240, 190))
        case "sun":
            disc(draw, 0.5 * side, 0.5 * side, 0.36 * side, (255, 226, 150))
