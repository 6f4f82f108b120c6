"""``ganzoo import``: weights that others trained become a bundle."""

from pathlib import Path
from typing import Annotated

import typer

from ganzoo.commands import _outputs


def import_(
    kind: Annotated[
        str | None, typer.Argument(metavar="FORMAT", help="One of ganzoo import --list.")
    ] = None,
    file: Annotated[
        str | None,
        typer.Argument(
            metavar="FILE",
            help="The weights as they were published: on disk, or hub:owner/repo/file@revision.",
        ),
    ] = None,
    options: Annotated[
        Path | None,
        typer.Option(
            help="Constructor arguments, JSON or YAML; else meta.json or config.json beside FILE."
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="The bundle's folder; its name is the bundle's.")
    ] = None,
    part: Annotated[
        str | None,
        typer.Option(help="generator, discriminator, …; added to a bundle that is at --out."),
    ] = None,
    known: Annotated[bool, typer.Option("--list", help="Say which formats are known.")] = False,
) -> None:
    """Turn FILE, weights in a public FORMAT, into an ordinary bundle. Nothing in it is executed.

    ganzoo import dcgan-pytorch-examples netG_epoch_24.pth --out my-dcgan

    A file on the Hub is fetched at one commit, which the bundle remembers: the card says where
    the weights come from, and under which licence.
    """
    from ganzoo import bundle, files, hub
    from ganzoo import importers as foreign
    from ganzoo.errors import InputError, UnknownNameError, suggestion
    from ganzoo.hub import card
    from ganzoo.importers import convert, importers
    from ganzoo.record import Provenance

    if known:
        for name, one in importers.items():
            typer.echo(f"{name.replace('_', '-')}: {one.title} ({', '.join(one.parts)})")
            typer.echo(f"  code: {one.repository}")
            typer.echo(f"  files: {one.files}")
            typer.echo(f"  licence: {one.licence}")
        return
    if kind is None or file is None or out is None:
        raise InputError("expected FORMAT, FILE and --out DIR; formats: ganzoo import --list")
    if kind not in importers:
        formats = [name.replace("_", "-") for name in importers]
        near = suggestion(kind.replace("_", "-"), formats)
        raise UnknownNameError(f"there is no format {kind!r}. {near}")
    importer = importers[kind]
    _outputs.folder(out)
    if not (out / bundle.CONFIG).is_file():
        _outputs.bundle(out, out.resolve().name)
    fetched = hub.fetch(file) if file.startswith(hub.HUB) else None
    path = fetched.path if fetched else Path(file)
    content = foreign.weights(path)
    provenance = Provenance(
        format=kind.replace("_", "-"),
        source=fetched.pinned if fetched else path.name,
        sha256=files.sha256(path),
        repository=importer.repository,
        licence=importer.licence,
    )
    told = foreign.options(options, path)
    made = convert(importer, out.resolve().name, content, told, provenance, out, part)
    card.write(made)
    typer.echo(f"{made.name} is ready: {made.folder}")


ENTRY = import_
