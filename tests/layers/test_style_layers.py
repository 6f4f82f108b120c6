"""Each brick of the StyleGANs against its own definition."""

import pytest
import torch
from torch.nn.functional import conv2d, leaky_relu

from ganzoo.layers.adain import AdaIN
from ganzoo.layers.filtered import FilteredReLU, coarser, finer, low_pass
from ganzoo.layers.fir import Resample
from ganzoo.layers.mapping import Mapping
from ganzoo.layers.minibatch_std import MinibatchStd
from ganzoo.layers.modulated_conv import ModulatedConv
from ganzoo.layers.noise import AddNoise


@pytest.mark.parametrize("taps", [(1.0, 3.0, 3.0, 1.0), (1.0, 2.0, 1.0), (1.0, 2.0, 4.0, 3.0)])
def test_halving_and_doubling_differentiate_twice(taps):
    resample = Resample(taps)
    large = torch.randn(1, 2, 6, 6, dtype=torch.float64, requires_grad=True)
    small = torch.randn(1, 2, 3, 3, dtype=torch.float64, requires_grad=True)
    for act, image in ((resample.halve, large), (resample.twice, small)):
        assert torch.autograd.gradcheck(act, image)
        assert torch.autograd.gradgradcheck(act, image)


@pytest.mark.parametrize(("clamp", "parts"), [(None, 1), (0.3, 1), (None, 2)])
def test_a_filtered_activation_is_its_definition_and_differentiates_twice(clamp, parts):
    into = finer(low_pass(4, 0.3, 0.2, 2), 3, 2, 2, 1)
    down = [(1.0 if parts == 1 else 0.7 - k, coarser(low_pass(4 + k, 0.3, 0.2, 2)[:4], 6, 2))
            for k in range(parts)]  # fmt: skip
    layer = FilteredReLU(into, down, 0.2, clamp).double()
    image = torch.randn(3, 2, 3, 3, dtype=torch.float64, requires_grad=True)
    fine = leaky_relu(layer.up @ image @ layer.up.T, 0.2)
    fine = fine if clamp is None else fine.clamp(-clamp, clamp)
    wanted = sum(f * (m @ fine @ m.T) for (f, _), m in zip(down, layer.down, strict=True))
    torch.testing.assert_close(layer(image), wanted)
    assert torch.autograd.gradcheck(layer, image)
    assert torch.autograd.gradgradcheck(layer, image)


def test_a_flat_picture_stays_flat_within():
    resample = Resample()
    assert torch.allclose(resample.twice(torch.ones(1, 1, 6, 6))[..., 2:-2, 2:-2], torch.ones(8, 8))
    assert torch.allclose(resample.halve(torch.ones(1, 1, 8, 8))[..., 1:-1, 1:-1], torch.ones(2, 2))


def test_modulated_conv_is_one_convolution_per_image():
    """Karras 2020, Eq. 1 and 3, written down once more."""
    layer, image, w = ModulatedConv(3, 5, 3, 4), torch.randn(2, 3, 6, 6), torch.randn(2, 4)
    style = layer.affine(w)
    for i in range(2):
        kernel = layer.conv.weight * style[i, None, :, None, None]
        kernel = kernel / (kernel.square().sum((1, 2, 3), keepdim=True) + 1e-8).sqrt()
        explicit = conv2d(image[i : i + 1], kernel, padding=1)
        torch.testing.assert_close(layer(image, w)[i : i + 1], explicit, rtol=1e-4, atol=1e-5)


def test_a_batch_of_one_picture_has_no_spread():
    image = torch.randn(1, 4, 3, 3).expand(4, -1, -1, -1)
    assert MinibatchStd(4)(image)[:, 4:].abs().max() < 1e-3
    assert MinibatchStd(4)(torch.randn(4, 4, 3, 3))[:, 4:].min() > 0.5


@pytest.mark.parametrize(
    ("neighbours", "alike"), [(False, [0, 2]), (True, [0, 1])], ids=["far apart", "neighbours"]
)
def test_each_image_is_told_of_its_own_group(neighbours, alike):
    """Two groups of two: one of equal pictures, one of others."""
    image = torch.randn(4, 3, 2, 2)
    image[alike[1]] = image[alike[0]]
    told = MinibatchStd(2, neighbours=neighbours)(image)[:, 3, 0, 0]
    assert (told < 1e-3).nonzero().flatten().tolist() == alike


def test_the_mean_style_goes_a_small_part_of_the_way_at_each_batch():
    mapping, z = Mapping(4, 0, 5, 2, layers=2, rate=1.0), torch.randn(8, 4)
    w = mapping(z)[:, 0].detach()
    torch.testing.assert_close(mapping.mean, (1 - 0.998) * w.mean(0))
    mapping.eval()(torch.randn(8, 4))
    torch.testing.assert_close(mapping.mean, (1 - 0.998) * w.mean(0))


def test_random_noise_is_another_for_each_image_and_the_same_for_all_channels():
    layer = AddNoise(4)
    torch.nn.init.ones_(layer.strength)
    made = layer(torch.zeros(2, 3, 4, 4), "random")
    assert torch.equal(made, made[:, :1].expand_as(made))
    assert not torch.equal(made[0], made[1])
    assert not torch.equal(made, layer(torch.zeros(2, 3, 4, 4), "random"))


def test_a_style_says_mean_and_deviation_of_each_map():
    layer, w = AdaIN(3, 4), torch.randn(2, 4)
    steep, high = layer.affine(w).chunk(2, 1)
    made = layer(5 * torch.randn(2, 3, 8, 8) + 7, w)
    deviation, mean = torch.std_mean(made, (2, 3), unbiased=False)
    torch.testing.assert_close(mean, high, atol=1e-5, rtol=1e-4)
    torch.testing.assert_close(deviation, steep.abs(), atol=1e-5, rtol=1e-4)
