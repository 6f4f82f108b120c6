"""``ganzoo study erase``: deletes what a participant left."""

from typing import Annotated

import typer

from ganzoo.commands.study._arguments import StudyArgument, recorded


def erase(
    study: StudyArgument,
    code: Annotated[str, typer.Argument(metavar="CODE", help="XXXX-XXXX-XXXX-XXXX.")],
) -> None:
    """Delete the answers of a participant who asks for it, by the code that they were given.

    Participants can do so themselves on the study's page. That it was asked for is recorded, and
    the seat stays taken.
    """
    from datetime import UTC, datetime

    from ganzoo.errors import StudyError
    from ganzoo.study import erasure, journal, records
    from ganzoo.study.identity import Identity

    if journal.configured() is not None:
        raise StudyError(
            "the answers are copied to a data set on the Hub, and only the server that does so "
            "deletes them there too: enter the code on the study's page"
        )
    with recorded(study) as (store, name):
        records.design_of(store, name)
        found = store.study(name)
        assert found is not None
        at = datetime.now(UTC).isoformat(timespec="milliseconds")
        identity = Identity(found.secret, found.salt)
        who, answers = erasure.erase(store, name, identity, code, at)
        typer.echo(f"participant {who}: all that they told was deleted, answers: {answers}")


ENTRY = erase
