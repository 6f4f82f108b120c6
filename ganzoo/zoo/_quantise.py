"""Which layers reckon in eight-bit integers, and how much of the picture that may cost.

A layer's integers add noise to the picture; the noise of several adds up. All that would gain go
first. Where that is too much, each one's noise is measured alone, and they go in the order of
noise for a product saved, as long as the sum stays below what is allowed.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from ganzoo.layers import quantised
from ganzoo.layers.quantised import QuantisedConv2d, QuantisedConvTranspose2d
from ganzoo.zoo._fold import replace

PRODUCTS = 8 * 2**20  # of one image, beyond which a layer gains
PER_VALUE = 64  # products that each value of the input goes into: turning it into integers counts


@dataclass
class Seen:
    """What a layer was given.

    Attributes:
        low, high: the least and the greatest value.
        products: multiplications for one image.
    """

    shape: torch.Size
    low: float
    high: float
    products: int


def quantise(network: nn.Module, run: Callable[[], Tensor], wanted: Tensor, most: float) -> bool:
    """Replaces layers in place; whether any was.

    Args:
        run: calls the network on a typical batch.
        wanted: what it makes of it in float32.
        most: the mean squared error allowed.
    """
    seen = _watched(network, run) if quantised.at_hand() else {}
    gaining = {layer: one for layer, one in seen.items() if _gains(one)}
    swaps = [Swap(layer, _integer(layer, one), one.products) for layer, one in gaining.items()]

    def error() -> float:
        found = (run().double() - wanted.double()).square().mean().item()
        return math.inf if math.isnan(found) else found

    for swap in swaps:
        swap.make(network)
    if swaps and error() > most:
        for swap in swaps:
            swap.undo(network)
        swaps = _bearable(network, swaps, error, most)
    return bool(swaps)


@dataclass
class Swap:
    """A layer, and the one that may take its place."""

    layer: nn.Module
    fast: nn.Module
    products: int

    def make(self, network: nn.Module) -> None:
        replace(network, self.layer, self.fast)

    def undo(self, network: nn.Module) -> None:
        replace(network, self.fast, self.layer)


def _bearable(
    network: nn.Module, swaps: list[Swap], error: Callable[[], float], most: float
) -> list[Swap]:
    """Those that were made, of those that would gain."""
    costs = []
    for swap in swaps:
        swap.make(network)
        costs.append((error(), swap))
        swap.undo(network)
    spent, made = 0.0, []
    for cost, swap in sorted(costs, key=lambda one: one[0] / one[1].products):
        if spent + cost <= most:
            spent += cost
            made.append(swap)
            swap.make(network)
    while made and error() > most:  # they do not add up quite
        made.pop().undo(network)
    return made


def _watched(network: nn.Module, run: Callable[[], Tensor]) -> dict[nn.Module, Seen]:
    """Each layer that could, by what it was given."""
    seen: dict[nn.Module, Seen] = {}

    def look(layer: Any, inputs: tuple[Tensor, ...], output: Tensor) -> None:
        given = inputs[0]
        places = given if isinstance(layer, nn.ConvTranspose2d) else output
        products = places[0, 0].numel() * layer.weight.numel()
        now = Seen(given.shape, given.amin().item(), given.amax().item(), products)
        before = seen.get(layer, now)
        now.low, now.high = min(before.low, now.low), max(before.high, now.high)
        seen[layer] = now

    hooks = [one.register_forward_hook(look) for one in network.modules() if _suits(one)]
    try:
        run()
    finally:
        for hook in hooks:
            hook.remove()
    return seen


def _suits(layer: Any) -> bool:
    if type(layer) is nn.ConvTranspose2d:
        return (layer.stride, layer.dilation, layer.groups) == ((2, 2), (1, 1), 1) and (
            min(layer.kernel_size) >= 2
        )
    return (
        type(layer) is nn.Conv2d
        and layer.padding_mode == "zeros"
        and not isinstance(layer.padding, str)
        and layer.groups == 1
    )


def _gains(seen: Seen) -> bool:
    """Whether a layer is quicker in integers, by its shapes."""
    return seen.products >= max(PRODUCTS, PER_VALUE * seen.shape[1:].numel())


def _integer(layer: Any, seen: Seen) -> nn.Module:
    if type(layer) is nn.ConvTranspose2d:
        return QuantisedConvTranspose2d(layer, seen.low, seen.high)
    return QuantisedConv2d(layer, seen.low, seen.high)
