"""Intervals of scores, and which cannot be told from the best."""

import numpy as np
import pytest
import scipy.stats
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint, proportions_ztest

from ganzoo.evaluation.confidence import alike, chance, interval
from ganzoo.record import Score


def score(value, deviation=0.1, **changes):
    told = {"n_real": 10_000, "n_fake": 10_000, "repeats": 3, "deviation_over": "repeats"}
    return Score(name="fid_x_10k", value=value, deviation=deviation, protocol=told | changes)


def test_the_interval_is_that_of_a_mean():
    values = [4.0, 5.0, 7.0]
    found = interval(score(16 / 3, deviation=scipy.stats.tstd(values)))
    wanted = scipy.stats.t.interval(0.95, 2, 16 / 3, scipy.stats.sem(values))
    assert found == pytest.approx(wanted)


def test_intervals_without_repeats():
    assert interval(score(5.0, deviation=None)) == (5, 5)
    one = score(5.0, deviation=1.0, repeats=1, deviation_over="parts of the sample")
    assert interval(one) == pytest.approx((5 - 1.96, 5 + 1.96))
    scores = [4.0, 5.0, 7.0]
    split = score(16 / 3, deviation=np.std(scores), repeats=1, deviation_over="splits", splits=3)
    wanted = scipy.stats.t.interval(0.95, 2, 16 / 3, scipy.stats.sem(scores))
    assert interval(split) == pytest.approx(wanted)
    none = score(0.0, 0.0, n_real=200, deviation_over="images")
    assert interval(none) == pytest.approx(proportion_confint(0, 200, method="wilson"))


@pytest.mark.parametrize(
    ("told", "parts"),
    [
        ({"deviation_over": "blocks", "blocks": 2, "repeats": 1}, 2),
        ({"deviation_over": "blocks of 20 frames", "blocks": 12}, 12),
        ({"deviation_over": "pairs", "pairs": 106}, 106),
        ({"deviation_over": "pictures", "n_fake": 50}, 50),
    ],
)
def test_few_parts_say_less(told, parts):
    half = scipy.stats.t.ppf(0.975, parts - 1)
    assert interval(score(5.0, 1.0, **told)) == pytest.approx((5 - half, 5 + half))


def test_two_scores_are_held_against_each_other_as_welch_does():
    one, other = [4.0, 5.0, 7.0], [6.0, 9.0, 8.5, 8.0]
    scores = [score(np.mean(v), np.std(v, ddof=1), repeats=len(v)) for v in (one, other)]
    wanted = scipy.stats.ttest_ind(one, other, equal_var=False).pvalue
    assert chance(*scores) == pytest.approx(wanted)
    split = score(np.mean(one), np.std(one), deviation_over="splits", splits=3, repeats=1)
    block = score(np.mean(other), scipy.stats.sem(other), deviation_over="blocks", blocks=4)
    assert chance(split, block) == pytest.approx(wanted)
    assert chance(score(10.0, 0.0), score(10.0, 0.0)) == 1
    assert chance(score(10.0, 0.0), score(9.0, 0.0)) == 0


def test_shares_are_compared_as_shares():
    share = [
        score(v, 0.01, n_real=n, deviation_over="images") for v, n in ((0.9, 1000), (0.87, 500))
    ]
    assert chance(*share) == pytest.approx(proportions_ztest([900, 435], [1000, 500])[1])
    none = score(0.0, 0.0, n_real=200, deviation_over="images")
    assert chance(none, none) == 1


def test_intervals_that_meet_may_be_of_scores_that_differ():
    """1.279 ± 0.019 and 1.360 ± 0.02 of three repeats."""
    best, other = score(1.279, 0.019), score(1.360, 0.02)
    assert interval(best)[1] > interval(other)[0]
    assert alike(best, {"b": other}) == set()


def test_many_comparisons_are_corrected_for():
    best = score(10.0)
    others = {str(value): score(value) for value in (10.2, 10.24, 10.25, 10.4, 11)}
    found = [chance(best, other) for other in others.values()]
    told, *_ = multipletests(found, 0.05, "holm")
    wanted = {name for name, apart in zip(others, told, strict=True) if not apart}
    assert alike(best, others) == wanted
    assert wanted == {"10.2", "10.24", "10.25"}
    assert alike(best, {"10.25": others["10.25"]}) == set()


def test_where_parts_are_not_counted_intervals_decide():
    told = {"repeats": 1, "deviation_over": "parts of the sample"}
    best, near, far = (score(value, 1.0, **told) for value in (10, 13, 15))
    assert alike(best, {"near": near, "far": far}) == {"near"}
    assert chance(best, near) is None
    strange = score(10.0, repeats="many")
    assert chance(strange, best) is None
