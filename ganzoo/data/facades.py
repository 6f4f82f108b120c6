"""CMP facades: 606 photographs of house fronts (Tyleček & Šára 2013), as pix2pix pairs them.

A file is twice as wide as high, the photograph left and its labels right; the left half is read.
Splits are ``train``, ``val`` and ``test``. Looked for at the path given, else as ``facades/``,
``facades.tar.gz`` or ``facades_128.tar.gz`` among local data.
"""

from functools import partial

from ganzoo.data import _known
from ganzoo.data._base import Source

PLACES = ("facades", "facades.tar.gz", "facades_128.tar.gz")
URL = "https://cmp.felk.cvut.cz/~tylecr1/facade/"

ENTRY = Source(
    title="CMP facades",
    short="facades",
    licence="none found",
    url=URL,
    count=400,
    load=partial(
        _known.load,
        name="facades",
        places=PLACES,
        url=URL,
        crop="left",
    ),
)
