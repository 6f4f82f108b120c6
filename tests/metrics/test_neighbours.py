"""Metrics of neighbourhoods on sets laid out by hand, where every answer is known."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from ganzoo.errors import MetricError
from ganzoo.metrics import Sample, _neighbours, metrics
from ganzoo.metrics.density_coverage import density_coverage
from ganzoo.metrics.ndb import centres, different
from ganzoo.metrics.nearest import authenticity, nearest
from ganzoo.metrics.precision_recall import inside


def line(*places):
    return torch.tensor(places)[:, None].float()


def sample(features):
    return Sample(seen_by="test", features=features)


@pytest.fixture
def small_blocks(monkeypatch):
    """So that a handful of rows crosses the edges of blocks."""
    monkeypatch.setattr(_neighbours, "CHUNK", 3)


@given(seed=st.integers(0, 1000), rows=st.integers(1, 9), k=st.integers(1, 4))
def test_nearest_is_exact(seed, rows, k):
    torch.manual_seed(seed)
    query, bank = torch.randn(rows, 3), torch.randn(8, 3)
    expected = torch.cdist(query.double(), bank.double()).topk(k, largest=False)
    found = nearest(query, bank, k)
    torch.testing.assert_close(found.distance, expected.values, rtol=1e-6, atol=1e-9)
    assert torch.equal(found.row, expected.indices)


def test_nearest_over_blocks(small_blocks):
    test_nearest_is_exact.hypothesis.inner_test(1, 8, 4)


def test_a_copy_is_found_however_far_the_images_are_from_the_origin():
    bank = torch.randn(50, 784) + 100
    found = nearest(bank[[17]], bank)
    assert found.row.item() == 17
    assert found.distance.item() < 1e-4 * nearest(bank[[17]], bank, 2).distance[0, 1]


def test_nearest_wants_neighbours_that_exist():
    with pytest.raises(MetricError, match="4 nearest neighbours among 3 images"):
        nearest(line(1), line(1, 2, 3), 4)


def test_copies_of_what_is_not_among_the_reals_are_not_seen():
    """A sixth of what was memorised is the reference: five sixths of the copies look unseen."""
    learned, unseen = torch.randn(6000, 8), torch.randn(2000, 8)
    copies = learned[torch.randint(6000, (2000,))]
    reference = learned[:1000]
    floor = authenticity(reference, unseen)
    assert authenticity(learned, copies) == 0
    assert authenticity(reference, copies) == pytest.approx(floor * 5 / 6, abs=0.04)
    assert floor > 0.4


def test_precision_and_recall_by_hand(small_blocks):
    """k = 1. Balls of 0, 1, 10: radii 1, 1, 9, so [-1, 2] and [1, 19] are the manifold."""
    real = line(0, 1, 10)
    assert inside(line(-1.5, -0.5, 1.5, 18.5, 19.5), real, k=1) == pytest.approx(3 / 5)


def test_precision_without_recall_and_the_reverse():
    """k = 3. Fakes of one real mode are precise and forget; fakes everywhere remember all."""
    torch.manual_seed(0)
    left, right = torch.randn(100, 2) - 50, torch.randn(100, 2) + 50
    both = torch.cat([left, right])
    collapsed = metrics["precision_recall"].score(sample(both), sample(torch.randn(200, 2) - 50))
    assert collapsed["precision"].value > 0.9
    assert 0.4 < collapsed["recall"].value <= 0.5
    scattered = torch.cat([both, torch.randn(200, 2) * 2 + 1000])
    noisy = metrics["precision_recall"].score(sample(both), sample(scattered))
    assert noisy["precision"].value == pytest.approx(0.5)
    assert noisy["recall"].value == 1


def test_density_and_coverage_by_hand(small_blocks):
    """k = 1, radii 1, 1, 9. 0.5 lies in two balls, 5 in one, 30 in none: 3 of 1 * 3; all visited."""
    real = line(0, 1, 10)
    assert density_coverage(real, line(0.5, 5, 30), k=1) == pytest.approx((3 / 3, 3 / 3))
    assert density_coverage(real, line(0.5, 0.5), k=1) == pytest.approx((4 / 2, 2 / 3))
    assert density_coverage(real, line(30, 40), k=1) == (0, 0)


def test_equal_distributions_have_the_density_and_coverage_of_theory():
    """E[density] = 1 and E[coverage] = 1 - 2^-5 for many images, whatever the distribution."""
    torch.manual_seed(0)
    found = metrics["density_coverage"].score(
        sample(torch.randn(3000, 4)), sample(torch.randn(3000, 4))
    )
    assert found["density"].value == pytest.approx(1, abs=0.03)
    assert found["coverage"].value == pytest.approx(1 - 2**-5, abs=0.01)


@pytest.mark.parametrize("turn", [0, 5, 100])
def test_copies_and_ties_lie_within_wherever_they_stand(turn, small_blocks):
    """A set against itself: each image lies in its own ball and, on its rim, the k-th neighbour."""
    dice = torch.Generator().manual_seed(0)
    bank = torch.randn(150, 40, generator=dice) + 100
    query = bank.roll(turn, 0)
    density, coverage = density_coverage(bank, query, k=5)
    assert coverage == 1
    assert density == pytest.approx(6 / 5)
    copies = bank[:25].repeat_interleave(6, 0)  # each ball has a radius of zero
    assert inside(copies.roll(turn, 0), copies, k=3) == 1
    assert density_coverage(copies, copies.roll(turn, 0), k=5)[1] == 1


def test_an_outlier_fools_precision_but_not_density():
    """Naeem et al., Fig. 3: one far real makes a ball that swallows every fake."""
    torch.manual_seed(0)
    real = torch.cat([torch.randn(200, 2), torch.full((1, 2), 500.0)])
    fake = torch.randn(200, 2) + 100
    assert inside(fake, real) == 1
    assert density_coverage(real, fake)[0] < 0.3


def test_copies_are_not_authentic():
    torch.manual_seed(0)
    real = torch.randn(500, 4)
    assert authenticity(real, real[:100] + 1e-3) == 0
    assert 0.4 < authenticity(real, torch.randn(500, 4)) < 0.7
    assert authenticity(real, torch.randn(100, 4) + 100) == 1


def test_too_few_images_for_a_radius():
    with pytest.raises(MetricError, match="3 images have no 3 nearest"):
        inside(line(1), line(1, 2, 3))


@pytest.mark.parametrize("seed", range(5))
def test_centres_move_into_the_middle_of_their_bins_wherever_they_begin(seed):
    found = centres(line(0, 1, 2, 10, 11, 12), 2, seed)
    assert sorted(found.flatten().tolist()) == pytest.approx([1, 11])


def test_different_bins_against_the_z_test_by_hand():
    """100 of 1,000 against 130 of 1,000 is z = 2.10, against 125 it is 1.76."""
    real = torch.tensor([100, 100, 800])
    assert different(real, torch.tensor([130, 125, 745])) == pytest.approx(2 / 3)
    assert different(real, real) == 0


def test_bins_of_equal_distributions_differ_as_often_as_chance_says():
    torch.manual_seed(0)
    rates = [
        metrics["ndb"]
        .score(sample(torch.randn(4000, 3)), sample(torch.randn(4000, 3)))["ndb"]
        .value
        for _ in range(5)
    ]
    assert 0.01 < sum(rates) / len(rates) < 0.1


def test_bins_of_a_lost_mode_are_found():
    torch.manual_seed(0)
    both = torch.cat([torch.randn(1000, 2) - 20, torch.randn(1000, 2) + 20])
    lost = metrics["ndb"].score(sample(both), sample(torch.randn(2000, 2) - 20))
    assert lost["ndb"].value > 0.7


def test_too_few_images_for_bins():
    with pytest.raises(MetricError, match="at least 20 real images; got 19"):
        metrics["ndb"].score(sample(torch.randn(19, 2)), sample(torch.randn(50, 2)))
