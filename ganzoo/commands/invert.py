"""``ganzoo invert``: what a classifier still knows of a picture, as a sheet of paintings."""

from pathlib import Path
from typing import Annotated

import typer

from ganzoo.commands import _outputs
from ganzoo.commands._arguments import BundleArgument, whole


def invert(
    bundle: BundleArgument,
    picture: Annotated[
        Path, typer.Argument(metavar="PICTURE", help="It is cut to a square and shrunk.")
    ],
    out: Annotated[Path, typer.Option(help="The sheet: .png or .webp.")],
    level: Annotated[
        int | None,
        typer.Option(parser=whole, metavar="INTEGER", help="This one alone; 0 is the finest."),
    ] = None,
    seed: Annotated[
        int, typer.Option(parser=whole, metavar="INTEGER", help="Of the first painting.")
    ] = 0,
    count: Annotated[
        int, typer.Option(parser=whole, metavar="INTEGER", help="Paintings at each level.")
    ] = 6,
) -> None:
    """Paint what the classifier that BUNDLE inverts still knows of a picture, level by level.

    A row for each level, the finest above: first the picture, then paintings that are alike there:
    ganzoo invert semantic_pyramid-cifar10 cat.jpg --out cat.png
    """
    import numpy as np

    import ganzoo
    from ganzoo import images
    from ganzoo.data import picture as opened
    from ganzoo.errors import InputError
    from ganzoo.explore.translate import squared
    from ganzoo.zoo import Inverter

    _outputs.file(out, "a sheet", ".png", ".webp")
    model = ganzoo.load(bundle)
    if (beheld := model.bundle.config.classifier) is None:
        raise InputError(f"{model.bundle.name} inverts no classifier")
    inverter = Inverter(model, ganzoo.load(beheld.name))
    try:
        with picture.open("rb") as file:
            read = opened(file, name=repr(str(picture)))
    except OSError as error:
        raise InputError(f"{str(picture)!r} cannot be read: {error.strerror}") from None
    shown = np.array(squared(read, model.image_size)[None])
    image = images.from_pictures(shown)
    if model.image_channels == 1:
        image = image.mean(1, keepdim=True)
    levels = range(len(inverter.levels)) if level is None else [level]
    rows = [
        np.concatenate([images.to_pictures(one) for one in (image, made)])
        for made in (inverter.invert(image, each, seed, count) for each in levels)
    ]
    out.parent.mkdir(parents=True, exist_ok=True)
    sheet = images.grid(np.concatenate(rows), columns=count + 1)
    images.to_pillow(sheet).save(out, lossless=True)
    typer.echo(out)


ENTRY = invert
