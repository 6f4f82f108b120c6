"""A folder of one's own, or an archive that is read as if it were one."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from ganzoo.data import _archive, folder
from ganzoo.data._base import DataRequest, Dataset
from ganzoo.data._cache import Encoded
from ganzoo.data._decode import Crop
from ganzoo.data._labels import unwrapped

HERE = PurePosixPath()


@dataclass(frozen=True)
class Root:
    """Where pictures lie.

    Attributes:
        path: of the folder, or of the archive.
        inside: the folder in an archive.
        names: of an archive, the pictures below that; None of a folder.
    """

    path: Path
    inside: PurePosixPath = HERE
    names: tuple[PurePosixPath, ...] | None = None

    def __str__(self) -> str:
        return str(self._place)

    def __truediv__(self, name: str) -> "Root":
        if self.names is None:
            return Root(self.path / name)
        below = (one for one in self.names if one.parts[0] == name and len(one.parts) > 1)
        return Root(self.path, self.inside / name, tuple(one.relative_to(name) for one in below))

    def has(self, name: str) -> bool:
        """Whether there is a folder of that name in it."""
        if self.names is None:
            return (self.path / name).is_dir()
        return bool((self / name).names)

    def read(self, request: DataRequest, name: str, crop: Crop = "centre") -> Dataset:
        """All that lies below it, with names that begin here.

        Raises:
            DataError: as :func:`ganzoo.data.folder.read`.
        """
        if self.names is None:
            return folder.read(self.path, request, name, crop)
        found = _archive.read(self._place, request, name, crop)
        names = (PurePosixPath(one).relative_to(self.inside) for one in found.names)
        return replace(found, names=tuple(map(str, names)))

    def listed(self) -> list[PurePosixPath]:
        """What lies below it, by names that begin here."""
        return folder.listed(self.path) if self.names is None else list(self.names)

    def pictures(self) -> Iterator[Encoded]:
        """What lies below it, one after the other, to be opened."""
        read = folder.pictures if self.names is None else _archive.pictures
        return read(self._place)

    @property
    def _place(self) -> Path:
        return self.path if self.names is None else Path(f"{self.path}:{self.inside}")


def root(path: Path) -> Root:
    """What lies there; of an archive, what is within a lone folder around everything.

    Raises:
        DataError: if nothing does, or the archive is damaged.
    """
    path = path.expanduser()
    if path.is_dir():
        return Root(path)
    parsed = _archive.parse(path)
    if parsed is None:
        raise folder.lacking(path)
    names = _archive.names(path)
    found = Root(parsed[0], PurePosixPath(parsed[1] or ""), tuple(names))
    parts = [one.parts for one in names]
    for lone in parts[0][: len(parts[0]) - len(unwrapped(parts)[0])] if parts else ():
        found = found / lone
    return found
