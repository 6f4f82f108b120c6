"""What is put into known participants, the analysis finds again."""

import random
from hashlib import sha256
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from scipy.linalg import null_space
from statsmodels.stats.anova import AnovaRM
from studies import made

from ganzoo.shares import wilson
from ganzoo.study import export, report, statistics
from ganzoo.study.analysis import analyse
from ganzoo.study.desk import Desk
from ganzoo.study.simulate import Crowd, Observer, send
from ganzoo.study.store import Store


def rehearse(study, store, observer, people):
    """The desk itself, without the line to it. Of several observers each comes in turn."""
    observers = observer if isinstance(observer, tuple) else (observer,)
    desk = Desk(study, store)
    dice = random.Random(1)
    for i in range(people):
        observer = observers[i % len(observers)]
        token, step = (desk.enter({"SIMULATED": f"{i}"}, keep=True)[k] for k in ("token", "step"))
        while step["step"] not in ("debriefing", "unqualified"):
            if step["step"] != "trial":
                step = desk.tell(token, step["step"], {})
                continue
            shown = [desk.picture(*_parts(path)) for path in step["pictures"]]
            seen = [study.manifest.by_name[sha256(one).hexdigest()] for one in shown]
            step = desk.answer(token, {
                "trial": step["trial"], "ticket": step["ticket"], "attempt": f"attempt-{i}",
                "answer": observer.answer(step, seen, dice), "rt_ms": observer.reaction(dice),
            })["step"]  # fmt: skip
    return analyse(store, study.design, resamples=500)


def _parts(path):
    _, who, trial, slot, ticket = path.split("/")
    return who, int(trial), int(slot), ticket


@pytest.fixture
def kept():
    store = Store("sqlite://")  # in memory: thousands of answers, and no disk to wait for
    yield store
    store.close()


def test_sensitivity_bias_and_speed_come_back(tmp_path, kept):
    study = made(tmp_path, each=60, trials=100)
    observer = Observer(d_prime=1.0, bias=0.3, d_primes={"bert": 2.0}, speed_ms=800.0)
    results = rehearse(study, kept, observer, 16)
    anna, bert = results["models"]
    assert anna["d_prime"]["value"] == pytest.approx(1.0, abs=0.25)
    assert anna["bias"]["value"] == pytest.approx(0.3, abs=0.15)
    assert bert["d_prime"]["value"] == pytest.approx(2.0, abs=0.3)
    assert anna["rt_ms"]["median"] == pytest.approx(800, rel=0.1)
    wrong = 50 * (stats.norm.cdf(0.3 - 0.5) + stats.norm.sf(0.3 + 0.5))
    assert anna["hype"]["value"] == pytest.approx(wrong, abs=5)
    assert anna["hype"]["low"] < anna["hype"]["value"] < anna["hype"]["high"]
    assert results["test"]["p"] < 0.01


def test_a_threshold_in_time_comes_back(tmp_path, kept):
    study = made(tmp_path, each=80, protocol="timed", trials=150)
    observer = Observer(threshold_ms=300.0, slope_ms=40.0)
    results = rehearse(study, kept, observer, 8)
    values = [row["hype_time_ms"]["value"] for row in results["models"]]
    assert np.mean(values) == pytest.approx(300, abs=35)


def test_models_that_are_timed_are_compared_by_the_time_that_they_take(tmp_path, kept):
    """Not by errors: the staircase holds those at a quarter, whatever the model."""
    study = made(tmp_path, each=80, protocol="timed", trials=120)
    seen_through = (Observer(threshold_ms=200.0, slope_ms=40.0), Observer(threshold_ms=450.0))
    results = rehearse(study, kept, seen_through, 8)
    anna, bert = results["models"]
    assert bert["hype_time_ms"]["low"] > anna["hype_time_ms"]["high"]
    assert (results["test"]["measure"], results["test"]["p"] < 0.01) == ("hype_time_ms", True)
    assert results["contrasts"][0]["difference"] == pytest.approx(
        anna["hype_time_ms"]["value"] - bert["hype_time_ms"]["value"]
    )
    assert "hype" not in anna  # it is for who has all the time they want
    assert anna["error"]["value"] == pytest.approx(25, abs=8)


