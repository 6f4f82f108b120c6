"""The format of ``.zip``."""

import lzma
import stat
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from ganzoo.data._member import Kind, Member, problem
from ganzoo.errors import DataError

LOCKED = 0x1  # the flag of a member that needs a password
TIMES = 100  # as large as the archive may what is in it be: pictures are packed already
SPARE = 2**30  # bytes beyond that, for small archives of plain drawings
# of one member, which is then left out: its sum is wrong, its packing unknown
BROKEN = (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, zlib.error,
          lzma.LZMAError)  # fmt: skip


def _members(archive: Path) -> list[Member]:
    with _reading(archive) as file:
        found = [one for one in file.infolist() if not one.is_dir()]
    held, total = archive.stat().st_size, sum(one.file_size for one in found)
    if total > TIMES * held + SPARE:
        raise DataError(
            f"cannot read '{archive}': its {held:,} bytes would become {total:,}, more than "
            "pictures do"
        )
    return [Member(one.filename, one.header_offset, one, _problem(one)) for one in found]


def _problem(member: zipfile.ZipInfo) -> str | None:
    kind = stat.S_IFMT(member.external_attr >> 16)  # 0 where it was packed without one
    said = problem(member.filename, member.file_size, kind in (0, stat.S_IFREG))
    return said or ("it is locked by a password" if member.flag_bits & LOCKED else None)


def _contents(archive: Path, members: Sequence[Member]) -> Iterator[bytes | str]:
    with _reading(archive) as file:
        for member in members:
            yield member.problem or _content(file, member)


def _content(file: zipfile.ZipFile, member: Member) -> bytes | str:
    try:
        with file.open(member.handle) as opened:
            return opened.read(member.handle.file_size)  # whatever it would unpack to
    except BROKEN as error:
        return str(error) or "damaged"


@contextmanager
def _reading(archive: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(archive) as file:
            yield file
    except (zipfile.BadZipFile, NotImplementedError, OSError, EOFError, ValueError) as error:
        raise DataError(f"cannot read '{archive}': {error}") from None


KIND = Kind(_members, _contents)
