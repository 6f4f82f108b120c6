"""What an archive holds, whatever its format, and what of it is not opened."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

MOST_BYTES = 128 * 2**20  # of one picture file; more is not a picture


@dataclass(frozen=True)
class Member:
    """A file in an archive.

    Attributes:
        place: where in the archive it begins; members are read in this order.
        handle: by which its format finds it again.
        problem: why it is not opened, if it is not.
    """

    name: str
    place: int
    handle: Any
    problem: str | None


@dataclass(frozen=True)
class Kind:
    """A format of archives.

    Attributes:
        members: all that is no folder. Raises DataError if the archive is damaged.
        contents: what is in each of some members, in that order, or a sentence on why that cannot
            be had.
    """

    members: Callable[[Path], list[Member]]
    contents: Callable[[Path, Sequence[Member]], Iterator[bytes | str]]


def problem(name: str, size: int, plain: bool) -> str | None:
    """Why a member of that name and size is not opened; ``plain``: whether it is a file at all."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts:
        return "its name leads out of the archive"
    if not plain:
        return "a link or a device, not a file"
    if size > MOST_BYTES:
        return f"{size} bytes are more than a picture has"
    return None
