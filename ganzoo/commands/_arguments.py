"""Arguments that several commands share."""

from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

if TYPE_CHECKING:
    from ganzoo.bundle import Bundle

# the command that shows what a network can do, where it does not sample
USES = {
    "translate": "translate",
    "dance": "dance",
    "retarget": "reshape",
    "invert": "invert",
    "classify": "attack",
    "segment": "evaluate",
}


def use(bundle: "Bundle") -> str:
    """The command that shows what a bundle can do."""
    return next((USES[one] for one in USES if one in bundle.abilities), "sample")


def whole(text: str | int) -> int:
    """A whole number, or a message that quotes what was given instead."""
    try:
        return int(text)
    except ValueError:
        raise typer.BadParameter(f"expected a whole number, got {text!r}") from None


def seed_of(text: str | int) -> int:
    """A seed, or a message that quotes what was given instead."""
    from ganzoo.latents import SEED_LIMIT

    if not 0 <= (value := whole(text)) < SEED_LIMIT:
        raise typer.BadParameter(
            f"a seed is a whole number from 0 to {SEED_LIMIT - 1}; got {text!r}"
        )
    return value


BundleArgument: TypeAlias = Annotated[
    str,
    typer.Argument(
        metavar="BUNDLE", help="A name in checkpoints/, a folder, or hub:user/name@revision."
    ),
]
