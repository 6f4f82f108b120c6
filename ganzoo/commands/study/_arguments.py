"""Arguments that the commands about studies share."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

if TYPE_CHECKING:
    from ganzoo.study.store import Store

StudyArgument: TypeAlias = Annotated[
    str, typer.Argument(metavar="STUDY", help="A prepared study: its folder, or its name.")
]


@contextmanager
def opened() -> "Iterator[Store]":
    """The store of all studies."""
    from ganzoo import paths
    from ganzoo.study.store import Store

    store = Store(paths.database())
    try:
        yield store
    finally:
        store.close()


@contextmanager
def recorded(study: str) -> "Iterator[tuple[Store, str]]":
    """The store, and the name under which a study (a name or a folder) is on record there."""
    from ganzoo.errors import StudyError
    from ganzoo.study import halls
    from ganzoo.study.design import Design
    from ganzoo.study.manifest import DESIGN

    try:
        name = Design.load(halls.find(study) / DESIGN).name
    except StudyError:
        name = study
    with opened() as store:
        yield store, name
