"""``ganzoo study export``: the data of a study, with a codebook and the recipe to repeat it."""

from pathlib import Path
from typing import Annotated

import typer

from ganzoo.commands import _outputs
from ganzoo.commands.study._arguments import StudyArgument, recorded


def export(
    study: StudyArgument,
    out: Annotated[
        Path | None, typer.Option(help="A folder; STUDY-export here if not given.")
    ] = None,
) -> None:
    """Write all data as CSV and JSON, with a codebook, the design and the stimulus manifest."""
    from ganzoo.study import export as exporting

    with recorded(study) as (store, name):
        folder = out or Path(f"{name}-export")
        _outputs.folder(folder)
        for path in exporting.write(store, name, folder):
            typer.echo(path)


ENTRY = export
