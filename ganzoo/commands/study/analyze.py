"""``ganzoo study analyze``: results with their intervals, a table and figures."""

from pathlib import Path
from typing import Annotated

import typer

from ganzoo.commands import _outputs
from ganzoo.commands.study._arguments import StudyArgument, recorded


def analyze(
    study: StudyArgument,
    out: Annotated[
        Path | None, typer.Option(help="A folder; STUDY-results here if not given.")
    ] = None,
    resamples: Annotated[int, typer.Option(min=100, help="Of the bootstrap.")] = 10_000,
) -> None:
    """Compute every figure of a study, exclusions applied as they were pre-registered.

    Writes results.json, a table (CSV, Markdown, LaTeX) and figures (PDF, PNG). Whom the rules
    leave out is recorded.
    """
    from ganzoo.study import report

    with recorded(study) as (store, name):
        folder = out or Path(f"{name}-results")
        _outputs.folder(folder)
        results = report.write(store, name, folder, resamples)
        typer.echo("\n".join(report.lines(results)))
        typer.echo(folder)


ENTRY = analyze
