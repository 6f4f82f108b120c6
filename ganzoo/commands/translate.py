"""``ganzoo translate``: pictures, or whole folders of them, through a translator."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer

from ganzoo.commands._arguments import BundleArgument, whole


def translate(
    bundle: BundleArgument,
    inputs: Annotated[
        list[Path], typer.Argument(metavar="INPUT…", help="Pictures, or folders of pictures.")
    ],
    out: Annotated[Path, typer.Option(help="The folder for the results: one PNG each.")],
    seed: Annotated[
        int | None,
        typer.Option(parser=whole, metavar="INTEGER", help="One of several answers, where it has."),
    ] = None,
    back: Annotated[
        bool, typer.Option("--back", help="The way back, of a model that learned both.")
    ] = False,
    ready: Annotated[
        bool,
        typer.Option("--ready", help="INPUTs are edges, labels or drawings already: no filter."),
    ] = False,
    full: Annotated[
        bool,
        typer.Option("--full", help="At full size, in tiles if need be; else at the trained size."),
    ] = False,
    again: Annotated[
        bool, typer.Option("--again", help="Make anew what lies in --out already.")
    ] = False,
) -> None:
    """Translate pictures with BUNDLE: edges become cats, labels facades.

    What is in the folder already is not made again, so that an interrupted run goes on where it
    stopped: ganzoo translate pix2pix-edges2cats photos/ --out cats/
    """
    from rich.console import Console
    from rich.progress import track

    import ganzoo
    from ganzoo import images
    from ganzoo.data import picture
    from ganzoo.errors import InputError
    from ganzoo.explore.translate import fitted, prepared, translated

    model = ganzoo.load(bundle)
    if "translate" not in model.bundle.abilities:
        raise InputError(f"{model.bundle.name} does not translate pictures")
    plan = _plan(inputs, out)
    waiting = [(source, target) for source, target in plan if again or not target.exists()]
    console, problems = Console(stderr=True), []
    for source, target in track(waiting, model.bundle.name, console=console):
        try:
            with source.open("rb") as file:
                read = picture(file, name=repr(str(source)))
        except (InputError, OSError) as error:
            problems.append(str(error))
            continue
        sized = read if full else fitted(read, model.image_size)
        start = prepared(model, sized, "ready" if ready else "photo", back)
        target.parent.mkdir(parents=True, exist_ok=True)
        beside = target.with_name(f".{target.name}")
        images.to_pillow(translated(model, start, seed, back)).save(beside, "PNG")
        beside.replace(target)  # a file that is there is whole
    made = len(waiting) - len(problems)
    typer.echo(f"{made} translated, {len(plan) - len(waiting)} there already: {out}")
    if problems:
        raise InputError("; ".join(problems))


def _plan(inputs: Sequence[Path], out: Path) -> list[tuple[Path, Path]]:
    """Each picture, and where its translation goes."""
    from ganzoo.data import SUFFIXES
    from ganzoo.errors import InputError

    def find(given: Path) -> Iterator[tuple[Path, Path]]:
        if not given.exists():
            raise InputError(f"there is no picture or folder {str(given)!r}")
        if given.is_file():
            yield given, out / f"{given.stem}.png"
            return
        for path in sorted(given.rglob("*")):
            if path.suffix.lower() in SUFFIXES and path.is_file():
                yield path, out / path.relative_to(given).with_suffix(".png")

    plan = [pair for given in inputs for pair in find(given)]
    if not plan:
        raise InputError(f"no pictures in {', '.join(repr(str(one)) for one in inputs)}")
    targets = [target for _, target in plan]
    if twice := sorted({str(one) for one in targets if targets.count(one) > 1}):
        raise InputError(f"two inputs would both become {twice[0]!r}: translate them apart")
    return plan


ENTRY = translate
