"""What is read from class probabilities: Inception Score and modes."""

from math import log

import pytest
import torch
from torch.nn.functional import one_hot

from ganzoo.errors import MetricError
from ganzoo.metrics import Sample, metrics
from ganzoo.metrics.inception_score import inception_score
from ganzoo.metrics.modes import covered, divergence, shares


def sure(labels, classes=10):
    return one_hot(torch.tensor(labels), classes).float()


def sample(probabilities):
    return Sample(
        seen_by="test", features=torch.randn(len(probabilities), 3), probabilities=probabilities
    )


def test_one_perfect_picture_per_class_games_the_score():
    """Barratt & Sharma 2018: ten pictures, shown again and again, get the best score there is."""
    ten_pictures = sure(list(range(10)) * 50)
    assert inception_score(ten_pictures).value == pytest.approx(10)
    assert metrics["inception_score"].score(sample(ten_pictures), sample(ten_pictures))[
        "is"
    ].value == pytest.approx(10)


def test_a_collapsed_or_undecided_generator_scores_one():
    assert inception_score(sure([3] * 50)).value == pytest.approx(1)
    assert inception_score(torch.full((50, 10), 0.1)).value == pytest.approx(1)


def test_closed_form():
    """Half the images say (3/4, 1/4), half (1/4, 3/4): exp(log 2 - H(1/4))."""
    mixed = torch.tensor([[0.75, 0.25], [0.25, 0.75]] * 10)
    entropy = -(0.75 * log(0.75) + 0.25 * log(0.25))
    score = inception_score(mixed, splits=1)
    assert log(score.value) == pytest.approx(log(2) - entropy)
    assert score.deviation is None


def test_splits():
    """One split knows two classes and the other one: mean (2 + 1) / 2, deviation 1/2."""
    score = inception_score(sure([0, 1, 0, 1, 5, 5, 5, 5]), splits=2)
    assert (score.value, score.deviation) == pytest.approx((1.5, 0.5))


def test_too_few_for_the_splits():
    with pytest.raises(MetricError, match="9 images are too few for 10 splits"):
        inception_score(sure(range(9)))


def test_needs_a_classifier():
    blind = Sample(seen_by="pixels", features=torch.randn(5, 3))
    for name in ("inception_score", "modes"):
        with pytest.raises(MetricError, match="needs a classifier, and pixels is none"):
            metrics[name].score(blind, blind)


def test_modes_that_are_gone_are_counted():
    real = sample(sure(list(range(10)) * 10))
    fake = sample(sure([0, 1, 2, 3] * 25))
    found = metrics["modes"].score(real, fake)
    assert found["modes"].value == 4
    assert found["mode_kl"].value == pytest.approx(log(10 / 4))


def test_a_stray_mistake_covers_no_mode():
    real = torch.full((10,), 0.1).double()
    fake = torch.tensor([0.995, 0.005, *[0.0] * 8]).double()
    assert covered(real, fake) == 1


def test_equal_shares_do_not_diverge():
    real = shares(sure(list(range(10))))
    assert divergence(real, real) == pytest.approx(0)
    assert covered(real, real) == 10


def test_fakes_of_classes_that_the_reals_have_not_diverge():
    real = sample(sure([0, 1] * 10))
    none, some, all_of_them = (
        metrics["modes"].score(real, sample(sure([0, 1] * (10 - few) + [7, 8] * few)))
        for few in (0, 1, 10)
    )
    assert [one["modes"].value for one in (none, some, all_of_them)] == [2, 2, 0]
    assert none["mode_kl"].value == 0
    assert 0 < some["mode_kl"].value < all_of_them["mode_kl"].value
    # all of a class of which there is half a real in twenty
    assert all_of_them["mode_kl"].value == pytest.approx(log((1 + 0.025) / 0.025))


@pytest.mark.parametrize(("real", "fake", "found"), [(0.5, 0.05, 1), (0.5, 0.04, 0), (0, 1, 0)])
def test_a_class_is_covered_from_a_tenth_of_its_share_on(real, fake, found):
    one, other = (torch.tensor([share], dtype=torch.float64) for share in (real, fake))
    assert covered(one, other) == found


def test_few_images_are_split_less_often():
    score = metrics["inception_score"].score
    few, many = sample(sure([0, 1, 2] * 5)), sample(sure([0, 1, 2] * 100))
    assert score(few, few)["is"].value == pytest.approx(3)
    assert score(few, few)["is"].parts == 1
    assert score(many, many)["is"].parts == 10
