"""A folder of pictures, or an archive of them, with all that lies below, in the order of names.

Sub-folders become classes, and ``train``, ``val`` and ``test`` splits: see
:func:`ganzoo.data._labels.arrange`. Each picture is turned upright, cut square in the middle and
resized; one that cannot be read is left out, and named in the data set's ``skipped``. The result
is kept in the cache, and read from there until a file's name, size or time changes. Of archives:
:mod:`ganzoo.data._archive`; an ``.npz`` is one of arrays, and read by :mod:`ganzoo.data.npz`.
"""

import os
import stat
from collections.abc import Iterator
from functools import partial
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from ganzoo.data import _archive, npz
from ganzoo.data._base import DataRequest, Dataset, Source
from ganzoo.data._cache import Encoded, Listing, decoded
from ganzoo.data._decode import SUFFIXES, Crop, Opened
from ganzoo.data._labels import arrange, is_picture
from ganzoo.errors import DataError


def load(request: DataRequest) -> Dataset:
    """Reads ``request.path``.

    Raises:
        DataError: if there is no such folder or archive, no picture in it, or no such split.
    """
    if request.path is None:
        raise DataError("folder needs a path: the folder of pictures to read (--data FOLDER)")
    path = request.path.expanduser()
    if not path.is_dir() and _archive.parse(path):
        return _archive.read(path, request)
    if not path.is_dir() and path.suffix == ".npz":
        return npz.read(path, request)
    return read(path, request)


def read(
    path: Path, request: DataRequest, name: str | None = None, crop: Crop = "centre"
) -> Dataset:
    """Reads the folder at ``path``; the data set bears its name, or ``name``.

    Raises:
        DataError: as :func:`load`.
    """
    if not path.is_dir():
        raise lacking(path)
    name = name or path.resolve().name
    found = _listed(path)
    if not found:
        raise DataError(
            f"no pictures in '{path}': looked there and below for {', '.join(sorted(SUFFIXES))}"
        )
    names = [file.relative for file in found]
    arranged = arrange(names, request.split, name, request.held_out)
    chosen = [(found[place], label) for place, label in arranged.chosen]
    identity = [
        str(path.resolve()),
        arranged.class_names,
        [(str(file.relative), file.bytes, file.modified) for file, _ in chosen],
    ]

    def listing() -> Listing:
        files = [
            Encoded(str(file.relative), partial(_open, path / file.relative), label)
            for file, label in chosen
        ]
        return Listing(files, arranged.class_names, arranged.drawn)

    return decoded(name, request, crop, identity, listing)


def lacking(path: Path) -> DataError:
    """What to raise where a folder should be, and is not."""
    kinds = "neither a folder, nor a .zip, .tar, .tar.gz or .tgz"
    return DataError(f"'{path}' is {kinds}" if path.exists() else f"there is no folder '{path}'")


def listed(path: Path) -> list[PurePosixPath]:
    """The pictures that :func:`read` would find below a folder, in the order of their names."""
    return [file.relative for file in _listed(path)]


def pictures(path: Path) -> Iterator[Encoded]:
    """Those, one after the other, to be opened."""
    for relative in listed(path):
        yield Encoded(str(relative), partial(_open, path / relative), None)


class _Found(NamedTuple):
    relative: PurePosixPath
    bytes: int
    modified: int  # nanoseconds


def _listed(path: Path) -> list[_Found]:
    return sorted(_below(path, PurePosixPath(), frozenset()))


def _below(
    folder: Path, relative: PurePosixPath, above: frozenset[tuple[int, int]]
) -> Iterator[_Found]:
    """Every file with a picture's name, through links to folders too, but never in a circle."""
    about = folder.stat()
    here = (about.st_dev, about.st_ino)
    if here in above:
        return
    with os.scandir(folder) as entries:
        for entry in entries:
            inner = relative / entry.name
            if entry.is_dir():
                yield from _below(folder / entry.name, inner, above | {here})
            elif is_picture(inner):
                yield _found(entry, inner)


def _found(entry: os.DirEntry[str], relative: PurePosixPath) -> _Found:
    try:
        about = entry.stat()
    except OSError:  # a link to nothing: opening it will say so
        about = entry.stat(follow_symlinks=False)
    return _Found(relative, about.st_size, about.st_mtime_ns)


def _open(path: Path) -> Opened:
    if not stat.S_ISREG(path.stat().st_mode):  # a pipe would keep us waiting for ever
        raise OSError("not a regular file")
    return path.open("rb")


ENTRY = Source(title="Folder of pictures", licence="not stated", load=load, divides=True)
