"""``ganzoo study new``: a study file to start from."""

from pathlib import Path
from typing import Annotated

import typer

from ganzoo.commands import _outputs


def new(
    path: Annotated[Path, typer.Argument(metavar="FILE", help="Where to write: NAME.yaml.")],
    protocol: Annotated[
        str, typer.Option(help="How people are asked: single, timed, grid or pair.")
    ] = "single",
) -> None:
    """Write a study file with every choice explained, to be edited and prepared.

    For example: ganzoo study new faces.yaml --protocol timed
    """
    from ganzoo.errors import StudyError
    from ganzoo.study import template
    from ganzoo.study.design import Design

    _outputs.file(path, "a study", ".yaml", ".yml")
    if path.exists():
        raise StudyError(f"{str(path)!r} exists already")
    text = template.template(path.stem, protocol)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    Design.load(path)
    typer.echo(f"{path}\nnext: ganzoo study prepare {path}")


ENTRY = new
