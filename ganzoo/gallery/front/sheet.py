"""The day's sheet: fresh pictures by a few bundles, drawn as the first visitor comes in."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from html import escape
from itertools import zip_longest
from threading import Lock

from ganzoo import images
from ganzoo.bundle import Bundle
from ganzoo.errors import GanzooError
from ganzoo.gallery import widgets
from ganzoo.gallery.address import Whole, href
from ganzoo.gallery.standings import better_half
from ganzoo.latents import SEED_LIMIT
from ganzoo.shapes import Picture
from ganzoo.zoo import Zoo

GUESTS, PIECES = 6, 5  # bundles on the day's sheet, and pictures of each
TILE = 64  # CSS pixels
EMPTY = "".join(f'<i style="--turn: {k}"></i>' for k in range(GUESTS * PIECES))
WAITING = f'<div class="salon" role="status" aria-label="Being painted">{EMPTY}</div>'

_painting = Lock()


@dataclass(frozen=True, kw_only=True)
class DaySeed(Whole):
    """A seed that is today's date unless the address says otherwise."""

    def among(self, names: Sequence[str]) -> "DaySeed":
        return replace(self, default=today())


def today() -> int:
    """The seed of the day's sheet."""
    return int(f"{date.today():%Y%m%d}")


@dataclass(frozen=True)
class Piece:
    """One picture of the day's sheet, and the view that shows it again."""

    picture: Picture
    title: str
    href: str


def invited(zoo: Zoo, dice: random.Random) -> list[str]:
    """Who paints the day's sheet: one of each data set in turn, by lot, the better half first."""
    worlds: dict[str, list[Bundle]] = {}
    for bundle in map(zoo.bundle, zoo.names("sample")):
        worlds.setdefault(bundle.recipe.data.name, []).append(bundle)
    queues = []
    for bundles in worlds.values():
        first = better_half(bundles)
        rest = [bundle for bundle in bundles if bundle not in first]
        queues.append(dice.sample(first, len(first)) + dice.sample(rest, len(rest)))
    turns = [bundle.name for turn in zip_longest(*queues) for bundle in turn if bundle]
    return turns[:GUESTS]


def hang(zoo: Zoo, seed: int, versions: tuple[tuple[str, ...], ...]) -> tuple[Piece, ...]:
    """A sheet of fresh pictures by a few bundles; which pictures they are, nobody chose.

    Who comes while it is being painted waits for it.
    """
    with _painting:
        return _painted(zoo, seed, versions)


@lru_cache(maxsize=8)
def _painted(zoo: Zoo, seed: int, versions: tuple[tuple[str, ...], ...]) -> tuple[Piece, ...]:
    dice = random.Random(seed)
    pieces: list[Piece] = []
    for name in invited(zoo, dice):
        first = dice.randrange(SEED_LIMIT - PIECES)
        try:
            pictures = images.to_pictures(zoo.model(name).sample(first, PIECES))
        except GanzooError:  # who paints nothing closes no house; their own view says why
            continue
        title = f"{zoo.bundle(name).paper.nickname} ({name})"
        pieces += [
            Piece(picture, f"{title}, seed {first + i}", href("sample", model=name, seed=first + i))
            for i, picture in enumerate(pictures)
        ]
    dice.shuffle(pieces)
    return tuple(pieces)


def draw_sheet(zoo: Zoo, seed: int) -> str:
    """The day's sheet: each picture leads to where it was made."""
    versions = tuple(tuple(zoo.bundle(n).config.sha256.values()) for n in zoo.names("sample"))
    tiles = (
        f'<a href="{escape(piece.href)}" title="{escape(piece.title)}">'
        f'<img src="{widgets.png(piece.picture)}" alt="{escape(piece.title)}" '
        f'width="{TILE}" height="{TILE}"></a>'
        for piece in hang(zoo, seed, versions)
    )
    return f'<div class="salon">{"".join(tiles)}</div>'
