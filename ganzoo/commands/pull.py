"""``ganzoo pull``: a bundle from the Hugging Face Hub onto this machine."""

from typing import Annotated

import typer


def pull(
    repository: Annotated[
        str,
        typer.Argument(
            metavar="USER/NAME", help="On the Hub; USER/NAME@REVISION pins a branch, tag or commit."
        ),
    ],
    keep: Annotated[
        bool, typer.Option("--keep", help="Put a copy into checkpoints/, where a gallery shows it.")
    ] = False,
) -> None:
    """Fetch a bundle from the Hugging Face Hub, check every file, and say where it lies.

    With HF_HUB_OFFLINE=1, or when the Hub is out of reach, what was fetched before serves. An
    open gallery shows what was kept when its page is opened anew.
    """
    from ganzoo import hub, paths

    pulled = hub.pull(repository)
    typer.echo(hub.keep(pulled, paths.checkpoints()) if keep else pulled.folder)
    typer.echo(f"The very same again: hub:{pulled.pinned}")


ENTRY = pull
