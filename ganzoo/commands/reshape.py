"""``ganzoo reshape``: the one picture that a bundle knows, at another size or shape."""

from pathlib import Path
from typing import Annotated

import typer

from ganzoo.commands import _outputs
from ganzoo.commands._arguments import BundleArgument


def reshape(
    bundle: BundleArgument,
    out: Annotated[Path, typer.Option(help="Where to write the picture: .png or .webp.")],
    wide: Annotated[float, typer.Option(help="How many times as wide: 0.4 to 2.2.")] = 1.0,
    tall: Annotated[float, typer.Option(help="How many times as tall: 0.4 to 2.2.")] = 1.0,
    narrow: Annotated[
        float,
        typer.Option(
            help="Share of the width by which the upper edge is shorter; below 0 the lower one is."
        ),
    ] = 0.0,
    stretched: Annotated[
        bool, typer.Option("--stretched", help="Stretch the picture plainly, to compare.")
    ] = False,
) -> None:
    """Remake BUNDLE's picture: ganzoo reshape ingan-pagoda --wide 2 --out wide.png

    What the picture consists of keeps its size; there is more of it, or less.
    """
    import ganzoo
    from ganzoo import images
    from ganzoo.zoo import Retargeter

    _outputs.file(out, "a picture", ".png", ".webp")
    retargeter = Retargeter(ganzoo.load(bundle))
    image = (retargeter.stretched if stretched else retargeter.remake)(tall, wide, narrow)
    out.parent.mkdir(parents=True, exist_ok=True)
    images.to_pillow(images.to_pictures(image)[0]).save(out, lossless=True)
    typer.echo(out)


ENTRY = reshape
