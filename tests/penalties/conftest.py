"""A round with images of noise, for whatever discriminator a test wants judged."""

from collections.abc import Callable

import pytest
import torch
from torch import nn

from ganzoo.draws import Draws
from ganzoo.penalties import Round


@pytest.fixture
def meet() -> Callable[..., Round]:
    def build(discriminator: nn.Module, shape=(6, 1, 4, 4), **changes) -> Round:
        given = {
            "players": nn.ModuleDict({"discriminator": discriminator}),
            "real": torch.randn(shape),
            "fake": torch.randn(shape),
            "z": torch.randn(shape[0], 8),
            "draws": Draws(0),
        }
        return Round(**given | changes)

    return build
