"""Scores of inversions: perfect ones, aimless ones, and what each says of how it was made."""

from dataclasses import replace

import pytest
import torch
from shelf import hang, mirror
from world import digits

from ganzoo import bundle
from ganzoo.errors import BundleError, MetricError
from ganzoo.evaluation import Plan, inversion
from ganzoo.evaluation.inversion import ALL
from ganzoo.evaluation.inversion import inversion as scored
from ganzoo.evaluation.networks import FeatureNetwork, Look

NAME = "semantic_pyramid-cifar10"
EYE = FeatureNetwork(
    name="plain", sha256="0123456789abcdef", resize="none",
    look=lambda image: Look(image.flatten(1)[:, 3::8], None),
)  # fmt: skip


@pytest.fixture
def judged(tmp_path, monkeypatch):
    monkeypatch.setenv("GANZOO_CHECKPOINTS", str(tmp_path))
    return mirror(tmp_path)


def values(scores, kind):
    return [one.value for one in scores if f"_{kind}_" in one.name]


def test_every_level_is_scored_the_deepest_first(judged):
    scores = scored(judged, digits(), EYE, Plan(count=16, seed=3))
    assert [one.name for one in scores[:5]] == [
        "level_3_named_alike_16", "level_3_feature_distance_16", "level_3_psnr_16",
        "level_3_diversity_16", "level_3_fid_plain_16",
    ]  # fmt: skip
    assert len(scores) == 4 * len(ALL)
    for one in scores:
        told = one.protocol
        assert told["weights_sha256"] == judged.config.sha256[bundle.MODEL]
        assert told["classifier_sha256"] == judged.config.classifier.sha256
        assert told["n_real"] == 16
    assert scores[4].protocol["network"] == "plain"
    assert scores[4].protocol["real_vs_real"] > 0


def test_the_same_seed_gives_the_same_scores(judged):
    plan = Plan(count=8, seed=1, metrics=("psnr", "diversity"))
    first = scored(judged, digits(), EYE, plan)
    assert first == scored(judged, digits(), EYE, plan)
    assert len(first) == 8
    assert first != scored(judged, digits(), EYE, replace(plan, seed=2))


def test_who_paints_the_picture_itself_is_perfect(judged, monkeypatch):
    trial = inversion._Trial
    monkeypatch.setattr(trial, "_invert", lambda self, *_: self.originals)
    monkeypatch.setattr(trial, "_diversity", lambda *_: 0.0)
    scores = scored(judged, digits(), EYE, Plan(count=16))
    assert values(scores, "feature_distance") == [0] * 4
    assert values(scores, "psnr") == [100] * 4
    assert values(scores, "fid") == [s.protocol["real_vs_real"] for s in scores if "fid" in s.name]
    named = {one.protocol["originals_named_so"] for one in scores if "named_alike" in one.name}
    assert set(values(scores, "named_alike")) == named


def test_who_paints_another_picture_is_as_far_away_as_that(judged, monkeypatch):
    monkeypatch.setattr(inversion._Trial, "_invert", lambda self, *_: self.originals.roll(1, 0))
    scores = scored(judged, digits(), EYE, Plan(count=16, metrics=("feature_distance",)))
    assert values(scores, "feature_distance") == pytest.approx([1] * 4, abs=1e-5)


def test_each_level_is_measured_there(judged, monkeypatch):
    monkeypatch.setattr(inversion._Trial, "_invert", lambda self, *_: self.originals.flip(3))
    scores = scored(judged, digits(), EYE, Plan(count=32, metrics=("feature_distance",)))
    assert len(set(values(scores, "feature_distance"))) == 3  # one place is its own maximum


def test_diversity_is_that_of_the_originals_where_nothing_is_kept(judged, monkeypatch):
    trial = inversion._Trial

    def paint(self, generator, known, level, first=0):
        return torch.randn(len(known[0]), 1, 8, 8) * self.originals.std(0).mean()

    monkeypatch.setattr(trial, "_invert", paint)
    scores = scored(judged, digits(), EYE, Plan(count=32, metrics=("diversity",)))
    assert values(scores, "diversity") == pytest.approx([1] * 4, abs=0.08)


def test_what_cannot_be_judged_is_refused(judged, tmp_path):
    with pytest.raises(MetricError, match="kid: of inversions there are"):
        scored(judged, digits(), EYE, Plan(count=8, metrics=("kid",)))
    with pytest.raises(MetricError, match="digits has 64 originals; of 64 as many again"):
        scored(judged, digits(), EYE, Plan(count=64))
    own = replace(EYE, sha256=judged.config.classifier.sha256)
    with pytest.raises(MetricError, match="what was inverted: it would flatter"):
        scored(judged, digits(), own, Plan(count=8))
    with pytest.raises(MetricError, match="dcgan-mnist inverts no classifier"):
        scored(hang(tmp_path, "dcgan-mnist"), digits(), EYE, Plan(count=8))
    hang(tmp_path, "cnn-cifar10")
    with pytest.raises(BundleError, match="was taught through the eyes of"):
        scored(judged, digits(), EYE, Plan(count=8))
