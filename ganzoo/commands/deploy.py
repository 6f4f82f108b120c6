"""``ganzoo deploy``: the gallery or the Turing test goes online as a Hugging Face Space."""

from pathlib import Path
from typing import Annotated

import typer


def deploy(
    space: Annotated[str, typer.Argument(metavar="SPACE", help="gallery or turing-test.")],
    repository: Annotated[str, typer.Argument(metavar="USER/NAME", help="On the Hub.")],
    bundles: Annotated[
        list[str] | None,
        typer.Option(metavar="BUNDLE", help="Goes along; may be repeated. All in checkpoints/."),
    ] = None,
    models: Annotated[
        list[str] | None,
        typer.Option(
            metavar="HUB", help="hub:user/name@revision, fetched when it is built; repeatable."
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Write the tree there and keep it.")
    ] = None,
    private: Annotated[bool, typer.Option("--private", help="Only for you.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Assemble and try it; send nothing.")
    ] = False,
) -> None:
    """Put SPACE online as USER/NAME: assemble it, start it here as a Space would, send it.

    Only what starts is sent. Log in with hf auth login, or set HF_TOKEN.
    """
    from tempfile import TemporaryDirectory

    from ganzoo import hub, shelf
    from ganzoo.commands._shipments import tell
    from ganzoo.hub import deploy as work

    chosen, ref = work.space(space), hub.repository(repository)
    folders = shelf.residents() if bundles is None else [hub.find(name) for name in bundles]
    with TemporaryDirectory() as beside:
        tree = (out or Path(beside) / "tree").resolve()
        variables = work.assemble(chosen, tree, folders, models or ())
        parcels = work.parcels(tree)
        size = sum(one.size for one in parcels) / 2**20
        typer.echo(f"assembled {len(parcels)} files, {size:.1f} MiB: {tree}")
        typer.echo(f"it starts: {work.try_out(tree, chosen, ref.repo, variables):.0f} seconds")
        for key, value in variables.items():
            typer.echo(f"  with {key}={value}")
        if dry_run:
            typer.echo("Nothing was sent (--dry-run).")
            return
        shipment = hub.inspect(ref, parcels, "space", owned=_owned)
        tell(shipment, private)
        commit = hub.send(
            ref, shipment, private=private, message=f"Deploy {space}", sdk=work.sdk(tree)
        )
        work.set_variables(ref.repo, variables)
    typer.echo(f"It is being built at commit {commit[:12]}: {ref.repo}")


def _owned(path: str) -> bool:
    """Whatever lies there is the deployment's, but for what the Hub itself put there."""
    return path != ".gitattributes"


ENTRY = deploy
