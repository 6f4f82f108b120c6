"""Convolutions fused with doubling or halving are the two steps one after the other."""

from functools import partial

import pytest
import torch
from torch.nn.functional import avg_pool2d, conv2d, interpolate

from ganzoo.layers.resample import DoublingConv2d, HalvingConv2d

SIZES = [(3, 5, 6, 4), (128, 160, 10, 8), (128, 128, 12, 9)]  # from 128 on with fewer products
near = partial(torch.testing.assert_close, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize(("thin", "wide", "high", "across"), SIZES)
def test_doubling_first(thin, wide, high, across):
    image, layer = torch.randn(2, thin, high, across), DoublingConv2d(thin, wide)
    expected = conv2d(interpolate(image, scale_factor=2), layer.weight, layer.bias, padding=1)
    near(layer(image), expected)
    near(layer.plain()(image), expected)


@pytest.mark.parametrize(("thin", "wide", "high", "across"), SIZES)
def test_halving_last(thin, wide, high, across):
    image, layer = torch.randn(2, thin, 2 * high, across), HalvingConv2d(thin, wide)
    expected = avg_pool2d(conv2d(image, layer.weight, layer.bias, padding=1), 2)
    near(layer(image), expected)
    near(layer.plain()(image), expected)
