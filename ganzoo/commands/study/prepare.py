"""``ganzoo study prepare``: the pictures of a study, and the manifest of where they come from."""

from pathlib import Path
from typing import Annotated

import typer

from ganzoo.commands import _outputs
from ganzoo.commands.study._arguments import opened


def prepare(
    source: Annotated[Path, typer.Argument(metavar="STUDY.yaml", help="The study file.")],
    out: Annotated[
        Path | None,
        typer.Option(help="The folder to write; one named after the study beside it if not given."),
    ] = None,
) -> None:
    """Sample the fakes, draw the reals, pass both through one encoder, and write a manifest.

    A path to the reals is told from the study's file on. What a study was asked with is not
    replaced: another design needs another name.
    """
    from functools import partial

    from ganzoo.study import register, stimuli

    if out:
        _outputs.folder(out)
    with opened() as store:
        made = stimuli.prepare(source, out, partial(register.check, store))
    fakes = sum(map(len, made.manifest.fakes.values()))
    typer.echo(f"{made.folder}: {len(made.manifest.reals)} real and {fakes} fake pictures")


ENTRY = prepare
