"""What a data source declares about itself, and what it hands over."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Literal

import numpy as np
import torch
from jaxtyping import Int, Int64, UInt8

from ganzoo.errors import InputError
from ganzoo.shapes import Image

HASHED_AT_ONCE = 64 * 2**20  # bytes; a memory map larger than memory is read in such pieces


@dataclass(frozen=True, kw_only=True)
class DataRequest:
    """Which images, and how they are to come.

    Attributes:
        path: a file or folder to read; None lets the source look where it usually lives.
        size: side of the square that every image becomes, in pixels.
        channels: 1 for grey, 3 for colour.
        split: ``train``, ``val`` or ``test``; a source without splits has only ``train``.
        download: whether the network may be used if there is no local copy.

    Raises:
        InputError: if ``size`` is below 1.
    """

    path: Path | None = None
    size: int = 32
    channels: Literal[1, 3] = 3
    split: str = "train"
    download: bool = True

    def __post_init__(self) -> None:
        if self.size < 1:
            raise InputError(f"pictures have a side of at least 1 pixel; got {self.size}")


@dataclass(frozen=True, kw_only=True)
class Dataset:
    """Images as they are shown to a network: uint8, NCHW, one size.

    Attributes:
        pictures: (n, c, size, size) uint8; may be a read-only memory map larger than memory.
        labels: (n,) int64, or None.
        class_names: what the labels stand for.
        skipped: one sentence for each image that could not be read.
    """

    name: str
    pictures: UInt8[np.ndarray, "n c h w"]
    labels: Int64[np.ndarray, " n"] | None = None
    class_names: tuple[str, ...] = ()
    skipped: tuple[str, ...] = field(default=(), repr=False)

    def __len__(self) -> int:
        return len(self.pictures)

    def images(
        self,
        rows: slice | Int[np.ndarray, " b"],
        device: torch.device | str = "cpu",
    ) -> Image:
        """Those rows as a network sees them: float [-1, 1], channels last in memory."""
        return as_images(self.pictures[rows], device)

    @cached_property
    def fingerprint(self) -> str:
        """sha256 over the pictures' bytes (hex): the identity of these very images."""
        digest = sha256()
        step = max(1, HASHED_AT_ONCE // max(1, self.pictures[:1].nbytes))
        for start in range(0, len(self), step):
            digest.update(np.ascontiguousarray(self.pictures[start : start + step]).data)
        return digest.hexdigest()


def as_images(pictures: UInt8[np.ndarray, "b c h w"], device: torch.device | str = "cpu") -> Image:
    """0..255 becomes [-1, 1], as :func:`ganzoo.images.from_pictures` does, on ``device``."""
    small = torch.from_numpy(np.require(pictures, requirements=["C", "W"])).to(device)
    image = small.to(torch.float32).div_(127.5).sub_(1)
    return image.contiguous(memory_format=torch.channels_last)


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
