"""The command line: each file of :mod:`ganzoo.commands` is a command, named after its file."""

import re
from collections.abc import Callable, Mapping
from errno import EDQUOT, EFBIG, ENOSPC
from functools import wraps
from importlib import import_module
from typing import Annotated, Any

import typer

from ganzoo import __version__
from ganzoo.allocator import keep_freed_memory
from ganzoo.commands import commands
from ganzoo.errors import GanzooError, StoppedError, first_line
from ganzoo.registry import Folder

FULL = (ENOSPC, EDQUOT, EFBIG)  # errors that name no file, but need none


def build(*names: str) -> typer.Typer:
    """An application of these commands; of one alone, that command itself."""
    several = len(names) > 1
    app = _group({name: commands[name] for name in names}, ganzoo.__doc__ if several else None)
    if several:
        app.callback()(ganzoo)
    return app


def _group(entries: Mapping[str, Any], about: str | None) -> typer.Typer:
    app = typer.Typer(
        add_completion=False,
        no_args_is_help=len(entries) > 1,
        pretty_exceptions_enable=False,
        rich_markup_mode="markdown",
        context_settings={"help_option_names": ["-h", "--help"]},
        help=about,
    )
    for name, entry in entries.items():
        word = name.replace("_", "-")
        if isinstance(entry, Folder):
            about = import_module(entry.package).__doc__
            app.add_typer(_group(entry, about), name=word)
        else:
            app.command(word)(_with_plain_errors(entry))
    return app


def _version(wanted: bool) -> bool:
    if wanted:
        typer.echo(__version__)
        raise typer.Exit
    return wanted


def ganzoo(
    version: Annotated[
        bool,
        typer.Option(
            "--version", help="Print the version and leave.", is_eager=True, callback=_version
        ),
    ] = False,
) -> None:
    """A zoo of generative adversarial networks: train them, sample them, look inside.

    A BUNDLE is a trained model: a name in checkpoints/ (ganzoo list), a folder, or
    hub:user/name@revision. A RECIPE says how one is trained.
    """


def main() -> None:
    """The entry point of ``ganzoo`` and of ``python -m ganzoo``."""
    keep_freed_memory()
    build(*commands)(prog_name="ganzoo")


def _with_plain_errors(command: Callable[..., None]) -> Callable[..., None]:
    """What ganzoo raises on purpose, and what the system refuses (files, memory), become one
    message on stderr and an exit code; so does Ctrl-C."""

    @wraps(command)
    def run(*args: object, **kwargs: object) -> None:
        try:
            command(*args, **kwargs)
        except GanzooError as error:
            typer.echo(f"ganzoo: {error}", err=True)
            raise typer.Exit(error.code) from None
        except OSError as error:
            if error.filename is None and error.errno not in FULL:
                raise
            where = f"{error.filename!r}: " if error.filename is not None else ""
            typer.echo(f"ganzoo: {where}{error.strerror}", err=True)
            raise typer.Exit(GanzooError.code) from None
        except (MemoryError, RuntimeError) as error:
            if not (refused := _too_much(error)):
                raise
            typer.echo(f"ganzoo: this machine's memory is too small: {refused}", err=True)
            raise typer.Exit(GanzooError.code) from None
        except KeyboardInterrupt:
            typer.echo("ganzoo: stopped", err=True)
            raise typer.Exit(StoppedError.code) from None

    return run


def _too_much(error: Exception) -> str:
    """What numpy or torch says if it asked for more memory than there is, else nothing."""
    if isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryError":
        return first_line(error)
    asked = re.search(r"can't allocate memory: you tried to allocate (\d+) bytes", str(error))
    return f"{int(asked[1]) / 2**30:,.1f} GiB asked for" if asked else ""
