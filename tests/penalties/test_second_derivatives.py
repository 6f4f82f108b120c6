"""Penalties on gradients learn by second derivatives: StyleGAN2's, against differences.

Without LeakyReLU, whose kinks a difference would step over; its own second derivative is zero.
"""

from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn

from ganzoo.architectures import architectures
from ganzoo.draws import Draws
from ganzoo.penalties import path_length as path
from ganzoo.penalties import penalties

STEP = 1e-2


def slopes(network: nn.Module, term: Callable[[], Tensor]) -> tuple[float, float]:
    """The term's slope along its own gradient, by autograd and by a difference."""
    weights = [p for p in network.parameters() if p.requires_grad]
    found = torch.autograd.grad(term(), weights, allow_unused=True)
    pairs = zip(weights, found, strict=True)
    gradient = [torch.zeros_like(p) if g is None else g for p, g in pairs]
    length = torch.cat([g.flatten() for g in gradient]).norm()
    ends = []
    for move in (STEP, -2 * STEP):
        for weight, way in zip(weights, gradient, strict=True):
            weight.data.add_(way / length, alpha=move)
        ends.append(term().item())
    return length.item(), (ends[0] - ends[1]) / (2 * STEP)


def test_path_length(meet, monkeypatch):
    monkeypatch.setattr(path, "MEMORY", 1.0)  # the mean length stands still
    entry = architectures["stylegan2"]
    options = entry.tiny.model_copy(update={
        "g_noise": False, "num_classes": 0, "g_activation": "linear",
        "mapping_activation": "linear",
    })  # fmt: skip
    generator = entry.networks["generator"](options)
    generator.path.fill_(0.5)
    players = nn.ModuleDict({"generator": generator})
    z = torch.randn(6, 8)

    def term() -> Tensor:
        round = meet(generator, players=players, z=z, draws=Draws(0))
        return penalties["path_length"].term(round)

    exact, difference = slopes(generator, term)
    assert exact == pytest.approx(difference, rel=0.02)
    assert exact > 1e-4


def test_r1(meet):
    entry = architectures["stylegan2"]
    options = entry.tiny.model_copy(update={"num_classes": 0, "d_activation": "linear"})
    judge = entry.networks["discriminator"](options)
    real = torch.randn(4, 3, 16, 16)

    def term() -> Tensor:
        return penalties["r1"].term(meet(judge, real=real, fake=real, z=torch.zeros(4, 8)))

    exact, difference = slopes(judge, term)
    assert exact == pytest.approx(difference, rel=0.02)
    assert exact > 1e-4


class Straight(nn.Module):
    """Pixels that are alike, linear in two layers of styles: as long as its two gradients are."""

    def __init__(self, side: int) -> None:
        super().__init__()
        self.side = side
        self.scale = nn.Parameter(torch.ones(()))
        self.a = nn.Parameter(torch.tensor([[3.0, 0.0], [0.0, 4.0]]))
        self.register_buffer("path", torch.tensor(2.0))

    def mapping(self, z, y=None):
        return self.scale * z[:, None].expand(-1, 2, -1)

    def synthesis(self, w, noise):
        return (w * self.a).sum((1, 2))[:, None, None, None].expand(-1, 1, self.side, self.side)


@pytest.mark.parametrize("side", [1, 4])
def test_a_path_is_as_long_as_the_styles_gradient_and_its_mean_is_followed(meet, side):
    """J^T y = a sum(y), y ~ N(0, 1) / side: as long as |sum(y)| sqrt((9 + 16) / 2).

    Half of the six latents are looked at.
    """
    generator = Straight(side)
    players = nn.ModuleDict({"generator": generator})
    paid = penalties["path_length"].term(
        meet(generator, players=players, z=torch.randn(6, 2), draws=Draws(0))
    )
    ways = Draws(0).normal(3, 1, side, side) / side
    lengths = ways.sum((1, 2, 3)).abs() * 12.5**0.5
    mean = 0.99 * 2.0 + 0.01 * lengths.mean()
    assert generator.path.item() == pytest.approx(mean.item())
    assert paid.item() == pytest.approx((lengths - mean).square().mean().item(), rel=1e-4)
