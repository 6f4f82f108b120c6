"""Latents and the seeds that name them."""

import math
from collections.abc import Iterable, Iterator

import torch
from jaxtyping import Float
from torch import Tensor

from ganzoo.errors import InputError
from ganzoo.shapes import AnySize, Latent

SHORT = 1e-9  # radians: sin(s o) / sin(o) is s
SEED_LIMIT = 2**32  # seeds are whole numbers from 0 up to, but not including, this


def latents(seed: int, count: int, z_dim: int) -> Latent:
    """``count`` latents from N(0, I): the one at index ``i`` is named by the seed ``seed + i``.

    So a picture keeps its seed wherever it is shown: alone, in a grid, or at the end of a walk.

    Raises:
        InputError: if the seed is not an integer in [0, 2**32), or the count is below 1.
    """
    return torch.cat([torch.randn(1, z_dim, generator=die) for die in _dice(seed, count)])


def maps(seed: int, count: int, shapes: Iterable[tuple[int, int, int]]) -> list[AnySize]:
    """Maps of noise, of several shapes (c, h, w) one after the other; seeds as in :func:`latents`.

    Raises:
        As :func:`latents`.
    """
    dice = list(_dice(seed, count))
    return [torch.cat([torch.randn(1, *one, generator=die) for die in dice]) for one in shapes]


def _dice(seed: int, count: int) -> Iterator[torch.Generator]:
    if isinstance(seed, bool) or not isinstance(seed, int) or not 0 <= seed < SEED_LIMIT:
        raise InputError(f"a seed is a whole number from 0 to {SEED_LIMIT - 1}; got {seed!r}")
    if isinstance(count, bool) or not isinstance(count, int) or count < 1:
        raise InputError(f"a count is a whole number of at least 1; got {count!r}")
    return (torch.Generator().manual_seed((seed + i) % SEED_LIMIT) for i in range(count))


def arc(a: Latent, b: Latent, t: Float[Tensor, " b"]) -> Latent:
    """Row by row, the point at ``t`` of the great arc from ``a`` to ``b`` (Shoemake 1985).

        l (sin((1-t) o) / sin(o) a/|a| + sin(t o) / sin(o) b/|b|)
        o = angle(a, b),   l = (1-t) |a| + t |b|

    Both ends are exact: the arc is computed in float64. What is too short to be an arc is its
    chord. Between opposite ends no arc is shortest: callers see to it.
    """
    ends, t = (a.double(), b.double()), t.double()[:, None]
    length, end_length = (end.norm(dim=1, keepdim=True) for end in ends)
    one, other = ends[0] / length, ends[1] / end_length
    # arccos would lose half its digits near 1
    angle = 2 * torch.atan2(
        (one - other).norm(dim=1, keepdim=True), (one + other).norm(dim=1, keepdim=True)
    )
    swept = (((1 - t) * angle).sin() * one + (t * angle).sin() * other) / angle.sin()
    along = torch.where(angle < SHORT, torch.lerp(one, other, t), swept)
    return (along * torch.lerp(length, end_length, t)).to(a.dtype)


def truncated(z: Latent, threshold: float | int) -> Latent:
    """Latents of the truncated normal (Brock et al. 2018, arXiv:1809.11096, Sec. 3.1).

        u = Phi(-t) + (Phi(t) - Phi(-t)) Phi(z),    z_t = Phi^-1(u),    |z_t| <= t

    The law is that of drawing every number anew until it lies within ``threshold``; but a seed
    keeps its picture, which changes smoothly with the threshold: at 0 every seed gives the same
    latent, and without bound its own.

    Raises:
        InputError: if the threshold is not a number of at least 0.
    """
    number = isinstance(threshold, int | float) and not isinstance(threshold, bool)
    if not number or math.isnan(threshold) or threshold < 0:
        raise InputError(f"a truncation is a number of at least 0; got {threshold!r}")
    limit = torch.tensor(float(threshold), dtype=torch.float64, device=z.device)
    low, high = torch.special.ndtr(-limit), torch.special.ndtr(limit)
    share = low + (high - low) * torch.special.ndtr(z.double())
    return torch.special.ndtri(share).clamp(-limit, limit).to(z.dtype)
