"""Where a bundle lies: by name, by folder, or on the Hub."""

import re
from pathlib import Path

from ganzoo import bundle, config, paths
from ganzoo.errors import BundleError, UnknownNameError, suggestion
from ganzoo.hub.pull import pull
from ganzoo.hub.ref import HUB


def find(ref: str | Path) -> Path:
    """The folder of a bundle, fetched first if it is on the Hub.

    Args:
        ref: a name in ``checkpoints/``, a folder, or ``hub:user/name@revision``.

    Raises:
        UnknownNameError: if nothing bears that name.
        BundleError: if it is a file.
        HubError: see :func:`ganzoo.hub.pull.pull`.
    """
    if isinstance(ref, str) and ref.startswith(HUB):
        return pull(ref).folder
    here, shelf = Path(ref), paths.checkpoints()
    if here.is_file():
        raise BundleError(_not_a_folder(here))
    named = shelf / str(ref)
    if (here / bundle.CONFIG).is_file() or not re.match(config.NAME, str(ref)):
        found = here
    else:
        found = named if named.is_dir() else here
    if not found.is_dir():
        known = [folder.parent.name for folder in shelf.glob(f"*/{bundle.CONFIG}")]
        raise UnknownNameError(
            f"there is no bundle {str(ref)!r}, neither as a folder nor in {str(shelf)!r}. "
            f"{suggestion(here.name, known)}"
        )
    return found


def _not_a_folder(path: Path) -> str:
    if path.suffix in bundle.PICKLES:
        return (
            f"{str(path)!r} may hold code and is never read; a bundle is a folder with "
            f"{bundle.CONFIG} and {bundle.MODEL}"
        )
    return f"{str(path)!r} is a file; a bundle is the folder around its {bundle.CONFIG}"
