"""What a recipe may say, read off the code."""

from pathlib import Path

from ganzoo.architectures import architectures
from ganzoo.config import Recipe
from ganzoo.games import games
from ganzoo.hub.reference import reference

PAGE = Path(__file__).parents[2] / "docs" / "recipes.md"


def test_the_page_is_what_the_code_says():
    assert PAGE.read_text("utf-8") == reference(), "run ganzoo card --recipes docs/recipes.md"


def test_every_key_has_words():
    told = reference().partition("## `data`")[0]
    for key in Recipe.model_fields:
        row = next(line for line in told.splitlines() if line.startswith(f"| `{key}` |"))
        assert not row.endswith("|  |"), key


def test_an_architectures_usual_game_is_one():
    for name, card in architectures.items():
        assert card.game in games, name
