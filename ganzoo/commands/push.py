"""``ganzoo push``: a bundle becomes a repository on the Hugging Face Hub."""

from typing import Annotated

import typer

from ganzoo.commands._arguments import BundleArgument


def push(
    bundle: BundleArgument,
    repository: Annotated[
        str,
        typer.Argument(metavar="USER/NAME", help="On the Hub; USER/NAME@BRANCH for a branch."),
    ],
    private: Annotated[
        bool, typer.Option("--private", help="Only for you; counts when it is created.")
    ] = False,
    dry_run: Annotated[
        bool,
        typer.Option(
            "--dry-run", help="Say what would be done, without the Hub if need be; change nothing."
        ),
    ] = False,
    message: Annotated[str, typer.Option(help="Of the commit.")] = "",
) -> None:
    """Publish BUNDLE on the Hugging Face Hub: weights, config, previews and a model card.

    What is there already is not sent again: after a broken line, push once more. Log in with
    hf auth login, or set HF_TOKEN; HF_ENDPOINT names another Hub.
    """
    from ganzoo import bundle as bundles
    from ganzoo import hub
    from ganzoo.commands._shipments import tell

    found, ref = bundles.load(hub.find(bundle)), hub.repository(repository)
    parcels = hub.pack(found, ref.repo)
    if dry_run:
        tell(hub.rehearse(ref, parcels), private)
        typer.echo("Nothing was sent (--dry-run).")
        return
    shipment = hub.inspect(ref, parcels)
    tell(shipment, private)
    commit = hub.send(ref, shipment, private=private, message=message or f"Add {found.name}")
    typer.echo(f"Anyone opens it with hub:{ref.repo}@{commit}")


ENTRY = push
