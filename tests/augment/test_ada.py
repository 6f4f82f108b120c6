"""The overfitting estimate moves p, and what p = 0 leaves alone."""

import pytest
import torch

from ganzoo.augment import augmentations
from ganzoo.augment.ada import ADA, ADAOptions, _Read
from ganzoo.draws import Draws


def test_verdicts_that_are_too_sure_raise_p_and_unsure_ones_lower_it():
    ada = ADA(ADAOptions(start=0.5, every=2, kimg=1))
    for _ in range(2):
        ada.heed(torch.ones(10, 1))
    assert ada.p == pytest.approx(0.52)
    for _ in range(4):
        ada.heed(torch.tensor([1.0, -1.0]))
    assert ada.p == pytest.approx(0.512)
    other = ADA(ADAOptions())
    other.restore(ada.state())
    assert other.p == ada.p


@pytest.mark.parametrize("channels", [1, 3])
def test_what_never_happens_changes_nothing(channels):
    image = torch.rand(4, channels, 8, 8)
    torch.testing.assert_close(ADA(ADAOptions())(image, Draws(0)), image, atol=1e-5, rtol=1e-4)
    assert not torch.allclose(ADA(ADAOptions(start=1.0))(image, Draws(0)), image, atol=0.1)


@pytest.mark.parametrize("name", list(augmentations))
@pytest.mark.parametrize("channels", [1, 3])
def test_the_generator_learns_through_it(name, channels):
    entry = augmentations[name]
    image = torch.rand(2, channels, 8, 8, requires_grad=True)
    seen = entry.build(entry.options())(image, Draws(1))
    assert seen.shape == image.shape
    seen.square().sum().backward()
    assert image.grad is not None
    assert image.grad.abs().sum() > 0


def test_reading_differentiates_twice():
    image = torch.rand(1, 1, 5, 5, dtype=torch.float64, requires_grad=True)
    grid = torch.rand(1, 5, 5, 2, dtype=torch.float64) * 2 - 1

    def read(x):
        return _Read.apply(x, grid)

    assert torch.autograd.gradcheck(read, image)
    assert torch.autograd.gradgradcheck(read, image)
