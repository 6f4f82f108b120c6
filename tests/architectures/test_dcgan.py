"""DCGAN: the paper's figure, its sizes, and the later critics that it can be."""

import pytest
import torch
from torch import nn

from ganzoo.architectures import architectures
from ganzoo.errors import RecipeError
from ganzoo.layers.minibatch_discrimination import MinibatchDiscrimination

DCGAN = architectures["dcgan"]


def discriminator(**changes):
    return DCGAN.networks["discriminator"](DCGAN.tiny.model_copy(update=changes))


def count(network):
    return sum(parameter.numel() for parameter in network.parameters())


def test_it_has_the_papers_shapes():
    """Fig. 1: 100 -> 1024 x 4 x 4 -> 512 x 8 x 8 -> 256 x 16 x 16 -> 128 x 32 x 32 -> 3 x 64 x 64."""
    generator = DCGAN.networks["generator"](DCGAN.options(base_channels=128))
    shapes = [m.weight.shape[:2] for m in generator.layers if isinstance(m, nn.ConvTranspose2d)]
    assert shapes == [(100, 1024), (1024, 512), (512, 256), (256, 128), (128, 3)]


def test_it_has_the_papers_parameter_count():
    """Fig. 1 at half width: kernels of 4 x 4 without biases, and a gain and bias per norm."""
    widths = [512, 256, 128, 64]
    kernels = [100 * 512, 512 * 256, 256 * 128, 128 * 64, 64 * 3]
    assert count(DCGAN.networks["generator"](DCGAN.options())) == 16 * sum(kernels) + 2 * sum(
        widths
    )


def test_weights_are_drawn_small():
    """Sec. 4: N(0, 0.02^2)."""
    for player in ("generator", "discriminator"):
        for layer in DCGAN.networks[player](DCGAN.options(base_channels=32)).modules():
            if isinstance(layer, nn.Conv2d | nn.ConvTranspose2d):
                assert layer.weight.std().item() == pytest.approx(0.02, rel=0.1)


def test_without_norms_the_signal_keeps_its_size():
    network = DCGAN.networks["discriminator"](DCGAN.options(image_size=32, d_norm="none"))
    features = network.layers(torch.randn(16, 3, 32, 32))
    assert 0.5 < features.square().mean().sqrt() < 2


@pytest.mark.parametrize("size", [8, 16, 32, 128])
def test_it_grows_with_the_image(size):
    options = DCGAN.options(image_size=size, image_channels=1, z_dim=4, base_channels=2)
    image = DCGAN.networks["generator"](options)(torch.randn(2, 4))
    assert image.shape == (2, 1, size, size)
    assert DCGAN.networks["discriminator"](options)(image).shape == (2,)


@pytest.mark.parametrize("size", [12, 24, 28, 33, 96])
def test_sizes_it_cannot_halve_are_refused(size):
    with pytest.raises(RecipeError, match=rf"image_size = {size}: .*8, 16, 32, 64"):
        DCGAN.options.read({"image_size": size}, "options")


@pytest.mark.parametrize(
    "changes",
    [
        {"d_norm": "layer"},
        {"d_norm": "instance"},
        {"d_norm": "none"},
        {"d_norm": "none", "d_spectral": True},
        {"d_minibatch": 3},
        {"d_minibatch": 3, "d_spectral": True, "d_norm": "layer"},
    ],
    ids=str,
)
def test_every_parameter_of_every_critic_learns(changes):
    network = discriminator(**changes)
    verdicts = network(torch.randn(4, 3, 16, 16))
    (verdicts * torch.randn(4)).sum().backward()
    idle = [n for n, p in network.named_parameters() if p.grad is None or not p.grad.any()]
    assert not idle


@pytest.mark.parametrize("norm", ["layer", "instance", "none"])
def test_a_critic_without_batch_norm_judges_each_image_alone(norm):
    """Gulrajani 2017, Sec. 4: the gradient penalty is per image, so batch norm is out."""
    network, image = discriminator(d_norm=norm), torch.randn(3, 3, 16, 16)
    torch.testing.assert_close(network(image)[:1], network(image[:1]))


@pytest.mark.parametrize("changes", [{"d_norm": "batch"}, {"d_norm": "none", "d_minibatch": 2}])
def test_these_look_at_the_whole_batch(changes):
    network, image = discriminator(**changes), torch.randn(3, 3, 16, 16)
    assert not torch.allclose(network(image)[:1], network(image[:1]))


def test_minibatch_discrimination_joins_the_last_layer():
    """The judge is linear in [features, o(features)], as in Salimans 2016, Fig. 1."""
    network, image = discriminator(d_minibatch=3).eval(), torch.randn(4, 3, 16, 16)
    assert sum(isinstance(m, MinibatchDiscrimination) for m in network.modules()) == 1
    features = network.layers(image).flatten(1)
    joined = torch.cat([features, network.crowd.compare(features)], 1)
    weight = torch.cat([network.judge.weight.flatten(), network.crowd.judge.weight.flatten()])
    torch.testing.assert_close(network(image), joined @ weight + network.judge.bias)


def test_spectral_norm_is_on_every_layer():
    network = discriminator(d_norm="none", d_spectral=True, d_minibatch=2)
    layers = [m for m in network.modules() if isinstance(m, nn.Conv2d | nn.Linear)]
    assert len(layers) == 5
    assert all(hasattr(layer, "parametrizations") for layer in layers)
