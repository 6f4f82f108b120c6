"""A wall hung as in the Salon of old: pictures of two sizes, side by side, without a gap.

Columns and rows are of one unit; a large picture takes two by two, and small ones hang in pairs,
one above the other. The browser's grid fills a gap that a large one leaves with a later pair.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from ganzoo.gallery import widgets
from ganzoo.gallery.address import href
from ganzoo.shapes import Picture

BIG = 64  # pixels of a side that makes a picture a large one
UNIT, HAND = 96, 64  # CSS pixels of the unit, and of the one on a phone; as in the style sheet


@dataclass(frozen=True)
class Piece:
    """One picture by a bundle, and the seed that shows it again."""

    picture: Picture
    painter: str
    model: str
    seed: int

    @property
    def title(self) -> str:
        """Who painted it, and from which seed."""
        return f"{self.painter} ({self.model}), seed {self.seed}"

    @property
    def href(self) -> str:
        """The view that shows it again."""
        return href("sample", model=self.model, seed=self.seed)


def is_large(shape: Sequence[int]) -> bool:
    """Whether a picture of that height and width takes two units by two."""
    return max(shape[:2]) >= BIG


def salon(pieces: Sequence[Piece], dice: random.Random) -> str:
    """The wall, in an order by lot."""
    large = [_tile(piece) for piece in pieces if is_large(piece.picture.shape)]
    small = [_tile(piece) for piece in pieces if not is_large(piece.picture.shape)]
    return f'<div class="salon">{_mixed(large, small, dice)}</div>'


def bare(large: int, small: int) -> str:
    """The wall while its pictures are being painted: so many empty frames of each size."""
    frames = [f'<i style="--turn: {k}"></i>' for k in range(large + small)]
    large_frames = [frame.replace("<i", '<i class="big"') for frame in frames[:large]]
    hung = _mixed(large_frames, frames[large:], random.Random(0))
    return f'<div class="salon" role="status" aria-label="Being painted">{hung}</div>'


def _mixed(large: Sequence[str], small: Sequence[str], dice: random.Random) -> str:
    """A pair comes last: it closes the gap that a large one may leave."""
    pairs = [
        f'<div class="stack">{"".join(small[i : i + 2])}</div>' for i in range(0, len(small), 2)
    ]
    first = [*large, *pairs[:-1]]
    dice.shuffle(first)
    return "".join([*first, *pairs[-1:]])


def _tile(piece: Piece) -> str:
    side = max(piece.picture.shape[:2])
    units = 1 + is_large(piece.picture.shape)
    times = [widgets.factor(side, units * unit) for unit in (UNIT, HAND)]
    desk, hand = (round(piece.picture.shape[1] * each) for each in times)
    kinds = "big" * (units > 1) + " shrunk" * (min(times) < 1)
    return (
        f'<a class="{kinds}" href="{escape(piece.href)}" title="{escape(piece.title)}">'
        f'<img src="{widgets.png(piece.picture)}" alt="{escape(piece.title)}" '
        f'style="--desk: {desk}px; --hand: {hand}px"></a>'
    )
