"""Reckoning with latents: smiling woman - woman + man = smiling man.

Radford et al. 2015 (arXiv:1511.06434), Sec. 6.3.2: an average over a few samples that share
something stands for it, and such averages can be added and subtracted.

    A - B + C           each letter the mean of (in the paper) three latents
    turn = R - L        "a turn vector was created from four averaged samples of faces looking
                        left vs looking right"; z + s turn turns any face

A mean of three latents is only 1/sqrt(3) times as long as one; A - B + C of three such means is as
long as one again (3 * 1/3 = 1), so the paper's recipe lands where the generator feels at home.

Deviations: the paper draws z from U(-1, 1), we from N(0, I); the noise around a result is made
wider by the ratio of their standard deviations.
"""

import math
from collections.abc import Sequence

import torch
from jaxtyping import Float
from torch import Tensor

from ganzoo.errors import InputError
from ganzoo.latents import latents
from ganzoo.shapes import Latent, OneLatent

PAPER_SPREAD = 0.25 * math.sqrt(3)  # +-0.25 where z is U(-1, 1), whose deviation is 1/sqrt(3)


def group(seeds: Sequence[int], z_dim: int) -> Latent:
    """The latents that some seeds name, in that order.

    Raises:
        InputError: if there is no seed, or one is not a whole number in [0, 2**32).
    """
    if len(seeds) == 0:
        raise InputError("a group needs at least one seed; got none")
    return torch.cat([latents(seed, 1, z_dim) for seed in seeds])


def average(latent: Latent) -> OneLatent:
    """The mean of a group: what its members share stays, what they differ in cancels.

    Raises:
        InputError: if the group is empty.
    """
    if len(latent) == 0:
        raise InputError("an empty group has no average")
    return latent.double().mean(dim=0, keepdim=True).to(latent.dtype)


def analogy(a: OneLatent, b: OneLatent, c: OneLatent) -> OneLatent:
    """A - B + C: to C what A is to B.

    Reckoned in float64, so that A - A + C is C to the last bit.
    """
    return (a.double() - b.double() + c.double()).to(c.dtype)


def neighbours(centre: OneLatent, seed: int, spread: float = PAPER_SPREAD, side: int = 3) -> Latent:
    """A square sheet of latents around one, which is in the middle: the paper's Figure 7.

        centre + U(-spread, spread)     independently in each dimension

    Args:
        seed: of the noise; the same seed gives the same neighbours whatever the spread.
        spread: half the noise's width, in standard deviations of a latent; 0 repeats the centre.
        side: of the sheet, an odd number of latents.

    Raises:
        InputError: if the seed or the spread is out of range, or the side is even or below 1.
    """
    if not (math.isfinite(spread) and spread >= 0):
        raise InputError(f"the spread around a latent is a number from 0 up; got {spread!r}")
    if side < 1 or side % 2 == 0:
        raise InputError(f"a sheet with a middle has an odd number of rows; got {side!r}")
    latents(seed, 1, 1)  # one rule for what is a seed
    die = torch.Generator().manual_seed(seed)
    noise = 2 * torch.rand(side * side, centre.shape[1], generator=die) - 1
    noise[side * side // 2] = 0
    return centre + spread * noise


def turn(start: Float[Tensor, "m z"], end: Float[Tensor, "n z"]) -> OneLatent:
    """The vector from the mean of one group to the mean of another.

    Raises:
        InputError: if a group is empty.
    """
    return average(end) - average(start)


def turned(latent: Latent, turn: OneLatent, amounts: Float[Tensor, " n"]) -> Float[Tensor, "b n z"]:
    """Each latent with the turn vector added in steps: ``z + s turn``.

    So an amount of 0 leaves it as it is, and 1 takes the first group's mean to the second's.
    """
    return latent[:, None] + amounts[:, None] * turn[:, None]
