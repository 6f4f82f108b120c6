"""The cats of AFHQ: about 5,000 aligned faces (Choi et al. 2020, arXiv:1912.01865).

Looked for at the path given, else as ``cats/``, ``afhq_cat/``, ``afhq_cat.tar.gz`` or
``afhq_cat_128.tar.gz`` among local data.
"""

from functools import partial

from ganzoo.data import _known
from ganzoo.data._base import Source

URL = "https://github.com/clovaai/stargan-v2"

ENTRY = Source(
    title="AFHQ cats",
    short="cats",
    licence="CC BY-NC 4.0",
    url=URL,
    count=5_153,
    load=partial(
        _known.load,
        name="cats",
        places=("cats", "afhq_cat", "afhq_cat.tar.gz", "afhq_cat_128.tar.gz"),
        url=URL,
    ),
)
