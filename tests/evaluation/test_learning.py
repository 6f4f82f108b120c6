"""The light score of a training, and what its curve tells."""

import pytest
import torch
from shelf import hang
from torch import nn
from world import digits, tiny

from ganzoo import bundle
from ganzoo.errors import MetricError
from ganzoo.evaluation import Plan, Watch, evaluate, marks, watch, yardstick
from ganzoo.evaluation.pixels import pixels
from ganzoo.record import CurvePoint
from ganzoo.training import fit


class Copycat(nn.Module):
    """A generator that shows real digits: those of the first ``known``, over and over."""

    def __init__(self, known):
        super().__init__()
        self.known = known
        self.start = nn.Parameter(torch.zeros(1))
        self.at = 0

    def forward(self, z):
        rows = [(self.at + i) % self.known for i in range(len(z))]
        self.at += len(z)
        return digits(300).images(slice(None))[rows]


def test_the_light_score_is_the_full_one(painter, eye):
    """Same reals, same seeds: the Fréchet distance of evaluate with one repeat."""
    data = digits(300)
    light = Watch(painter.recipe, data, eye, count=100)(painter.network())
    yard = yardstick(data, None, "train", 10_000)
    full = evaluate(painter, yard, eye, Plan(metrics=("fid",), count=100, repeats=1))
    assert light[0].name == full[0].name == "fid_digits_cnn_100"
    assert light[0].value == pytest.approx(full[0].value, rel=1e-4)
    for key in ("n_real", "n_fake", "data_sha256", "network_sha256", "seed"):
        assert light[0].protocol[key] == full[0].protocol[key]


def test_good_and_collapsed_generators_are_told_apart(eye):
    watching = Watch(tiny("dcgan-mnist"), digits(300), eye, count=300)
    good = {score.name: score.value for score in watching(Copycat(300))}
    poor = {score.name: score.value for score in watching(Copycat(2))}
    assert good["fid_digits_cnn_300"] < 1e-6 < poor["fid_digits_cnn_300"]
    assert good["variety_digits_cnn_300"] == pytest.approx(1, rel=1e-4)
    assert good["modes_digits_cnn_300"] >= 8
    assert poor["modes_digits_cnn_300"] <= 2


def test_a_total_collapse_is_a_score_and_not_an_error(eye):
    scores = Watch(tiny("dcgan-mnist"), digits(300), eye, count=100)(Copycat(1))
    assert scores[1].value == pytest.approx(0, abs=1e-9)
    assert scores[0].value > 0


def test_without_a_classifier_pixels_are_scored():
    watching = watch(tiny("dcgan-mnist"), digits(300), count=100)
    assert watching is not None
    assert [score.name for score in watching(Copycat(300))] == [
        "fid_pixels_100",
        "variety_pixels_100",
    ]


@pytest.fixture
def stranger(shelf):
    """CIFAR-10's classifier, of 70 features, and a painter of something else in colour."""
    hang(shelf, "cnn-cifar10", "data.name=cifar10", "options.widths=[4,70]")
    return tiny("dcgan-mnist", "data.name=emoji", "data.channels=3", "options.image_channels=3")


def test_a_stranger_scores_pictures_in_colour_and_counts_no_modes(stranger):
    """What it takes an emoji for says nothing; that it takes none for a frog, nothing either."""
    watching = watch(stranger, digits(300), count=100)
    assert watching is not None
    assert [score.name for score in watching(Copycat(300))] == [
        "fid_cifar10_cnn_100",
        "variety_cifar10_cnn_100",
    ]


def test_too_few_pictures_for_a_stranger_are_scored_in_pixels(stranger):
    watching = watch(stranger, digits(68), count=68)
    assert isinstance(watching, Watch)
    assert watching.network.name == "pixels"
    with pytest.raises(MetricError, match="50 images are too few for 64 features"):
        watch(stranger, digits(50), count=68)


def test_without_pictures_to_test_on_classifiers_are_not_watched():
    assert watch(tiny("cnn-mnist"), digits(100)) is None


def test_too_few_images_are_found_out_before_training():
    recipe = tiny("dcgan-mnist")
    with pytest.raises(MetricError, match="50 images are too few for 64 features"):
        Watch(recipe, digits(50), pixels())
    with pytest.raises(MetricError, match="40 images are too few for 64 features"):
        Watch(recipe, digits(300), pixels(), count=40)


def test_the_curve_goes_into_the_bundle(tmp_path):
    data, recipe = digits(300), tiny("dcgan-mnist")
    made = fit(
        recipe, data, tmp_path / "run", watch=watch(recipe, data, count=80), snapshot_kimg=0.016,
        cpu=True,
    )  # fmt: skip
    assert made is not None
    curve = bundle.load(made.folder).config.curve
    assert [point.kimg for point in curve] == [0.016, 0.032]
    assert all({"fid_pixels_80", "variety_pixels_80"} == set(point.values) for point in curve)
    assert made.config.cost is not None
    best = min(curve, key=lambda point: point.values["fid_pixels_80"])
    assert made.config.cost.best_kimg == best.kimg


def curve(**columns):
    length = len(next(iter(columns.values())))
    rows = ({name: values[i] for name, values in columns.items()} for i in range(length))
    return [CurvePoint(kimg=10 * (i + 1), values=row) for i, row in enumerate(rows)]


def test_a_good_training_has_no_marks():
    assert marks(curve(fid_x_2k=[90, 40, 20, 21, 19], modes_x_2k=[3, 9, 10, 10, 10])) == ()
    assert marks([]) == ()


def test_divergence_is_marked_where_it_begins():
    """As DCGAN does on CIFAR-10: 115, 65, 60, 56, then 126."""
    found = marks(curve(fid_x_2k=[115, 65, 60, 56, 126, 130, 57, 200]))
    assert [(mark.kimg, mark.kind) for mark in found] == [(50, "diverged"), (80, "diverged")]
    assert found[0].sentence == "fid_x_2k is 126 after it had been 56"


def test_lost_modes_are_marked():
    found = marks(curve(fid_x_2k=[50, 40, 45, 44], modes_x_2k=[6, 10, 5, 4]))
    assert [(mark.kimg, mark.kind, mark.sentence) for mark in found] == [
        (30, "collapsed", "5 modes are left of 10")
    ]


def test_lost_variety_is_marked_but_not_the_dull_beginning():
    found = marks(curve(variety_x_2k=[0.01, 0.5, 0.9, 0.1, 0.1]))
    assert [(mark.kimg, mark.kind) for mark in found] == [(40, "collapsed")]
    assert found[0].sentence == "its images vary by 10% of what the reals do"
