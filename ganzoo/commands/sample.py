"""``ganzoo sample``: a sheet of pictures from a bundle."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ganzoo.commands import _outputs
from ganzoo.commands._arguments import BundleArgument, use, whole

if TYPE_CHECKING:
    from ganzoo.bundle import Bundle


def sample(
    bundle: BundleArgument,
    seed: Annotated[
        int,
        typer.Option(parser=whole, metavar="INTEGER", help="Of the first picture; then upwards."),
    ] = 0,
    count: Annotated[
        int, typer.Option(parser=whole, metavar="INTEGER", help="How many pictures, up to 1024.")
    ] = 16,
    out: Annotated[Path, typer.Option(help="Where to write the sheet: .png or .webp.")] = Path(
        "grid.png"
    ),
    label: Annotated[
        str | None,
        typer.Option("--class", help="A class by name or number; all in turn if not given."),
    ] = None,
    truncation: Annotated[
        float | None,
        typer.Option(help="Cut latents at this threshold: 0 has no variety, 2 nearly all."),
    ] = None,
) -> None:
    """Paint pictures with BUNDLE and write them as one sheet.

    The same seed gives the same picture, today and tomorrow: ganzoo sample dcgan-mnist --seed 7
    """
    import ganzoo
    from ganzoo import images
    from ganzoo.errors import InputError
    from ganzoo.zoo import Dreamer

    _outputs.file(out, "a sheet", ".png", ".webp")
    model = ganzoo.load(bundle)
    if "single_image" in model.bundle.abilities:
        if label is not None or truncation is not None:
            raise InputError(f"{model.bundle.name} knows no classes and truncates nothing")
        image = Dreamer(model).dream(seed, count)
    elif "sample" in model.bundle.abilities:
        image = model.sample(seed, count, label, truncation)
    else:
        raise InputError(_refusal(model.bundle))
    sheet = images.grid(images.to_pictures(image))
    out.parent.mkdir(parents=True, exist_ok=True)
    images.to_pillow(sheet).save(out, lossless=True)
    typer.echo(out)


def _refusal(bundle: "Bundle") -> str:
    """Why nothing is painted, and what to do instead, where there is anything."""
    shown = bundle.architecture.shown
    if shown not in bundle.players:
        return f"{bundle.name} holds no {shown}, only its {' and '.join(bundle.players)}"
    return f"{bundle.name} does not paint from latents: try ganzoo {use(bundle)} {bundle.name}"


ENTRY = sample
