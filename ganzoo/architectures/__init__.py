"""One file per paper that introduces networks; variants and resolutions are options."""

from ganzoo.architectures._base import (
    ABILITIES,
    Ability,
    Architecture,
    Channels,
    ImageOptions,
    LatentOptions,
    TranslatorOptions,
)
from ganzoo.registry import Folder

architectures: Folder[Architecture] = Folder(__name__, Architecture)

__all__ = [
    "ABILITIES",
    "Ability",
    "Architecture",
    "Channels",
    "ImageOptions",
    "LatentOptions",
    "TranslatorOptions",
    "architectures",
]
