"""ganzoo: the GANs of the lectures, trained, explained and on show.

model = ganzoo.load("dcgan-mnist")
image = model.sample(seed=0, count=16)
"""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ganzoo.zoo import Model

__version__ = "0.1.0"


def load(ref: str | Path) -> "Model":
    """A model to sample from, by its bundle: ready for many threads, built when first used.

    Args:
        ref: a name in ``checkpoints/``, a folder, or ``hub:user/name@revision``.

    Raises:
        UnknownNameError: if nothing bears that name.
        BundleError: if it is not a bundle that this version can read.
        HubError: if the Hub cannot be reached or does not hand it over.
    """
    from ganzoo import bundle
    from ganzoo.hub import find
    from ganzoo.zoo import Model

    return Model(bundle.load(find(ref)))
