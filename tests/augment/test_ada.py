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


@pytest.mark.parametrize(
    ("verdicts", "way"), [([5.0, -0.1, -0.1, -0.1], -1), ([0.1, 0.1, 0.1, -5.0], 1)]
)
def test_of_verdicts_only_the_side_counts_not_how_sure_they_are(verdicts, way):
    ada = ADA(ADAOptions(start=0.5, every=1, kimg=1, target=0.0))
    ada.heed(torch.tensor(verdicts))
    assert ada.p == pytest.approx(0.5 + way * 0.004)


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


@pytest.fixture
def places() -> torch.Tensor:
    """Of pictures to which every change happens; of two pixels a side, so none moves by whole ones.

    Mirror and quarter turns, size, turn, stretch, turn, shift: in this order.
    """
    return geometry(Dice(Draws(0), 4000, 1.0), 2)


def test_sizes_and_stretches_deviate_by_a_fifth_of_an_octave(places):
    long, short = torch.linalg.svdvals(places[:, :2, :2]).log2().unbind(1)
    size, stretch = (long + short) / 2, (long - short) / 2
    assert size.std().item() == pytest.approx(0.2, rel=0.05)
    assert stretch.square().mean().sqrt().item() == pytest.approx(0.2, rel=0.05)


def test_turns_before_and_after_the_stretch_go_all_the_way_round(places):
    """Over all quarters alike: then the cosine of four times the angle is 0 in the mean."""
    before, _, after = torch.linalg.svd(places[:, :2, :2])
    for axis in (before[:, :, 0], after[:, 0]):
        angle = torch.atan2(axis[:, 1], axis[:, 0])
        assert (4 * angle).cos().mean().item() == pytest.approx(0, abs=0.05)


def test_the_last_shift_deviates_by_a_quarter_of_half_the_side(places):
    shift = -torch.linalg.solve(places[:, :2, :2], places[:, :2, 2])
    assert shift.std(0).tolist() == pytest.approx([0.25, 0.25], rel=0.05)


class Even(Draws):
    """Of sizes, stretches and shifts that deviate by nothing."""

    def normal(self, share, *shape):
        return torch.zeros(share, *shape)


def test_whole_pixels_are_up_to_an_eighth_of_the_side():
    found = geometry(Dice(Even(0), 4000, 1.0), 64)
    pixels = (found[:, :2, 2] * 64 / 2).abs()  # mirrored and turned, they are as many
    torch.testing.assert_close(pixels, pixels.round())
    assert pixels.max().item() == pytest.approx(8)


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


@pytest.fixture
def colours() -> torch.Tensor:
    """Of pictures to which every change happens."""
    return colour(Dice(Draws(0), 4000, 1.0), grey=False)


def test_lightness_is_moved_stretched_and_inverted(colours):
    black, white = (
        recoloured(torch.full((4000, 3, 1, 1), at), colours).mean((1, 2, 3)) for at in (0.0, 1.0)
    )
    slope = white - black
    assert (slope < 0).float().mean().item() == pytest.approx(0.5, abs=0.03)
    assert slope.abs().log2().std().item() == pytest.approx(0.5, rel=0.05)
    assert (black / slope).std().item() == pytest.approx(0.2, rel=0.05)


def test_hues_turn_all_the_way_round_and_saturation_deviates_by_an_octave(colours):
    """Across the axis from black to white, where contrast counts too."""
    red, blue = torch.tensor([1.0, -1, 0]) / 2**0.5, torch.tensor([1.0, 1, -2]) / 6**0.5
    found = colours[:, :3, :3] @ red
    angle = torch.atan2(found @ blue, found @ red)
    assert angle.cos().mean().item() == pytest.approx(0, abs=0.05)
    assert angle.abs().mean().item() == pytest.approx(torch.pi / 2, rel=0.05)
    contrast = colours[:, 0, :3].sum(1).abs()
    assert (found.norm(dim=1) / contrast).log2().std().item() == pytest.approx(1, rel=0.05)


def test_without_geometry_every_pixel_stays_in_its_place():
    image = torch.zeros(8, 3, 5, 5)
    image[..., 1, 3] = 1
    seen = ADA(ADAOptions(start=1.0, geometry=False))(image, Draws(0))
    differs = (seen - seen[..., :1, :1]).abs().amax(1) > 1e-3
    assert torch.equal(differs, image[:, 0] == 1)


def test_without_colour_what_is_all_of_one_stays_so():
    image = torch.tensor([0.9, 0.1, -0.5]).view(1, 3, 1, 1).expand(8, -1, 5, 5)
    seen = ADA(ADAOptions(start=1.0, colour=False))(image, Draws(0))
    torch.testing.assert_close(seen, image)
