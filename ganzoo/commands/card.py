"""``ganzoo card``: writes model cards and tables anew from what the bundles know."""

from pathlib import Path
from typing import Annotated

import typer

from ganzoo.commands import _outputs


def card(
    bundles: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="BUNDLE…",
            help="Names in checkpoints/, or folders; all in checkpoints/ if none.",
        ),
    ] = None,
    readme: Annotated[
        Path | None,
        typer.Option(
            help="Put a table of them, and the recipes without one, between the marks there."
        ),
    ] = None,
    report: Annotated[
        Path | None, typer.Option(help="Put their costs and protocols between the marks there.")
    ] = None,
    recipes: Annotated[
        Path | None, typer.Option(help="Write there what a recipe may say, from the code.")
    ] = None,
    metrics: Annotated[
        Path | None, typer.Option(help="Put a table of all metrics between the marks there.")
    ] = None,
) -> None:
    """Write the README.md of each BUNDLE from its config.json, and tables of them all.

    The repository's own: ganzoo card --readme README.md --report checkpoints/README.md
    --recipes docs/recipes.md --metrics docs/judging.md
    """
    from ganzoo import bundle, shelf
    from ganzoo.hub import card, find, metric_table, table

    for path, marks in (
        (readme, ("bundles", "waiting")), (report, ("bundles",)), (metrics, (metric_table.MARK,))
    ):  # fmt: skip
        if path:
            table.check(path, *marks)
    folders = [*map(find, bundles)] if bundles else shelf.residents()
    read = [bundle.load(folder) for folder in folders]
    _outputs.kept(*folders)
    for one in read:
        card.write(one)
        typer.echo(one.folder / bundle.CARD)
    if readme:
        table.insert(readme, table.short(read))
        table.insert(readme, table.waiting(read), "waiting")
    if report:
        table.insert(report, table.long(read))
    if recipes:
        from ganzoo.hub.reference import reference

        recipes.write_text(reference(), "utf-8")
    if metrics:
        table.insert(metrics, metric_table.table(), metric_table.MARK)


ENTRY = card
