"""``ganzoo study simulate``: known participants through the real server and the real analysis."""

from pathlib import Path
from typing import Annotated

import typer

from ganzoo.commands import _outputs
from ganzoo.commands.study._arguments import StudyArgument


def simulate(
    study: StudyArgument,
    participants: Annotated[int, typer.Option(min=2, help="All at once.")] = 200,
    d_prime: Annotated[float, typer.Option(help="Their sensitivity.")] = 1.0,
    model: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=D", help="Another sensitivity to one model; may be repeated."),
    ] = None,
    bias: Annotated[float, typer.Option(help="Their bias; above 0 inclines to “real”.")] = 0.0,
    lapse: Annotated[float, typer.Option(min=0, max=1, help="Answers given blindly.")] = 0.0,
    speed: Annotated[float, typer.Option(min=1, help="Median reaction time, ms.")] = 700.0,
    pace: Annotated[
        float, typer.Option(min=0, help="Share of that time they really wait; 1 is life.")
    ] = 0.0,
    kill: Annotated[
        int,
        typer.Option(
            min=0, help="Kill the server (SIGKILL) that often; people come until it is done."
        ),
    ] = 0,
    seed: Annotated[int, typer.Option(min=0)] = 0,
    store: Annotated[
        str | None,
        typer.Option(metavar="URL", help="An empty store to rehearse over: postgresql://…"),
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Keep store and results in this folder.")] = None,
) -> None:
    """Rehearse a study: do the server and the analysis find what is put in?

    A server of its own runs over a store of its own, never over GANZOO_DATABASE_URL, where real
    answers are; the participants come over HTTP. Then every acknowledged answer is looked for in
    the store, and the study is analysed. Exit code 1 if one is lost or doubled, or a kill too few.

    To see that no kill -9 loses an answer: --participants 20 --pace 1 --kill 100
    """
    import math
    import tempfile

    from ganzoo.errors import InputError, UnknownNameError, suggestion
    from ganzoo.study import halls, report
    from ganzoo.study.manifest import Prepared
    from ganzoo.study.simulate import Crowd, Observer, send
    from ganzoo.study.simulate.crowd import fresh
    from ganzoo.study.store import Store

    own = {}
    for text in model or ():
        name, _, value = text.partition("=")
        try:
            own[name] = float(value)
        except ValueError:
            raise InputError(f"--model is NAME=D, as in dcgan-fashion=0.5; got {text!r}") from None
    told = {"d-prime": d_prime, "bias": bias, "lapse": lapse, "speed": speed, "pace": pace, **own}
    if wrong := [f"{name} {value}" for name, value in told.items() if not math.isfinite(value)]:
        raise InputError(f"participants are known by finite numbers; got {', '.join(wrong)}")
    prepared = Prepared(halls.find(study))
    for name in own:
        if name not in (known := prepared.manifest.fakes):
            raise UnknownNameError(f"{name!r} paints nothing here. {suggestion(name, known)}")
    observer = Observer(d_prime=d_prime, bias=bias, lapse=lapse, speed_ms=speed, d_primes=own)
    with tempfile.TemporaryDirectory() as scratch:
        folder = out or Path(scratch)
        _outputs.folder(folder)
        folder.mkdir(parents=True, exist_ok=True)
        url = store or fresh(folder)
        crowd = Crowd(observer, participants, pace=pace, seed=seed)
        outcome = send(
            prepared, url, crowd, kill, report=lambda n: typer.echo(f"killed {n}/{kill}", err=True)
        )
        typer.echo("\n".join(outcome.lines()))
        kept = Store(url)
        results = report.write(kept, prepared.design.name, folder / "results")
        kept.close()
    typer.echo("\n".join(report.lines(results)))
    if outcome.lost or outcome.doubled or outcome.errors or outcome.kills < kill:
        raise typer.Exit(1)


ENTRY = simulate
