"""Least squares, Wasserstein and hinge, in closed form."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from ganzoo.objectives import objectives

LEAST_SQUARES, WASSERSTEIN, HINGE = (
    objectives[name] for name in ("least_squares", "wasserstein", "hinge")
)
scores = st.floats(-100, 100, width=32)
pairs = st.lists(st.tuples(scores, scores), min_size=1, max_size=8).map(torch.tensor)


def slopes(loss, at):
    """The slope of the mean at each place, times how many there are: of one image alone."""
    place = torch.tensor(at, requires_grad=True)
    loss(place).backward()
    return [value * len(at) for value in place.grad.tolist()]


def test_least_squares_costs_nothing_at_the_targets():
    one, zero = torch.ones(4), torch.zeros(4)
    assert LEAST_SQUARES.d_loss(one, zero) == 0
    assert LEAST_SQUARES.g_loss(one) == 0
    assert LEAST_SQUARES.d_loss(one * 0.9, zero, smoothing=0.1).item() == pytest.approx(0)


def test_least_squares_at_its_best_measures_a_chi_squared_divergence():
    """Mao 2016, Eq. 5: D = p / (p + q), which leaves 1/2 sum p q / (p + q): 1/4 if alike."""
    p, q = torch.tensor([0.5, 0.3, 0.2]), torch.tensor([0.1, 0.1, 0.8])
    best = p / (p + q)
    times_p, times_q = (p * 10).round().long(), (q * 10).round().long()
    loss = LEAST_SQUARES.d_loss(best.repeat_interleave(times_p), best.repeat_interleave(times_q))
    torch.testing.assert_close(loss, (p * q / (p + q)).sum() / 2)
    half = torch.full((3,), 0.5)
    assert LEAST_SQUARES.d_loss(half, half).item() == 0.25


def test_least_squares_still_pulls_at_fakes_that_fool_the_judge():
    assert slopes(LEAST_SQUARES.g_loss, [-2.0, 1.0, 4.0]) == pytest.approx([-3, 0, 3])


def test_wasserstein_of_two_points_is_their_distance():
    """The best 1-Lipschitz critic of points at 2 and 5 is D(x) = +-x: the gap is 3."""
    assert WASSERSTEIN.d_loss(torch.tensor([5.0]), torch.tensor([2.0])).item() == -3


@given(pairs=pairs, shift=st.floats(-100, 100))
def test_wasserstein_does_not_care_where_zero_is(pairs, shift):
    real, fake = pairs.unbind(1)
    moved = WASSERSTEIN.d_loss(real + shift, fake + shift)
    torch.testing.assert_close(moved, WASSERSTEIN.d_loss(real, fake), rtol=1e-4, atol=1e-3)


@given(pairs=pairs)
def test_wasserstein_is_antisymmetric(pairs):
    real, fake = pairs.unbind(1)
    torch.testing.assert_close(WASSERSTEIN.d_loss(real, fake), -WASSERSTEIN.d_loss(fake, real))


def test_hinge_is_zero_beyond_the_margin_and_two_in_the_middle():
    assert HINGE.d_loss(torch.tensor([1.0, 7.0]), torch.tensor([-1.0, -9.0])) == 0
    assert HINGE.d_loss(torch.zeros(3), torch.zeros(3)) == 2


def test_hinge_learns_only_within_the_margin():
    far = torch.full((3,), -9.0)
    assert slopes(lambda real: HINGE.d_loss(real, far), [-3.0, 0.0, 2.0]) == pytest.approx(
        [-1, -1, 0]
    )
    assert slopes(lambda fake: HINGE.d_loss(-far, fake), [-2.0, 0.0, 3.0]) == pytest.approx(
        [0, 1, 1]
    )


@pytest.mark.parametrize("entry", [WASSERSTEIN, HINGE], ids=["wasserstein", "hinge"])
def test_these_critics_never_stop_teaching(entry):
    assert slopes(entry.g_loss, [-1000.0, 0.0, 1000.0]) == pytest.approx([-1, -1, -1])
