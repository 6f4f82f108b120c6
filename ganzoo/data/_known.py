"""Data sets that have a name, but come as a folder or an archive of pictures."""

from collections.abc import Sequence
from pathlib import Path

from ganzoo.data import _archive, folder
from ganzoo.data._base import DataRequest, Dataset
from ganzoo.data._decode import Crop
from ganzoo.data._places import candidates, missing


def load(
    request: DataRequest,
    *,
    name: str,
    places: Sequence[str],
    url: str,
    crop: Crop = "centre",
    inner: str = "",
) -> Dataset:
    """Reads the path given, or the first of ``places`` there is. Nothing is downloaded.

    Args:
        places: folders and archives, in ``paths.data()``.
        inner: the folder of an archive that holds the set, where no other is named.

    Raises:
        DataError: if there is no copy, saying where it was looked for and where to get it.
    """
    looked = candidates(request, places)
    for path in looked:
        if path.is_dir():
            return folder.read(path, request, name, crop)
        if (found := within(path, inner)) is not None:
            return _archive.read(found, request, name, crop)
    raise missing(
        name, looked, f"get it from {url}, then give its path or put it there (GANZOO_DATA)"
    )


def within(path: Path, inner: str) -> Path | None:
    """The archive at ``path``, if there is one, with the folder in it that is meant."""
    parsed = _archive.parse(path)
    if parsed is None or not parsed[0].is_file():
        return None
    archive, named = parsed
    return Path(f"{archive}:{inner}") if named is None and inner else path
