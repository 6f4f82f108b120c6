"""Victims of which everything is known, and one that is as crooked as a real one."""

import pytest
import torch
from shelf import lively
from victims import CLASSES, Linear

from ganzoo.architectures import architectures
from ganzoo.attacks import Victim


@pytest.fixture
def linear() -> Victim:
    """Of 4x4 pictures; it sees them as they are."""
    network = Linear(CLASSES, 16)
    with torch.no_grad():  # undecided about grey, so that every boundary is near
        network.flat.bias.copy_(0.05 * torch.randn(CLASSES) - network.flat.weight.sum(1) / 2)
    return Victim(network=network, num_classes=CLASSES, mean=(0.0,), std=(1.0,))


@pytest.fixture
def middling() -> torch.Tensor:
    """Pictures so grey that small changes stay inside the range."""
    return 0.4 + 0.2 * torch.rand(20, 1, 4, 4)


@pytest.fixture
def crooked() -> Victim:
    """A small residual network that sees 8x8 pictures in [-1, 1]."""
    card = architectures["cnn"]
    network = lively(card.networks["classifier"](card.tiny), gain=20)
    return Victim(network=network, num_classes=3, shape=(1, 8, 8))


@pytest.fixture
def pictures() -> torch.Tensor:
    return torch.rand(6, 1, 8, 8)
