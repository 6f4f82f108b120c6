"""Progressive growing (Karras et al. 2018, arXiv:1710.10196, Sec. 2): the game owns the resolution.

    stable, fade, stable, fade, ..., stable     alpha goes from 0 to 1 within each fade

The generator, the discriminator and the reals are always at the same level. Until the share
``grown`` of the budget is spent, all phases are equally long; the last one, at full size, takes the
rest. What has grown never shrinks again, not even if the budget becomes larger on the way.
"""

from collections.abc import Collection, Iterator
from math import ceil
from typing import Any

from pydantic import Field

from ganzoo.errors import RecipeError
from ganzoo.games import Match, Turn
from ganzoo.games.style import StyleGame, StyleGameOptions
from ganzoo.layers.growing import faded, grow, grown
from ganzoo.shapes import Image


class ProgressiveOptions(StyleGameOptions):
    start: int = Field(8, ge=4, description="side of the first pictures")
    grown: float = Field(0.6, gt=0, le=1, description="share of the budget until full size")


class Progressive(StyleGame):
    """Networks that grow, with or without styles."""

    kind = ProgressiveOptions
    options: ProgressiveOptions  # pyright: ignore[reportIncompatibleVariableOverride]

    def __init__(self, match: Match) -> None:
        super().__init__(match)
        self.stages = getattr(match.recipe.options, "stages", 0)
        if not self.stages:
            raise RecipeError(f"{match.recipe.architecture!r} does not grow")
        if self.options.start not in [4 << k for k in range(self.stages)]:
            raise RecipeError(
                f"game_options.start is a side from 4 to {match.recipe.data.size}, doubled; "
                f"got {self.options.start}"
            )
        self.level = 0.0

    def turns(self, step: int) -> Iterator[Turn]:
        recipe = self.match.recipe
        shown = step * recipe.batch_size * recipe.d_turns / 1000
        self.level = max(self.level, self.level_at(shown / recipe.kimg))
        for player in self.match.players.values():
            grow(player, self.level)
        yield from super().turns(step)

    def level_at(self, spent: float) -> float:
        """How far all have grown when a share ``spent`` of the budget is gone."""
        first = self.options.start.bit_length() - 3
        top = self.stages - 1
        phases = 2 * spent * (top - first) / self.options.grown  # stable, fade, stable, fade, ...
        whole, part = divmod(phases, 2)
        return min(float(top), first + whole + max(0.0, part - 1))

    def take_over(self, fresh: Collection[str]) -> None:
        self.level = max(map(grown, self.match.players.values()))

    def gauges(self, step: int) -> dict[str, float]:
        below = ceil(self.level) - 1  # alpha is 1, not 0, where nothing fades
        return super().gauges(step) | {
            "side": 4.0 * 2 ** ceil(self.level),
            "alpha": self.level - below,
        }

    def state(self) -> dict[str, Any]:
        return super().state() | {"level": self.level}

    def restore(self, state: dict[str, Any]) -> None:
        super().restore(state)
        self.level = state["level"]

    def _real(self, image: Image) -> Image:
        return faded(super()._real(image), self.level)


ENTRY = Progressive