class Turncoat(Observer):
    """Calls everything fake in the first block, and real in the second."""

    def answer(self, step, seen, dice):
        return ("fake", "real")[step["block"]]


def test_in_blocks_a_model_is_judged_beside_its_own_reals(tmp_path, kept):
    study = made(tmp_path, assign="within", order="blocked", blocks=2)
    results = rehearse(study, kept, Turncoat(), 4)
    for row in results["models"]:
        assert (row["error_reals"]["low"], row["error_reals"]["high"]) == (0, 100)
        assert row["hype"] == {"value": 50, "low": 50, "high": 50}


def test_answers_of_one_person_are_no_strangers_to_each_other(tmp_path, kept):
    study = made(tmp_path, assign="within", trials=24)
    results = rehearse(study, kept, (Observer(d_prime=8.0), Observer(lapse=1.0)), 12)
    low, high = wilson(round(results["accuracy"]["value"] * 12 * 24), 12 * 24)
    for told in (results["accuracy"], results["models"][0]["accuracy"]):
        assert told["high"] - told["low"] > 1.5 * (high - low)


def test_where_nothing_varies_nothing_is_tested(tmp_path, kept):
    study = made(tmp_path, trials=12)
    results = rehearse(study, kept, Turncoat(), 4)
    assert [row["hype"]["value"] for row in results["models"]] == [50, 50]
    assert "test" not in results
    assert statistics.between({"a": [50.0, 50.0], "b": [25.0, 25.0]}) is None
    assert statistics.within(["a", "b"], np.array([[50.0, 40.0], [40.0, 30.0]])) is None


def test_strengths_and_checks_in_pairs_and_grids(tmp_path, kept):
    study = made(
        tmp_path, protocol="pair", options={"against": "model"}, assign="within", trials=30,
        checks=2, exclude={"failed_checks": 0},
    )  # fmt: skip
    results = rehearse(study, kept, Observer(strengths={"anna": 1.0, "bert": 0.0}), 15)
    anna, bert = (row["strength"]["value"] for row in results["models"])
    assert anna - bert == pytest.approx(1.0, abs=0.35)
    assert results["exclusions"] == {}
    grid = made(
        tmp_path, name="grid", protocol="grid", trials=4, checks=1, exclude={"failed_checks": 0}
    )
    results = rehearse(grid, kept, Observer(d_prime=2.0), 10)
    assert results["people"]["analysed"] == 10
    assert results["accuracy"]["value"] == pytest.approx(stats.norm.cdf(1.0), abs=0.06)


def test_the_rules_leave_out_whom_they_name_and_that_is_recorded(tmp_path, kept):
    rules = {"fastest_ms": 300, "one_answer": 0.95}
    study = made(tmp_path, trials=10, exclude=rules)
    rehearse(study, kept, Observer(speed_ms=50.0), 3)
    results = report.write(kept, "tiny", tmp_path / "results", 200)
    assert results["people"]["analysed"] == 0
    assert results["exclusions"] == {"fastest_ms": 3}
    report.write(kept, "tiny", tmp_path / "results", 200)
    assert len(kept.events("tiny", "exclusion")) == 3


def test_whom_a_rule_would_leave_out_in_mid_study_may_still_mend(tmp_path, kept):
    study = made(tmp_path, trials=10, assign="within", exclude={"one_answer": 0.8})
    desk = Desk(study, kept)
    token = desk.enter({"PROLIFIC_PID": "p"})["token"]
    step = desk.step(desk.seated(token))
    while step["step"] != "trial":
        step = desk.tell(token, step["step"], {})
    for i in range(10):
        step = desk.answer(token, {
            "trial": step["trial"], "ticket": step["ticket"], "attempt": f"attempt-{i}",
            "answer": "fake" if i in (5, 7, 9) else "real", "rt_ms": 700.0,
        })["step"]  # fmt: skip
        if i == 3:
            early = report.write(kept, "tiny", tmp_path / "results", 200)
            assert early["exclusions"]["one_answer"] == 1
    assert step["step"] == "debriefing"
    results = report.write(kept, "tiny", tmp_path / "results", 200)
    assert results["people"]["analysed"] == 1
    assert results["exclusions"] == {}
    assert kept.events("tiny", "exclusion") == []


