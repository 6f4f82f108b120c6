"""Fluent emoji drawn in black lines, with the same in 3D: about 1,500 pairs (Microsoft, MIT).

One concept in ten, with all its skins and genders, is held out as the split ``test``. Looked for
at the path given, else as ``emoji/``, ``emoji.tar.gz`` or ``emoji_128.tar.gz`` among local data.
"""

from functools import partial

from ganzoo.data import _emoji_sets
from ganzoo.data._base import Given, Source

ENTRY = Source(
    title="Fluent emoji, line art and 3D",
    short="lineart2emoji",
    licence="MIT, © Microsoft",
    url=_emoji_sets.FLUENT,
    count=1_385,
    load=partial(_emoji_sets.pairs, "emoji_lineart", "fluent_lineart", "fluent_3d"),
    given=Given(noun="line art", pencil=6),
    made="emoji",
)
