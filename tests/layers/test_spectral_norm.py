"""Spectral norm, against the singular values that it stands for."""

from collections import Counter

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn
from torch.nn.functional import linear

from ganzoo.architectures import architectures
from ganzoo.layers.spectral_norm import SpectralNorm, spectral_norm, spectral_norm_everywhere

LAYERS = {
    "linear": (lambda: nn.Linear(7, 5), (4, 7)),
    "conv": (lambda: nn.Conv2d(3, 6, 4, 2, 1), (2, 3, 8, 8)),
    "deconv": (lambda: nn.ConvTranspose2d(6, 3, 4, 2, 1), (2, 6, 4, 4)),
}
each = pytest.mark.parametrize("kind", LAYERS)


def matrix(layer, weight):
    """Rows are output channels: a transposed convolution keeps those on its second axis."""
    deconv = isinstance(layer, nn.ConvTranspose2d)
    return (weight.transpose(0, 1) if deconv else weight).flatten(1)


@each
def test_the_weight_is_divided_by_its_largest_singular_value(kind):
    build, shape = LAYERS[kind]
    layer = build()
    with torch.no_grad():
        layer.weight.mul_(30)
    free = layer.weight.detach().clone()
    spectral_norm(layer)
    for _ in range(100):
        layer(torch.randn(shape))
    sigma = torch.linalg.svdvals(matrix(layer, free))[0]
    torch.testing.assert_close(layer.eval().weight, free / sigma)


@each
def test_it_is_near_the_truth_from_the_first_pass(kind):
    layer = spectral_norm(LAYERS[kind][0]()).eval()
    largest = torch.linalg.svdvals(matrix(layer, layer.weight.detach()))[0]
    assert largest.item() == pytest.approx(1, abs=0.05)


@settings(max_examples=10)
@given(st.integers(0, 2**32 - 1))
def test_a_normalised_layer_is_1_lipschitz(seed):
    torch.manual_seed(seed)
    layer = spectral_norm(nn.Linear(6, 6, bias=False))
    for _ in range(50):
        layer(torch.zeros(1, 6))
    a, b = torch.randn(2, 6)
    assert (layer(a) - layer(b)).norm() <= (a - b).norm() * (1 + 1e-3)


def test_training_iterates_once_per_pass_and_eval_never():
    layer = spectral_norm(nn.Linear(9, 8))
    guess = layer.parametrizations.weight[0]
    free = layer.parametrizations.weight.original.detach()
    v = nn.functional.normalize(free.mT @ guess.u, dim=0)
    u = nn.functional.normalize(free @ v, dim=0)
    layer(torch.randn(1, 9))
    torch.testing.assert_close((guess.u, guess.v), (u, v))
    layer.eval()(torch.randn(1, 9))
    torch.testing.assert_close((guess.u, guess.v), (u, v), rtol=0, atol=0)


def test_the_gradient_passes_through_sigma():
    """Miyato 2018, Eq. 12: scaling the free weight changes nothing, so no gradient lies along it."""
    layer = spectral_norm(nn.Linear(5, 4, bias=False))
    for _ in range(200):
        layer(torch.zeros(1, 5))
    layer(torch.randn(3, 5)).square().sum().backward()
    free = layer.parametrizations.weight.original
    assert free.grad.norm() > 0.1
    assert (free.grad * free).sum().abs() < 1e-4


def test_two_passes_may_share_one_backward():
    """A discriminator judges reals and fakes before it learns: u and v moved in between."""
    layer = spectral_norm(nn.Linear(5, 1))
    (layer(torch.randn(3, 5)) - layer(torch.randn(3, 5))).mean().backward()
    assert layer.parametrizations.weight.original.grad.isfinite().all()


def test_sigma_keeps_its_digits_under_autocast():
    layer = spectral_norm(nn.Linear(64, 64)).eval()
    with torch.autocast("cpu", torch.bfloat16):
        within = layer.weight
    assert torch.equal(within, layer.weight)


def test_a_zero_weight_does_not_break_the_iteration():
    norm = SpectralNorm(torch.zeros(3, 4))
    assert norm.u.isfinite().all()
    assert norm.v.isfinite().all()


def test_everywhere_means_every_layer():
    options = architectures["dcgan"].tiny.model_copy(update={"d_norm": "none"})
    network = architectures["dcgan"].networks["discriminator"](options)
    before = network(torch.ones(2, 3, 16, 16))
    assert spectral_norm_everywhere(network) is network
    convolutions = [m for m in network.modules() if isinstance(m, nn.Conv2d)]
    assert convolutions
    assert all(hasattr(c, "parametrizations") for c in convolutions)
    assert not torch.allclose(before, network(torch.ones(2, 3, 16, 16)))


def test_it_survives_saving():
    layer, again = spectral_norm(nn.Linear(4, 4)), spectral_norm(nn.Linear(4, 4))
    again.load_state_dict(layer.state_dict())
    x = torch.randn(2, 4)
    assert torch.equal(layer.eval()(x), again.eval()(x))
    assert torch.equal(linear(x, layer.weight, layer.bias), layer(x))


def test_only_layers_with_a_matrix_can_be_normalised():
    with pytest.raises(TypeError, match="ReLU"):
        spectral_norm(nn.ReLU())


@pytest.mark.parametrize("name", ["sngan", "biggan", "sagan"])
def test_each_pass_turns_the_vectors_once(name, monkeypatch):
    """Who reads a normalised weight twice pays for a second round."""
    entry = architectures[name]
    network, rounds = entry.networks["discriminator"](entry.tiny), Counter()
    norms = [module for module in network.modules() if isinstance(module, SpectralNorm)]
    monkeypatch.setattr(SpectralNorm, "_iterate", lambda norm, *_: rounds.update([norm]))
    options = entry.tiny
    image = torch.randn(2, options.image_channels, options.image_size, options.image_size)
    network(image, torch.tensor([0, 1]) if options.num_classes else None)
    assert [rounds[norm] for norm in norms] == [1] * len(norms)
