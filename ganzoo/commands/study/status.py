"""``ganzoo study status``: who came, how far they got, what is known so far."""

from typing import Annotated

import typer

from ganzoo.commands.study._arguments import StudyArgument, recorded


def status(
    study: StudyArgument,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
) -> None:
    """Show the progress of a study: participants, drop-outs, refusals, estimates so far."""
    import json

    from ganzoo.study.progress import lines, progress

    with recorded(study) as (store, name):
        found = progress(store, name)
        typer.echo(json.dumps(found, indent=2) if as_json else "\n".join(lines(found)))


ENTRY = status
