"""Five kinds of flowers: about 4,000 photographs in class folders, daisy to tulip.

Looked for at the path given, else as ``flowers/``, ``flowers.tar.gz`` or ``flowers5_128.tar.gz``
among local data.
"""

from functools import partial

from ganzoo.data import _known
from ganzoo.data._base import Source

URL = "https://www.kaggle.com/datasets/alxmamaev/flowers-recognition"

ENTRY = Source(
    title="Flowers Recognition (five kinds)",
    short="flowers",
    licence="none found",
    url=URL,
    count=4_057,
    load=partial(
        _known.load,
        name="flowers",
        places=("flowers", "flowers.tar.gz", "flowers5_128.tar.gz"),
        url=URL,
    ),
    divides=True,
)
