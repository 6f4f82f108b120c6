"""Puts a bundle that was fetched from the Hub among one's own."""

import shutil
from pathlib import Path
from uuid import uuid4

from ganzoo import bundle
from ganzoo.errors import BundleError
from ganzoo.hub.pull import Pulled


def keep(pulled: Pulled, shelf: Path) -> Path:
    """Copies a bundle into a folder of bundles, whole or not at all.

    Raises:
        BundleError: if another bundle of that name stands there.
    """
    found = bundle.load(pulled.folder)
    place = shelf / found.name
    if place.exists():
        if not _same(found, place):
            raise BundleError(f"there is another {found.name!r} already: {str(place)!r}")
        return place
    beside = shelf / f".{found.name}.{uuid4().hex[:12]}"
    try:
        shutil.copytree(pulled.folder, beside)  # the cache holds links; these are files
        return beside.rename(place)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _same(found: bundle.Bundle, place: Path) -> bool:
    try:
        return bundle.load(place).config == found.config
    except BundleError:
        return False