def test_every_column_is_in_the_codebook_and_every_figure_is_drawn(tmp_path, kept):
    rehearse(made(tmp_path), kept, Observer(), 6)
    paths = {path.name: path for path in export.write(kept, "tiny", tmp_path / "export")}
    book = paths["CODEBOOK.md"].read_text()
    for name in ("participants.csv", "answers.csv", "events.csv"):
        rows = paths[name].read_text().splitlines()
        assert len(rows) > 6
        assert all(f"`{column}`" in book for column in rows[0].split(","))
    report.write(kept, "tiny", tmp_path / "results", 200)
    written = {path.name for path in (tmp_path / "results").iterdir()}
    assert written >= {"results.json", "table.csv", "table.md", "table.tex", "hype.pdf", "hype.png"}


def test_no_kill_loses_an_acknowledged_answer(tmp_path):
    """A shorter version of ``ganzoo study simulate … --kill 100``."""
    study = made(tmp_path)
    crowd = Crowd(Observer(speed_ms=400.0), participants=8, pace=1.0)
    outcome = send(study, f"sqlite:///{tmp_path / 'k.sqlite'}", crowd, kills=2)
    assert outcome.errors == []
    assert (outcome.kills, outcome.lost, outcome.doubled) == (2, 0, 0)
    assert outcome.participants >= 8
    assert outcome.acknowledged == outcome.stored == 6 * outcome.participants


# -- closed forms -----------------------------------------------------------------------------


def test_the_bootstrap_of_a_mean_is_its_standard_error():
    values = np.random.default_rng(0).normal(3, 2, (400, 1))
    (found,) = statistics.bootstrap(values)
    half = 1.96 * values.std() / 20
    assert found.value == pytest.approx(values.mean())
    assert found.high - found.low == pytest.approx(2 * half, rel=0.05)


def test_sensitivity_is_signal_detection_theorys():
    d, c = statistics.sensitivity(8413, 10_000, 1587, 10_000)
    assert d == pytest.approx(2.0, abs=0.01)
    assert c == pytest.approx(0.0, abs=0.01)
    assert np.isfinite(statistics.sensitivity(10, 10, 0, 10)).all()


def test_rates_are_corrected_by_their_own_numbers():
    """Half an answer more to either side, of fakes and of reals each."""
    h, f = stats.norm.ppf(30.5 / 41), stats.norm.ppf(3.5 / 11)
    assert statistics.sensitivity(30, 40, 3, 10) == pytest.approx((h - f, -(h + f) / 2))


def test_bradley_terry_of_two_is_the_log_odds():
    wins = np.array([[0.0, 30.0], [10.0, 0.0]])
    first, second = statistics.bradley_terry(wins, prior=0.0)
    assert first - second == pytest.approx(np.log(3), abs=1e-6)


def test_bradley_terry_explains_every_victory_even_along_a_chain():
    wins = np.diag([30.0, 30.0, 30.0], k=1)  # each beat the next alone
    logs = statistics.bradley_terry(wins)
    beats = 1 / (1 + np.exp(logs[None, :] - logs[:, None]))
    played = wins + 0.1 * (1 - np.eye(4))
    expected = ((played + played.T) * beats).sum(1)
    assert expected == pytest.approx(played.sum(1), abs=1e-4)


def test_an_interval_of_strengths_is_that_of_the_log_odds():
    """Of two models, preferred by 240 and 160: half the log-odds each, with mean 0."""
    wins = np.zeros((400, 2, 2))
    wins[:240, 0, 1] = wins[240:, 1, 0] = 1
    first, second = statistics.bradley_terry_intervals(wins, resamples=4000)
    error = 1 / np.sqrt(400 * 0.6 * 0.4)
    assert first.value == pytest.approx(np.log(1.5) / 2, rel=1e-2)
    assert first.high - first.low == pytest.approx(2 * 1.96 * error / 2, rel=0.05)
    assert (second.low, second.high) == pytest.approx((-first.high, -first.low), abs=1e-6)


