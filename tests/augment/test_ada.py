"""The overfitting estimate moves p, and what p = 0 leaves alone."""

import pytest
import torch

from ganzoo.augment import augmentations
from ganzoo.augment.ada import (
    ADA,
    ADAOptions,
    Dice,
    _about_light,
    _Read,
    colour,
    geometry,
    moved,
    recoloured,
    resampled,
    scaled,
    turned,
)
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


@pytest.mark.parametrize("side", [8, 64])
def test_what_never_happens_changes_nothing_in_bfloat16_either(side):
    image = torch.rand(2, 3, side, side) * 2 - 1
    with torch.autocast("cpu", torch.bfloat16):
        seen = ADA(ADAOptions())(image, Draws(0))
    torch.testing.assert_close(seen, image, atol=1e-4, rtol=1e-4)


@pytest.mark.parametrize("name", list(augmentations))
def test_changes_are_the_same_under_autocast(name):
    """Places and colours in bfloat16 would move pixels and shift hues."""
    entry = augmentations[name]
    options = entry.options(start=1.0) if name == "ada" else entry.options()
    image = torch.rand(4, 3, 32, 32) * 2 - 1
    wanted = entry.build(options)(image, Draws(3))
    with torch.autocast("cpu", torch.bfloat16):
        assert torch.equal(entry.build(options)(image, Draws(3)), wanted)


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


def test_p_stays_a_probability():
    ada = ADA(ADAOptions(kimg=0.001, every=1))
    ada.heed(torch.ones(10))
    assert ada.p == 1
    ada.heed(-torch.ones(10))
    assert ada.p == 0


def test_every_change_has_probability_p():
    """Of an image nothing is changed where each of the seven happens not to happen.

    Mirrors and quarter turns change nothing in one of two and four cases, shifts by whole pixels
    in one of 16 in each direction; both turns together have p.
    """
    p, count, side = 0.3, 40_000, 64
    found = geometry(Dice(Draws(0), count, p), side)
    still = (found - torch.eye(3)).abs().amax((1, 2)) < 1e-6
    rest = 1 - p
    wanted = (1 - p / 2) * (1 - 3 * p / 4) * (1 - p * (1 - 1 / 256)) * rest * rest * rest * rest
    assert float(still.float().mean()) == pytest.approx(wanted, abs=0.006)


def test_turns_mirrors_and_whole_shifts_move_pixels_without_blending_them():
    image = torch.rand(1, 3, 8, 8)
    one, none = torch.ones(1), torch.zeros(1)
    torch.testing.assert_close(resampled(image, scaled(-one, one)), image.flip(3))
    quarter = resampled(image, turned(-torch.pi / 2 * one))
    torch.testing.assert_close(quarter, image.rot90(-1, (2, 3)), atol=1e-5, rtol=0)
    shifted = resampled(image, moved(3 * 2 / 8 * one, none))
    torch.testing.assert_close(shifted[..., 3:], image[..., :-3], atol=1e-5, rtol=0)
    torch.testing.assert_close(shifted[..., :3], image[..., :3].flip(3), atol=1e-5, rtol=0)


def test_grey_stays_grey_whatever_becomes_of_colours():
    """Hue and saturation turn and stretch colours about the axis from black to white."""
    found = colour(Dice(Draws(0), 64, 1.0), grey=False)
    grey = recoloured(torch.full((64, 3, 2, 2), 0.5), found)
    torch.testing.assert_close(grey, grey.mean(1, keepdim=True).expand_as(grey))
    plain = colour(Dice(Draws(0), 64, 1.0), grey=True)
    alone = recoloured(torch.full((64, 1, 2, 2), 0.5), plain)
    torch.testing.assert_close(grey[:, :1], alone)  # the first draws are the same
    turn = _about_light(torch.rand(9) * 6)[:, :3, :3]
    torch.testing.assert_close(turn @ turn.mT, torch.eye(3).expand(9, 3, 3))
    torch.testing.assert_close(torch.linalg.det(turn), torch.ones(9))
