"""Gradient reversal: nothing forward, the negative backward."""

import pytest
import torch

from ganzoo.layers.gradient_reversal import reverse


def test_features_pass_as_they_are():
    features = torch.randn(3, 5)
    assert torch.equal(reverse(features, 0.7), features)


@pytest.mark.parametrize("strength", [0.0, 0.3, 1.0, 4.0])
def test_the_gradient_comes_back_negated(strength):
    """Of <a, R(f)> it is -strength * a."""
    features, a = torch.randn(3, 5, requires_grad=True), torch.randn(3, 5)
    (a * reverse(features, strength)).sum().backward()
    torch.testing.assert_close(features.grad, -strength * a)


def test_what_comes_after_it_learns_as_ever():
    """d/dw of (w . R(f))^2 knows nothing of the reversal; d/df has its sign turned."""
    w, f = (torch.randn(1, 4, requires_grad=True) for _ in range(2))
    (w * reverse(f, 0.5)).sum().square().backward()
    inner = (w * f).sum().detach()
    torch.testing.assert_close(w.grad, 2 * inner * f)
    torch.testing.assert_close(f.grad, -0.5 * 2 * inner * w)


def test_two_reversals_are_none():
    features = torch.randn(2, 3, requires_grad=True)
    reverse(reverse(features, 2.0), 0.5).sum().backward()
    torch.testing.assert_close(features.grad, torch.ones(2, 3))


def test_one_descent_plays_the_minimax_game():
    """On f * w the one step lowers what w pays and raises what f pays: a saddle, not a valley."""
    f, w = (torch.tensor([[value]], requires_grad=True) for value in (1.0, 2.0))
    (reverse(f, 1.0) * w).sum().backward()
    with torch.no_grad():
        assert (f * (w - 0.1 * w.grad)).item() < 2 < ((f - 0.1 * f.grad) * w).item()
