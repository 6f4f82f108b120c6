"""What a data source declares about itself, and what it hands over."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import numpy as np
from jaxtyping import Int64, UInt8


@dataclass(frozen=True, kw_only=True)
class DataRequest:
    """Which images, and how they are to come.

    Attributes:
        path: a file or folder to read; None lets the source look where it usually lives.
        size: side of the square that every image becomes, in pixels.
        channels: 1 for grey, 3 for colour.
        split: ``train``, ``val`` or ``test``; a source without splits has only ``train``.
        download: whether the network may be used if there is no local copy.
    """

    path: Path | None = None
    size: int = 32
    channels: Literal[1, 3] = 3
    split: str = "train"
    download: bool = True


@dataclass(frozen=True, kw_only=True)
class Dataset:
    """Images as they are shown to a network: uint8, NCHW, one size.

    Attributes:
        pictures: (n, c, size, size) uint8; may be a read-only memory map larger than memory.
        labels: (n,) int64, or None.
        class_names: what the labels stand for.
        skipped: one sentence for each image that could not be read.
        fingerprint: sha256 over the pictures' bytes (hex), the identity of these very images.
    """

    name: str
    pictures: UInt8[np.ndarray, "n c h w"]
    labels: Int64[np.ndarray, " n"] | None
    class_names: tuple[str, ...] = ()
    skipped: tuple[str, ...] = field(default=(), repr=False)
    fingerprint: str = ""

    def __len__(self) -> int:
        return len(self.pictures)


@dataclass(frozen=True, kw_only=True)
class Source:
    """A data set, or a kind of folder or file, that can be read.

    Attributes:
        title: its name on a label.
        short: its part of a bundle's name (``<method>-<short>``); empty for generic sources.
        licence: as found; goes on the card of whatever is trained on it.
        url: where it comes from.
        load: reads it. Raises DataError naming what was looked for.
    """

    title: str
    short: str = ""
    licence: str
    url: str = ""
    load: Callable[[DataRequest], Dataset]
