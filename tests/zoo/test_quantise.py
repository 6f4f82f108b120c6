"""Integers go where they gain, and no farther than the picture allows."""

import importlib

import pytest
import torch
from torch import nn

from ganzoo.layers import quantised
from ganzoo.layers.quantised import QuantisedConv2d, QuantisedConvTranspose2d
from ganzoo.zoo import _quantise, prepare, psnr

pytestmark = pytest.mark.skipif(not quantised.at_hand(), reason="torch brings no such products")
INTEGER = QuantisedConv2d, QuantisedConvTranspose2d


def painter() -> nn.Sequential:
    torch.manual_seed(0)
    return nn.Sequential(
        nn.Conv2d(64, 64, 3, padding=1), nn.ReLU(), nn.ConvTranspose2d(64, 64, 4, 2, 1), nn.ReLU(),
        nn.Conv2d(64, 3, 1), nn.Tanh(),
    )  # fmt: skip


def integers(network: nn.Module) -> int:
    return sum(isinstance(module, INTEGER) for module in network.modules())


def given(count: int = 2) -> torch.Tensor:
    return torch.randn(count, 64, 20, 20, generator=torch.Generator().manual_seed(count))


def test_large_convolutions_take_them():
    network, image = painter(), given()
    fast = prepare(network, image, precision="int8")
    assert fast.precision == "int8"
    assert integers(fast) == 2  # the last has too few products
    assert integers(network) == 0
    for count in (1, 2, 5):
        with torch.no_grad():
            assert psnr(fast(given(count)), network(given(count))) > 40


def test_they_are_taken_where_they_are_faster(monkeypatch):
    module = importlib.import_module("ganzoo.zoo.prepare")
    for has, wanted in ((True, "int8"), (False, "float32")):
        monkeypatch.setattr(module, "has_bfloat16", lambda cpu: False)
        monkeypatch.setattr(module, "has_int8", lambda has=has: has)
        assert prepare(painter(), given()).precision == wanted


def test_small_ones_stay_in_float32():
    image = torch.randn(2, 64, 4, 4)
    fast = prepare(painter(), image, precision="int8")
    assert fast.precision == "float32"
    assert integers(fast) == 0


def test_the_noisiest_layer_is_left_out():
    class Delicate(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.calm, self.loud = (nn.Conv2d(64, 64, 3, padding=1) for _ in range(2))

        def forward(self, image: torch.Tensor) -> torch.Tensor:
            return (self.calm(image) / 10).tanh() + torch.sin(200 * self.loud(image)) / 10

    torch.manual_seed(0)
    network, image = Delicate(), given()
    fast = prepare(network, image, precision="int8")
    assert fast.precision == "int8"
    assert isinstance(fast.network.calm, QuantisedConv2d)
    assert not isinstance(fast.network.loud, QuantisedConv2d)
    with torch.no_grad():
        assert psnr(fast(image), network(image)) >= 40


def test_none_goes_where_all_would_show():
    network, image = nn.Sequential(nn.Conv2d(64, 64, 3, padding=1)), given()
    with torch.inference_mode():
        wanted = network(image)
        assert not _quantise.quantise(network, lambda: network(image), wanted, most=0.0)
    assert type(network[0]) is nn.Conv2d


def test_what_is_not_a_number_is_no_reason_for_integers():
    network, image = nn.Sequential(nn.Conv2d(64, 64, 3, padding=1)), given()
    with torch.inference_mode():
        wanted = network(image) * float("nan")
        assert not _quantise.quantise(network, lambda: network(image), wanted, most=1.0)
    assert type(network[0]) is nn.Conv2d


def test_a_shared_layer_is_measured_by_all_that_it_gets():
    class Twice(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.layer = nn.Conv2d(64, 64, 3, padding=1)

        def forward(self, image: torch.Tensor) -> torch.Tensor:
            return self.layer(self.layer(image).relu() / 10).tanh()

    torch.manual_seed(0)
    network, image = Twice(), given()
    fast = prepare(network, image, precision="int8")
    assert fast.network.layer.zero > 64  # what comes first reaches as far down as up
    with torch.no_grad():
        assert psnr(fast(image), network(image)) >= 40
