"""Light scores on pictures that nobody learned from, and which moment is kept."""

import re
from dataclasses import replace

import pytest
import torch
from shelf import hang
from torch import nn
from torch.nn.functional import one_hot
from world import digits, tiny

from ganzoo import bundle
from ganzoo.errors import DataError
from ganzoo.evaluation import Plan, marks, watch
from ganzoo.evaluation.pixels import pixels
from ganzoo.evaluation.translations import translations
from ganzoo.hub.prospects import prospects
from ganzoo.record import Cost, CurvePoint
from ganzoo.training import fit

TEST = digits(50)


@pytest.fixture(autouse=True)
def held_out(monkeypatch):
    monkeypatch.setattr("ganzoo.evaluation.reals.domains", lambda data: {"": TEST})
    monkeypatch.setattr("ganzoo.evaluation.eyes.default", lambda recipe: pixels())


class Knows(nn.Module):
    """Names the first ``right`` test pictures right, and all others wrong."""

    def __init__(self, right: int) -> None:
        super().__init__()
        self.right, self.start = right, nn.Parameter(torch.zeros(1))

    def forward(self, image):
        known = TEST.images(slice(None))
        rows = [int((known == one).flatten(1).all(1).nonzero()[0]) for one in image]
        assert TEST.labels is not None
        named = [(TEST.labels[row] + (row >= self.right)) % 10 for row in rows]
        return one_hot(torch.tensor(named), 10).float()


def test_a_classifier_is_asked_for_names():
    watching = watch(tiny("cnn-mnist"), digits(100))
    assert watching is not None
    assert watching.keep == "last"
    (score,) = watching(Knows(35))
    assert (score.name, score.value, score.better) == ("accuracy_test_50", 0.7, "higher")
    assert score.protocol["split"] == "test"


def test_the_light_score_of_a_translator_is_the_full_one(shelf):
    made = hang(shelf, "pix2pix-facades")
    watching = watch(made.recipe, digits(100))
    assert watching is not None
    light = {one.name: one for one in watching(made.network())}
    full = {one.name: one for one in
            translations(made, TEST, pixels(), Plan(metrics=("kid", "l1")))}  # fmt: skip
    assert list(light) == ["kid_pixels_50", "l1_50"]
    for name, one in light.items():
        assert one.value == pytest.approx(full[name].value, rel=1e-4)
        assert one.better == full[name].better
    told = light["kid_pixels_50"].protocol
    assert (told["network"], told["cross_term"]) == ("pixels", "other pairs")


def test_a_latent_goes_with_its_picture(shelf):
    made = hang(shelf, "pix2pix_ms-edges2cats")
    watching = watch(made.recipe, digits(100))
    assert watching is not None
    full = {one.name: one.value for one in
            translations(made, TEST, pixels(), Plan(metrics=("l1",)))}  # fmt: skip
    light = {one.name: one.value for one in watching(made.network())}
    assert light["l1_50"] == pytest.approx(full["l1_50"], rel=1e-4)


def test_without_pairs_translations_are_seen_as_a_crowd(shelf, monkeypatch):
    loose = replace(TEST, paired=False)
    monkeypatch.setattr("ganzoo.evaluation.reals.domains", lambda data: {"": loose})
    made = hang(shelf, "cyclegan-noto2fluent")
    watching = watch(made.recipe, loose)
    assert watching is not None
    assert [one.name for one in watching(made.network())] == ["kid_pixels_50"]


def test_a_segmenter_is_asked_for_each_pixel(shelf):
    made = hang(shelf, "unet-facades")
    watching = watch(made.recipe, digits(100))
    assert watching is not None
    (score,) = watching(made.network())
    named = made.network()(TEST.images(slice(None))).argmax(1).numpy()
    assert score.name == "pixel_accuracy_test_50"
    assert score.value == pytest.approx((named == TEST.maps).mean(), rel=1e-4)


def test_what_held_nothing_out_is_not_watched(monkeypatch):
    def missing(data):
        raise DataError("no test split")

    monkeypatch.setattr("ganzoo.evaluation.reals.domains", missing)
    assert watch(tiny("cnn-mnist"), digits(100)) is None


def test_the_last_moment_is_kept_and_the_curve_told(tmp_path):
    recipe = tiny("cnn-mnist", "kimg=0.032")
    watching = watch(recipe, digits())
    assert watching is not None
    made = fit(recipe, digits(), tmp_path, watch=watching, keep=watching.keep,
               snapshot_kimg=0.008, cpu=True)  # fmt: skip
    assert made
    assert made.config.cost
    assert made.config.cost.best_kimg == 0.032
    curve = made.config.curve
    assert [point.kimg for point in curve] == [0.008, 0.016, 0.024, 0.032]
    (last,) = watching(made.network())
    assert curve[-1].values["accuracy_test_50"] == pytest.approx(last.value, abs=0.04)


def test_a_classifier_that_forgets_has_diverged():
    points = [CurvePoint(kimg=k, values={"accuracy_test_2k": v}) for k, v in ((1, 0.9), (2, 0.4))]
    (mark,) = marks(points)
    assert (mark.kind, mark.sentence) == (
        "diverged",
        "accuracy_test_2k is 0.4 after it had been 0.9",
    )


@pytest.mark.parametrize(
    ("name", "values", "said"),
    [
        ("accuracy_test_2k", (0.80, 0.90, 0.93), "went from 0.9 to 0.93 .* would still improve it"),
        ("accuracy_test_2k", (0.80, 0.93, 0.931), "has all but settled"),
        ("l1_200", (0.3, 0.2, 0.1), "went from 0.2 to 0.1 .* would still improve it"),
        ("fid_x_2k", (30.0, 20.0, 10.0), "would still sharpen it"),
        ("fid_x_2k", (10.0, 12.5, 13.0), "was best at 1 thousand images, 10, and 13 in the end"),
        ("fid_x_2k", (10.0, 12.5, 11.5), "its best moment was at 1 thousand"),
        ("accuracy_test_2k", (0.9, 0.87, 0.8), "was best at 1 .* 0.9, and 0.8 in the end"),
    ],
)
def test_prospects_are_read_off_any_score(shelf, name, values, said):
    points = tuple(
        CurvePoint(kimg=kimg, values={name: value})
        for kimg, value in zip((1.0, 3.0, 4.0), values, strict=True)
    )
    best = points[values.index((max if name.startswith("accuracy") else min)(values))].kimg
    cost = Cost(kimg=4, steps=1, seconds=1, best_kimg=best, processor="a", threads=1)
    made = bundle.rewrite(hang(shelf, "cnn-mnist"), curve=points, cost=cost)
    assert re.search(said, prospects(made))


def test_prospects_are_those_of_the_score_that_chose_the_moment(shelf):
    """Its first half was watched in pixels."""
    values = ({"fid_pixels_2k": 1.0}, {"fid_x_2k": 30.0}, {"fid_x_2k": 20.0})
    points = tuple(CurvePoint(kimg=k + 1, values=one) for k, one in enumerate(values))
    cost = Cost(kimg=3, steps=1, seconds=1, best_kimg=3, processor="a", threads=1)
    made = bundle.rewrite(hang(shelf, "cnn-mnist"), curve=points, cost=cost)
    assert prospects(made).startswith("`fid_x_2k` went from 30 to 20 over")
