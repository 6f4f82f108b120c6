"""A score on a device that is not the processor is the one measured here."""

import pytest
from elsewhere import elsewhere
from world import digits

from ganzoo.bundle import Bundle
from ganzoo.evaluation import Plan, evaluate, yardstick
from ganzoo.evaluation.classifier import classifier
from ganzoo.evaluation.plan import DEFAULT
from ganzoo.record import Score

PLAN = Plan(metrics=(*DEFAULT, "path_length"), count=100, repeats=2)


def scores(painter: Bundle, trained: Bundle) -> dict[str, Score]:
    reals = yardstick(digits(300), None, "train", 100)
    return {one.name: one for one in evaluate(painter, reals, classifier(trained), PLAN)}


def test_every_score_is_the_same_elsewhere(painter, trained, monkeypatch, tmp_path):
    here = scores(painter, trained)
    monkeypatch.setenv("GANZOO_CACHE", str(tmp_path / "elsewhere"))  # nothing is remembered
    with elsewhere():
        there = scores(painter, trained)
    assert there.keys() == here.keys()
    for name, score in there.items():
        assert score.value == pytest.approx(here[name].value, rel=1e-3, abs=1e-4), name
