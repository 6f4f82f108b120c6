"""What DiffAugment does to a picture, from the numbers that it draws."""

import pytest
import torch

from ganzoo.augment.diffaugment import DiffAugment, DiffAugmentOptions, coloured, cut, translated
from ganzoo.draws import Draws

HALF = torch.full((3,), 0.5)


def test_colours_are_left_alone_in_the_middle_of_their_ranges():
    image = torch.rand(3, 3, 4, 4)
    torch.testing.assert_close(coloured(image, HALF, HALF, HALF), image)


def test_brightness_adds_saturation_and_contrast_stretch():
    image, ends = torch.rand(3, 3, 4, 4), torch.tensor([0.0, 0.5, 1.0])
    lighter = coloured(image, ends, HALF, HALF)
    torch.testing.assert_close(lighter - image, (ends - 0.5).view(3, 1, 1, 1).expand_as(image))
    vivid = coloured(image, HALF, ends, HALF)
    grey = image.mean(1, keepdim=True)
    torch.testing.assert_close(vivid[0], grey[0].expand(3, 4, 4))
    torch.testing.assert_close(vivid[2] - grey[2], 2 * (image[2] - grey[2]))
    strong = coloured(image, HALF, HALF, ends)
    middle = image.mean((1, 2, 3), keepdim=True)
    torch.testing.assert_close(strong.mean((1, 2, 3), keepdim=True), middle)
    for one, times in enumerate((0.5, 1.0, 1.5)):
        torch.testing.assert_close(strong[one] - middle[one], times * (image[one] - middle[one]))


def test_a_translation_is_up_to_an_eighth_and_zeros_come_in():
    image = torch.rand(2, 1, 16, 16) + 1
    moved = translated(image, torch.tensor([[0.0, 0.5], [0.5, 0.999]]), 1 / 8)
    assert torch.equal(moved[0, :, 2:], image[0, :, :-2])
    assert not moved[0, :, :2].any()
    assert torch.equal(moved[1, :, :, :-2], image[1, :, :, 2:])
    assert not moved[1, :, :, -2:].any()
    places = torch.cartesian_prod(torch.linspace(0, 0.999, 40), torch.tensor([0.5]))
    seen = {tuple(one.flatten().tolist()) for one in translated(image[:1].expand(40, -1, -1, -1),
                                                                places, 1 / 8)}  # fmt: skip
    assert len(seen) == 5  # two pixels up or down, one, or none


def test_a_hole_is_a_square_of_half_the_side_around_a_pixel():
    place = torch.tensor([[0.5, 0.5], [0.0, 0.0], [0.999, 0.25]])
    kept = cut(torch.ones(3, 2, 8, 8), place, 1 / 2)
    holes = [(kept[i, 0] == 0).nonzero() for i in range(3)]
    corners = [(hole.min(0).values.tolist(), hole.max(0).values.tolist()) for hole in holes]
    assert corners == [([2, 2], [5, 5]), ([0, 0], [1, 1]), ([6, 0], [7, 3])]
    assert torch.equal(kept[:, 0], kept[:, 1])


def test_a_policy_is_a_choice_and_each_image_draws_its_own():
    image = torch.rand(1, 3, 16, 16).expand(6, -1, -1, -1)
    assert torch.equal(DiffAugment(DiffAugmentOptions(policy=()))(image, Draws(0)), image)
    for kind in ("colour", "translation", "cutout"):
        seen = DiffAugment(DiffAugmentOptions(policy=(kind,)))(image, Draws(0))
        assert len({tuple(one.flatten().tolist()) for one in seen}) > 3


@pytest.mark.parametrize("reach", [0.0, 0.25, 0.5])
def test_a_translation_reaches_as_far_as_it_is_told_to(reach):
    options = DiffAugmentOptions(policy=("translation",), reach=reach)
    seen = DiffAugment(options)(torch.ones(100, 1, 16, 16), Draws(0))
    emptied = (seen[:, 0] == 0).all(2).sum(1)
    assert emptied.max() == 16 * reach


@pytest.mark.parametrize("hole", [0.0, 0.25, 0.75])
def test_a_hole_is_as_large_as_it_is_told_to_be(hole):
    options = DiffAugmentOptions(policy=("cutout",), hole=hole)
    seen = DiffAugment(options)(torch.ones(400, 1, 16, 16), Draws(0))
    assert (seen == 0).sum((1, 2, 3)).max() == (16 * hole) ** 2
