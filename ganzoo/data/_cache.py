"""Decoded pictures, kept on disk: unpacked once, then mapped, however many there are."""

import json
import logging
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
import PIL
from jaxtyping import UInt8

from ganzoo import paths
from ganzoo.data._base import DataRequest, Dataset
from ganzoo.data._decode import FOREIGN, Crop, Opened, decode
from ganzoo.errors import DataError, first_line
from ganzoo.files import replace, replacing

VERSION = 2  # rises whenever the same files would decode to other bytes
NAMED = 3  # unreadable files that a message names before it counts the rest

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Encoded:
    """A picture file: its name, how to open it from any thread, and its label.

    Opening it may fail: then the picture is left out, and the error said.
    """

    name: str
    open: Callable[[], Opened]
    label: int | None


@dataclass(frozen=True)
class Listing:
    """The picture files of a split, in order, what their labels stand for, and how the split was
    drawn, if it was."""

    files: Iterable[Encoded]
    class_names: tuple[str, ...]
    drawn: str = ""


@dataclass(frozen=True)
class _Unread:
    """A picture that was left out.

    Attributes:
        passing: whether the system refused it, which it may not do the next time.
    """

    said: str
    passing: bool = False


def decoded(
    name: str, request: DataRequest, crop: Crop, identity: Any, listing: Callable[[], Listing]
) -> Dataset:
    """The pictures as requested, from the cache if these very files were decoded before.

    Args:
        identity: plain data that changes whenever the files do: paths, sizes, times.
        listing: called only if they must be decoded.

    Raises:
        DataError: if no picture can be read, or the cache cannot be written.

    What the system refused to read, as it does without a permission or while a drive is away, is
    tried again the next time, and with it all others.
    """
    wanted = [request.size, request.channels, request.split, crop]
    wanted += ["held out"] if request.held_out else []
    text = json.dumps([VERSION, PIL.__version__, wanted, identity])
    place = paths.cache() / "pictures" / sha256(text.encode()).hexdigest()[:32]
    dataset = _opened(name, place, again=True) or _made(name, request, crop, listing(), place)
    if dataset.skipped:
        _log.warning("%s: left out %s", name, _named(dataset.skipped))
    return dataset


def _made(name: str, request: DataRequest, crop: Crop, listing: Listing, place: Path) -> Dataset:
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        _decode_all(name, request, crop, listing, place)
        dataset = _opened(name, place)
    except OSError as error:
        raise DataError(
            f"cannot keep the decoded pictures of {name} in '{place.parent}': {error}; "
            "set GANZOO_CACHE to a folder that has room for them"
        ) from None
    if dataset is None:
        raise DataError(f"the decoded pictures of {name} vanished from '{place.parent}'")
    return dataset


def _opened(name: str, place: Path, again: bool = False) -> Dataset | None:
    """What is kept there; if it was made before, only what need not be tried again."""
    try:
        about = json.loads(place.with_suffix(".json").read_text())
        pictures = np.load(place.with_suffix(".npy"), mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError, EOFError):
        return None
    if again and about.get("passing", bool(about["skipped"])):  # older entries do not say
        return None
    labels = about["labels"]
    return Dataset(
        name=name,
        pictures=pictures,
        labels=None if labels is None else np.array(labels, np.int64),
        class_names=tuple(about["class_names"]),
        names=tuple(about["names"]),
        skipped=tuple(about["skipped"]),
        drawn=about.get("drawn", ""),  # entries from before it could be
    )


def _decode_all(name: str, request: DataRequest, crop: Crop, listing: Listing, place: Path) -> None:
    def one(file: Encoded) -> UInt8[np.ndarray, "c h w"] | _Unread:
        try:
            with file.open() as opened:
                return decode(opened, request.size, request.channels, crop)
        except PIL.UnidentifiedImageError:  # which names an object in memory, not the file
            kind = PurePosixPath(file.name).suffix.lower()
            unread = f"{kind} is not read; save it as .jpg or .png"
            said = unread if kind in FOREIGN else "damaged, or no picture"
            return _Unread(f"{file.name!r}: {said}")
        except Exception as error:  # a damaged file can trip Pillow in any way at all
            return _Unread(f"{file.name!r}: {first_line(error)}", _passing(error))

    shape = (request.channels, request.size, request.size)
    unread: list[_Unread] = []
    labels: list[int | None] = []
    names: list[str] = []
    with replacing(place.with_suffix(".npy")) as pictures:
        pictures.write(_header(0, shape))
        for file, result in _in_order(one, listing.files):
            if isinstance(result, _Unread):
                unread.append(result)
            else:
                pictures.write(result.tobytes())
                labels.append(file.label)
                names.append(file.name)
        skipped = [one.said for one in unread]
        if not labels:
            raise DataError(f"{name}: no picture could be read; left out {_named(skipped)}")
        pictures.seek(0)
        pictures.write(_header(len(labels), shape))
        about = {
            "labels": labels if listing.class_names else None,
            "class_names": listing.class_names,
            "names": names,
            "skipped": skipped,
            "passing": any(one.passing for one in unread),
            "drawn": listing.drawn,
        }
        replace(place.with_suffix(".json"), json.dumps(about).encode())


def _passing(error: Exception) -> bool:
    """Whether the system refused, and not the file is at fault: Pillow's errors bear no number."""
    return isinstance(error, MemoryError) or getattr(error, "errno", None) is not None


def _in_order(
    function: Callable[[Encoded], Any], files: Iterable[Encoded]
) -> Iterator[tuple[Encoded, Any]]:
    """Like ``map``, in parallel, with only a few files under way at any moment."""
    workers = os.cpu_count() or 1
    under_way: deque[tuple[Encoded, Future[Any]]] = deque()
    with ThreadPoolExecutor(workers) as pool:
        for file in files:
            under_way.append((file, pool.submit(function, file)))
            if len(under_way) > 4 * workers:
                done, future = under_way.popleft()
                yield done, future.result()
        for done, future in under_way:
            yield done, future.result()


def _header(count: int, shape: tuple[int, ...]) -> bytes:
    """A ``.npy`` header; NumPy makes it equally long for every count, so that it can be redone."""
    header = BytesIO()
    about = {"descr": "|u1", "fortran_order": False, "shape": (count, *shape)}
    np.lib.format.write_array_header_1_0(header, about)
    return header.getvalue()


def _named(skipped: Iterable[str]) -> str:
    sentences = list(skipped)
    rest = len(sentences) - NAMED
    return "; ".join(sentences[:NAMED]) + (f"; and {rest} more" if rest > 0 else "")
