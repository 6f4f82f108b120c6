"""``ganzoo compare``: bundles side by side, under equal conditions."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from rich.table import Table

    from ganzoo.evaluation.comparison import Column


def compare(
    bundles: Annotated[
        list[str],
        typer.Argument(help="Names in checkpoints/, folders, or hub:….", metavar="BUNDLE…"),
    ],
    metric: Annotated[
        list[str] | None, typer.Option(help="Only these: fid, recall, …; may be repeated.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
) -> None:
    """Compare the scores that BUNDLEs keep, with intervals of 95 % confidence.

    Only numbers that one and the same protocol made share a column. The best is marked with an
    asterisk, and with a tilde what cannot be told from the best: each is held against it by Welch's
    t, at 5 % for a whole column after Holm. ganzoo evaluate BUNDLE --write measures and keeps.
    """
    import json

    from rich.console import Console

    from ganzoo import bundle
    from ganzoo.errors import InputError, MetricError
    from ganzoo.evaluation.comparison import columns
    from ganzoo.hub import find

    found = {one.name: one for one in (bundle.load(find(ref)) for ref in bundles)}
    if len(found) < len(bundles):
        raise InputError(f"to compare are bundles of different names; got {', '.join(bundles)}")
    shown = columns(found.values(), metric or ())
    if not shown:
        wanted = f" of {', '.join(metric)}" if metric else ""
        raise MetricError(
            f"none of {', '.join(found)} keeps a score{wanted}: "
            f"ganzoo evaluate {bundles[0]} --write"
        )
    if as_json:
        typer.echo(json.dumps([_plain(column) for column in shown], indent=2, ensure_ascii=False))
    else:
        Console().print(_table(list(found), shown))


def _table(names: list[str], shown: "list[Column]") -> "Table":
    """A row for each score, as bundles are few and scores are many."""
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD)
    table.add_column("score", overflow="fold")
    for name in names:
        table.add_column(name, overflow="fold")
    for column in shown:
        arrow = "↓" if column.better == "lower" else "↑"
        table.add_row(f"{column.title} {arrow}", *(_cell(column, name) for name in names))
    return table


def _cell(column: "Column", name: str) -> str:
    from ganzoo.evaluation.confidence import interval

    if name not in column.scores:
        return "–"
    score = column.scores[name]
    low, high = interval(score)
    spread = f"\n{low:.4g} to {high:.4g}" if high > low else ""
    mark = ""
    if len(column.scores) > 1:
        mark = " *" if name == column.best else " ~" if high > low and column.tied(name) else ""
    return f"{score.value:.4g}{mark}{spread}"


def _plain(column: "Column") -> dict[str, Any]:
    from ganzoo.evaluation.confidence import interval

    return {
        "score": column.title,
        "better": column.better,
        "best": column.best,
        "bundles": {
            name: {
                "value": score.value,
                "interval": interval(score),
                "tied_with_best": column.tied(name),
                "protocol": score.protocol,
            }
            for name, score in column.scores.items()
        },
    }


ENTRY = compare
