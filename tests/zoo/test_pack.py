"""Packed layers compute what the plain ones do, whatever shape they meet."""

import pytest
import torch
from torch import nn

from ganzoo.layers import winograd
from ganzoo.zoo import _pack, psnr

LAYERS = [
    nn.Conv2d(8, 6, 3, padding=1),
    nn.Conv2d(8, 6, (1, 3), stride=2, padding=(0, 1), dilation=(1, 2), bias=False),
    nn.ConvTranspose2d(8, 6, 4, stride=2, padding=1),
    nn.ConvTranspose2d(8, 6, 3, stride=2, padding=1, output_padding=1, bias=False),
]


def packed(layer: nn.Module, *shape: int) -> nn.Module:
    network = nn.Sequential(layer)
    given = torch.randn(shape, dtype=next(layer.parameters()).dtype)
    with torch.inference_mode():
        _pack.pack(network, lambda: network(given))
    return network


@pytest.mark.parametrize("layer", LAYERS, ids=repr)
@torch.inference_mode()
def test_convolutions_stay_what_they_are(layer):
    fast = packed(layer, 4, 8, 10, 10)
    assert isinstance(fast[0], _pack.Packed)
    assert fast[0].stride == layer.stride
    assert fast[0].alone is not None  # an order of its own for an image alone
    for shape in ((4, 8, 10, 10), (1, 8, 6, 14)):  # not only the one that it was packed for
        image = torch.randn(shape)
        torch.testing.assert_close(fast(image), layer(image), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(("thin", "wide", "side", "fewer"), [
    (96, 96, 16, True), (64, 512, 16, True), (64, 64, 16, False), (96, 96, 12, False),
])  # fmt: skip
@torch.inference_mode()
def test_wide_convolutions_take_fewer_products(monkeypatch, thin, wide, side, fewer):
    asked = []
    real = winograd.transformed
    monkeypatch.setattr(winograd, "transformed", lambda one: (asked.append(one), real(one))[1])
    layer = nn.Conv2d(thin, wide, 3, padding=1)
    fast = packed(layer, 2, thin, side, side)
    assert bool(asked) == fewer
    assert fast[0].out_channels == wide
    for shape in ((2, thin, side, side), (1, thin, 9, 21)):
        image = torch.randn(shape)
        torch.testing.assert_close(fast(image), layer(image), rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("layer", [
    nn.Conv2d(96, 96, 3, stride=2, padding=1), nn.Conv2d(96, 96, 3, dilation=2),
    nn.Conv2d(96, 96, 3, padding=(1, 0)), nn.Conv2d(96, 96, 5),
    nn.ConvTranspose2d(96, 96, 3),
], ids=repr)  # fmt: skip
@torch.inference_mode()
def test_others_keep_theirs(monkeypatch, layer):
    monkeypatch.setattr(winograd, "transformed", None)
    packed(layer, 2, 96, 32, 32)


@pytest.mark.parametrize("bias", [True, False])
@torch.inference_mode()
def test_products_of_matrices_stay_what_they_are(bias):
    layer = nn.Linear(8, 6, bias=bias)
    fast = packed(layer, 4, 8)
    assert isinstance(fast[0], _pack.Packed)
    for shape in ((4, 8), (1, 8), (2, 3, 8)):
        given = torch.randn(shape)
        torch.testing.assert_close(fast(given), layer(given), rtol=1e-4, atol=1e-5)


@torch.inference_mode()
def test_a_layer_computes_in_the_precision_of_its_weights():
    if not torch.ops.mkldnn._is_mkldnn_bf16_supported():
        pytest.skip("needs a processor whose kernels know bfloat16")
    layer, image = nn.Conv2d(8, 6, 3, padding=1), torch.randn(2, 8, 10, 10)
    wanted = layer(image)
    made = packed(layer.to(torch.bfloat16), 2, 8, 10, 10)(image)
    assert made.dtype == torch.bfloat16
    assert 40 < psnr(made.float(), wanted) < 80


@pytest.mark.parametrize(
    "layer",
    [
        nn.Conv2d(8, 8, 3, groups=4),
        nn.Conv2d(8, 8, 3, padding=1, padding_mode="reflect"),
        nn.Conv2d(8, 8, 3, padding="same"),
    ],
    ids=repr,
)
def test_what_does_not_fit_is_left_alone(layer):
    assert packed(layer, 2, 8, 10, 10)[0] is layer


def test_without_kernels_nothing_changes(monkeypatch):
    monkeypatch.setattr(_pack, "KERNELS", (*_pack.KERNELS, "_of_another_torch"))
    layer = nn.Conv2d(8, 8, 3)
    assert packed(layer, 2, 8, 10, 10)[0] is layer


def test_a_layer_that_is_never_called_is_left_alone():
    class Idle(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.used, self.spare = nn.Linear(3, 3), nn.Linear(3, 3)

        def forward(self, given: torch.Tensor) -> torch.Tensor:
            return self.used(given)

    network = Idle()
    _pack.pack(network, lambda: network(torch.zeros(1, 3)))
    assert isinstance(network.used, _pack.Packed)
    assert type(network.spare) is nn.Linear
