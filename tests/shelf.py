"""Bundles to hang in a zoo: tiny, and lively as if they had been trained."""

from pathlib import Path

import torch
from torch import nn
from world import tiny

from ganzoo import bundle
from ganzoo.bundle import Bundle


def hang(shelf: Path, recipe: str, *changes: str, players: tuple[str, ...] = ()) -> Bundle:
    """Writes a shipped recipe's tiny networks (all, or these players') into a folder of bundles."""
    small = tiny(recipe, *changes)
    networks = {name: lively(build(small.options)) for name, build in small.card.networks.items()}
    kept = {name: networks[name] for name in players or networks}
    classes = tuple(map(str, range(10)))
    return bundle.write(shelf / small.name, small, kept, classes=classes)


@torch.no_grad()
def lively(network: nn.Module, gain: float = 8.0) -> nn.Module:
    """Larger weights and uneven statistics, so that outputs differ from input to input."""
    for module in network.modules():
        if isinstance(module, nn.BatchNorm1d | nn.BatchNorm2d):
            assert module.running_mean is not None
            assert module.running_var is not None
            module.running_mean.normal_(0, 0.1)
            module.running_var.uniform_(0.5, 2)
            if module.affine:
                module.weight.uniform_(0.5, 1.5)
                module.bias.normal_(0, 0.3)
        elif isinstance(module, nn.Conv2d | nn.ConvTranspose2d):
            module.weight.normal_(0, gain * 0.02)
    return network.eval().requires_grad_(False)
