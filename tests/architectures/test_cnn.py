"""The classifier: residual arithmetic, sizes, features."""

import pytest
import torch
from torch import nn

from ganzoo.architectures import architectures
from ganzoo.architectures.cnn import Block

CNN = architectures["cnn"]


def test_a_block_adds_to_its_input():
    """With its last gain at zero the residual is nothing, and the block its input's ReLU."""
    block, features = Block(4, 4), torch.randn(2, 4, 6, 6)
    nn.init.zeros_(block.residual[-1].weight)
    torch.testing.assert_close(block(features), features.relu())


@pytest.mark.parametrize(
    ("depth", "layers"), [(3, 20), (5, 32), (9, 56), (18, 110)]
)  # Table 6 of the paper
def test_depth_counts_as_in_the_paper(depth, layers):
    network = CNN.networks["classifier"](CNN.options(base_channels=1, depth=depth))
    plain = [
        module
        for name, module in network.named_modules()
        if isinstance(module, nn.Conv2d | nn.Linear) and "shortcut" not in name
    ]
    assert len(plain) == 6 * depth + 2 == layers


@pytest.mark.parametrize(("size", "stride"), [(8, 1), (28, 2), (32, 1), (33, 2), (64, 4)])
def test_images_may_have_any_side(size, stride):
    options = CNN.tiny.model_copy(update={"image_size": size, "stem_stride": stride})
    network = CNN.networks["classifier"](options).eval()
    assert network(torch.zeros(2, 1, size, size)).shape == (2, 3)


def test_features_are_128_wide_and_never_negative():
    network = CNN.networks["classifier"](CNN.options()).eval()
    features = network.features(torch.randn(2, 3, 32, 32))
    assert features.shape == (2, 128)
    assert features.min() >= 0


def test_dropout_is_on_the_features_in_training_only():
    network = CNN.networks["classifier"](CNN.tiny.model_copy(update={"dropout": 0.5}))
    image = torch.randn(8, 1, 8, 8)
    assert not torch.equal(network(image), network(image))
    network.eval()
    assert torch.equal(network(image), network(image))


def test_it_can_learn_by_heart():
    network = CNN.networks["classifier"](CNN.tiny)
    optimizer = torch.optim.Adam(network.parameters(), 1e-2)
    image, y = torch.randn(6, 1, 8, 8), torch.arange(6) % 3
    for _ in range(25):
        optimizer.zero_grad()
        nn.functional.cross_entropy(network(image), y).backward()
        optimizer.step()
    assert (network(image).argmax(1) == y).all()
