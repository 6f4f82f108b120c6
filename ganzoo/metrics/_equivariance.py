"""How well a generator's pictures follow its input (Karras et al. 2021, arXiv:2106.12423, App. E).

    EQ = 10 log10( 2^2 / E[ (T[g(z)]_c(p) - g(T[z])_c(p))^2 ] )   in dB

over styles w, transforms T, channels c and the pixels p that both pictures show; 2 is the width of
[-1, 1]. Pictures are neither truncated, clipped nor rounded. Those that agree in every bit would
have infinitely many dB; they count as 100.
"""

from collections.abc import Callable

import torch
from torch import Tensor

from ganzoo.errors import MetricError
from ganzoo.metrics._base import Estimate, Probe
from ganzoo.metrics.psnr import decibels
from ganzoo.motion import Transform, errors, moved

BATCH = 16  # pictures at once
PROTOCOL: dict[str, str | float] = {
    "psi": 1.0,
    "peak": 2.0,
    "mask": "pixels that both pictures show",
    "precision": "float32",
}

Draw = Callable[[torch.Generator, int], Transform]  # a transform, for a side of so many pixels


@torch.inference_mode()
def equivariance(probe: Probe, count: int, seed: int, draw: Draw, turned: bool) -> Estimate:
    """The dB of ``count`` pictures' mean squared error, and their standard error.

    Raises:
        MetricError: if the input cannot be moved, or pictures are not finite or too small.
    """
    if probe.move is None:
        raise MetricError("this network's input cannot be moved: there is nothing to follow")
    dice = torch.Generator().manual_seed(seed)
    sums = [_errors(probe, w, dice, draw, turned) for w in probe.draw(count, seed).split(BATCH)]
    error, pixels = torch.cat(sums, 1).cpu()
    if not error.isfinite().all():
        raise MetricError("some pictures are not finite (NaN or infinite)")
    if not pixels.sum():
        raise MetricError("pictures are too small: no pixel of them has all its neighbours")
    mean = error.sum() / pixels.sum()
    each = error / pixels.mean()
    spread = each.std() / len(each) ** 0.5
    # d(10 log10 m) = 10 / ln 10 * dm / m
    deviation = float(10 / torch.tensor(10.0).log() * spread / mean) if mean > 0 else 0.0
    return Estimate(float(decibels(mean / 4)), deviation)


def _errors(probe: Probe, w: Tensor, dice: torch.Generator, draw: Draw, turned: bool) -> Tensor:
    assert probe.move is not None
    still = probe.move(w, moved(0, 0, 0).to(w).expand(len(w), 3, 3))
    where = torch.cat([draw(dice, still.shape[3]) for _ in w]).to(w)
    return torch.stack(errors(still, probe.move(w, where), where, turned))
