"""``ganzoo translate``: pictures, or whole folders of them, through a translator."""

from pathlib import Path
from typing import Annotated

import typer

from ganzoo.commands import _outputs
from ganzoo.commands._arguments import BundleArgument, seed_of


def translate(
    bundle: BundleArgument,
    inputs: Annotated[
        list[Path], typer.Argument(metavar="INPUT…", help="Pictures, or folders of pictures.")
    ],
    out: Annotated[Path, typer.Option(help="The folder for the results: one PNG each.")],
    seed: Annotated[
        int | None,
        typer.Option(
            parser=seed_of, metavar="INTEGER", help="One of several answers, where it has."
        ),
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
        bool, typer.Option("--again", help="Replace what lies in --out already, whatever it is.")
    ] = False,
) -> None:
    """Translate pictures with BUNDLE: edges become cats, labels facades.

    What is in the folder already, made from the same picture in the same way, is not made again, so
    that an interrupted run goes on where it stopped: ganzoo translate pix2pix-edges2cats photos/
    --out cats/
    """
    from rich.console import Console
    from rich.progress import track

    import ganzoo
    from ganzoo.commands import _translations
    from ganzoo.data import SUFFIXES, picture
    from ganzoo.errors import InputError
    from ganzoo.explore.translate import fitted, prepared, translated

    if out.suffix.lower() in SUFFIXES and not out.is_dir():
        raise InputError(f"--out is a folder, and {str(out)!r} is called like a picture")
    _outputs.folder(out)
    model = ganzoo.load(bundle)
    if "translate" not in model.bundle.abilities:
        raise InputError(f"{model.bundle.name} does not translate pictures")
    plan = _translations.plan(inputs, out)
    way = {"seed": seed, "back": back, "ready": ready, "full": full}
    waiting = [
        (source, target, origin)
        for source, target in plan
        if _translations.missing(target, origin := _translations.origin(model, source, way), again)
    ]
    console, problems = Console(stderr=True), []
    for source, target, origin in track(waiting, model.bundle.name, console=console):
        try:
            with source.open("rb") as file:
                read = picture(file, name=repr(str(source)))
        except (InputError, OSError) as error:
            problems.append(str(error))
            continue
        sized = read if full else fitted(read, model.image_size)
        start = prepared(model, sized, "ready" if ready else "photo", back)
        _translations.write(target, translated(model, start, seed, back), origin)
    done = len(waiting) - len(problems)
    typer.echo(f"{done} translated, {len(plan) - len(waiting)} there already: {out}")
    if problems:
        raise InputError("; ".join(problems))


ENTRY = translate
