"""The day's sheet: fresh pictures by a few bundles, drawn as the first visitor comes in."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from itertools import zip_longest
from threading import Lock

from ganzoo import images
from ganzoo.bundle import Bundle
from ganzoo.errors import GanzooError
from ganzoo.gallery.address import Whole
from ganzoo.gallery.front.salon import Piece, bare, is_large, salon
from ganzoo.gallery.standings import better_half
from ganzoo.latents import SEED_LIMIT
from ganzoo.zoo import Zoo

GUESTS = 7  # bundles on the day's sheet
LARGE, SMALL = 2, 4  # pictures by each of them: by painters of large ones, and by all others
WAITING = bare(4 * LARGE, 3 * SMALL)  # as the zoo that ships has it

_painting = Lock()


@dataclass(frozen=True, kw_only=True)
class DaySeed(Whole):
    """A seed that is today's date unless the address says otherwise."""

    def among(self, names: Sequence[str]) -> "DaySeed":
        return replace(self, default=today())


def today() -> int:
    """The seed of the day's sheet."""
    return int(f"{date.today():%Y%m%d}")


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
        count = LARGE if is_large(zoo.bundle(name).recipe.shape) else SMALL
        first = dice.randrange(SEED_LIMIT - count)
        try:
            pictures = images.to_pictures(zoo.model(name).sample(first, count))
        except GanzooError:  # who paints nothing closes no house; their own view says why
            continue
        painter = zoo.bundle(name).paper.nickname
        pieces += [Piece(picture, painter, name, first + i) for i, picture in enumerate(pictures)]
    dice.shuffle(pieces)
    return tuple(pieces)


def draw_sheet(zoo: Zoo, seed: int) -> str:
    """The day's sheet: each picture leads to where it was made."""
    versions = tuple(tuple(zoo.bundle(n).config.sha256.values()) for n in zoo.names("sample"))
    return salon(hang(zoo, seed, versions), random.Random(seed))
