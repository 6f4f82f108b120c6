"""``ganzoo gallery``: the zoo in a browser; ``python app.py`` is the same."""

import signal
from pathlib import Path
from typing import Annotated

import typer


def gallery(
    host: Annotated[
        str,
        typer.Option(
            envvar="GRADIO_SERVER_NAME",
            help="Where to listen; 0.0.0.0 serves the whole network.",
        ),
    ] = "127.0.0.1",
    port: Annotated[
        int | None,
        typer.Option(
            envvar="GRADIO_SERVER_PORT",
            min=1,
            max=65535,
            help="The first free one from 7860 on if not given.",
        ),
    ] = None,
    bundles: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FOLDER",
            help="A folder whose sub-folders are bundles; may be repeated. "
            "checkpoints/ (or $GANZOO_CHECKPOINTS) if not given.",
        ),
    ] = None,
    models: Annotated[
        list[str] | None,
        typer.Option(
            metavar="BUNDLE",
            envvar="GANZOO_MODELS",
            help="One more bundle: a folder, or hub:user/name@revision from the Hugging Face "
            "Hub; may be repeated.",
        ),
    ] = None,
    guests: Annotated[
        int,
        typer.Option(
            metavar="MIB",
            envvar="GANZOO_GUESTS",
            min=0,
            max=4096,
            help="How large a model may be that a visitor brings from the Hub; 0 lets nobody.",
        ),
    ] = 256,
) -> None:
    """Open the gallery: sample, walk, compare and judge every bundle at hand in a browser.

    Bundles come from checkpoints/ beside the package. To add one from the Hugging Face Hub:
    --models hub:user/name, or --models hub:user/name@revision to pin a branch, tag or commit.
    Private models need HF_TOKEN or hf auth login; with HF_HUB_OFFLINE=1 only what was fetched
    before is used. Visitors may bring further ones in the
    Models view, see --guests; who wants to fool ImageNet's networks lets their weights be fetched.
    Nothing else is ever asked of the network.
    """
    from ganzoo import paths
    from ganzoo.errors import GanzooError, InputError
    from ganzoo.gallery.app import launch
    from ganzoo.hub import find
    from ganzoo.zoo import Zoo

    roots = bundles or [paths.checkpoints()]
    for root in roots:
        if not root.is_dir():
            raise InputError(f"there is no folder of bundles {str(root)!r}")
    zoo = Zoo(roots, guest_bytes=guests * 2**20)
    for ref in models or ():
        zoo.add(find(ref))
    for name, why in zoo.problems.items():
        typer.echo(f"ganzoo: {name} is left out: {why}", err=True)
    if not zoo.names():
        where = ", ".join(repr(str(root)) for root in roots)
        typer.echo(f"ganzoo: no bundles in {where}: the gallery's walls are bare", err=True)
    try:
        served = launch(zoo, host, port)
    except OSError as error:
        raise GanzooError(f"cannot serve at {host}:{port or '7860 or later'}: {error}") from None
    typer.echo(f"The gallery is open at {served.local_url}")
    signal.signal(signal.SIGTERM, _leave)  # as Ctrl-C: what is being drawn is finished
    served.block_thread()


def _leave(*_: object) -> None:
    raise KeyboardInterrupt


ENTRY = gallery
