"""The contract of every penalty: a term that its player can learn from, or a projection."""

import pytest
import torch
from torch import nn

from ganzoo.architectures import architectures
from ganzoo.penalties import Penalty, penalties

DCGAN = architectures["dcgan"]
STYLED = architectures["stylegan2"]
TINY = DCGAN.tiny.model_copy(update={"d_norm": "layer"})
each = pytest.mark.parametrize("name", list(penalties))
terms = pytest.mark.parametrize("name", [name for name, p in penalties.items() if p.term])
slopes = pytest.mark.parametrize("name", [name for name, p in penalties.items() if p.per_image])


@pytest.fixture
def players():
    generator = STYLED.networks["generator"](STYLED.tiny.model_copy(update={"num_classes": 0}))
    return nn.ModuleDict(
        {"generator": generator, "discriminator": DCGAN.networks["discriminator"](TINY)}
    )


def learnt(name, players, meet, memory=torch.contiguous_format):
    """The term and its gradient for the player it concerns, on the same images each time."""
    torch.manual_seed(3)
    for player in players.values():
        player.to(memory_format=memory).zero_grad()
    shape = (4, 3, 16, 16)
    round = meet(
        players["discriminator"],
        shape,
        players=players,
        real=torch.randn(shape).contiguous(memory_format=memory),
        fake=torch.randn(shape).contiguous(memory_format=memory),
        paint=players["generator"],
    )
    term = penalties[name].term(round)
    term.backward()
    gradients = [p.grad for p in players[penalties[name].player].parameters() if p.grad is not None]
    return term.detach(), torch.cat([g.flatten() for g in gradients])


@each
def test_the_entry_is_complete(name):
    entry = penalties[name]
    assert isinstance(entry, Penalty)
    assert entry.player in DCGAN.networks
    assert (entry.term is None) != (entry.project is None)


@terms
def test_its_player_learns_from_it(name, players, meet):
    term, gradient = learnt(name, players, meet)
    assert term.shape == ()
    assert term > 0
    assert gradient.isfinite().all()
    assert gradient.abs().sum() > 0


@terms
def test_nobody_else_does(name, players, meet):
    learnt(name, players, meet)
    others = [player for key, player in players.items() if key != penalties[name].player]
    assert all(p.grad is None for player in others for p in player.parameters())


@slopes
def test_the_second_derivative_works_in_channels_last(name, players, meet):
    plain = learnt(name, players, meet)
    torch.testing.assert_close(learnt(name, players, meet, torch.channels_last), plain)


@slopes
def test_the_second_derivative_works_under_autocast(name, players, meet):
    term, gradient = learnt(name, players, meet)
    with torch.autocast("cpu", torch.bfloat16):
        rough, slanted = learnt(name, players, meet, torch.channels_last)
    assert rough.dtype == torch.float32
    torch.testing.assert_close(rough, term, rtol=0.05, atol=0.01)
    assert torch.cosine_similarity(slanted, gradient, dim=0) > 0.98


@slopes
def test_the_second_derivative_is_right(name, meet):
    """Against finite differences, in the direction of a random change of all weights."""
    judge = DCGAN.networks["discriminator"](TINY).double()
    shape = (2, 3, 16, 16)
    real, fake = torch.randn(2, *shape, dtype=torch.float64)

    def term():
        return penalties[name].term(meet(judge, shape, real=real, fake=fake))

    weights = list(judge.parameters())
    way = [torch.randn_like(weight) for weight in weights]
    gradients = torch.autograd.grad(term(), weights, allow_unused=True)
    expected = sum((g * w).sum() for g, w in zip(gradients, way, strict=True) if g is not None)

    def moved(by):
        with torch.no_grad():
            for weight, direction in zip(weights, way, strict=True):
                weight.add_(direction, alpha=by)
        return term().item()

    step = 1e-6
    ahead, behind = moved(step), moved(-2 * step)
    assert expected.item() == pytest.approx((ahead - behind) / (2 * step), rel=1e-4)


@slopes
def test_it_works_for_a_judge_that_is_told_the_class(name, meet):
    cgan = architectures["cgan"]
    judge = cgan.networks["discriminator"](cgan.tiny)
    y = torch.arange(6) % 3
    term = penalties[name].term(meet(judge, (6, 1, 8, 8), y=y, fake_y=y))
    term.backward()
    assert term > 0
    assert judge.image[0].linear.weight.grad.any()
