"""Fewer products for every wide 3x3 convolution of a step, whichever network calls for it."""

from contextlib import AbstractContextManager, nullcontext
from typing import Any

import torch
from torch import nn
from torch.overrides import TorchFunctionMode

from ganzoo.layers import winograd

NAMES = "input", "weight", "bias", "stride", "padding", "dilation", "groups"  # as conv2d has them
KERNEL = winograd.TAPS, winograd.TAPS
PLAIN = {"stride": 1, "dilation": 1, "groups": 1}


def shortcut(players: nn.Module) -> AbstractContextManager[Any]:
    """:class:`FewerProducts` if some weight of the players is wide enough, else nothing."""
    kernels = (one for one in players.parameters() if one.shape[2:] == KERNEL)
    wide = any(
        winograd.pays(one.shape[1], one.shape[0], winograd.ENOUGH_TILES, winograd.ENOUGH_LEARNING)
        for one in kernels
    )
    return FewerProducts() if wide else nullcontext()


class FewerProducts(TorchFunctionMode):
    """Within it, ``conv2d`` in float32 on a processor is :func:`ganzoo.layers.winograd.convolve`.

    Only where that pays; gradients, and gradients of gradients, go the same way.
    """

    def __torch_function__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: Any = None
    ) -> Any:
        call = kwargs or {}
        if func is torch.conv2d:
            named: dict[str, Any] = {**dict(zip(NAMES, args, strict=False)), **call}
            padding = _one(named.get("padding", 0))
            if padding is not None and _suits(named, padding):
                return winograd.convolve(
                    named["input"], named["weight"], named.get("bias"), padding
                )
        return func(*args, **call)


def _suits(call: dict[str, Any], padding: int) -> bool:
    image, kernel = call["input"], call["weight"]
    if kernel.shape[2:] != KERNEL or image.ndim != 4:
        return False
    if any(_one(call.get(name, value)) != value for name, value in PLAIN.items()):
        return False
    return 0 <= padding < winograd.TAPS and winograd.suits(image, kernel, padding)


def _one(setting: Any) -> int | None:
    """A setting that is the same both ways; None for others, and for words."""
    both = (setting,) if isinstance(setting, int) else setting
    return both[0] if not isinstance(both, str) and len(set(both)) == 1 else None
