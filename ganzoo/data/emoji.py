"""Noto's emoji: about 3,600 drawings on white.

Looked for at the path given, else as ``emoji/``, ``emoji.tar.gz`` or ``emoji_128.tar.gz`` among
local data. Of an archive the folder ``noto`` is read, unless another is named:
``emoji_128.tar.gz:fluent_3d`` (which is Microsoft's, MIT).
"""

from functools import partial

from ganzoo.data import _known
from ganzoo.data._base import Source

URL = "https://github.com/googlefonts/noto-emoji"

ENTRY = Source(
    title="Noto emoji",
    short="emoji",
    licence="Apache-2.0",
    url=URL,
    count=3_573,
    load=partial(
        _known.load,
        name="emoji",
        places=("emoji", "emoji.tar.gz", "emoji_128.tar.gz"),
        url=URL,
        inner="noto",
    ),
)
