"""The kernel distance: no bias, and the exact value of small sets."""

import pytest
import torch

from ganzoo.errors import MetricError
from ganzoo.metrics.kid import kernel, kid, mmd, mmd_of_pairs


def test_by_hand():
    """d = 1, k(x, y) = (xy + 1)^3: pairs (0, 1) and (1, 1) give 1 + 8 - 2 (1 + 1 + 8 + 8) / 4."""
    real, fake = torch.tensor([[0.0], [1.0]]), torch.tensor([[1.0], [1.0]])
    assert mmd(real, fake) == pytest.approx(1 + 8 - 2 * (1 + 1 + 8 + 8) / 4)


def test_unbiased_at_zero():
    """Two samples of one distribution: the mean over many draws is 0 within its own error."""
    values = torch.tensor([mmd(*torch.randn(2, 20, 4).unbind()) for _ in range(600)])
    error = values.std() / len(values) ** 0.5
    assert values.min() < 0 < values.max()
    assert abs(values.mean()) < 3 * error


def test_expectation_of_shifted_gaussians():
    """d = 1, N(0,1) against N(m,1): E(xy+1)^3 = 1 + 3 E x E y + 3 E x^2 E y^2 + E x^3 E y^3."""
    m = 1.0

    def between(a, b):
        third = [mean**3 + 3 * mean for mean in (a, b)]
        return 1 + 3 * a * b + 3 * (a * a + 1) * (b * b + 1) + third[0] * third[1]

    expected = between(0, 0) + between(m, m) - 2 * between(0, m)
    dice = torch.randn(2, 20_000, 1)
    found = kid(dice[0], dice[1] + m, block=1000)
    assert found.value == pytest.approx(expected, abs=4 * found.deviation)
    assert found.deviation < 0.1 * expected


def test_blocks_are_disjoint_and_whole():
    real, fake = torch.randn(25, 3), torch.randn(38, 3)
    values = torch.tensor([mmd(real[a : a + 10], fake[a : a + 10]) for a in (0, 10)])
    found = kid(real, fake, block=10)
    assert found.value == pytest.approx(float(values.mean()))
    assert found.deviation == pytest.approx(float(values.std()) / 2**0.5)
    assert (found.over, found.parts) == ("blocks", 2)


def test_one_block_has_no_deviation():
    assert kid(torch.randn(30, 3), torch.randn(40, 3)).deviation is None


def test_no_pair_is_compared_within_itself():
    x, y = torch.randn(2, 5, 3).double().unbind()
    xx, yy, xy = kernel(x, x), kernel(y, y), kernel(x, y)
    terms = [
        xx[i, j] + yy[i, j] - xy[i, j] - xy[j, i] for i in range(5) for j in range(5) if i != j
    ]
    assert mmd_of_pairs(x, y)[0] == pytest.approx(float(sum(terms)) / 20)


def test_a_translator_that_errs_in_nothing_is_at_zero():
    wanted = torch.randn(30, 4)
    assert kid(wanted, wanted).value < -0.1
    found = kid(wanted, wanted, paired=True)
    assert (found.value, found.deviation) == pytest.approx((0, 0), abs=1e-9)


def test_unbiased_whatever_binds_the_pairs():
    """x and 0.8 x + 0.6 e are alike as crowds."""
    x, noise = torch.randn(2, 600, 20, 4).double().unbind()
    found = [kid(a, 0.8 * a + 0.6 * b, paired=True) for a, b in zip(x, noise, strict=True)]
    values = torch.tensor([one.value for one in found])
    error = values.std() / len(values) ** 0.5
    assert abs(values.mean()) < 3 * error
    crossed = torch.tensor([mmd(a, 0.8 * a + 0.6 * b) for a, b in zip(x, noise, strict=True)])
    assert crossed.mean() < -10 * error


def test_the_error_of_pairs_is_their_spread():
    dice = torch.randn(2, 400, 50, 1).double() + torch.tensor([0.0, 1.0]).view(2, 1, 1, 1)
    found = [kid(*one, paired=True) for one in dice.unbind(1)]
    spread = torch.tensor([one.value for one in found]).std()
    squares = torch.tensor([one.deviation for one in found]).square()
    assert squares.mean().sqrt() == pytest.approx(float(spread), rel=0.2)
    x, y = dice[:, 0]
    rows = torch.arange(50)
    without = torch.tensor([mmd_of_pairs(x[rows != i], y[rows != i])[0] for i in rows])
    jackknife = (without.double().var(correction=0) * 49) ** 0.5
    assert found[0].deviation == pytest.approx(float(jackknife), rel=1e-3)
    assert (found[0].over, found[0].parts) == ("pairs", 50)


def test_blocks_of_pairs():
    x, y = torch.randn(2, 25, 3).unbind()
    (a, e), (b, f) = (mmd_of_pairs(x[i : i + 10], y[i : i + 10]) for i in (0, 10))
    found = kid(x, y, block=10, paired=True)
    assert found == pytest.approx(((a + b) / 2, (e**2 + f**2) ** 0.5 / 2, "pairs", 20))
    assert kid(x[:2], y[:2], paired=True).deviation is None


def test_too_few():
    with pytest.raises(MetricError, match="got 1 and 5"):
        kid(torch.randn(1, 3), torch.randn(5, 3))
    with pytest.raises(MetricError, match="two sides of one size; got 4 and 5"):
        kid(torch.randn(4, 3), torch.randn(5, 3), paired=True)
