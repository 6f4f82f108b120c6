"""First the whole, then the detail (Wang et al. 2017, arXiv:1711.11585, Sec. 3.2).

    first the share ``coarse``   the global generator learns, at its own smaller size
    then the share ``fine``      it stands still, and the local enhancers learn at full size
    then                         all learn together

What has been reached is not gone back on, not even if the budget becomes larger on the way. Each
stretch is the paired game of :mod:`ganzoo.games.paired` at its size, with the same judge.
"""

from collections.abc import Collection, Iterator
from typing import Any

from pydantic import Field, model_validator
from torch import Tensor, nn
from torch.nn.functional import interpolate

from ganzoo.architectures.pix2pixhd import Generator, pyramid
from ganzoo.errors import RecipeError
from ganzoo.games import Match, Turn
from ganzoo.games.paired import Paired, PairedOptions
from ganzoo.shapes import Latent

STRETCHES = ("coarse", "fine", "all")


class CoarseToFineOptions(PairedOptions):
    coarse: float = Field(0.3, ge=0, le=1, description="share of the budget, at the beginning")
    fine: float = Field(0.2, ge=0, le=1, description="share of the budget that follows")

    @model_validator(mode="after")
    def _within_the_budget(self) -> "CoarseToFineOptions":
        if self.coarse + self.fine > 1:
            raise ValueError(
                "coarse and fine are shares of one budget, and together at most 1; "
                f"got {self.coarse:g} and {self.fine:g}"
            )
        return self


class CoarseToFine(Paired):
    """The paired game of a generator that has a rough picture and a finished one."""

    kind = CoarseToFineOptions
    options: CoarseToFineOptions  # pyright: ignore[reportIncompatibleVariableOverride]

    def __init__(self, match: Match) -> None:
        super().__init__(match)
        painter = match.players["generator"]
        if not (isinstance(painter, Generator) and painter.has_rough):
            raise RecipeError(
                "coarse_to_fine needs pix2pixhd with options g_kind: local and g_coarse: true"
            )
        self.painter = painter
        self.stretch = STRETCHES[0]

    def turns(self, step: int) -> Iterator[Turn]:
        self.stretch = self._reached()  # before the step's images count as spent
        yield from super().turns(step)

    def sheet(self, shown: nn.Module) -> Tensor | None:
        if self._reached() != "coarse" or not isinstance(shown, Generator):
            return super().sheet(shown)
        rough = super().sheet(_Rough(shown))
        return rough if rough is None else interpolate(rough, scale_factor=self._shrinks())

    def gauges(self, step: int) -> dict[str, float]:
        return {"stretch": float(STRETCHES.index(self.stretch))}

    def take_over(self, fresh: Collection[str]) -> None:
        if not any(name.startswith("generator.") for name in fresh):
            self.stretch = STRETCHES[-1]

    def state(self) -> dict[str, Any]:
        return super().state() | {"stretch": self.stretch}

    def restore(self, state: dict[str, Any]) -> None:
        super().restore(state)
        self.stretch = state.get("stretch", STRETCHES[0])

    def _reached(self) -> str:
        """What is learning: as the budget has it, unless the game was farther already."""
        spent = self.match.batches.position / 1000 / self.match.recipe.kimg
        coarse, fine = self.options.coarse, self.options.fine
        due = sum(spent >= end for end in (coarse, coarse + fine))
        return STRETCHES[max(due, STRETCHES.index(self.stretch))]

    def _paint(self, image: Tensor, z: Latent | None) -> Tensor:
        if self.stretch == "coarse":
            return _Rough(self.painter)(image, z).float()
        if self.stretch == "fine":
            self.painter.coarse.requires_grad_(False)
        return super()._paint(image, z)

    def _wanted(self, real: Tensor) -> Tensor:
        return self._sized(real) if self.stretch == "coarse" else real

    def _context(self, image: Tensor) -> Tensor:
        context = super()._context(image)
        return self._sized(context) if self.stretch == "coarse" else context

    def _sized(self, image: Tensor) -> Tensor:
        return pyramid(image, len(self.painter.enhancers) + 1)[-1]

    def _shrinks(self) -> int:
        return 1 << len(self.painter.enhancers)


class _Rough(nn.Module):
    """The global generator's own picture, as if it were a network's."""

    def __init__(self, painter: Generator) -> None:
        super().__init__()
        self.painter = painter

    def forward(self, image: Tensor, z: Latent | None = None) -> Tensor:
        return self.painter.rough(image, z)


ENTRY = CoarseToFine
