"""Fluent emoji in flat colours, with the same in 3D: about 3,000 pairs (Microsoft, MIT).

One concept in ten, with all its skins and genders, is held out as the split ``test``. Looked for
at the path given, else as ``emoji/``, ``emoji.tar.gz`` or ``emoji_128.tar.gz`` among local data.
"""

from functools import partial

from ganzoo.data import _emoji_sets
from ganzoo.data._base import Given, Source

ENTRY = Source(
    title="Fluent emoji, flat and 3D",
    short="flat2emoji",
    licence="MIT, © Microsoft",
    url=_emoji_sets.FLUENT,
    count=2_640,
    load=partial(_emoji_sets.pairs, "emoji_flat", "fluent_flat", "fluent_3d"),
    given=Given(noun="flat drawings"),
    made="emoji in 3D",
)
