"""The kernel distance: no bias, and the exact value of small sets."""

import pytest
import torch

from ganzoo.errors import MetricError
from ganzoo.metrics.kid import kid, mmd


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


def test_one_block_has_no_deviation():
    assert kid(torch.randn(30, 3), torch.randn(40, 3)).deviation is None


def test_too_few():
    with pytest.raises(MetricError, match="got 1 and 5"):
        kid(torch.randn(1, 3), torch.randn(5, 3))
