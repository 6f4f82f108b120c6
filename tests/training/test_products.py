"""Within the shortcut, convolutions are the same, and only those that gain take another way."""

import pytest
import torch
from torch import nn
from torch.nn.functional import conv2d
from world import digits, tiny

from ganzoo.layers import winograd
from ganzoo.training import Trainer
from ganzoo.training.products import FewerProducts, shortcut

WIDE = torch.randn(128, 128, 3, 3, generator=torch.Generator().manual_seed(0))
image = torch.randn(2, 128, 12, 12, generator=torch.Generator().manual_seed(1))


@pytest.fixture
def taken(monkeypatch):
    calls = []
    real = winograd.convolve
    monkeypatch.setattr(
        winograd, "convolve", lambda *given: (calls.append(given[3]), real(*given))[1]
    )
    return calls


@pytest.mark.parametrize(("settings", "padding"), [
    ({}, 0), ({"padding": 1}, 1), ({"padding": (1, 1), "stride": (1, 1), "dilation": 1}, 1),
    ({"bias": torch.ones(128), "padding": [2, 2]}, 2),
])  # fmt: skip
def test_wide_ones_take_the_other_way(taken, settings, padding):
    wanted = conv2d(image, WIDE, **settings)
    with FewerProducts():
        made = conv2d(image, WIDE, **settings)
        by_name = conv2d(input=image, weight=WIDE, **settings)
    assert taken == [padding, padding]
    for one in (made, by_name):
        torch.testing.assert_close(one, wanted, rtol=1e-4, atol=1e-3)


@pytest.mark.parametrize("settings", [
    {"stride": 2}, {"stride": (1, 2)}, {"dilation": 2}, {"padding": (0, 1)}, {"padding": "same"},
    {"padding": 3}, {"groups": 2},
], ids=str)  # fmt: skip
def test_others_stay(taken, settings):
    kernel = WIDE[:, : 128 // settings.get("groups", 1)]
    with FewerProducts():
        made = conv2d(image, kernel, **settings)
    assert not taken
    assert torch.equal(made, conv2d(image, kernel, **settings))


def test_narrow_ones_small_ones_and_other_numbers_stay(taken):
    with FewerProducts():
        conv2d(image[:, :8], WIDE[:, :8])
        conv2d(image[:1, :, :5, :5], WIDE)
        conv2d(image, WIDE[:, :, :1])
        conv2d(image.double(), WIDE.double())
        conv2d(image[0], WIDE)
        with torch.autocast("cpu", torch.bfloat16):
            conv2d(image, WIDE)
    assert not taken


def test_a_layer_learns_as_before(taken):
    layer, twin = nn.Conv2d(128, 128, 3, padding=1), nn.Conv2d(128, 128, 3, padding=1)
    twin.load_state_dict(layer.state_dict())
    with FewerProducts():
        layer(image).square().mean().backward()
    assert taken
    twin(image).square().mean().backward()
    for ours, theirs in zip(layer.parameters(), twin.parameters(), strict=True):
        torch.testing.assert_close(ours.grad, theirs.grad, rtol=1e-3, atol=1e-5)


def test_players_without_wide_kernels_stay_out_of_it():
    narrow, wide = nn.Conv2d(64, 64, 3), nn.Conv2d(128, 128, 3)
    assert isinstance(shortcut(nn.ModuleList([narrow, wide])), FewerProducts)
    assert not isinstance(shortcut(nn.ModuleList([narrow, nn.Linear(128, 128)])), FewerProducts)


@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
def test_a_trainer_takes_it_in_float32_only(taken, precision):
    small = tiny(
        "sngan-cifar10", "options.g_widths=[128,128]", "options.d_widths=[128,128]",
        f"precision={precision}",
    )  # fmt: skip
    Trainer(small, digits(), cpu=True).step()
    assert bool(taken) == (precision == "float32")
