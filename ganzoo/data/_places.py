"""Where a local copy of a data set may lie."""

from collections.abc import Sequence
from pathlib import Path

from ganzoo import paths
from ganzoo.data._base import DataRequest
from ganzoo.errors import DataError


def candidates(request: DataRequest, names: Sequence[str]) -> list[Path]:
    """The path that was given, and only that; else the known names among local data.

    Absolute names stand for themselves; the others lie in ``paths.data()``.
    """
    if request.path is not None:
        return [request.path.expanduser()]
    return [paths.data() / name for name in names]


def missing(what: str, looked: Sequence[Path], why: str) -> DataError:
    """What to raise when no candidate holds the data set."""
    places = ", ".join(f"'{path}'" for path in looked)
    return DataError(f"{what} not found: looked at {places}; {why}")
