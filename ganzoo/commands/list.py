"""``ganzoo list``: what is in the zoo, and what could be."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from rich.table import Table

    from ganzoo.bundle import Bundle
    from ganzoo.papers import Paper

Rows = list[dict[str, Any]]


def list_(
    bundles: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="The folder of bundles; checkpoints/ if not given."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
) -> None:
    """List every bundle and every architecture.

    Of each: its paper, year and abilities, how many parameters, the data, and the score with the
    name of its protocol.
    """
    import json

    from rich.console import Console

    from ganzoo import paths
    from ganzoo.architectures import architectures
    from ganzoo.errors import InputError
    from ganzoo.zoo import Zoo

    root = bundles or paths.checkpoints()
    if not root.is_dir():
        raise InputError(f"there is no folder of bundles {str(root)!r}")
    zoo = Zoo([root])
    shown: Rows = [_bundle(zoo.bundle(name)) for name in zoo.names()]
    known: Rows = [_architecture(name) for name in architectures]
    if as_json:
        everything = {"bundles": shown, "architectures": known, "problems": zoo.problems}
        typer.echo(json.dumps(everything, indent=2, ensure_ascii=False))
        return
    console = Console()
    if not shown:
        typer.echo(f"ganzoo: no bundles in {str(root)!r}", err=True)
    console.print(*([_bundle_table(shown)] if shown else []), _architecture_table(known))
    for name, why in zoo.problems.items():
        console.print(f"[red]{name}[/]: {why}", highlight=False)


def _bundle(bundle: "Bundle") -> dict[str, Any]:
    recipe, config = bundle.recipe, bundle.config
    return {
        "name": bundle.name,
        "folder": str(bundle.folder),
        **_paper(bundle.paper),
        "architecture": recipe.architecture,
        "abilities": sorted(bundle.abilities),
        "parameters": {player: bundle.parameters(player) for player in bundle.players},
        "data": config.data.title if config.data else recipe.data.name,
        "image_size": recipe.data.size,
        "image_channels": recipe.channels,
        "scores": [score.model_dump(mode="json") for score in config.metrics],
    }


def _architecture(name: str) -> dict[str, Any]:
    from ganzoo.architectures import architectures
    from ganzoo.outline import outline, parameter_count

    card = architectures[name]
    options = card.options()
    return {
        "name": name,
        **_paper(card.paper),
        "abilities": sorted(card.abilities),
        "parameters": {
            player: parameter_count(outline(build, options))
            for player, build in card.networks.items()
        },
        "options": options.model_dump(mode="json"),
    }


def _paper(paper: "Paper") -> dict[str, Any]:
    return {"paper": paper.nickname, "title": paper.title, "year": paper.year, "url": paper.url}


def _bundle_table(rows: Rows) -> "Table":
    table = _table("Bundles", "name", "paper", "can", "parameters", "data", "score")
    for row in rows:
        size = row["image_size"]
        table.add_row(*_start(row), f"{row['data']}\n{size}×{size}", _scored(row["scores"]))
    return table


def _architecture_table(rows: Rows) -> "Table":
    title = "Architectures, as in their papers"
    table = _table(title, "name", "paper", "can", "parameters")
    for row in rows:
        table.add_row(*_start(row))
    return table


def _table(title: str, *columns: str) -> "Table":
    from rich import box
    from rich.table import Table

    table = Table(
        title=title, title_justify="left", title_style="bold",
        box=box.HORIZONTALS, padding=0, show_lines=True,
    )  # fmt: skip
    name, *others = columns
    table.add_column(name, no_wrap=True)  # whole, to be copied
    for column in others:
        table.add_column(column, overflow="fold")
    return table


def _start(row: dict[str, Any]) -> tuple[str, ...]:
    """Name, paper with year, abilities and the shown network's parameters."""
    shown = next(iter(row["parameters"].values()))
    paper = f"{row['paper']}\n{row['year']}"
    return row["name"], paper, "\n".join(row["abilities"]), _short(shown)


def _short(number: int) -> str:
    return f"{number / 1e6:.1f} M" if number >= 1e6 else f"{number / 1e3:.0f} k"


def _scored(scores: Rows) -> str:
    if not scores:
        return "–"
    first = scores[0]
    deviation = "" if first["deviation"] is None else f" ± {first['deviation']:.2g}"
    return f"{first['value']:.4g}{deviation}\n{first['name']}"


ENTRY = list_
