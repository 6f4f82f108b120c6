"""What a recipe may say, as Markdown, read off the code."""

import inspect
import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from ganzoo.architectures import architectures
from ganzoo.augment import augmentations
from ganzoo.choices import DataChoice
from ganzoo.config import Recipe
from ganzoo.data import sources
from ganzoo.games import games
from ganzoo.objectives import objectives
from ganzoo.papers import Paper
from ganzoo.penalties import penalties

BOUNDS = {"ge": "at least", "gt": "above", "le": "at most", "lt": "below"}
FOLLOW = {
    "name": "the file's",
    "shows": "the architecture's",
    "game": "the architecture's",
    "options": "the paper's",
}
HEAD = """# What a recipe may say

Every key of a recipe, and every name that it may give, with defaults. `ganzoo card --recipes
docs/recipes.md` writes this page from the code, and a test fails if it is stale. Begin with a
recipe that comes with ganzoo (`ganzoo/recipes/`), and change it with `--set KEY=VALUE`; dots reach
inside (`--set options.z_dim=64`). A key that nobody reads, and a value out of range, is an error
that says so.
"""


def reference() -> str:
    """The whole page."""
    return "\n".join([HEAD, *_recipe(), *_data(), *_games(), *_adversaries(), *_architectures()])


def _recipe() -> Iterator[str]:
    yield "## Keys\n"
    yield from _table(Recipe, FOLLOW)


def _data() -> Iterator[str]:
    yield "## `data`\n"
    yield from _table(DataChoice)
    yield "`data.name` is one of these. Those without a licence read pictures of your own.\n"
    yield "| name | | licence |\n|---|---|---|"
    for name, source in sources.items():
        yield f"| `{name}` | {source.title} | {source.licence if source.short else ''} |"
    yield ""


def _games() -> Iterator[str]:
    yield "## `game` and `game_options`\n"
    yield "An architecture's usual game stands with it below; other games are for its variants.\n"
    for name, game in games.items():
        yield f"### `{name}`\n"
        what = _first(inspect.getmodule(game))
        yield f"{what} Of a recipe's settings it reads: {_reads(game)}.\n"
        yield from _table(game.kind)


def _adversaries() -> Iterator[str]:
    yield "## `objective`\n"
    for name, objective in objectives.items():
        yield _named(name, objective.paper)
    yield "\n## `penalties`\n"
    yield "Each is `{name: …, weight: …, every: 1}`: its weight, and at which steps it is added.\n"
    for name, penalty in penalties.items():
        yield f"{_named(name, penalty.paper)} Concerns the {penalty.player}."
    yield "\n## `augment`\n"
    for name, augmentation in augmentations.items():
        yield f"{_named(name, augmentation.paper)} With `options`:\n"
        yield from _table(augmentation.options)


def _architectures() -> Iterator[str]:
    yield "## `architecture` and `options`\n"
    for name, card in architectures.items():
        players = ", ".join(f"`{player}`" for player in card.networks)
        yield f"### `{name}`\n"
        yield f"{_cited(card.paper)} Players: {players}. Usual game: `{card.game}`.\n"
        yield from _table(card.options)


def _table(
    kind: type[BaseModel], defaults: Mapping[str, str] = MappingProxyType({})
) -> Iterator[str]:
    if not kind.model_fields:
        return
    told = _attributes(kind)
    yield "| key | default | |\n|---|---|---|"
    for key, field in kind.model_fields.items():
        words = [field.description or told.get(key, ""), _choices(field), *_bounds(field)]
        default = defaults.get(key) or _default(field)
        yield f"| `{key}` | {default} | {'; '.join(filter(None, words))} |"
    yield ""


def _default(field: FieldInfo) -> str:
    if field.default_factory is not None:
        return "empty"
    if field.default is PydanticUndefined:
        return "needed"
    if field.default in (None, (), ""):
        return ""
    plain = field.default
    return f"`{plain.model_dump(mode='json') if isinstance(plain, BaseModel) else plain}`"


def _choices(field: FieldInfo) -> str:
    if get_origin(field.annotation) is not Literal:
        return ""
    return " or ".join(f"`{one}`" for one in get_args(field.annotation))


def _bounds(field: FieldInfo) -> Iterator[str]:
    for key, words in BOUNDS.items():
        for bound in field.metadata:
            if (limit := getattr(bound, key, None)) is not None:
                yield f"{words} {limit:g}"


def _attributes(kind: type[BaseModel]) -> Mapping[str, str]:
    """What a class's docstring says of its attributes."""
    found: dict[str, str] = {}
    for one in reversed(kind.__mro__):
        _, _, listed = (inspect.getdoc(one) or "").partition("Attributes:\n")
        for names, words in re.findall(r"^ {4}(\w+(?:, \w+)*): (.+(?:\n {8}.+)*)", listed, re.M):
            found |= dict.fromkeys(names.split(", "), re.sub(r"\s+", " ", words.rstrip(".")))
    return {key: words.replace("``", "`").replace("|", "\\|") for key, words in found.items()}


def _first(module: Any) -> str:
    """The first sentence of a file."""
    first, _, _ = (inspect.getdoc(module) or "").partition("\n\n")
    return re.sub(r"\s+", " ", first).replace("``", "`")


def _reads(game: Any) -> str:
    return ", ".join(f"`{name}`" for name in sorted(game.reads)) or "none of those below"


def _named(name: str, paper: Paper) -> str:
    return f"- `{name}`: {_cited(paper)}"


def _cited(paper: Paper) -> str:
    return f"[{paper.nickname}]({paper.url}), {paper.year}." if paper.url else f"{paper.nickname}."
