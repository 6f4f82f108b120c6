"""Where a bundle lies: by name, by folder, or on the Hub."""

from pathlib import Path

from ganzoo import shelf
from ganzoo.hub.pull import pull
from ganzoo.hub.ref import HUB


def find(ref: str | Path) -> Path:
    """The folder of a bundle, fetched first if it is on the Hub.

    Args:
        ref: a name in ``checkpoints/``, a folder, or ``hub:user/name@revision``.

    Raises:
        UnknownNameError, BundleError: see :func:`ganzoo.shelf.find`.
        HubError: see :func:`ganzoo.hub.pull.pull`.
    """
    if isinstance(ref, str) and ref.startswith(HUB):
        return pull(ref).folder
    return shelf.find(ref)
