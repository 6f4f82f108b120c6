"""Files that are whole or not there, and their hashes."""

import hashlib
import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO
from uuid import uuid4


@contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """A file to be written, that takes its name once it is complete and on the disk.

    Readers see the old file or the new one, never half of one; two writers do not meet, and who
    fails leaves nothing behind.
    """
    with _beside(path) as beside:
        with _complete(beside) as file:
            yield file
        beside.replace(path)


def replace(path: Path, content: bytes) -> None:
    """Puts a file in the place of an earlier one, whole."""
    with replacing(path) as file:
        file.write(content)


def replace_together(folder: Path, contents: Mapping[str, bytes], voucher: str) -> None:
    """Puts several files in the places of earlier ones, once all are complete and on the disk.

    Where there is no room for them, the earlier ones stay as they are.

    Args:
        voucher: the one of them that vouches for the others: it goes first and comes last, so that
            it never stands beside what it does not vouch for.
    """
    with ExitStack() as stack:
        written = {name: stack.enter_context(_beside(folder / name)) for name in contents}
        for name, content in contents.items():
            with _complete(written[name]) as file:
                file.write(content)
        (folder / voucher).unlink(missing_ok=True)
        for name in sorted(written, key=lambda name: name == voucher):
            written[name].replace(folder / name)


@contextmanager
def _beside(path: Path) -> Iterator[Path]:
    """A name in the same folder that nobody else has; nothing bears it if something fails."""
    beside = path.with_name(f".{path.name}.{uuid4().hex[:12]}")
    try:
        yield beside
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


@contextmanager
def _complete(path: Path) -> Iterator[IO[bytes]]:
    """A new file that is on the disk when it is closed."""
    with path.open("xb") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())


def sha256(path: Path) -> str:
    """The hash of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
