"""A transformation without parameters, judges of patches at every scale, and any size."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from ganzoo.architectures.ingan import (
    Discriminator,
    Generator,
    Options,
    homography,
    inside,
    origins,
    scales_of,
    transformed,
    trapezoid,
)
from ganzoo.errors import InputError, RecipeError

SMALL = Options(image_size=32, rows=24, base_channels=4, blocks=1, d_channels=4)
WHOLE = torch.tensor([[-1.0, -1.0], [1.0, -1.0], [-1.0, 1.0], [1.0, 1.0]])


def generator(options=SMALL):
    torch.manual_seed(0)
    network = Generator(options).eval()
    nn.init.normal_(network.leave[1].weight, 0, 0.1)
    return network


def moved(places, corners):
    full = torch.cat([corners, torch.ones(len(corners), 1)], 1) @ places.mT
    return full[:, :2] / full[:, 2:]


@given(st.lists(st.floats(-0.3, 0.3), min_size=8, max_size=8))
def test_a_homography_takes_four_corners_to_four_others(shifts):
    corners = WHOLE + torch.tensor(shifts).view(4, 2)
    there = homography(WHOLE, corners)
    torch.testing.assert_close(moved(there, WHOLE), corners, rtol=1e-4, atol=1e-4)
    back = torch.linalg.inv(there)
    torch.testing.assert_close(moved(back, corners), WHOLE, rtol=1e-3, atol=1e-3)


def test_a_homography_keeps_lines_straight():
    places = trapezoid(0.5)
    line = torch.stack([torch.linspace(-0.5, 0.5, 9), torch.linspace(-1, 1, 9)], 1)
    ends = moved(places, line)
    away = ends - ends[0]
    across = away[:, 0] * away[-1, 1] - away[:, 1] * away[-1, 0]
    torch.testing.assert_close(across, torch.zeros(9), rtol=0, atol=1e-5)


def test_no_homography_is_the_one_that_changes_nothing():
    features = torch.rand(2, 3, 9, 12)
    torch.testing.assert_close(transformed(features, (9, 12), torch.eye(3)), features)
    torch.testing.assert_close(
        transformed(features, (18, 24), torch.eye(3)), transformed(features, (18, 24))
    )
    assert transformed(features, (9, 12)) is features


@pytest.mark.parametrize(("narrow", "short"), [(0.5, 0), (-0.5, -1)])
def test_one_edge_of_a_trapezoid_is_shorter(narrow, short):
    within = inside((400, 600), trapezoid(narrow))
    lengths = within.sum(1)
    assert int(lengths[short]) == pytest.approx(300, abs=3)
    assert int(lengths[-1 - short]) == pytest.approx(600, abs=3)
    assert torch.equal(within, within.flip(1))
    assert inside((4, 6), torch.eye(3)).all()


def test_beyond_the_image_lies_its_mirror_image():
    places = trapezoid(0.5)
    ramp = torch.linspace(-1, 1, 64)[None, None, None].expand(1, 1, 48, 64)
    made = transformed(ramp, (48, 64), places)
    across = origins((48, 64), places)[0, :, :, 0]
    mirrored = torch.where(across.abs() > 1, 2 * across.sign() - across, across)
    inner = mirrored.abs() < 0.9
    torch.testing.assert_close(made[0, 0][inner], mirrored[inner] * 64 / 63, rtol=0, atol=1e-3)


def test_places_are_found_to_the_pixel_under_autocast():
    places = trapezoid(0.5)
    with torch.autocast("cpu", torch.bfloat16):
        found = origins((48, 250), places)
    assert torch.equal(found, origins((48, 250), places))


def test_a_picture_may_have_any_size_and_shape():
    network, image = generator(), torch.rand(2, 3, 24, 32) * 2 - 1
    assert network(image).shape == image.shape
    assert network(image, (9, 71)).shape == (2, 3, 9, 71)
    assert network(image, (33, 20), trapezoid(0.3)).shape == (2, 3, 33, 20)
    with pytest.raises(InputError, match=r"more than 8 rows and columns; got \(8, 40\)"):
        network(image, (8, 40))


def test_pictures_of_a_batch_are_remade_alone():
    network, image = generator(), torch.rand(2, 3, 24, 32) * 2 - 1
    both = network(image, (20, 50))
    torch.testing.assert_close(both[1:], network(image[1:], (20, 50)), rtol=1e-4, atol=1e-5)


def test_what_it_learned_from_is_kept_exactly():
    network = generator()
    picture = torch.randint(0, 256, (3, 24, 32), dtype=torch.uint8)
    network.known.copy_(picture)
    assert network.own().shape == (1, 3, 24, 32)
    assert torch.equal(((network.own()[0] + 1) * 127.5).round().to(torch.uint8), picture)


@pytest.mark.parametrize(
    ("shape", "scales"), [((256, 256), 9), ((96, 96), 6), ((13, 40), 1), ((5, 5), 1), ((18, 99), 1)]
)
def test_there_is_a_judge_for_each_scale_that_is_large_enough(shape, scales):
    """256 pixels: 9 scales, the last of 256 / 1.4^8 = 17."""
    assert scales_of(shape, 13, 1.4) == scales


def test_a_logit_sees_nine_pixels():
    torch.manual_seed(0)
    judge = Discriminator(Options(image_size=64, d_channels=4, d_norm="none")).scales[0]
    image = torch.randn(1, 3, 41, 41, requires_grad=True)
    logits = judge(image)
    logits[0, 0, logits.shape[2] // 2, logits.shape[3] // 2].backward()
    seen = image.grad.abs().sum((0, 1)) > 0
    assert seen.any(1).sum() == seen.any(0).sum() == 9


@pytest.mark.parametrize("tilt", [0.5, 1.0, 1.4])
def test_scales_weigh_as_they_are_tilted(tilt):
    judge = Discriminator(SMALL)
    judge.tilt.fill_(tilt)
    weights = judge.weights((24, 32))
    assert len(weights) == len(judge.scales) == 2
    torch.testing.assert_close(weights.sum(), torch.tensor(1.0))
    torch.testing.assert_close(weights[1] / weights[0], torch.tensor(tilt))
    assert len(judge.weights((200, 200))) == 2, "no more than there are judges"
    assert len(judge.weights((12, 90))) == 1


def test_the_verdict_is_a_weighted_sum_of_maps():
    """If every judge says the same of everything, so do all together."""
    judge = Discriminator(SMALL)
    for scale in judge.scales:
        scale[-1] = nn.Conv2d(8, 1, 1)
        nn.init.zeros_(scale[-1].weight)
        nn.init.constant_(scale[-1].bias, 0.7)
    for tilt in (0.3, 1.0):
        judge.tilt.fill_(tilt)
        logits = judge.eval()(torch.rand(1, 3, 24, 40))
        assert logits.shape == (1, 1, 8, 16)
        torch.testing.assert_close(logits, torch.full_like(logits, 0.7))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"image_size": 64, "rows": 32, "columns": 48}, "image_size, 64; got 32 x 48"),
        ({"image_size": 64, "crop": 13}, "sees 13 pixels at least; a step sees 13"),
    ],
)
def test_sides_that_do_not_go_together_are_refused(given, said):
    with pytest.raises(RecipeError, match=said):
        Options.read(given, "options")
