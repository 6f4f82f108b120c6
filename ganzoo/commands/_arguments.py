"""Arguments that several commands share."""

from typing import Annotated, TypeAlias

import typer


def whole(text: str | int) -> int:
    """A whole number, or a message that quotes what was given instead."""
    try:
        return int(text)
    except ValueError:
        raise typer.BadParameter(f"expected a whole number, got {text!r}") from None


BundleArgument: TypeAlias = Annotated[
    str,
    typer.Argument(
        metavar="BUNDLE", help="A name in checkpoints/, a folder, or hub:user/name@revision."
    ),
]
