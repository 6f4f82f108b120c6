"""Latents and the seeds that name them."""

import torch

from ganzoo.errors import InputError
from ganzoo.shapes import Latent

SEED_LIMIT = 2**32  # seeds are whole numbers from 0 up to, but not including, this


def latents(seed: int, count: int, z_dim: int) -> Latent:
    """``count`` latents from N(0, I): the one at index ``i`` is named by the seed ``seed + i``.

    So a picture keeps its seed wherever it is shown: alone, in a grid, or at the end of a walk.

    Raises:
        InputError: if the seed is not an integer in [0, 2**32), or the count is below 1.
    """
    if isinstance(seed, bool) or not isinstance(seed, int) or not 0 <= seed < SEED_LIMIT:
        raise InputError(f"a seed is a whole number from 0 to {SEED_LIMIT - 1}; got {seed!r}")
    if isinstance(count, bool) or not isinstance(count, int) or count < 1:
        raise InputError(f"a count is a whole number of at least 1; got {count!r}")
    dice = (torch.Generator().manual_seed((seed + i) % SEED_LIMIT) for i in range(count))
    return torch.cat([torch.randn(1, z_dim, generator=die) for die in dice])
