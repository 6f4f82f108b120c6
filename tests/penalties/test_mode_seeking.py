"""Mode seeking in closed form: what it costs to answer alike, and where its gradient pushes."""

import pytest
import torch
from torch import nn

from ganzoo.draws import Draws
from ganzoo.penalties import Round
from ganzoo.penalties.mode_seeking import TINY, mode_seeking


def judged(paint, z_dim: int = 1, seed: int = 0, asked=None) -> torch.Tensor:
    z = Draws(seed).normal(6, z_dim)
    fake = paint(z)
    return mode_seeking(
        Round(
            players=nn.ModuleDict(), real=fake.detach()[:0], fake=fake, z=z,
            draws=Draws(seed + 1), paint=paint, asked=asked,
        )
    )  # fmt: skip


def loud(volume: torch.Tensor):
    """A painter whose pictures are ``volume`` times as far apart as their latents."""
    return lambda z: volume * z[:, :1, None, None].expand(-1, 3, 4, 4)


@pytest.mark.parametrize("volume", [0.05, 0.5, 2.0])
def test_it_is_one_over_how_far_apart_the_answers_are(volume):
    assert judged(loud(torch.tensor(volume))).item() == pytest.approx(1 / (volume + TINY), rel=1e-4)


def test_each_pair_of_answers_is_asked_by_itself():
    """Pictures of z^2 are |z1 + z2| times as far apart as their latents: another time each pair."""
    z, other = (Draws(seed).normal(6, 1) for seed in (0, 1))
    wanted = (1 / ((z + other).abs() + TINY)).mean()
    paid = judged(lambda z: z[:, :, None, None].square().expand(-1, 3, 4, 4))
    torch.testing.assert_close(paid, wanted)


def test_only_those_that_are_asked_pay():
    """Of pictures of z^2 the second and the fifth pay, as above, and the mean is theirs alone."""
    z, other = (Draws(seed).normal(6, 1) for seed in (0, 1))
    asked = torch.tensor([False, True, False, False, True, False])
    paint = lambda z: z[:, :, None, None].square().expand(-1, 3, 4, 4)  # noqa: E731
    wanted = (1 / ((z + other).abs() + TINY))[asked].mean()
    torch.testing.assert_close(judged(paint, asked=asked), wanted)
    assert judged(paint, asked=torch.zeros(6, dtype=torch.bool)) == 0


def test_its_gradient_pushes_two_answers_apart():
    volume = torch.tensor(0.5, requires_grad=True)
    judged(loud(volume)).backward()
    assert volume.grad is not None
    assert volume.grad.item() == pytest.approx(-1 / (0.5 + TINY) ** 2, rel=1e-3)
    louder = (volume - 0.01 * volume.grad).detach()
    assert judged(loud(louder)) < judged(loud(volume))


def test_descending_it_teaches_a_painter_to_hear_its_latent():
    torch.manual_seed(0)
    painter = torch.nn.Linear(2, 48)
    with torch.no_grad():
        painter.weight.mul_(0.01)

    def paint(z):
        return painter(z).tanh().view(-1, 3, 4, 4)

    def apart() -> float:
        with torch.no_grad():
            one, other = paint(torch.tensor([[1.0, 0.0], [-1.0, 0.0]]))
            return (one - other).abs().mean().item()

    before, optimiser = apart(), torch.optim.SGD(painter.parameters(), 1e-4)
    for step in range(60):
        optimiser.zero_grad()
        judged(paint, 2, step).backward()
        optimiser.step()
    assert apart() > 10 * before
    assert judged(lambda z: 0 * paint(z), 2).item() == pytest.approx(1 / TINY, rel=1e-3)
