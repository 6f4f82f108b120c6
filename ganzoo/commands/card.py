"""``ganzoo card``: writes model cards anew from what the bundles know."""

from pathlib import Path
from typing import Annotated

import typer


def card(
    bundles: Annotated[list[Path], typer.Argument(help="Folders of bundles.")],
) -> None:
    """Write the README.md of each BUNDLE from its config.json."""
    from ganzoo import bundle
    from ganzoo.hub.card import write

    for folder in bundles:
        write(bundle.load(folder))
        typer.echo(folder / bundle.CARD)


ENTRY = card
