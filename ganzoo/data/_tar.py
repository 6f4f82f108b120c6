"""The format of ``.tar``, ``.tar.gz`` and ``.tgz``."""

import tarfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from lzma import LZMAError
from pathlib import Path

from ganzoo.data._member import Kind, Member, problem
from ganzoo.errors import DataError

PIECE = 2**20  # bytes read at once


def _members(archive: Path) -> list[Member]:
    with _reading(archive) as tar:
        found = [
            Member(one.name, one.offset, one, problem(one.name, one.size, one.isfile()))
            for one in tar
            if not one.isdir()
        ]
        _check_end(tar)
    return found


def _check_end(tar: tarfile.TarFile) -> None:
    """Tells a whole archive from one cut short, which tarfile passes over in silence.

    Read to its end, because behind it stands the checksum of a compressed one.
    """
    if tar.fileobj is not None:
        tar.fileobj.seek(tar.offset)
        if tar.fileobj.read(tarfile.BLOCKSIZE).strip(b"\0"):
            raise tarfile.ReadError("it is damaged or cut short")
        while tar.fileobj.read(PIECE):
            pass


def _contents(archive: Path, members: Sequence[Member]) -> Iterator[bytes | str]:
    with _reading(archive) as tar:
        for member in members:
            file = None if member.problem else tar.extractfile(member.handle)
            yield member.problem or (file.read() if file else b"")


@contextmanager
def _reading(archive: Path) -> Iterator[tarfile.TarFile]:
    try:
        with tarfile.open(archive, "r:*") as tar:
            yield tar
    except (tarfile.TarError, OSError, EOFError, ValueError, LZMAError, zlib.error) as error:
        raise DataError(f"cannot read '{archive}': {error}") from None


KIND = Kind(_members, _contents)
