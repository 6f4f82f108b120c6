"""Pictures moved through an input, and as they stand."""

import math

import torch

from ganzoo.architectures import architectures
from ganzoo.explore.motion import moved, shifted, slit


def waves(side: int) -> torch.Tensor:
    place = (torch.arange(side) + 0.5) / side
    across, down = torch.meshgrid(place, place, indexing="xy")
    return (2 * math.pi * (across + 2 * down)).sin()[None, None]


def test_whole_pixels_are_rolled():
    image = torch.randn(2, 3, 8, 8)
    wanted = image.roll((1, -2), dims=(2, 3))
    torch.testing.assert_close(shifted(image, -2 / 8, 1 / 8), wanted, rtol=0, atol=1e-5)


def test_parts_of_a_pixel_move_a_wave_exactly():
    image = waves(16)
    place = (torch.arange(16) + 0.5) / 16
    across, down = torch.meshgrid(place - 0.03, place, indexing="xy")
    wanted = (2 * math.pi * (across + 2 * down)).sin()[None, None]
    torch.testing.assert_close(shifted(image, 0.03, 0), wanted, rtol=0, atol=1e-5)


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


def test_a_slit_shows_one_column_after_the_other():
    image = torch.randn(5, 3, 4, 6)
    seen = slit(image)
    assert seen.shape == (1, 3, 4, 5)
    assert torch.equal(seen[0, :, :, 2], image[2, :, :, 3])