def test_modal_exposure():
    assert statistics.modal([100, 110, 110, 120]) == 110
    assert statistics.modal([100, 110]) == 105


def test_analysis_of_variance_agrees_with_a_paired_t_test():
    values = np.random.default_rng(1).normal([0.0, 0.8], 1, (20, 2))
    test, (contrast,) = statistics.within(["a", "b"], values)
    t = stats.ttest_rel(values[:, 0], values[:, 1])
    assert test.statistic == pytest.approx(t.statistic**2)
    assert contrast.p == pytest.approx(t.pvalue)
    assert contrast[3:5] == pytest.approx(t.confidence_interval(0.95))


def test_repeated_measures_are_greenhouse_and_geissers_and_intervals_hold_together():
    values = np.random.default_rng(2).normal([0.0, 0.5, 1.0, 2.0], [0.5, 0.5, 1, 3], (15, 4))
    test, contrasts = statistics.within(list("abcd"), values)
    rows = [{"who": i, "model": j, "score": values[i, j]} for i in range(15) for j in range(4)]
    table = AnovaRM(pd.DataFrame(rows), "score", "who", within=["model"]).fit().anova_table
    assert test.statistic == pytest.approx(table["F Value"].iloc[0])
    apart = null_space(np.ones((1, 4)))  # orthonormal contrasts
    size = np.linalg.eigvalsh(np.cov(values @ apart, rowvar=False))
    epsilon = size.sum() ** 2 / (3 * (size**2).sum())
    assert test.df == pytest.approx((3 * epsilon, 42 * epsilon))
    assert test.p == pytest.approx(stats.f.sf(test.statistic, *test.df))
    first = stats.ttest_rel(values[:, 0], values[:, 1])
    assert contrasts[0][3:5] == pytest.approx(first.confidence_interval(1 - 0.05 / 6))


def test_of_several_comparisons_p_is_holms():
    """The smallest of six times 6, the next times 5, and none below one before it."""
    values = np.random.default_rng(2).normal([0.0, 0.4, 0.6, 1.0], 1, (15, 4))
    _, contrasts = statistics.within(list("abcd"), values)
    pairs = list(combinations(range(4), 2))
    own = np.array([stats.ttest_rel(values[:, i], values[:, j]).pvalue for i, j in pairs])
    wanted = np.empty(6)
    wanted[own.argsort()] = np.maximum.accumulate(np.sort(own) * np.arange(6, 0, -1)).clip(max=1)
    assert [one.p for one in contrasts] == pytest.approx(wanted)


def test_who_did_not_judge_every_model_is_in_no_repeated_measure():
    whole = np.random.default_rng(3).normal([0.0, 0.5, 1.0], 1, (12, 3))
    short = np.vstack([whole, [[9.0, np.nan, -9.0]]])
    assert statistics.within(list("abc"), short) == statistics.within(list("abc"), whole)


def test_comparisons_of_different_people_are_tukeys():
    """By the studentised range, with Kramer's mean of unequal groups."""
    dice = np.random.default_rng(4)
    values = [dice.normal(i / 2, 1, size) for i, size in enumerate((8, 12, 16))]
    test, contrasts = statistics.between({"abc"[i]: values[i].tolist() for i in range(3)})
    sizes, means = np.array([8, 12, 16]), np.array([one.mean() for one in values])
    spread = sum(one.var() * len(one) for one in values) / 33
    apart = (sizes * (means - np.concatenate(values).mean()) ** 2).sum() / 2
    assert test.df == (2, 33)
    assert test.statistic == pytest.approx(apart / spread)
    assert test.p == pytest.approx(stats.f.sf(apart / spread, 2, 33))
    reach = stats.studentized_range.isf(0.05, 3, 33)
    for one, (i, j) in zip(contrasts, combinations(range(3), 2), strict=True):
        gap, error = means[i] - means[j], np.sqrt(spread / 2 * (1 / sizes[i] + 1 / sizes[j]))
        p = stats.studentized_range.sf(abs(gap) / error, 3, 33)
        wanted = (gap, gap - reach * error, gap + reach * error, p)
        assert one[2:] == pytest.approx(wanted, rel=1e-4)
