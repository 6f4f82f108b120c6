"""Sharpness, and the length of paths."""

import math

import pytest
import torch

from ganzoo.errors import MetricError
from ganzoo.latents import arc
from ganzoo.metrics import Probe, Sample, metrics
from ganzoo.metrics.path_length import path_length
from ganzoo.metrics.sharpness import grey, sharpness


def sample(image):
    return Sample(seen_by="test", features=image.flatten(1), sharpness=sharpness(image))


def test_variance_of_the_laplacian_by_hand():
    """One white pixel on black, 5x5: inside, the Laplacian is -4 once, 1 four times, 0 four times."""
    image = torch.full((1, 1, 5, 5), -1.0)
    image[0, 0, 2, 2] = 1
    assert sharpness(image).item() == pytest.approx((16 + 4) / 9 - 0)


def test_a_slope_is_not_sharp_but_flat():
    slope = torch.linspace(-1, 1, 8).expand(1, 3, 8, 8).clone()
    assert sharpness(slope).item() == pytest.approx(0, abs=1e-10)


@pytest.mark.parametrize(("channel", "luma"), [(0, 0.299), (1, 0.587), (2, 0.114)])
def test_grey_is_the_luma(channel, luma):
    image = torch.zeros(1, 3, 4, 4)
    image[:, channel] = 1
    assert grey(image).unique().item() == pytest.approx(luma)


def test_blur_and_noise_both_lower_the_score():
    torch.manual_seed(0)
    image = torch.nn.functional.interpolate(torch.rand(20, 1, 8, 8) * 2 - 1, scale_factor=2)
    soft = torch.nn.functional.avg_pool2d(image, 3, 1, 1)
    noisy = image + 0.5 * torch.randn_like(image)
    measure = metrics["sharpness"].score
    assert measure(sample(image), sample(image))["sharpness"].value == 1
    blurred, grainy = measure(sample(image), sample(soft)), measure(sample(image), sample(noisy))
    assert blurred["sharpness"].value < 0.9
    assert grainy["sharpness"].value < 0.9
    assert blurred["sharpness_fake"].value < blurred["sharpness_real"].value
    assert grainy["sharpness_fake"].value > grainy["sharpness_real"].value


def test_sharpness_needs_pixels_and_real_edges():
    with pytest.raises(MetricError, match="at least 3x3"):
        sharpness(torch.zeros(1, 1, 2, 8))
    flat = torch.arange(4).float()[:, None, None, None].expand(4, 1, 4, 4)
    with pytest.raises(MetricError, match="every real image is flat"):
        metrics["sharpness"].score(sample(flat), sample(flat))


def codes(count, seed):
    return torch.randn(count, 1, 3, generator=torch.Generator().manual_seed(seed)).double()


def test_path_length_of_a_linear_generator():
    """G(w) = w as pixels: each step is |b - a|^2, whatever t; its mean is 2 * 3 before trimming."""
    probe = Probe(
        space="w",
        draw=codes,
        render=lambda w: w[:, :, :, None],
        features=lambda image: image.flatten(1),
    )
    exact = (codes(400, 4) - codes(400, 4 + probe.far)).square().sum((1, 2))
    low, high = exact.quantile(0.01), exact.quantile(0.99)
    kept = exact[(exact >= low) & (exact <= high)]
    found = path_length(probe, 400, seed=4)
    assert found.value == pytest.approx(float(kept.mean()), rel=1e-6)
    assert found.deviation == pytest.approx(float(kept.std()) / len(kept) ** 0.5, rel=1e-6)
    assert found.value == pytest.approx(6, abs=4 * found.deviation + 0.5)


def test_a_path_among_latents_is_as_long_as_its_arc():
    """G(z) = z on a circle of radius one: each step is the squared angle between its ends."""

    def circle(count, seed):
        return torch.nn.functional.normalize(codes(count, seed)[:, 0, :2], dim=1)

    probe = Probe(
        space="z",
        draw=circle,
        render=lambda z: z[:, :, None, None],
        features=lambda image: image.flatten(1),
    )
    exact = (circle(400, 4) * circle(400, 4 + probe.far)).sum(1).acos().square()
    low, high = exact.quantile(0.01), exact.quantile(0.99)
    expected = exact[(exact >= low) & (exact <= high)].mean()
    assert path_length(probe, 400, seed=4).value == pytest.approx(float(expected), rel=1e-4)


def test_path_length_does_not_depend_on_the_step():
    probe = Probe(
        space="w",
        draw=codes,
        render=lambda w: (w**3)[:, :, :, None],
        features=lambda image: image.flatten(1),
    )
    assert path_length(probe, 200, epsilon=1e-4).value == pytest.approx(
        path_length(probe, 200, epsilon=1e-6).value, rel=1e-2
    )


def test_a_detour_is_longer():
    def probe(wiggle):
        return Probe(
            space="w",
            draw=codes,
            render=lambda w: (w + wiggle * (20 * w).sin())[:, :, :, None],
            features=lambda image: image.flatten(1),
        )

    assert path_length(probe(0.2), 200).value > 2 * path_length(probe(0.0), 200).value


def test_latents_walk_along_the_great_arc():
    a, b = torch.tensor([[2.0, 0.0]]), torch.tensor([[0.0, 4.0]])
    middle = arc(a, b, torch.tensor([0.5]))
    torch.testing.assert_close(middle, torch.full((1, 2), 3 / math.sqrt(2)))
    torch.testing.assert_close(arc(a, b, torch.tensor([0.0])), a)
    torch.testing.assert_close(arc(a, b, torch.tensor([1.0])), b)


def test_an_arc_from_an_end_to_itself_stays_there():
    a = torch.randn(3, 5)
    torch.testing.assert_close(arc(a, a, torch.tensor([0.1, 0.5, 0.9])), a)


def test_a_path_of_a_broken_generator_is_an_error():
    probe = Probe(
        space="w",
        draw=codes,
        render=lambda w: w[:, :, :, None] * torch.nan,
        features=lambda image: image.flatten(1),
    )
    with pytest.raises(MetricError, match="no finite length"):
        path_length(probe, 10)
