"""The bundles at hand: those in ``checkpoints/``, by name, and any other folder."""

from pathlib import Path

from ganzoo import bundle, choices, paths, weights
from ganzoo.errors import BundleError, UnknownNameError, suggestion


def residents() -> list[Path]:
    """The folders of the bundles in ``checkpoints/``, by name."""
    return sorted(path.parent for path in paths.checkpoints().glob(f"*/{bundle.CONFIG}"))


def find(ref: str | Path) -> Path:
    """The folder of a bundle at hand: a name in ``checkpoints/``, or a folder.

    A folder of that name here goes first if it is a bundle.

    Raises:
        UnknownNameError: if nothing bears that name.
        BundleError: if it is a file.
    """
    if not str(ref):
        raise UnknownNameError("a bundle is a name, a folder or hub:user/name; got ''")
    here, shelf = Path(ref), paths.checkpoints()
    if here.is_file():
        raise BundleError(_not_a_folder(here))
    named = shelf / str(ref)
    if (here / bundle.CONFIG).is_file() or not choices.is_name(str(ref)):
        found = here
    else:
        found = named if named.is_dir() else here
    if not found.is_dir():
        raise UnknownNameError(
            f"there is no bundle {str(ref)!r}, neither as a folder nor in {str(shelf)!r}. "
            f"{suggestion(here.name, (folder.name for folder in residents()))}"
        )
    return found


def _not_a_folder(path: Path) -> str:
    if path.suffix in weights.PICKLES:
        return (
            f"{str(path)!r} may hold code and is never read; a bundle is a folder with "
            f"{bundle.CONFIG} and {bundle.MODEL}"
        )
    return f"{str(path)!r} is a file; a bundle is the folder around its {bundle.CONFIG}"
