"""Maxout keeps the largest of each unit's linear pieces."""

import torch

from ganzoo.layers.maxout import Maxout


def test_each_unit_is_its_largest_piece():
    layer = Maxout(width=3, units=2, pieces=2)
    with torch.no_grad():
        layer.linear.weight.copy_(torch.tensor([[1, 0, 0], [0, 1, 0], [0, 0, 1], [0, 0, -1.0]]))
        layer.linear.bias.zero_()
    assert layer(torch.tensor([[2.0, 5.0, -3.0]])).tolist() == [[5.0, 3.0]]  # max(2, 5), |-3|


def test_it_is_convex():
    layer, (a, b) = Maxout(4, 3, 5), torch.randn(2, 1, 4)
    assert (layer((a + b) / 2) <= (layer(a) + layer(b)) / 2 + 1e-6).all()
