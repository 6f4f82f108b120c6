"""Pictures moved through an input, and as they stand."""

import math

import pytest
import torch

from ganzoo.architectures import architectures
from ganzoo.motion import carried, errors, moved, softened

WAVES = 12  # of random directions and phases, in each picture


def field(transform: torch.Tensor, side: int, fastest: float) -> torch.Tensor:
    """Sums of waves, painted exactly where an inverse transform says.

    Args:
        fastest: in cycles per pixel.
    """
    dice = torch.Generator().manual_seed(1)
    angle, phase, speed, size = torch.rand(4, 2, WAVES, 1, generator=dice, dtype=torch.float64)
    line = (torch.arange(side, dtype=torch.float64) + 0.5) / side - 0.5
    down, right = torch.meshgrid(line, line, indexing="ij")
    places = torch.stack([right.flatten(), down.flatten(), torch.ones(side**2)])
    x, y, _ = (transform.double() @ places)[:, :, None].unbind(1)
    along = (2 * math.pi * angle).cos() * x + (2 * math.pi * angle).sin() * y
    waves = size * (2 * math.pi * (fastest * side * speed * along + phase)).sin()
    return (waves.sum(1) / WAVES).view(-1, 1, side, side).float()


def decibels(transform: torch.Tensor, turned: bool, fastest: float, side: int = 32) -> float:
    """How well waves agree with the still ones, carried as far."""
    still = field(moved(0, 0, 0).expand_as(transform), side, fastest)
    error, pixels = errors(still, field(transform, side, fastest), transform, turned)
    return float(10 * (4 * pixels.sum() / error.sum()).log10())


def test_whole_pixels_are_rolled_and_what_was_not_there_is_masked():
    image = torch.randn(2, 3, 8, 8)
    made, mask = carried(image, moved(-2 / 8, 1 / 8, 0).expand(2, 3, 3), turned=False)
    wanted = image.roll((1, -2), dims=(2, 3))
    assert torch.equal(
        mask[0, 0], torch.tensor([[y >= 1 and x < 6 for x in range(8)] for y in range(8)])
    )
    torch.testing.assert_close(made * mask, wanted * mask, rtol=0, atol=1e-5)


def test_a_picture_that_was_not_moved_stays_all_of_it():
    image = torch.randn(1, 1, 8, 8)
    made, mask = carried(image, moved(0, 0, 0), turned=False)
    torch.testing.assert_close(made, image, rtol=0, atol=1e-6)
    assert mask.all()
    error, pixels = errors(
        image.expand(1, 3, 8, 8), image.expand(1, 3, 8, 8), moved(0, 0, 0), False
    )
    assert error.item() == pytest.approx(0, abs=1e-10)
    assert pixels.item() == 3 * 64


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_quarter_turns_are_those_of_the_grid(degrees):
    """Softened, since the kernel of turned pictures does so, and that is all that it does."""
    image = torch.randn(1, 2, 16, 16)
    made, mask = carried(image, moved(0, 0, degrees), turned=True)
    wanted, also = softened(image.rot90(-degrees // 90, (2, 3)))
    both = mask & also
    assert both.sum() >= (16 - 2 * 4) ** 2
    torch.testing.assert_close(made * both, wanted * both, rtol=0, atol=1e-4)


def test_waves_move_by_parts_of_a_pixel_and_turn_as_waves_do():
    """What a perfect generator would score; the fastest wave that a grid holds has 1/2."""
    some = torch.Generator().manual_seed(2)
    parts = torch.cat([moved(*(torch.rand(2, generator=some) / 4).tolist(), 0) for _ in range(2)])
    turns = torch.cat([moved(0, 0, float(360 * torch.rand((), generator=some))) for _ in range(2)])
    assert decibels(parts, turned=False, fastest=0.2) > 55
    assert decibels(turns, turned=True, fastest=0.4) > 65
    assert decibels(turns, turned=True, fastest=0.5) > 58


def test_a_turn_about_another_place_is_seen():
    there = moved(1 / 32, 0, 40)
    still = field(moved(0, 0, 0).expand(2, 3, 3), 32, 0.2)
    wrong, pixels = errors(
        still, field(moved(0, 0, 40).expand(2, 3, 3), 32, 0.2), there.expand(2, 3, 3), True
    )
    assert 10 * (4 * pixels.sum() / wrong.sum()).log10() < 40


def test_a_picture_turned_away_leaves_only_what_both_show():
    image = torch.ones(1, 1, 32, 32)
    made, mask = carried(image, moved(0, 0, 45), turned=True)
    assert not mask[0, 0, 0, 0]
    assert mask[0, 0, 16, 16]
    torch.testing.assert_close(made[mask], torch.ones_like(made[mask]), rtol=0, atol=1e-4)


def test_the_transform_is_the_way_back():
    """Where the picture shows, at the right border, what was in the middle."""
    middle = moved(0.5, 0, 0)[0] @ torch.tensor([0.5, 0, 1])
    torch.testing.assert_close(middle, torch.tensor([0.0, 0, 1]))
    turned = moved(0, 0, 90)[0] @ torch.tensor([0, 0.5, 1])  # what is below came from the right
    torch.testing.assert_close(turned, torch.tensor([0.5, 0, 1]), rtol=0, atol=1e-6)


@torch.no_grad()
def test_a_moved_input_moves_what_the_input_layer_makes():
    entry = architectures["stylegan3"]
    layer = entry.networks["generator"](entry.tiny).eval().synthesis.input
    w = torch.randn(1, 8)
    rate, side = layer.signal.rate, layer.signal.side
    still = layer(w, moved(0, 0, 0))
    after = layer(w, moved(2 / rate, -1 / rate, 0))
    torch.testing.assert_close(
        after[..., : side - 1, 2:], still[..., 1:, : side - 2], rtol=0, atol=1e-4
    )


@torch.no_grad()
def test_a_turned_input_turns_what_the_input_layer_makes():
    entry = architectures["stylegan3"]
    layer = entry.networks["generator"](entry.tiny).eval().synthesis.input
    w = torch.randn(1, 8)
    turned = layer(w, moved(0, 0, 90))
    clockwise = layer(w, moved(0, 0, 0)).rot90(-1, (2, 3))
    torch.testing.assert_close(turned, clockwise, rtol=0, atol=1e-4)
