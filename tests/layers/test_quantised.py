"""Integers in, float32 out: nearly the convolution, and exactly where nothing is lost."""

import math
from copy import deepcopy

import pytest
import torch
from torch import nn

from ganzoo.layers import quantised
from ganzoo.layers.quantised import QuantisedConv2d, QuantisedConvTranspose2d

pytestmark = pytest.mark.skipif(not quantised.at_hand(), reason="torch brings no such products")
torch.manual_seed(0)  # this module is collected before any test is seeded
LAYERS = [
    nn.Conv2d(8, 6, 3, padding=1),
    nn.Conv2d(8, 6, (1, 3), stride=2, padding=(0, 1), dilation=(1, 2), bias=False),
    nn.Conv2d(8, 6, 4, stride=2, padding=1),
    nn.ConvTranspose2d(8, 6, 4, stride=2, padding=1),
    nn.ConvTranspose2d(8, 6, 4, stride=2, padding=2, bias=False),
    nn.ConvTranspose2d(8, 6, 2, stride=2),
    nn.ConvTranspose2d(8, 6, 3, stride=2),
    nn.ConvTranspose2d(8, 6, (3, 4), stride=2, padding=(1, 0), output_padding=1),
    nn.ConvTranspose2d(8, 6, 2, stride=2, output_padding=1),
    nn.ConvTranspose2d(8, 6, 2, stride=2, output_padding=1, bias=False),
]
SHAPES = (4, 8, 10, 10), (1, 8, 6, 14), (1, 8, 3, 3), (2, 8, 7, 3)


def integer(layer: nn.Module, low: float = -1.0, high: float = 1.0) -> nn.Module:
    kind = QuantisedConvTranspose2d if isinstance(layer, nn.ConvTranspose2d) else QuantisedConv2d
    return kind(layer, low, high)


def decibels(found: torch.Tensor, wanted: torch.Tensor) -> float:
    noise = (found - wanted).square().mean().item()
    return 10 * math.log10(wanted.square().mean().item() / noise) if noise else math.inf


def whole(shape: torch.Size, low: int, high: int) -> torch.Tensor:
    """Whole numbers that reach as far as they may, wherever one looks first."""
    drawn = torch.randint(low, high + 1, shape, generator=torch.Generator().manual_seed(0))
    drawn.view(shape[0], shape[1], -1)[:, :, 0] = high
    return drawn.float()


@pytest.mark.parametrize("layer", LAYERS, ids=repr)
@torch.inference_mode()
def test_whole_numbers_come_out_exactly(layer):
    """A kernel of -127 to 127 and images of 0 to 255 are integers already: nothing is rounded."""
    plain = deepcopy(layer)
    plain.weight.copy_(whole(layer.weight.shape, -127, 127))
    if isinstance(layer, nn.ConvTranspose2d):
        plain.weight[:, :, :2, :2] = 127  # in every phase
    for shape in SHAPES:
        image = whole(torch.Size(shape), 0, 255)
        torch.testing.assert_close(integer(plain, 0.0)(image), plain(image), rtol=1e-5, atol=0.1)


@pytest.mark.parametrize("low", [-1.0, -0.2, 0.0])
@pytest.mark.parametrize("layer", LAYERS, ids=repr)
@torch.inference_mode()
def test_most_of_the_signal_is_kept(layer, low):
    fast = integer(layer, low)
    assert fast.stride == layer.stride
    for shape in SHAPES:
        image = torch.rand(shape, generator=torch.Generator().manual_seed(1)) * (1 - low) + low
        wanted = layer(image)
        found = fast(image)
        assert found.shape == wanted.shape
        assert decibels(found, wanted) > 36


@torch.inference_mode()
def test_an_image_does_not_depend_on_its_company():
    fast = integer(nn.Conv2d(8, 6, 3, padding=1))
    image = torch.randn(3, 8, 9, 9) * torch.tensor([1.0, 1e3, 1e-3]).view(3, 1, 1, 1)
    together = fast(image)
    for i in range(3):
        torch.testing.assert_close(together[i : i + 1], fast(image[i : i + 1]))


@torch.inference_mode()
def test_images_may_reach_farther_than_the_typical_one():
    layer = nn.Conv2d(8, 6, 3, padding=1)
    image = 50 * torch.randn(2, 8, 9, 9)
    assert decibels(integer(layer, -1.0)(image), layer(image)) > 30
    assert decibels(integer(layer, -0.01)(image), layer(image)) > 0  # few integers are left


@pytest.mark.parametrize("count", [1, 2])
@torch.inference_mode()
def test_nothing_stays_nothing(count):
    layer = nn.Conv2d(8, 6, 3, padding=1)
    found = integer(layer, 0.0)(torch.zeros(count, 8, 5, 5))
    torch.testing.assert_close(found, layer.bias[:, None, None].expand_as(found))


@torch.inference_mode()
def test_where_torch_lacks_the_way_to_integers_nothing_is_at_hand(monkeypatch):
    quantised.at_hand.cache_clear()
    monkeypatch.delattr(torch, "quantize_per_tensor")
    assert not quantised.at_hand()
    quantised.at_hand.cache_clear()
