"""Distances of a picture to the wanted one, in closed form."""

import pytest
import torch

from ganzoo.errors import MetricError
from ganzoo.metrics.l1 import l1
from ganzoo.metrics.psnr import psnr
from ganzoo.metrics.ssim import ssim

C1, C2 = 0.01**2, 0.03**2  # as the paper has them


def test_l1_goes_from_nothing_to_black_against_white():
    black, white = -torch.ones(2, 3, 4, 4), torch.ones(2, 3, 4, 4)
    assert l1(black, white).tolist() == [1, 1]
    assert l1(white, white).tolist() == [0, 0]
    half = white.clone()
    half[:, :, :2] = -1
    assert l1(half, white).tolist() == [0.5, 0.5]


@pytest.mark.parametrize(("off", "decibels"), [(1.0, 0), (0.1, 20), (0.01, 40), (0.0, 100)])
def test_psnr_is_the_formula(off, decibels):
    grey = torch.full((1, 1, 4, 4), -1.0)
    torch.testing.assert_close(psnr(grey + 2 * off, grey), torch.tensor([float(decibels)]))


def test_ssim_of_flat_pictures_is_that_of_their_light():
    a, b = 0.2, 0.7  # in [0, 1]
    one, other = (torch.full((1, 3, 16, 16), 2 * light - 1) for light in (a, b))
    wanted = (2 * a * b + C1) / (a * a + b * b + C1)
    assert ssim(one, other).item() == pytest.approx(wanted, rel=1e-5)
    assert ssim(one, one).item() == pytest.approx(1)


def test_ssim_of_one_window_is_the_formula():
    """11x11 pixels hold one window: weighted moments by hand."""
    image, wanted = torch.rand(2, 1, 1, 11, 11).double() * 2 - 1
    place = torch.arange(-5.0, 6).double()
    bell = torch.exp(-(place[:, None] ** 2 + place**2) / 4.5)
    bell /= bell.sum()
    a, b = ((one[0, 0] + 1) / 2 for one in (image, wanted))
    ma, mb = (bell * a).sum(), (bell * b).sum()
    va, vb = (bell * (a - ma) ** 2).sum(), (bell * (b - mb) ** 2).sum()
    cov = (bell * (a - ma) * (b - mb)).sum()
    by_hand = (2 * ma * mb + C1) * (2 * cov + C2)
    by_hand /= (ma**2 + mb**2 + C1) * (va + vb + C2)
    assert ssim(image.float(), wanted.float()).item() == pytest.approx(by_hand.item(), rel=1e-4)


def test_ssim_of_a_negative_is_below_zero_and_a_small_picture_is_refused():
    image = torch.rand(1, 1, 16, 16) * 2 - 1
    assert ssim(-image, image).item() < -0.5
    with pytest.raises(MetricError, match="11x11"):
        ssim(torch.zeros(1, 1, 10, 20), torch.zeros(1, 1, 10, 20))
