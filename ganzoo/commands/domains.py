"""``ganzoo domains``: a map of two worlds, as a classifier sees them."""

from typing import Annotated

import typer

from ganzoo.commands import _outputs
from ganzoo.commands._arguments import BundleArgument, seed_of


def domains(
    what: BundleArgument,
    count: Annotated[int, typer.Option(min=10, help="Test pictures of each domain.")] = 300,
    seed: Annotated[
        int,
        typer.Option(
            parser=seed_of, metavar="INTEGER", help="Of the choice of pictures, and of the map."
        ),
    ] = 0,
    data: Annotated[
        str | None, typer.Option(help="Where the data's own images lie: a folder or .tar file.")
    ] = None,
    write: Annotated[
        bool, typer.Option("--write", help="Keep the map in the bundle, for the gallery.")
    ] = False,
) -> None:
    """Draw a map of test pictures of all domains that BUNDLE's data speak of, and tell how well a
    linear judge tells the domains apart.

    The repository's own: ganzoo domains dann-mnist_m --write
    """
    from ganzoo import bundle
    from ganzoo.errors import InputError
    from ganzoo.evaluation import domains as records
    from ganzoo.evaluation import reals
    from ganzoo.hub import find

    subject = bundle.load(find(what))
    if write:
        _outputs.kept(subject.folder)
    if "adapt" not in subject.abilities:
        raise InputError(f"{subject.name} is no classifier that adapts to another domain")
    choice = subject.recipe.data.model_copy(update={"path": data}) if data else subject.recipe.data
    found = records.atlas(subject, reals.domains(choice), count, seed)
    if write:
        records.write(subject, found)
    names = " from ".join(domain.name for domain in found.domains)
    typer.echo(
        f"{subject.name}: a linear judge tells {names} in {found.told_apart:.1%} of "
        f"{len(found.domains) * count:,} pictures; {1 / len(found.domains):.0%} is chance"
    )


ENTRY = domains
