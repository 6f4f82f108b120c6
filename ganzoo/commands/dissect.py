"""``ganzoo dissect``: which units of a generator draw what, and what setting them does."""

from typing import TYPE_CHECKING, Annotated

import typer

from ganzoo.commands import _outputs
from ganzoo.commands._arguments import BundleArgument, seed_of
from ganzoo.commands._bars import progress

if TYPE_CHECKING:
    from rich.table import Table

    from ganzoo.record import Dissection

NAMED = 6  # units that a row of the table names


def dissect(
    what: BundleArgument,
    segmenter: Annotated[
        str, typer.Option(metavar="BUNDLE", help="Who names the parts of its pictures.")
    ],
    layer: Annotated[
        str | None, typer.Option(help="Such as 16x16; the middle one if not given.")
    ] = None,
    count: Annotated[int, typer.Option(min=4, help="Pictures to look at.")] = 400,
    seed: Annotated[
        int, typer.Option(parser=seed_of, metavar="INTEGER", help="Of the first picture.")
    ] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
    write: Annotated[
        bool, typer.Option("--write", help="Keep the dissection in the bundle's config.json.")
    ] = False,
) -> None:
    """Find out which units of a layer of BUNDLE draw which concept (GAN Dissection).

    A unit agrees with a concept as far as the places where it answers loudly are those that the
    segmenter calls so (IoU). A concept's best units are then switched off everywhere, and switched
    on at random places. The gallery's tab opens bundles that keep a dissection:
    ganzoo dissect dcgan-facades --segmenter unet-facades --write
    """
    from rich.console import Console

    from ganzoo import bundle
    from ganzoo.evaluation.dissection import dissection
    from ganzoo.hub import card, find
    from ganzoo.record import line

    opened, judge = bundle.load(find(what)), bundle.load(find(segmenter))
    if write:
        _outputs.kept(opened.folder)
    with progress() as tell:
        found = dissection(opened, judge, layer, count, seed, tell)
    if write:
        card.write(bundle.rewrite(opened, dissection=found))
    if as_json:
        typer.echo(found.model_dump_json(indent=2))
        return
    Console().print(_table(opened.name, found))
    typer.echo(line(found.protocol))


def _table(name: str, found: "Dissection") -> "Table":
    from rich import box
    from rich.table import Table

    from ganzoo.explore.dissect import best

    title = f"{name}, layer {found.layer}, {len(found.iou)} units, as {found.segmenter} sees it"
    table = Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD)
    for column in ("concept", "of pixels", "best units (IoU)", "set", "removed", "caused"):
        table.add_column(column, justify="left" if "units" in column else "right")
    for concept in sorted(range(len(found.concepts)), key=lambda c: -found.shares[c]):
        units = ", ".join(
            f"{unit} ({found.iou[unit][concept]:.2f})" for unit in best(found.iou, concept, NAMED)
        )
        said = found.concepts[concept]
        effects = [effect for effect in found.effects if effect.concept == said]
        table.add_row(
            said,
            f"{found.shares[concept]:.1%}",
            units,
            *("\n".join(column) for column in zip(
                *((str(len(one.units)), f"{one.removed:+.0%}", f"{one.caused:+.0%}")
                  for one in effects), strict=True)),
        )  # fmt: skip
    return table


ENTRY = dissect
