"""``ganzoo study prepare``: the pictures of a study, and the manifest of where they come from."""

from pathlib import Path
from typing import Annotated

import typer


def prepare(
    source: Annotated[Path, typer.Argument(metavar="STUDY.yaml", help="The study file.")],
    out: Annotated[
        Path | None,
        typer.Option(help="The folder to write; one named after the study beside it if not given."),
    ] = None,
) -> None:
    """Sample the fakes, draw the reals, pass both through one encoder, and write a manifest."""
    from ganzoo.study import stimuli

    made = stimuli.prepare(source, out)
    fakes = sum(map(len, made.manifest.fakes.values()))
    typer.echo(f"{made.folder}: {len(made.manifest.reals)} real and {fakes} fake pictures")


ENTRY = prepare
