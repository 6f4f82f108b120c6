"""``ganzoo train``: plays a recipe's game to the end of its budget and writes a bundle."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ganzoo.commands import _outputs
from ganzoo.commands._arguments import use

if TYPE_CHECKING:
    from ganzoo.config import Recipe
    from ganzoo.data import Dataset
    from ganzoo.evaluation import AnyWatch
    from ganzoo.training.run import Progress


def train(
    recipe: Annotated[
        str, typer.Argument(metavar="RECIPE", help="A recipe's name, or a YAML file.")
    ],
    data: Annotated[
        str | None, typer.Option(help="Where the images lie: a folder, .npz, .tar or .zip file.")
    ] = None,
    changes: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="KEY=VALUE", help="Change the recipe; may be repeated."),
    ] = None,
    run: Annotated[
        Path | None, typer.Option(help="The run's folder; runs/NAME by default.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="The bundle's folder; RUN/NAME by default.")
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on where the run stopped.")] = False,
    start: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="BUNDLE",
            help="Begin with a bundle's weights: go on with its training, or learn something new.",
        ),
    ] = None,
    dry_run: Annotated[
        bool,
        typer.Option("--dry-run", help="Check recipe and data, train one step, write nothing."),
    ] = False,
    snapshot_kimg: Annotated[
        float | None, typer.Option(min=0.001, help="Thousands of images between snapshots.")
    ] = None,
    score: Annotated[bool, typer.Option(help="Score each snapshot.")] = True,
    cpu: Annotated[bool, typer.Option("--cpu", help="Leave a GPU alone.")] = False,
) -> None:
    """Train RECIPE: its networks, game, data and budget are written in one small file.

    A run's state is saved at every snapshot and when it is interrupted (Ctrl-C, SIGTERM), so it can
    be stopped at any time (it leaves with 130) and resumed exactly: ganzoo train dcgan-mnist
    --resume. Several processes: torchrun --nproc-per-node=2 -m ganzoo train dcgan-mnist.

    A bundle can be trained further, though not exactly (its optimisers start anew), when it has the
    same recipe and images: ganzoo train sngan-cifar10 --from sngan-cifar10 --set kimg=1000, and
    --set schedule=linear for rates that fall at the end. With other images or another recipe of
    that architecture, its weights are where this one begins.
    """
    from rich.console import Console

    from ganzoo import bundle, config, paths
    from ganzoo.errors import DivergedError
    from ganzoo.hub import card, find
    from ganzoo.training import Start, fit

    console = Console(stderr=True)
    with _terminating():
        resolved = config.load(recipe, changes or (), data)
        home = run or paths.runs() / resolved.name
        if not dry_run:
            _outputs.folder(home)
            _outputs.bundle(out or home / resolved.name, resolved.name)
        images = _images(resolved)
        console.print(f"{resolved.name} learns from {_told(images)}", highlight=False)
        begun = Start.of(bundle.load(find(start)), resolved, images) if start else None
        if begun:
            console.print(f"{resolved.name} {begun}", highlight=False)
        watch = _watch(resolved, images) if score else None
        if score:
            _tell_judged(resolved, watch, console.print)
    if dry_run:
        _rehearse(resolved, images, console.print, cpu)
        return
    try:
        with _bar(resolved) as tell, _interruptible() as stop:
            made = fit(
                resolved,
                images,
                home,
                resume=resume,
                start=begun,
                watch=watch,
                keep=watch.keep if watch else "best",
                snapshot_kimg=snapshot_kimg,
                tell=tell,
                out=out,
                cpu=cpu,
                stop=stop,
            )
    except DivergedError as error:
        if error.kept:
            card.write(bundle.load(error.kept))
        raise
    if made:
        card.write(made)
        console.print(f"[bold]{made.name}[/] is ready: ganzoo {use(made)} {made.folder}")


def _told(images: "Dataset") -> str:
    """How many pictures were read, and of what."""
    from ganzoo.errors import listed

    count, (rows, columns) = len(images), images.pictures.shape[2:]
    said = f"{count:,} picture{'s' if count > 1 else ''} of {columns} x {rows}"
    if images.class_names:
        said += f" in {len(images.class_names)} classes ({listed(images.class_names)})"
    left = len(images.skipped)
    return said + (f"; {left} could not be read" if left else "")


def _images(recipe: "Recipe") -> "Dataset":
    from ganzoo.data import sources
    from ganzoo.errors import DataError

    source = sources[recipe.data.name]
    elsewhere, count = recipe.data.path, source.count
    try:
        found = source.load(recipe.data.request())
    except DataError as error:
        if not (elsewhere and count):
            raise
        kind = "pairs (or unpaired)" if source.given else "maps" if source.palette else "folder"
        raise DataError(f"{error}. For pictures of your own add --set data.name={kind}") from None
    if elsewhere and count and not count / 2 <= len(found) <= 2 * count:
        raise DataError(
            f"{str(elsewhere)!r} holds {len(found):,} pictures, and {source.title} has {count:,}: "
            "its name and licence would stand on the card. For pictures of your own add --set "
            f"data.name={_generic(found)}"
        )
    return found


def _generic(found: "Dataset") -> str:
    """The kind of folder that such pictures would be read from."""
    if found.inputs is None:
        return "folder" if found.maps is None else "maps"
    return "pairs" if found.paired else "unpaired"


def _watch(recipe: "Recipe", images: "Dataset") -> "AnyWatch | None":
    from ganzoo.errors import MetricError
    from ganzoo.evaluation import watch

    try:
        return watch(recipe, images)
    except MetricError as error:
        raise MetricError(f"{error}; --no-score trains without scores") from None


def _tell_judged(recipe: "Recipe", watch: "AnyWatch | None", say: Callable[[str], None]) -> None:
    """On which pictures it is scored as it learns, where those must be others."""
    from ganzoo.evaluation import HeldOutWatch

    if isinstance(watch, HeldOutWatch):
        how = f" ({watch.held_out.drawn})" if watch.held_out.drawn else ""
        say(f"{recipe.name} is scored on {len(watch.rows):,} that nobody learns from{how}")
    elif watch is None and recipe.abilities & {"classify", "segment", "translate"}:
        say(f"{recipe.name} is not scored: no two pictures are held out")


def _rehearse(recipe: "Recipe", images: "Dataset", say: Callable[[str], None], cpu: bool) -> None:
    from ganzoo.outline import parameter_count
    from ganzoo.training import Trainer

    trainer = Trainer(recipe, images, cpu=cpu)
    terms = trainer.step()
    say(f"{recipe.name}: {recipe.paper.nickname} on {len(images):,} images, {recipe.kimg:g} kimg")
    for name, player in trainer.players.items():
        say(f"  {name}: {parameter_count(player):,} parameters")
    say("  one step: " + ", ".join(f"{name} {float(term):.4f}" for name, term in terms.items()))


@contextmanager
def _terminating() -> "Iterator[None]":
    """While there is nothing to save yet, a request to end is a Ctrl-C."""
    import signal

    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def _interruptible() -> "Iterator[Callable[[], bool]]":
    """Whether the process was asked to end; who asks twice does not want to wait for the step."""
    import signal

    asked: list[int] = []
    before = {one: signal.getsignal(one) for one in (signal.SIGINT, signal.SIGTERM)}

    def take(number: int, _: object) -> None:
        asked.append(number)
        signal.signal(number, before[signal.Signals(number)])

    for one in before:
        signal.signal(one, take)
    try:
        yield lambda: bool(asked)
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


@contextmanager
def _bar(recipe: "Recipe") -> "Iterator[Callable[[Progress], None]]":
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    from ganzoo.evaluation.curve import Mark, marks
    from ganzoo.record import CurvePoint

    columns = (
        TextColumn("[bold]{task.description}"),
        BarColumn(),
        TextColumn("{task.completed:.3g}/{task.total:g} kimg"),
        TextColumn("{task.fields[speed]:.0f} images/s"),
        TimeRemainingColumn(),
        TextColumn("{task.fields[news]}"),
    )
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(recipe.name, total=recipe.kimg, speed=0.0, news="")
        curve: list[CurvePoint] = []
        told: list[Mark] = []

        def tell(progress: "Progress") -> None:
            bar.update(task, completed=progress.kimg, speed=progress.images_per_second)
            if progress.scoring:
                bar.update(task, news="is scored ...")
            elif progress.scores:
                values = {one.name: one.value for one in progress.scores}
                curve.append(CurvePoint(kimg=progress.kimg, values=values))
                for mark in marks(curve)[len(told) :]:
                    told.append(mark)
                    bar.console.print(f"{recipe.name} {mark}", highlight=False)
                news = "  ".join(f"{one.name} {one.value:.2f}" for one in progress.scores)
                bar.update(task, news=news)

        yield tell


ENTRY = train
