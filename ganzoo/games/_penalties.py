"""What a recipe's penalties add to a player's turn."""

from collections.abc import Iterator

from ganzoo.config import PenaltyChoice, Recipe
from ganzoo.errors import RecipeError
from ganzoo.penalties import Round, penalties
from ganzoo.shapes import Scalar


def concerning(recipe: Recipe, player: str) -> Iterator[PenaltyChoice]:
    """Those that concern a player."""
    for choice in recipe.penalties:
        if penalties[choice.name].player == player:
            yield choice


def only(recipe: Recipe, player: str) -> None:
    """For games that penalise one player.

    Raises:
        RecipeError: if a penalty concerns another.
    """
    for choice in recipe.penalties:
        if (other := penalties[choice.name].player) != player:
            raise RecipeError(
                f"the {recipe.game} game penalises the {player}; {choice.name!r} is for the {other}"
            )


def terms(recipe: Recipe, player: str, round: Round, step: int) -> dict[str, Scalar]:
    """The summands that are due at a step, by name."""
    due = {}
    for choice in concerning(recipe, player):
        term = penalties[choice.name].term
        if term and step % choice.every == 0:  # rarer, so proportionally stronger
            due[f"{player[0]}/{choice.name}"] = choice.weight * choice.every * term(round)
    return due
