"""Files that are whole or not there, and their hashes."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO
from uuid import uuid4


@contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """A file to be written, that takes its name once it is complete and on the disk.

    Readers see the old file or the new one, never half of one; two writers do not meet, and who
    fails leaves nothing behind.
    """
    beside = path.with_name(f".{path.name}.{uuid4().hex[:12]}")
    try:
        with beside.open("xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def replace(path: Path, content: bytes) -> None:
    """Puts a file in the place of an earlier one, whole."""
    with replacing(path) as file:
        file.write(content)


def sha256(path: Path) -> str:
    """The hash of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
