"""The shown network trails the live one (Yazıcı et al. 2018, arXiv:1806.04498).

kept <- d * kept + (1 - d) * live,    d = min(decay, (1 + step) / (10 + step))

The cap lets the average forget the untrained weights that it began with: until it reaches
``decay``, it reaches back over about a tenth of the steps so far. Where weights are spectrally
normalised, the average follows its own singular vectors: those of the live network are not its.
"""

import torch
from torch import nn

from ganzoo.layers.spectral_norm import follow


def capped(decay: float, step: int) -> float:
    """The share that stays at a step, counted from 0."""
    return min(decay, (1 + step) / (10 + step))


@torch.no_grad()
def blend(kept: nn.Module, live: nn.Module, decay: float) -> None:
    """One step of the moving average, in place; counters are copied."""
    ours, theirs = list(kept.state_dict().values()), list(live.state_dict().values())
    floats = [i for i, value in enumerate(ours) if value.is_floating_point()]
    if floats:
        each = [ours[i] for i in floats], [theirs[i] for i in floats]
        torch._foreach_lerp_(*each, 1 - decay)  # pyright: ignore[reportPrivateImportUsage]
    for mine, new in zip(ours, theirs, strict=True):
        if not mine.is_floating_point():
            mine.copy_(new)
    follow(kept)
