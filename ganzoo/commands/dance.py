"""``ganzoo dance``: one puppet's dance on another's body, as a film."""

from pathlib import Path
from typing import Annotated

import typer

from ganzoo.commands import _outputs
from ganzoo.commands._arguments import BundleArgument, seed_of, whole

MILLISECONDS = 80  # that each frame is seen
FACTOR = 3  # that frames are enlarged


def dance(
    bundle: BundleArgument,
    out: Annotated[Path, typer.Option(help="The film: .webp or .mp4.")],
    source: Annotated[str, typer.Option(help="Whose dance it is: otto, pip or lola.")] = "otto",
    seed: Annotated[
        int, typer.Option(parser=seed_of, metavar="INTEGER", help="Of the choreography.")
    ] = 1,
    frames: Annotated[
        int, typer.Option(parser=whole, metavar="INTEGER", help="How many there are.")
    ] = 72,
    as_danced: Annotated[
        bool,
        typer.Option("--as-danced", help="Poses as the source danced them: not normalised."),
    ] = False,
    single: Annotated[
        bool, typer.Option("--single", help="Each frame by itself: not told the last one.")
    ] = False,
    alone: Annotated[
        bool, typer.Option("--alone", help="Only the painted dancer, without source and figure.")
    ] = False,
) -> None:
    """Let BUNDLE's dancer do what another one did: ganzoo dance dance-puppets --out film.webp

    Left the source as it danced, in the middle its poses where the target would stand, right the
    target as the network paints it.
    """
    import ganzoo
    from ganzoo import films
    from ganzoo.explore.dance import transfer
    from ganzoo.zoo import Dancer

    writers = {".webp": films.write_webp, ".mp4": films.write_mp4}
    _outputs.file(out, "a film", *writers)
    write = writers[out.suffix.lower()]
    made = transfer(
        Dancer(ganzoo.load(bundle)),
        source,
        seed,
        frames,
        normalise=not as_danced,
        smooth=not single,
    )
    out.parent.mkdir(parents=True, exist_ok=True)
    write(made.painted if alone else made.side_by_side(), out, MILLISECONDS, FACTOR)
    typer.echo(out)


ENTRY = dance
