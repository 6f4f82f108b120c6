"""Fewer products, the same convolution."""

import pytest
import torch
from torch.nn.functional import avg_pool2d, conv2d, interpolate

from ganzoo.layers import winograd
from ganzoo.layers.winograd import convolve, doubled, halved, transformed


def made(image, kernel, bias=None, padding=1):
    with torch.inference_mode():
        return winograd.winograd(image, transformed(kernel), bias, padding)


def drawn(*shape: int) -> torch.Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(len(shape) + shape[-1]))


@pytest.mark.parametrize("padding", [0, 1, 2])
@pytest.mark.parametrize("size", [(4, 4), (3, 9), (16, 12), (13, 6)])
@pytest.mark.parametrize("bias", [None, drawn(6)], ids=["", "bias"])
def test_it_is_the_convolution(size, padding, bias):
    image, kernel = drawn(3, 5, *size), drawn(6, 5, 3, 3)
    wanted = conv2d(image, kernel, bias, padding=padding)
    ours = made(image, kernel, bias, padding)
    torch.testing.assert_close(ours, wanted, rtol=1e-4, atol=1e-4)
    assert ours.is_contiguous(memory_format=torch.channels_last)


@pytest.mark.parametrize("tiles", [1, 3, 4, 7, 16, 17, 40])
def test_portions_make_no_difference(monkeypatch, tiles):
    image, kernel = drawn(3, 8, 16, 14), drawn(6, 8, 3, 3)
    ways = made, doubled, halved
    whole = [way(image, kernel) for way in ways]
    monkeypatch.setattr(winograd, "PORTION", tiles * 36 * 4 * 8)
    parts = [way(image, kernel) for way in ways]
    torch.testing.assert_close(parts, whole, rtol=1e-4, atol=1e-3)


def test_one_number_meets_each_tap():
    """A single place of the input leaves the kernel itself behind, turned around."""
    image, kernel = torch.zeros(1, 1, 8, 8), drawn(1, 1, 3, 3)
    image[0, 0, 4, 3] = 1
    left = made(image, kernel)[0, 0].clone()
    torch.testing.assert_close(left[3:6, 2:5], kernel[0, 0].flip((0, 1)), rtol=1e-5, atol=1e-5)
    left[3:6, 2:5] = 0
    assert left.abs().max() < 1e-5


@pytest.mark.parametrize("padding", [0, 1, 2])
@pytest.mark.parametrize("size", [(4, 8), (5, 7)])
def test_gradients_and_their_gradients(size, padding):
    image, kernel = (
        drawn(*shape).double().requires_grad_() for shape in ((2, 2, *size), (3, 2, 3, 3))
    )
    bias = drawn(3).double().requires_grad_()

    def ours(*given):
        return convolve(*given, padding)

    torch.testing.assert_close(
        ours(image, kernel, bias), conv2d(image, kernel, bias, padding=padding)
    )
    assert torch.autograd.gradcheck(ours, (image, kernel, bias))
    assert torch.autograd.gradgradcheck(ours, (image, kernel, bias))


@pytest.mark.parametrize("size", [(4, 8), (5, 7), (2, 2)])
def test_doubling_first(size):
    image, kernel, bias = (
        one.double().requires_grad_() for one in (drawn(2, 2, *size), drawn(3, 2, 3, 3), drawn(3))
    )
    wanted = conv2d(interpolate(image, scale_factor=2), kernel, bias, padding=1)
    torch.testing.assert_close(doubled(image, kernel, bias), wanted)
    assert torch.autograd.gradcheck(doubled, (image, kernel, bias))
    assert torch.autograd.gradgradcheck(doubled, (image, kernel, bias))


@pytest.mark.parametrize("size", [(8, 4), (6, 10), (2, 2)])
def test_halving_last(size):
    image, kernel, bias = (
        one.double().requires_grad_() for one in (drawn(2, 2, *size), drawn(3, 2, 3, 3), drawn(3))
    )
    wanted = avg_pool2d(conv2d(image, kernel, bias, padding=1), 2)
    torch.testing.assert_close(halved(image, kernel, bias), wanted)
    assert torch.autograd.gradcheck(halved, (image, kernel, bias))
    assert torch.autograd.gradgradcheck(halved, (image, kernel, bias))


@pytest.mark.parametrize("size", [(4, 8), (4, 5), (5, 8), (1, 4)])
def test_what_it_makes_is_its_own(size):
    """Not a view: what follows may work in place."""
    kernel = drawn(3, 2, 3, 3).requires_grad_()
    made = convolve(drawn(1, 2, *size), kernel)
    wanted = conv2d(drawn(1, 2, *size), kernel, padding=1).relu().sum()
    made.relu_().sum().backward()
    torch.testing.assert_close(
        kernel.grad, torch.autograd.grad(wanted, kernel)[0], rtol=1e-4, atol=1e-4
    )


def test_it_is_as_exact_as_it_says():
    image, kernel = drawn(1, 128, 32, 32), drawn(128, 128, 3, 3)
    wanted = conv2d(image.double(), kernel.double(), padding=1)
    error = (made(image, kernel) - wanted).square().mean() / wanted.square().mean()
    assert error.sqrt() < 1e-5
