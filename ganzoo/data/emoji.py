"""Noto's emoji: about 3,600 drawings on white.

Looked for at the path given, else as ``emoji/``, ``emoji.tar.gz`` or ``emoji_128.tar.gz`` among
local data. Of an archive the folder ``noto`` is read, unless another is named:
``emoji_128.tar.gz:fluent_3d`` (which is Microsoft's, MIT).

Its classes are what Unicode groups emoji by: faces, people, hands, nature, food, things. Pictures
of a folder of one's own that has classes keep those.
"""

from dataclasses import replace

import numpy as np

from ganzoo.data import _known, _pairs
from ganzoo.data._base import DataRequest, Dataset, Source
from ganzoo.data._emoji_groups import GROUPS, group

URL = "https://github.com/googlefonts/noto-emoji"


def load(request: DataRequest) -> Dataset:
    found = _known.load(
        request,
        name="emoji",
        places=("emoji", "emoji.tar.gz", "emoji_128.tar.gz"),
        url=URL,
        inner="noto",
    )
    if found.labels is not None:
        return found
    kinds = tuple(GROUPS)
    stems = (_pairs.stem(name).rpartition("/")[2] for name in found.names)
    labels = np.array([kinds.index(group(stem)) for stem in stems], np.int64)
    return replace(found, labels=labels, class_names=kinds)


ENTRY = Source(
    title="Noto emoji",
    short="emoji",
    licence="Apache-2.0",
    url=URL,
    count=3_573,
    load=load,
)
