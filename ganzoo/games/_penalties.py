"""What a recipe's penalties add to a player's turn."""

from collections.abc import Iterator

from torch.nn.modules.batchnorm import _BatchNorm

from ganzoo.choices import PenaltyChoice
from ganzoo.config import Recipe
from ganzoo.errors import RecipeError
from ganzoo.games._base import Match
from ganzoo.penalties import Round, penalties
from ganzoo.shapes import Scalar


def concerning(recipe: Recipe, player: str) -> Iterator[PenaltyChoice]:
    """Those that concern a player."""
    for choice in recipe.penalties:
        if penalties[choice.name].player == player:
            yield choice


def check(match: Match, *players: str, projects: bool = False) -> None:
    """Whether a game can ask for the recipe's penalties.

    Args:
        players: whom it penalises.
        projects: whether it lets penalties change weights after a step.

    Raises:
        RecipeError: if a penalty concerns another player, changes weights where the game does not
            or at some steps only, or looks at each image alone where a batch norm looks at all of
            them.
    """
    game = match.recipe.game
    for choice in match.recipe.penalties:
        penalty, name = penalties[choice.name], choice.name
        if penalty.player not in players:
            raise RecipeError(
                f"the {game} game penalises the {' and the '.join(players)}; {name!r} is for the "
                f"{penalty.player}"
            )
        if penalty.project and not projects:
            raise RecipeError(f"the {game} game changes no weights in place, as {name!r} would")
        if penalty.project and choice.every != 1:
            raise RecipeError(
                f"{name!r} changes weights after every step; got every = {choice.every}"
            )
        modules = match.players[penalty.player].modules()
        if penalty.per_image and any(isinstance(module, _BatchNorm) for module in modules):
            raise RecipeError(
                f"{name!r} looks at each image alone, but this {penalty.player} has batch norm: "
                "choose another norm (options.d_norm)"
            )


def terms(recipe: Recipe, player: str, round: Round, step: int) -> dict[str, Scalar]:
    """The summands that are due at a step, by name.

    They join the step's own loss. So a lazy one takes no step of its own, and Adam's rates stay as
    they are, where Karras et al. 2020 (arXiv:1912.04958, App. B) make up for one.
    """
    due = {}
    for choice in concerning(recipe, player):
        term = penalties[choice.name].term
        if term and step % choice.every == 0:  # rarer, so proportionally stronger
            due[f"{player[0]}/{choice.name}"] = choice.weight * choice.every * term(round)
    return due
