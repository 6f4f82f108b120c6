"""A ``.tar``, ``.tar.gz`` or ``.tgz`` of pictures, in the order in which it holds them.

``archive.tar.gz:inner/folder`` reads only what lies below that folder of the archive. Classes,
splits, decoding and cache are those of :mod:`ganzoo.data.folder`. Members are read as streams
and never written to disk, so no name in an archive can reach outside it; links, devices and names
that try to are left out, and named in the data set's ``skipped``.
"""

import re
import tarfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from io import BytesIO
from pathlib import Path, PurePosixPath

from ganzoo.data._base import DataRequest, Dataset, Source
from ganzoo.data._cache import Encoded, Listing, decoded
from ganzoo.data._decode import SUFFIXES, Crop, Opened
from ganzoo.data._labels import arrange, is_picture
from ganzoo.errors import DataError, suggestion

MOST_BYTES = 128 * 2**20  # of one picture file; more is not a picture
PATH = re.compile(r"(?P<archive>.+?\.(?:tar|tar\.gz|tgz))(?::(?P<inner>.*))?", re.I | re.S)

Members = Sequence[tuple[tarfile.TarInfo, int | None]]


def parse(path: Path) -> tuple[Path, str | None] | None:
    """The archive, and the folder inside it that is meant, if any; None if it is no archive."""
    match = PATH.fullmatch(str(path))
    return match and (Path(match["archive"]).expanduser(), match["inner"])


def load(request: DataRequest) -> Dataset:
    """Reads ``request.path``.

    Raises:
        DataError: if there is no such archive, it is damaged, or it has no picture there or no
            such split.
    """
    if request.path is None:
        raise DataError("tar needs a path: the .tar, .tar.gz or .tgz to read (--data FILE)")
    return read(request.path, request)


def read(
    path: Path, request: DataRequest, name: str | None = None, crop: Crop = "centre"
) -> Dataset:
    """Reads the archive at ``path``; the data set bears its name, or ``name``.

    Raises:
        DataError: as :func:`load`.
    """
    parsed = parse(path)
    if parsed is None:
        raise DataError(f"'{path}' is not named like a .tar, .tar.gz or .tgz")
    archive, inner = parsed
    if not archive.is_file():
        raise DataError(f"there is no archive '{archive}'")
    name = name or path.name
    about = archive.stat()
    inside = PurePosixPath(inner or "")
    identity = [str(archive.resolve()), about.st_size, about.st_mtime_ns, str(inside)]
    return decoded(name, request, crop, identity, partial(_list, archive, inside, request, name))


def _list(archive: Path, inside: PurePosixPath, request: DataRequest, name: str) -> Listing:
    with _reading(archive) as tar:
        pictures = {
            path: member
            for member in tar
            if not member.isdir() and is_picture(path := PurePosixPath(member.name))
        }
        _check_end(tar)
    odd = [(member, None) for member in pictures.values() if _problem(member)]
    plain = {
        path.relative_to(inside): member
        for path, member in pictures.items()
        if path.is_relative_to(inside) and not _problem(member)
    }
    if not plain and not odd:
        raise DataError(_nothing(archive, inside, list(pictures)))
    arranged = arrange(list(plain), request.split, name, request.held_out)
    members = list(plain.values())
    chosen = [(members[place], label) for place, label in arranged.chosen]
    in_order = sorted(chosen + odd, key=lambda one: one[0].offset)
    return Listing(_stream(archive, in_order), arranged.class_names, arranged.drawn)


def _check_end(tar: tarfile.TarFile) -> None:
    """Tells a whole archive from one cut short, which tarfile passes over in silence."""
    if tar.fileobj is not None:
        tar.fileobj.seek(tar.offset)
        if tar.fileobj.read(tarfile.BLOCKSIZE).strip(b"\0"):
            raise tarfile.ReadError("it is damaged or cut short")


def _problem(member: tarfile.TarInfo) -> str | None:
    path = PurePosixPath(member.name)
    if path.is_absolute() or ".." in path.parts:
        return "its name leads out of the archive"
    if not member.isfile():
        return "a link or a device, not a file"
    if member.size > MOST_BYTES:
        return f"{member.size} bytes are more than a picture has"
    return None


def _stream(archive: Path, members: Members) -> Iterator[Encoded]:
    with _reading(archive) as tar:
        for member, label in members:
            problem = _problem(member)
            file = None if problem else tar.extractfile(member)
            content = file.read() if file else b""
            yield Encoded(member.name, partial(_open, content, problem), label)


def _open(content: bytes, problem: str | None) -> Opened:
    if problem:
        raise OSError(problem)
    return BytesIO(content)


@contextmanager
def _reading(archive: Path) -> Iterator[tarfile.TarFile]:
    try:
        with tarfile.open(archive, "r:*") as tar:
            yield tar
    except (tarfile.TarError, OSError, EOFError, ValueError, zlib.error) as error:
        raise DataError(f"cannot read '{archive}': {error}") from None


def _nothing(archive: Path, inside: PurePosixPath, pictures: list[PurePosixPath]) -> str:
    if not pictures:
        return f"no pictures in '{archive}': looked for {', '.join(sorted(SUFFIXES))}"
    folders = {str(folder) for path in pictures for folder in path.parents} - {"."}
    return f"no pictures in {str(inside)!r} of '{archive}'. {suggestion(str(inside), folders)}"


ENTRY = Source(title="Archive of pictures", licence="not stated", load=load, divides=True)
