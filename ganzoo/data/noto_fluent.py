"""Noto's emoji and Fluent's in 3D, unpaired: two hands that drew the same things.

One concept in ten is held out of both. Looked for at the path given, else as ``emoji/``,
``emoji.tar.gz`` or ``emoji_128.tar.gz`` among local data.
"""

from functools import partial

from ganzoo.data import _emoji_sets
from ganzoo.data._base import Given, Source

ENTRY = Source(
    title="Noto emoji and Fluent emoji in 3D",
    short="noto2fluent",
    licence="Apache-2.0 (Noto), MIT © Microsoft (Fluent)",
    url=_emoji_sets.NOTO,
    count=2_640,
    load=partial(_emoji_sets.unpaired, "noto_fluent", "noto", "fluent_3d"),
    given=Given(noun="Noto emoji"),
    made="Fluent emoji",
)
