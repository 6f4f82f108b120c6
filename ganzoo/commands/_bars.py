"""A progress bar on stderr for each thing that is done, as it begins."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ganzoo.evaluation.plan import Tell


@contextmanager
def bars() -> Iterator[Callable[[str, int, int], None]]:
    """What is told of work under way: what it is, how much more is done, and of how much."""
    from rich.console import Console
    from rich.progress import Progress, TaskID

    with Progress(console=Console(stderr=True)) as shown:
        tasks: dict[str, TaskID] = {}

        def tell(what: str, more: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = shown.add_task(what, total=total)
            shown.advance(tasks[what], more)

        yield tell


@contextmanager
def progress() -> "Iterator[Tell]":
    """The same, told by an evaluation."""
    with bars() as tell:
        yield lambda told: tell(told.what, told.more, told.total)
