"""What each norm averages over."""

import pytest
import torch
from torch import nn

from ganzoo.layers.norms import norm

OVER = {"batch": (0, 2, 3), "layer": (1, 2, 3), "instance": (2, 3)}


@pytest.mark.parametrize(("kind", "over"), OVER.items())
def test_it_takes_away_mean_and_deviation(kind, over):
    image = 3 + 2 * torch.randn(4, 6, 5, 5)
    mean = image.mean(over, keepdim=True)
    deviation = (image.var(over, unbiased=False, keepdim=True) + 1e-5).sqrt()
    torch.testing.assert_close(norm(kind, 6)(image), (image - mean) / deviation)


@pytest.mark.parametrize("kind", ["layer", "instance", "none"])
def test_these_treat_each_image_alone(kind):
    image, layer = torch.randn(4, 6, 5, 5), norm(kind, 6)
    torch.testing.assert_close(layer(image)[:1], layer(image[:1]))


@pytest.mark.parametrize("kind", OVER)
def test_each_channel_has_its_own_gain_and_bias(kind):
    layer = norm(kind, 6)
    assert [tuple(p.shape) for p in layer.parameters()] == [(6,), (6,)]


def test_none_is_the_identity():
    assert isinstance(norm("none", 6), nn.Identity)
