"""Features of real images, kept under a key that names everything they depend on.

A folder per key, in ``paths.cache()/features``. It appears whole or not at all, so several
evaluations may fill it at once; whichever comes first is kept.
"""

import json
import os
from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

from ganzoo import paths
from ganzoo.errors import MetricError

VERSION = 1  # rises whenever the same images would give other features

Key = Mapping[str, str | int]


def kept(key: Key, make: Callable[[Path], None]) -> Path:
    """The folder of that key, filled by ``make`` if there is none yet.

    Raises:
        MetricError: if it cannot be written.
    """
    text = json.dumps({"version": VERSION, **key}, sort_keys=True)
    place = paths.cache() / "features" / sha256(text.encode()).hexdigest()[:32]
    if (place / "key.json").is_file():
        return place
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        beside = Path(mkdtemp(prefix=".", dir=place.parent))
        try:
            make(beside)
            (beside / "key.json").write_text(text)
            _appear(beside, place)
        finally:
            rmtree(beside, ignore_errors=True)
    except OSError as error:
        raise MetricError(
            f"cannot keep features in '{place.parent}': {error}; "
            "set GANZOO_CACHE to a folder that has room for them"
        ) from None
    return place


def _appear(beside: Path, place: Path) -> None:
    try:
        os.rename(beside, place)
    except OSError:
        if not (place / "key.json").is_file():  # not merely a rival who was faster
            raise
