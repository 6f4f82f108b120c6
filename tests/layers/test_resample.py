"""Convolutions fused with doubling or halving are the two steps one after the other."""

import torch
from torch.nn.functional import avg_pool2d, conv2d, interpolate

from ganzoo.layers.resample import DoublingConv2d, HalvingConv2d

image = torch.randn(2, 3, 6, 4)


def test_doubling_first():
    layer = DoublingConv2d(3, 5)
    expected = conv2d(interpolate(image, scale_factor=2), layer.weight, layer.bias, padding=1)
    torch.testing.assert_close(layer(image), expected)
    torch.testing.assert_close(layer.plain()(image), expected)


def test_halving_last():
    layer = HalvingConv2d(3, 5)
    expected = avg_pool2d(conv2d(image, layer.weight, layer.bias, padding=1), 2)
    torch.testing.assert_close(layer(image), expected)
    torch.testing.assert_close(layer.plain()(image), expected)
