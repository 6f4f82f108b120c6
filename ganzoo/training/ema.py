"""The shown network trails the live one (Yazıcı et al. 2018, arXiv:1806.04498).

kept <- decay * kept + (1 - decay) * live
"""

import torch
from torch import nn


@torch.no_grad()
def blend(kept: nn.Module, live: nn.Module, decay: float) -> None:
    """One step of the moving average, in place; counters are copied."""
    ours, theirs = list(kept.state_dict().values()), list(live.state_dict().values())
    floats = [i for i, value in enumerate(ours) if value.is_floating_point()]
    if floats:
        torch._foreach_lerp_([ours[i] for i in floats], [theirs[i] for i in floats], 1 - decay)
    for mine, new in zip(ours, theirs, strict=True):
        if not mine.is_floating_point():
            mine.copy_(new)
