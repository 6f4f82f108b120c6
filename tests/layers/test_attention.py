"""Self-attention, against its equations."""

import pytest
import torch
from torch.nn.functional import max_pool2d

from ganzoo.layers.attention import SelfAttention


def layer(gamma: float) -> SelfAttention:
    torch.manual_seed(0)
    attention = SelfAttention(16)
    attention.gamma.data.fill_(gamma)
    return attention


def test_it_begins_as_the_identity():
    image = torch.randn(2, 16, 4, 4)
    assert torch.equal(SelfAttention(16)(image), image)


def test_it_is_its_equations():
    attention, image = layer(0.7), torch.randn(2, 16, 4, 6)
    theta = attention.theta(image).flatten(2)
    phi, g = (max_pool2d(c(image), 2).flatten(2) for c in (attention.phi, attention.g))
    beta = (theta.mT @ phi).softmax(-1)
    torch.testing.assert_close(beta.sum(-1), torch.ones(2, 24))
    found = attention.o((g @ beta.mT).unflatten(2, (4, 6)))
    torch.testing.assert_close(attention(image), image + 0.7 * found)


def test_far_places_are_heard():
    attention, image = layer(1.0), torch.randn(1, 16, 8, 8, requires_grad=True)
    attention(image)[0, :, 0, 0].sum().backward()
    assert image.grad is not None
    assert image.grad[0, :, 7, 7].abs().sum() > 0


def test_too_few_channels_are_refused():
    with pytest.raises(ValueError, match="at least 8 channels; got 4"):
        SelfAttention(4)
