"""``ganzoo study run``: serves studies, without the gallery."""

from typing import Annotated

import typer

from ganzoo.commands.study._arguments import StudyArgument


def run(
    study: StudyArgument,
    host: Annotated[
        str, typer.Option(help="Where to listen; 0.0.0.0 serves the whole network.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535)] = 7865,
    password: Annotated[
        str,
        typer.Option(
            envvar="GANZOO_STUDY_PASSWORD",
            help="Of the researcher's page; made up and printed if not given.",
            show_default=False,
        ),
    ] = "",
) -> None:
    """Serve a prepared study: the participants' page, and the researcher's behind a password.

    The design, with its planned number of participants and its exclusion rules, is on record
    before the first trial. The server may be killed at any moment: no acknowledged answer is lost.
    """
    import secrets

    from ganzoo.study import halls, journal
    from ganzoo.study.serve import bound, serve

    folder = halls.find(study)
    made_up = not password
    password = password or secrets.token_urlsafe(9)
    hall = halls.Halls([folder], password=password, journal=journal.configured())
    (name,) = hall.names
    hall.desk(name)  # what cannot run says so now, not to the first participant
    door = bound(host, port)
    home = f"http://{host}:{port}/study/{name}/"
    typer.echo(f"The study is open at {home}")
    shown = f" with the password {password}" if made_up else ""
    typer.echo(f"The researcher's page is {home}researcher{shown}")
    serve(hall, door)


ENTRY = run
