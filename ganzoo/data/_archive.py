"""An archive of pictures, read like a folder: ``archive.zip``, or ``archive.zip:inner/folder``.

Classes, splits, decoding and cache are those of :mod:`ganzoo.data.folder`. Members are read one
after the other and never written to disk, so no name in an archive can reach outside it; links,
devices, names that try to, and files larger than a picture are left out, and named in the data
set's ``skipped``.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from io import BytesIO
from pathlib import Path, PurePosixPath

from ganzoo.data import _tar, _zip
from ganzoo.data._base import DataRequest, Dataset
from ganzoo.data._cache import Encoded, Listing, decoded
from ganzoo.data._decode import SUFFIXES, Crop, Opened
from ganzoo.data._labels import arrange, is_picture
from ganzoo.data._member import Kind, Member
from ganzoo.errors import DataError, suggestion

KINDS: Mapping[str, Kind] = {"zip": _zip.KIND}  # by ending; all others are tar's
PATH = re.compile(r"(?P<archive>.+?\.(?:tar|tar\.gz|tgz|zip))(?::(?P<inner>.*))?", re.I | re.S)


def parse(path: Path) -> tuple[Path, str | None] | None:
    """The archive, and the folder inside it that is meant, if any; None if it is no archive."""
    match = PATH.fullmatch(str(path))
    return match and (Path(match["archive"]).expanduser(), match["inner"])


def read(
    path: Path, request: DataRequest, name: str | None = None, crop: Crop = "centre"
) -> Dataset:
    """Reads the archive at ``path``; the data set bears its name, or ``name``.

    Raises:
        DataError: if there is no such archive, it is damaged, or it has no picture there or no
            such split.
    """
    archive, inside = _told(path)
    name = name or path.name
    about = archive.stat()
    identity = [str(archive.resolve()), about.st_size, about.st_mtime_ns, str(inside)]
    return decoded(name, request, crop, identity, partial(_list, archive, inside, request, name))


def names(path: Path) -> list[PurePosixPath]:
    """The pictures that :func:`read` would find, from the folder on that is meant.

    Raises:
        DataError: as :func:`read`.
    """
    archive, inside = _told(path)
    return sorted(_plain(_pictures(archive), inside))


def pictures(path: Path) -> Iterator[Encoded]:
    """Those, one after the other, to be opened.

    Raises:
        DataError: as :func:`read`.
    """
    archive, inside = _told(path)
    plain = _plain(_pictures(archive), inside)
    return _stream(archive, [(member, None) for member in plain.values()])


def _told(path: Path) -> tuple[Path, PurePosixPath]:
    parsed = parse(path)
    if parsed is None:
        raise DataError(f"'{path}' is not named like a .tar, .tar.gz, .tgz or .zip")
    if not parsed[0].is_file():
        raise DataError(f"there is no archive '{parsed[0]}'")
    return parsed[0], PurePosixPath(parsed[1] or "")


def _kind(archive: Path) -> Kind:
    return KINDS.get(archive.suffix.lower().removeprefix("."), _tar.KIND)


def _pictures(archive: Path) -> dict[PurePosixPath, Member]:
    """By name; of several of one name the last, as whoever unpacks them would have it."""
    found = ((PurePosixPath(one.name), one) for one in _kind(archive).members(archive))
    return {path: member for path, member in found if is_picture(path)}


def _plain(
    found: Mapping[PurePosixPath, Member], inside: PurePosixPath
) -> dict[PurePosixPath, Member]:
    return {
        path.relative_to(inside): member
        for path, member in found.items()
        if path.is_relative_to(inside) and not member.problem
    }


def _list(archive: Path, inside: PurePosixPath, request: DataRequest, name: str) -> Listing:
    found = _pictures(archive)
    odd = [(member, None) for member in found.values() if member.problem]
    plain = _plain(found, inside)
    if not plain and not odd:
        raise DataError(_nothing(archive, inside, list(found)))
    arranged = arrange(list(plain), request.split, name, request.held_out)
    members = list(plain.values())
    chosen = [(members[place], label) for place, label in arranged.chosen]
    return Listing(_stream(archive, [*chosen, *odd]), arranged.class_names, arranged.drawn)


def _stream(archive: Path, members: Iterable[tuple[Member, int | None]]) -> Iterator[Encoded]:
    in_order = sorted(members, key=lambda one: one[0].place)
    contents = _kind(archive).contents(archive, [member for member, _ in in_order])
    for (member, label), content in zip(in_order, contents, strict=True):
        yield Encoded(member.name, partial(_open, content), label)


def _open(content: bytes | str) -> Opened:
    """What is in a member; a sentence says why it cannot be had."""
    if isinstance(content, str):
        raise OSError(content)
    return BytesIO(content)


def _nothing(archive: Path, inside: PurePosixPath, found: list[PurePosixPath]) -> str:
    if not found:
        return f"no pictures in '{archive}': looked for {', '.join(sorted(SUFFIXES))}"
    folders = {str(folder) for path in found for folder in path.parents} - {"."}
    return f"no pictures in {str(inside)!r} of '{archive}'. {suggestion(str(inside), folders)}"
