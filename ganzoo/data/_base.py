"""What a data source declares about itself, and what it hands over."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Literal

import numpy as np
import torch
from jaxtyping import Int, Int64, UInt8

from ganzoo.errors import InputError
from ganzoo.shapes import Image, Picture

Colour = tuple[int, int, int]

HASHED_AT_ONCE = 64 * 2**20  # bytes; a memory map larger than memory is read in such pieces


@dataclass(frozen=True, kw_only=True)
class DataRequest:
    """Which images, and how they are to come.

    Attributes:
        path: a file or folder to read; None lets the source look where it usually lives.
        size: side of the square that every image becomes, in pixels.
        channels: 1 for grey, 3 for colour.
        input_channels: of the pictures that a translator starts from, where there are any.
        split: ``train``, ``val`` or ``test``; a source without splits has only ``train``.
        backwards: whether a translator learns the other way: from what it would make.
        held_out: whether one picture in ten makes the split ``test`` where folders name none.
        download: whether the network may be used if there is no local copy.

    Raises:
        InputError: if ``size`` is below 1.
    """

    path: Path | None = None
    size: int = 32
    channels: Literal[1, 3] = 3
    input_channels: Literal[1, 3] = 3
    split: str = "train"
    backwards: bool = False
    held_out: bool = False
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
        names: what each picture's file is called, where it came from one.
        inputs: (m, c, size, size) uint8: what a translator starts from.
        maps: (n, size, size) uint8: the class of each pixel, where it is known.
        paired: whether input ``i`` belongs to picture ``i``; else they are two sets of their own.
        held_out: a few that nobody learns from, for sheets.
        drawn: how the pictures that nobody learns from were chosen; empty where folders, or whoever
            made the set, named them.
        skipped: one sentence for each image that could not be read.
    """

    name: str
    pictures: UInt8[np.ndarray, "n c h w"]
    labels: Int64[np.ndarray, " n"] | None = None
    class_names: tuple[str, ...] = ()
    names: tuple[str, ...] = field(default=(), repr=False)
    inputs: UInt8[np.ndarray, "m inputs h w"] | None = None
    maps: UInt8[np.ndarray, "n h w"] | None = None
    paired: bool = True
    held_out: "Dataset | None" = field(default=None, repr=False)
    drawn: str = ""
    skipped: tuple[str, ...] = field(default=(), repr=False)

    def __post_init__(self) -> None:
        """Files may be called what is no text; a bundle says what it learned from in UTF-8."""
        object.__setattr__(self, "name", _text(self.name))
        object.__setattr__(self, "class_names", tuple(map(_text, self.class_names)))

    def __len__(self) -> int:
        return len(self.pictures)

    def images(
        self,
        rows: slice | Int[np.ndarray, " b"],
        device: torch.device | str = "cpu",
        inputs: bool = False,
    ) -> Image:
        """Those rows as a network sees them: float [-1, 1], channels last in memory.

        Args:
            inputs: those of the inputs instead of the pictures.

        Raises:
            InputError: if there are no inputs.
        """
        pictures = self.inputs if inputs else self.pictures
        if pictures is None:
            raise InputError(f"{self.name} holds no inputs for a translator")
        return as_images(pictures[rows], device)

    @cached_property
    def fingerprint(self) -> str:
        """sha256 over the pictures' bytes (hex): the identity of these very images."""
        digest = sha256()
        for pictures in (self.pictures, self.inputs, self.maps):
            if pictures is None:
                continue
            step = max(1, HASHED_AT_ONCE // max(1, pictures[:1].nbytes))
            for start in range(0, len(pictures), step):
                digest.update(np.ascontiguousarray(pictures[start : start + step]).data)
        return digest.hexdigest()


def _text(name: str) -> str:
    return name.encode("utf-8", "backslashreplace").decode()


def as_images(pictures: UInt8[np.ndarray, "b c h w"], device: torch.device | str = "cpu") -> Image:
    """0..255 becomes [-1, 1], as :func:`ganzoo.images.from_pictures` does, on ``device``."""
    small = torch.from_numpy(np.require(pictures, requirements=["C", "W"])).to(device)
    image = small.to(torch.float32).div_(127.5).sub_(1)
    return image.contiguous(memory_format=torch.channels_last)


@dataclass(frozen=True, kw_only=True)
class Given:
    """What a translator is given: how a picture of any kind, or a drawing, becomes such an input.

    Attributes:
        noun: what it is, in the plural: ``edges``.
        prepare: from a photograph to an input; None if a photograph is one as it is.
        palette: colours by name, where only these have a meaning.
        pencil: width of the black lines on white that it is drawn in, in pixels of a picture 128
            wide; 0 if it is not.
    """

    noun: str
    prepare: Callable[[Picture], Picture] | None = None
    palette: Mapping[str, Colour] = field(default_factory=dict)
    pencil: int = 0


@dataclass(frozen=True, kw_only=True)
class Source:
    """A data set, or a kind of folder or file, that can be read.

    Attributes:
        title: its name on a label.
        short: its part of a bundle's name (``<method>-<short>``); empty for generic sources.
        licence: as found; goes on the card of whatever is trained on it.
        url: where it comes from.
        count: of its pictures to learn from, roughly; 0 if that is for its owner to say.
        load: reads it. Raises DataError naming what was looked for.
        given: what a translator that learned from it starts from; None if it holds no inputs.
        made: what such a translator makes, in the plural: ``cats``.
        domains: the data sets, by name, on which a classifier that learned from it is judged, each
            read at the same request; the one it is meant for comes first, or last if backwards.
            Empty: on its own test pictures.
        palette: colours by name, where each pixel has a class: how those are drawn.
        divides: whether it holds one picture in ten out when it is asked to.
    """

    title: str
    short: str = ""
    licence: str
    url: str = ""
    count: int = 0
    load: Callable[[DataRequest], Dataset]
    given: Given | None = None
    made: str = ""
    domains: Mapping[str, Callable[[DataRequest], Dataset]] = field(default_factory=dict)
    palette: Mapping[str, Colour] = field(default_factory=dict)
    divides: bool = False
