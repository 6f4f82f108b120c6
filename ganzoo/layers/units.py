"""Layers whose units can be read and set (Bau et al. 2019, arXiv:1811.10597).

A unit is a channel of a feature map. A generator with the ability ``dissect`` says which of its
modules answer with feature maps behind their nonlinearity: what such a module answers is what all
later layers see, so whoever changes the answer changes the picture.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Protocol, runtime_checkable

from torch import nn


@runtime_checkable
class Dissectable(Protocol):
    """A generator that can be opened."""

    def unit_layers(self) -> Mapping[str, nn.Module]:
        """Modules that each answer with (b, units, side, side), by name, coarse to fine."""
        ...


def by_side(layers: Iterable[tuple[int, nn.Module]]) -> dict[str, nn.Module]:
    """Layers named after their maps: ``8x8``; of two with maps of a side, ``8x8.1``, ``8x8.2``."""
    listed = list(layers)
    several = Counter(side for side, _ in listed)
    seen: Counter[int] = Counter()
    named: dict[str, nn.Module] = {}
    for side, module in listed:
        seen[side] += 1
        named[f"{side}x{side}" + (f".{seen[side]}" if several[side] > 1 else "")] = module
    return named
