"""What the games of networks that know a single image share."""

from ganzoo.errors import RecipeError
from ganzoo.games import Match
from ganzoo.shapes import Shape


def fits(match: Match, wanted: Shape, game: str) -> None:
    """Whether there is one image, of the shape that the networks know.

    Raises:
        RecipeError: if not, saying what to set.
    """
    count, _, rows, columns = match.batches.dataset.pictures.shape
    if count != 1 or match.recipe.batch_size != 1:
        raise RecipeError(
            f"the {game} game learns from one image, one at a time; got {count} images "
            f"and batch_size = {match.recipe.batch_size}"
        )
    if (rows, columns) != wanted:
        raise RecipeError(
            f"the image has {rows} x {columns} pixels, options say {wanted[0]} x "
            f"{wanted[1]}: set options.rows={rows} and options.columns={columns}"
        )
