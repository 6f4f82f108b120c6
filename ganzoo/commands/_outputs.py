"""Where commands write, looked at before the work, so that none of it is done for nothing."""

import os
from pathlib import Path


def file(path: Path, what: str, *suffixes: str) -> None:
    """Sees that a file can be written there, and is one of these kinds.

    Raises:
        InputError: if not, quoting the path.
    """
    from ganzoo.errors import InputError

    if path.suffix.lower() not in suffixes:
        raise InputError(f"{what} is written as {' or '.join(suffixes)}; got {str(path)!r}")
    if path.is_dir():
        raise InputError(f"{str(path)!r} is a folder: {what} is written to a file")
    if path.exists() and not os.access(path, os.W_OK):
        raise InputError(f"{str(path)!r} cannot be overwritten")
    folder(path.parent)


def bundle(path: Path, name: str) -> None:
    """Sees that a training can leave its bundle there: where nothing lies, or an earlier one of it.

    Raises:
        InputError: if something else lies there.
    """
    from ganzoo.bundle import CONFIG, load
    from ganzoo.errors import InputError

    folder(path)
    if (path / CONFIG).is_file():
        if (there := load(path).name) != name:
            raise InputError(f"{str(path)!r} holds the bundle {there}, which {name} would replace")
    elif path.is_dir() and (others := sorted(p.name for p in path.iterdir() if _foreign(p))):
        raise InputError(f"{str(path)!r} is no bundle, and holds {others[0]!r}: choose another")


def kept(*bundles: Path) -> None:
    """Sees that what is found out about bundles can be kept in their folders.

    Raises:
        InputError: if not, or if one lies in the Hub's cache, where files stay what the Hub lists.
    """
    from ganzoo.errors import InputError
    from ganzoo.hub import home

    for path in bundles:
        if ref := home(path.resolve()):
            raise InputError(
                f"{str(path)!r} lies in the Hub's cache, where nothing is changed: "
                f"ganzoo pull {ref} --keep, and name the copy"
            )
        folder(path)


def _foreign(path: Path) -> bool:
    """Not what an interrupted writer of a bundle left."""
    from ganzoo.bundle import FILM, PREVIEW

    own = path.suffix == ".safetensors" or path.name in {PREVIEW, FILM}
    return not own and not path.name.startswith(".")


def folder(path: Path) -> None:
    """Sees that files can be written into a folder, which need not be there yet.

    Raises:
        InputError: if not, quoting what is in the way.
    """
    from ganzoo.errors import InputError

    there = next(one for one in (path, *path.absolute().parents) if one.exists())
    if not there.is_dir():
        raise InputError(f"{str(path)!r} cannot be written to: {str(there)!r} is no folder")
    if not os.access(there, os.W_OK | os.X_OK):
        raise InputError(f"{str(path)!r} cannot be written to: {str(there)!r} does not allow it")
