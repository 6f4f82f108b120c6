"""The Fréchet distance against its closed form, against scipy, and under what must not move it."""

import tracemalloc
from itertools import pairwise

import numpy as np
import pytest
import scipy.linalg
import torch
from hypothesis import given
from hypothesis import strategies as st
from sklearn.datasets import load_digits

from ganzoo.errors import MetricError
from ganzoo.metrics import Gaussian, Moments, Sample, metrics
from ganzoo.metrics.fid import frechet


def cloud(seed, count=200, width=6):
    """Correlated features, far from the origin."""
    dice = torch.Generator().manual_seed(seed)
    mix = torch.randn(width, width, generator=dice, dtype=torch.float64)
    return torch.randn(count, width, generator=dice, dtype=torch.float64) @ mix + 5


def distance(a, b):
    return frechet(Moments.of(a).gaussian(), Moments.of(b).gaussian())


def gaussian(mean, covariance):
    return Gaussian(*(torch.tensor(moment, dtype=torch.float64) for moment in (mean, covariance)))


@given(
    mean=st.tuples(*[st.floats(-10, 10)] * 2),
    deviations=st.tuples(*[st.floats(0, 10)] * 4),
)
def test_closed_form_of_gaussians_that_commute(mean, deviations):
    """Diagonal covariances: sum of (m1 - m2)^2 + (s1 - s2)^2 over the axes."""
    a, b, c, d = deviations
    one = gaussian([0.0, 0.0], [[a * a, 0], [0, b * b]])
    other = gaussian(mean, [[c * c, 0], [0, d * d]])
    expected = mean[0] ** 2 + mean[1] ** 2 + (a - c) ** 2 + (b - d) ** 2
    assert frechet(one, other) == pytest.approx(expected, abs=1e-9)


def test_closed_form_in_two_dimensions():
    """tr (S1 S2)^(1/2) = sqrt(tr(S1 S2) + 2 sqrt(det S1 det S2)) for 2x2 matrices."""
    one, other = [[2.0, 1.0], [1.0, 3.0]], [[5.0, -2.0], [-2.0, 1.0]]
    product = np.trace(np.array(one) @ np.array(other))
    root = np.sqrt(product + 2 * np.sqrt(np.linalg.det(one) * np.linalg.det(other)))
    expected = 5 + 6 - 2 * root
    assert frechet(gaussian([0.0, 0.0], one), gaussian([0.0, 0.0], other)) == pytest.approx(
        expected
    )


@pytest.mark.parametrize("seed", range(5))
def test_agrees_with_the_matrix_root_of_scipy(seed):
    a, b = cloud(seed).numpy(), cloud(seed + 100, 300).numpy()
    s, t = np.cov(a.T), np.cov(b.T)
    root = scipy.linalg.sqrtm(s @ t)
    expected = ((a.mean(0) - b.mean(0)) ** 2).sum() + np.trace(s + t - 2 * np.real(root))
    assert distance(torch.tensor(a), torch.tensor(b)) == pytest.approx(expected, rel=1e-8)


def test_a_set_is_at_no_distance_from_itself():
    assert distance(cloud(0), cloud(0)) < 1e-9


def test_symmetric():
    assert distance(cloud(0), cloud(1)) == pytest.approx(distance(cloud(1), cloud(0)))


@given(shift=st.floats(-100, 100))
def test_a_shift_adds_its_square(shift):
    """Six features moved by delta: 6 delta^2, whatever the covariance."""
    assert distance(cloud(0), cloud(0) + shift) == pytest.approx(6 * shift**2, rel=1e-8, abs=1e-8)


def test_rotating_both_changes_nothing():
    turn, _ = torch.linalg.qr(cloud(7, 6))
    assert distance(cloud(0) @ turn, cloud(1) @ turn) == pytest.approx(distance(cloud(0), cloud(1)))


def test_doubling_both_quadruples_it():
    assert distance(2 * cloud(0), 2 * cloud(1)) == pytest.approx(4 * distance(cloud(0), cloud(1)))


def test_directions_without_variance_are_no_trouble():
    """Half of the features are dead, as a ReLU's are: a matrix root would be singular here."""
    dead = torch.zeros(200, 6, dtype=torch.float64)
    a, b = torch.cat([cloud(0), dead], 1), torch.cat([cloud(1), dead], 1)
    assert distance(a, b) == pytest.approx(distance(cloud(0), cloud(1)))
    assert distance(a, a) < 1e-9


def test_other_spaces_do_not_compare():
    with pytest.raises(MetricError, match="6 features cannot be compared with 5"):
        distance(cloud(0), cloud(0, width=5))


@given(cuts=st.lists(st.integers(0, 200), max_size=6))
def test_moments_do_not_depend_on_how_the_stream_is_cut(cuts):
    features = cloud(3).float()
    edges = [0, *sorted(cuts), 200]
    batches = [features[a:b] for a, b in pairwise(edges)]
    moments = Moments.of(iter(batches)).gaussian()
    exact = features.double().numpy()
    np.testing.assert_allclose(moments.mean, exact.mean(0), rtol=1e-12)
    np.testing.assert_allclose(moments.covariance, np.cov(exact.T), rtol=1e-10)


def test_a_common_offset_costs_no_digits():
    """sum(x^2) - n mean^2 would lose all of them here: (1e8)^2 against a variance of 1."""
    features = cloud(0)
    far = Moments.of((features + 1e8).split(16)).gaussian()
    torch.testing.assert_close(
        far.covariance, Moments.of(features).gaussian().covariance, rtol=1e-6, atol=1e-6
    )


def test_memory_does_not_grow_with_the_number_of_images():
    def peak(count):
        tracemalloc.start()
        Moments.of(
            torch.from_numpy(np.random.default_rng(i).random((64, 32))) for i in range(count)
        )
        used = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return used

    peak(2)
    assert peak(400) < 2 * peak(20)


def test_fewer_images_than_features_is_an_error():
    with pytest.raises(MetricError, match="6 images are too few for 6 features"):
        distance(cloud(0, 6), cloud(1))
    assert distance(cloud(0, 7), cloud(1)) > 0


def test_batches_of_other_width_are_an_error():
    with pytest.raises(MetricError, match="5 features after batches of 6"):
        Moments.of(iter([cloud(0), cloud(0, width=5)]))


def test_not_a_number_is_an_error():
    features = cloud(0)
    features[17, 2] = torch.nan
    with pytest.raises(MetricError, match="not finite"):
        Moments.of(features)


def test_a_known_set_keeps_its_score():
    """Real digits against blurred ones: 1 % is far more than rounding may move it."""
    digits = torch.from_numpy(load_digits().data).float() / 8 - 1
    soft = torch.nn.functional.avg_pool2d(digits.unflatten(1, (1, 8, 8)), 3, 1, 1).flatten(1)
    both = [Sample(seen_by="pixels", features=table[:, 9:25]) for table in (digits, soft)]
    assert metrics["fid"].score(*both)["fid"].value == pytest.approx(3.738, rel=0.01)
