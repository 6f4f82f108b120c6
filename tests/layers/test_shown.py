"""What is never shown is not computed, and everything else stays."""

import torch

from ganzoo.layers.shown import ShownConv2d


def test_its_plain_form_computes_what_is_shown_and_no_more():
    layer, image = ShownConv2d(4, 3, spare=5), torch.randn(2, 4, 6, 6)
    plain = layer.plain()
    assert layer.weight.shape[0] == 8
    assert plain.weight.shape[0] == 3
    assert layer(image).shape == (2, 3, 6, 6)
    torch.testing.assert_close(plain(image), layer(image))
