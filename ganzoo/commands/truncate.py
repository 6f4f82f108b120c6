"""``ganzoo truncate``: what a bundle's quality costs in variety, threshold by threshold."""

from typing import Annotated

import typer

from ganzoo.commands import _outputs
from ganzoo.commands._arguments import BundleArgument, seed_of


def truncate(
    what: BundleArgument,
    count: Annotated[int, typer.Option(min=2, help="Images at each threshold.")] = 2_000,
    seed: Annotated[
        int,
        typer.Option(
            parser=seed_of,
            metavar="INTEGER",
            help="Of the first image, and of the choice of reals.",
        ),
    ] = 0,
    data: Annotated[
        str | None, typer.Option(help="Where the real images lie: a folder, .npz or .tar file.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
    write: Annotated[
        bool, typer.Option("--write", help="Keep the curve in the bundle's config.json.")
    ] = False,
) -> None:
    """Measure BUNDLE's truncation curve: precision, recall and Fréchet distance of the same seeds,
    their latents cut at thresholds from 0.1 to 2.

    The gallery draws it beside the truncation slider: ganzoo truncate biggan-fashion --write
    """
    from rich import box
    from rich.console import Console
    from rich.table import Table

    from ganzoo import bundle, evaluation
    from ganzoo.errors import InputError
    from ganzoo.evaluation import eyes, reals, truncation
    from ganzoo.hub import card, find
    from ganzoo.record import line

    judged = bundle.load(find(what))
    if write:
        _outputs.kept(judged.folder)
    if "truncate" not in judged.abilities:
        raise InputError(
            f"{judged.name} shows no truncation slider, so no curve either (ganzoo list: truncate)"
        )
    choice = judged.recipe.data.model_copy(update={"path": data}) if data else judged.recipe.data
    yardstick = evaluation.yardstick(reals.load(choice), None, choice.split, count, seed)
    console = Console(stderr=True)
    with console.status("painting"):
        curve = truncation.curve(
            judged, yardstick.reference, eyes.default(judged.recipe), count, seed
        )
    if write:
        card.write(bundle.rewrite(judged, truncation=curve))
    if as_json:
        typer.echo(curve.model_dump_json(indent=2))
        return
    kinds = list(curve.points[0].values)
    table = Table(box=box.SIMPLE_HEAD)
    for column in ("threshold", *kinds):
        table.add_column(column, justify="right")
    for point in curve.points:
        table.add_row(f"{point.threshold:g}", *(f"{point.values[kind]:.4g}" for kind in kinds))
    Console().print(table)
    typer.echo(line(curve.protocol))


ENTRY = truncate
