"""What a game is made of."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from torch import nn

from ganzoo.config import Recipe
from ganzoo.data import Batches
from ganzoo.draws import Draws
from ganzoo.errors import RecipeError
from ganzoo.objectives import Objective, objectives
from ganzoo.options import Options
from ganzoo.shapes import Image, Scalar

SETTINGS = (  # of a recipe, that some games read and others do not
    "objective",
    "penalties",
    "augment",
    "classifier",
    "d_turns",
    "label_smoothing",
    "instance_noise",
)


@dataclass(frozen=True, kw_only=True)
class Turn:
    """One update of one player, or of several together.

    Attributes:
        player: its name, or several names: they lower the sum of the terms together.
        terms: named summands of the player's loss, logged as they are.
        parts: how often terms are asked for; the player follows the mean of their gradients.
        rate: share of its learning rate at which the player moves.
        after: what happens to the player once it has moved.
    """

    player: str | tuple[str, ...]
    terms: Callable[[], dict[str, Scalar]]
    parts: int = 1
    rate: float = 1.0
    after: Callable[[], None] | None = None

    @property
    def players(self) -> tuple[str, ...]:
        """Everyone who moves."""
        return (self.player,) if isinstance(self.player, str) else self.player


@dataclass(frozen=True, kw_only=True)
class Match:
    """Who plays, with what, by which recipe.

    Attributes:
        classifier: the trained one that the recipe names; it does not play.
    """

    recipe: Recipe
    players: nn.ModuleDict
    batches: Batches
    draws: Draws
    classifier: nn.Module | None = None

    def objective(self) -> Objective:
        """The recipe's adversarial objective.

        Raises:
            RecipeError: if it names none.
        """
        if self.recipe.objective is None:
            raise RecipeError(
                f"the {self.recipe.game} game needs an objective; the recipe names none"
            )
        return objectives[self.recipe.objective]


class Game(ABC):
    """Yields the turns of a step. Knows no optimiser, no file and no device but its draws'.

    Raises:
        RecipeError: if the recipe sets what this game does not read.
    """

    kind: ClassVar[type[Options]] = Options  # of the game's own options
    reads: ClassVar[frozenset[str]] = frozenset()  # of SETTINGS

    def __init__(self, match: Match) -> None:
        self.match = match
        self._refuse_what_nobody_reads()
        self.options = self.kind.read(match.recipe.game_options, "game_options")

    @property
    def averaged(self) -> tuple[str, ...]:
        """The players of whom a moving average is kept: those that will be shown."""
        return (self.match.recipe.card.shown,)

    @abstractmethod
    def turns(self, step: int) -> Iterator[Turn]:
        """The turns of one step, in order."""

    def sheet(self, shown: nn.Module) -> Image | None:
        """What the shown network makes of the same input each time; None if it paints nothing."""
        return None

    def settle(self, shown: nn.Module) -> None:  # noqa: B027 - most networks are ready as they are
        """Makes the shown network ready to be looked at, in every process alike."""

    def take_over(self, fresh: Collection[str]) -> None:  # noqa: B027 - most games do not mind
        """The players have come with trained weights, not with random ones.

        Args:
            fresh: the weights that are random all the same, each as ``player.weight``.
        """

    def gauges(self, step: int) -> dict[str, float]:
        """What the game turns by itself, for the log; ``step`` is the next."""
        return {}

    def state(self) -> dict[str, Any]:
        """What the game must remember over an interruption, as tensors and plain data."""
        return {}

    def restore(self, state: dict[str, Any]) -> None:  # noqa: B027 - most games forget
        """The inverse of :meth:`state`."""

    def _refuse_what_nobody_reads(self) -> None:
        recipe = self.match.recipe
        for key in SETTINGS:
            value = getattr(recipe, key)
            if key in self.reads or value == Recipe.model_fields[key].default:
                continue
            several = value if isinstance(value, tuple) else (value,)
            said = ", ".join(repr(getattr(one, "name", one)) for one in several)
            raise RecipeError(f"the {recipe.game} game does not read {key!r}; got {said}")
