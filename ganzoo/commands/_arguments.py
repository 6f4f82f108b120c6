"""Arguments that several commands share."""

from typing import Annotated, TypeAlias

import typer

SEEDS = 2**32  # as everywhere in ganzoo: latents.py, which is slow to load


def whole(text: str | int) -> int:
    """A whole number, or a message that quotes what was given instead."""
    try:
        return int(text)
    except ValueError:
        raise typer.BadParameter(f"expected a whole number, got {text!r}") from None


def seed_of(text: str | int) -> int:
    """A seed, or a message that quotes what was given instead."""
    if not 0 <= (value := whole(text)) < SEEDS:
        raise typer.BadParameter(f"a seed is a whole number from 0 to {SEEDS - 1}; got {text!r}")
    return value


BundleArgument: TypeAlias = Annotated[
    str,
    typer.Argument(
        metavar="BUNDLE", help="A name in checkpoints/, a folder, or hub:user/name@revision."
    ),
]
