"""Walking through latent space: what lies between two random images.

    great arc   slerp(z0, z1, t)          Shoemake 1985; for GANs White 2016, arXiv:1609.04468
    chord       alpha z0 + (1 - alpha) z1 Radford et al. 2015, arXiv:1511.06434, and the lectures

A Gaussian in many dimensions lives near a sphere of radius sqrt(z_dim). The arc stays on it; the
chord cuts through its inside, where a generator was rarely trained: halfway between two latents
it is only 1/sqrt(2) = 0.71 times as long as they are.

Deviations: Shoemake walks between unit quaternions; latents differ a little in length, so their
lengths are blended linearly.
"""

from typing import Literal, get_args

import torch
from jaxtyping import Float
from torch import Tensor

from ganzoo.errors import InputError, UnknownNameError, suggestion
from ganzoo.latents import arc
from ganzoo.shapes import Latent, OneLatent

Path = Literal["arc", "chord"]
PATHS: tuple[Path, ...] = get_args(Path)
MOST_FRAMES = 1024
OPPOSITE = 1e-6  # radians that are missing to half a turn

Amounts = Float[Tensor, " n"]
Points = Float[Tensor, "n z"]


def slerp(z0: OneLatent, z1: OneLatent, t: Amounts) -> Points:
    """Points on the great arc from ``z0`` (t = 0) to ``z1`` (t = 1): :func:`ganzoo.latents.arc`.

    Args:
        t: any numbers; outside [0, 1] the arc goes on beyond its ends.

    Raises:
        InputError: if ``z0`` and ``z1`` are opposite, where no arc is shortest, or one is zero.
    """
    a, b = z0.double(), z1.double()
    if not a.any() or not b.any():
        raise InputError("a latent of length 0 has no direction: no arc starts or ends there")
    if (a / a.norm() + b / b.norm()).norm() < OPPOSITE:
        raise InputError("opposite latents: every great arc between them is equally short")
    return arc(z0.expand(len(t), -1), z1.expand(len(t), -1), t)


def lerp(z0: OneLatent, z1: OneLatent, alpha: Amounts) -> Points:
    """Points on the chord, as the lectures write it: ``alpha z0 + (1 - alpha) z1``.

    So alpha is the share of ``z0``: 1 is ``z0`` itself, 0 is ``z1``.
    """
    alpha = alpha[:, None]
    return alpha * z0 + (1 - alpha) * z1


def between(z0: OneLatent, z1: OneLatent, alpha: Amounts, path: str = "arc") -> Points:
    """Points that are to the share ``alpha`` like ``z0``, along either path.

    Raises:
        UnknownNameError: if there is no such path.
        InputError: if the latents are opposite, on the arc.
    """
    if path not in PATHS:
        raise UnknownNameError(f"there is no path {path!r}. {suggestion(path, PATHS)}")
    return lerp(z0, z1, alpha) if path == "chord" else slerp(z0, z1, 1 - alpha)


def walk(z0: OneLatent, z1: OneLatent, count: int, path: str = "arc") -> Points:
    """``count`` evenly spaced latents, the first of them ``z0``, the last ``z1``.

    Raises:
        InputError: if the count is not from 2 to ``MOST_FRAMES``.
        UnknownNameError: if there is no such path.
    """
    _check_count(count, 2, "a walk shows")
    return between(z0, z1, torch.linspace(1, 0, count), path)


def loop(stops: Latent, count: int, path: str = "arc") -> Points:
    """A closed walk from stop to stop and back to the first, ``count`` latents to each leg.

    The first latent is the first stop, and comes only once: played endlessly, nothing stutters.
    One stop stays where it is; two make a walk there and back.

    Raises:
        InputError: if there is no stop, or the count is not from 1 to ``MOST_FRAMES``.
        UnknownNameError: if there is no such path.
    """
    if len(stops) == 0:
        raise InputError("a closed walk needs at least one stop; got 0")
    _check_count(count, 1, "each leg of a closed walk has")
    alpha = 1 - torch.arange(count) / count
    ahead = stops.roll(-1, dims=0)
    legs = (
        between(here[None], there[None], alpha, path)
        for here, there in zip(stops, ahead, strict=True)
    )
    return torch.cat(list(legs))


def _check_count(count: int, least: int, what: str) -> None:
    if not least <= count <= MOST_FRAMES:
        raise InputError(f"{what} {least} to {MOST_FRAMES} pictures; got {count!r}")
