"""``ganzoo study close``: pauses, resumes or ends a study."""

from typing import Annotated

import typer

from ganzoo.commands.study._arguments import StudyArgument, recorded


def close(
    study: StudyArgument,
    pause: Annotated[bool, typer.Option("--pause", help="Only for now.")] = False,
    resume: Annotated[bool, typer.Option("--resume", help="Go on after a pause.")] = False,
) -> None:
    """End a study for good: nobody answers any more, whichever server serves it.

    With --pause it ends for now, and --resume goes on. The decision is recorded.
    """
    from datetime import UTC, datetime

    from ganzoo.errors import InputError
    from ganzoo.study import records, register

    if pause and resume:
        raise InputError("--pause or --resume, not both")
    with recorded(study) as (store, name):
        records.design_of(store, name)
        kind = "pause" if pause else "resume" if resume else "close"
        register.decide(store, name, kind, datetime.now(UTC).isoformat(timespec="milliseconds"))
        typer.echo(f"{name} is {register.state_of(store, name)}")


ENTRY = close
