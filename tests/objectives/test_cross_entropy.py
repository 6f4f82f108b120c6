"""The games of Goodfellow 2014: minimax and non-saturating, in closed form."""

from math import log

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from ganzoo.objectives import objectives

both = pytest.mark.parametrize("name", ["minimax", "non_saturating"])
REAL, FAKE = torch.tensor([5, 3, 1, 1]), torch.tensor([1, 1, 4, 4])  # how often each value occurs
logit = st.floats(-20, 20)


def slope(loss, at):
    place = torch.tensor([at], dtype=torch.float64, requires_grad=True)
    loss(place).backward()
    return place.grad.item()


def game(name, verdicts):
    """The discriminator's loss where it gives each of four values one verdict."""
    return objectives[name].d_loss(
        verdicts.repeat_interleave(REAL), verdicts.repeat_interleave(FAKE)
    )


def best():
    return (REAL / REAL.sum()).log() - (FAKE / FAKE.sum()).log()


@both
def test_an_undecided_discriminator_pays_log_four(name):
    """Theorem 1: at D = 1/2 the value of the game is -log 4."""
    undecided = torch.zeros(5)
    assert objectives[name].d_loss(undecided, undecided).item() == pytest.approx(log(4))


@both
def test_the_best_discriminator_measures_the_jensen_shannon_divergence(name):
    """Proposition 1 and Eq. 6: at D = p / (p + q) the loss is log 4 - 2 JSD(p, q)."""
    p, q = REAL / REAL.sum(), FAKE / FAKE.sum()
    middle = (p + q) / 2
    divergence = ((p * (p / middle).log()).sum() + (q * (q / middle).log()).sum()) / 2
    torch.testing.assert_close(game(name, best()), log(4) - 2 * divergence)


@both
@given(away=st.lists(st.floats(-3, 3), min_size=4, max_size=4).map(torch.tensor))
def test_no_discriminator_is_better(name, away):
    assert game(name, best() + away) >= game(name, best()) - 1e-6


@given(at=logit)
def test_minimax_is_zero_sum(at):
    """What the discriminator's loss loses on a fake, the generator's gains, and nothing else."""
    entry, real = objectives["minimax"], torch.zeros(1, dtype=torch.float64)
    assert slope(entry.g_loss, at) == -slope(lambda fake: entry.d_loss(real, fake), at)


@given(at=logit)
def test_the_two_generators_have_the_papers_slopes(at):
    sigmoid = torch.tensor(at, dtype=torch.float64).sigmoid().item()
    assert slope(objectives["minimax"].g_loss, at) == pytest.approx(-sigmoid)
    assert slope(objectives["non_saturating"].g_loss, at) == pytest.approx(sigmoid - 1)


def test_a_hopeless_fake_learns_only_where_the_loss_does_not_saturate():
    """-log(sigmoid + eps) would have lost it: the reason these losses are written as softplus."""
    lost = torch.tensor([-30.0], requires_grad=True)
    objectives["non_saturating"].g_loss(lost).backward()
    assert lost.grad.item() == pytest.approx(-1.0, abs=1e-6)
    assert abs(slope(objectives["minimax"].g_loss, -30)) < 1e-12


@both
@pytest.mark.parametrize("smoothing", [0.05, 0.1, 0.3])
def test_smoothed_reals_are_best_at_their_label(name, smoothing):
    """Salimans 2016, Sec. 3.4: D(x) = 1 - s, so the logit is log((1 - s) / s)."""
    fake = torch.zeros(1, dtype=torch.float64)
    loss = lambda real: objectives[name].d_loss(real, fake, smoothing=smoothing)  # noqa: E731
    target = log((1 - smoothing) / smoothing)
    assert slope(loss, target) == pytest.approx(0, abs=1e-12)
    assert slope(loss, target - 1) < 0 < slope(loss, target + 1)


@both
@given(at=logit, smoothing=st.floats(0, 0.99))
def test_smoothing_is_cross_entropy_with_a_softer_label(name, at, smoothing):
    real = torch.tensor([at], dtype=torch.float64)
    expected = torch.nn.functional.binary_cross_entropy_with_logits(
        real, torch.full_like(real, 1 - smoothing)
    )
    never = torch.full_like(real, -1e4)  # a fake that costs nothing
    torch.testing.assert_close(objectives[name].d_loss(real, never, smoothing=smoothing), expected)
