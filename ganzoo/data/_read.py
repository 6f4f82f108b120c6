"""Any data set, by its name or by its path."""

from dataclasses import replace
from pathlib import Path

from ganzoo.data import _archive
from ganzoo.data._base import DataRequest, Dataset, Source
from ganzoo.errors import DataError, suggestion
from ganzoo.registry import Folder

sources: Folder[Source] = Folder("ganzoo.data", Source)


def recognise(what: str | Path) -> tuple[str, Path | None]:
    """The source that reads ``what``, and the path for it to read, if ``what`` is one.

    Names come first: a folder that is called like one is meant by ``./mnist`` or a ``Path``.

    Raises:
        DataError: if it is neither a name, nor a folder, nor named like an archive.
    """
    if isinstance(what, str) and what in sources:
        return what.replace("-", "_"), None
    path = Path(what).expanduser()
    if path.is_dir():
        return "folder", path
    if archive := _archive.parse(path):
        return "folder" if archive[0].suffix.lower() == ".zip" else "tar", path
    if path.suffix == ".npz":
        return "npz", path
    if path.exists():
        raise DataError(f"'{path}' is neither a folder, nor an .npz, .tar, .tar.gz, .tgz or .zip")
    raise DataError(f"no data set or path {str(what)!r}. {suggestion(str(what), sources)}")


def read(what: str | Path, request: DataRequest | None = None) -> Dataset:
    """Reads the data set of that name, or at that path.

    Raises:
        DataError: if there is none, or it cannot be read.
    """
    name, path = recognise(what)
    request = request or DataRequest()
    return sources[name].load(replace(request, path=path) if path else request)
