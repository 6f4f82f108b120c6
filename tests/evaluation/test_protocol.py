"""Scores of bundles: what they say of themselves, and that they can be had again."""

import os
from dataclasses import replace
from pathlib import Path
from shutil import make_archive, rmtree

import numpy as np
import pytest
import torch
from PIL import Image as Pillow
from shelf import hang
from torch import nn
from world import digits, tiny

import ganzoo
from ganzoo import __version__, bundle, images, processor
from ganzoo.data import Dataset
from ganzoo.errors import DataError, InputError, MetricError, UnknownNameError
from ganzoo.evaluation import Plan, Reals, alone, between, evaluate, yardstick
from ganzoo.evaluation.accuracy import accuracy
from ganzoo.evaluation.fakes import fakes, generator, probe
from ganzoo.evaluation.folders import same_shape
from ganzoo.evaluation.pixels import pixels
from ganzoo.evaluation.plan import DEFAULT
from ganzoo.evaluation.report import count_label
from ganzoo.metrics import Moments, metrics
from ganzoo.metrics.fid import frechet

SMALL = Plan(metrics=("fid",), count=100, repeats=2)


@pytest.fixture
def reals():
    return yardstick(digits(300), None, "train", 100)


def test_every_score_says_how_it_was_made(painter, eye, reals):
    scores = evaluate(painter, reals, eye, Plan(count=100, repeats=2, seed=3))
    kinds = [kind for name in DEFAULT for kind in metrics[name].yields]
    expected = [
        f"{kind}_100" if kind == "sharpness" else f"{kind}_digits_cnn_100" for kind in kinds
    ]
    assert [score.name for score in scores] == expected
    for score in scores:
        told = score.protocol
        assert (told["n_real"], told["n_fake"], told["repeats"], told["seed"]) == (100, 100, 2, 3)
        assert (told["data"], told["split"]) == ("digits", "train")
        assert told["data_sha256"] == digits(300).fingerprint
        assert told["deviation_over"] == "repeats"
        assert told["ganzoo"] == __version__
        assert score.deviation is not None
        assert told["real_vs_real_of"] == "train 100 against other train 100"
        assert isinstance(told["real_vs_real"], float)
        if not score.name.startswith("sharpness"):
            assert told["network"] == "digits_cnn"
            assert told["network_sha256"] == eye.sha256
            assert told["precision"] == "float32"
            assert "resize" in told


def test_the_score_is_that_of_the_pictures_that_are_shown(painter, eye, reals):
    """From the sampled pictures, through files, by hand."""
    score = evaluate(painter, reals, eye, Plan(metrics=("fid",), count=100, repeats=2))[0]
    values = []
    for seed in (0, 100):
        shown = ganzoo.load(painter.folder).sample(seed=seed, count=100)
        image = images.from_pictures(images.to_pictures(shown))
        sides = [eye.look(side).features for side in (next(reals.reference.batches()), image)]
        values.append(frechet(*(Moments.of(side).gaussian() for side in sides)))
    exact = ganzoo.load(painter.folder).prepared().precision == "float32"
    rounding = 1e-4 if exact else 2e-3  # by batch size
    assert score.value == pytest.approx(np.mean(values), rel=rounding)
    assert score.deviation == pytest.approx(np.std(values, ddof=1), rel=100 * rounding)
    assert score.protocol["deviation_over"] == "repeats"


def test_once_more_gives_the_same_and_other_seeds_do_not(painter, eye, reals):
    first = evaluate(painter, reals, eye, SMALL)
    assert evaluate(painter, reals, eye, SMALL) == first
    other = evaluate(painter, reals, eye, Plan(metrics=("fid",), count=100, repeats=2, seed=7))
    assert other[0].value != first[0].value


def test_a_single_repeat_has_the_deviation_of_its_parts(painter, eye, reals):
    plan = Plan(metrics=("fid", "inception_score"), count=100, repeats=1)
    fid, inception = evaluate(painter, reals, eye, plan)
    assert (fid.deviation, fid.protocol["deviation_over"]) == (None, None)
    assert inception.deviation
    assert (inception.protocol["deviation_over"], inception.protocol["splits"]) == ("splits", 10)


def test_numbers_that_explain_are_in_the_protocol(painter, eye, reals):
    plan = Plan(metrics=("sharpness", "modes"), count=100, repeats=1)
    sharp, modes, _ = evaluate(painter, reals, eye, plan)
    low, high = sorted([sharp.protocol["sharpness_fake"], sharp.protocol["sharpness_real"]])
    assert sharp.value == pytest.approx(low / high, rel=1e-4)
    assert 1 <= modes.value <= modes.protocol["classes"] <= 10


def test_classes_take_turns(shelf):
    made = hang(shelf, "cgan-mnist", "name=cgan-digits")
    seen = torch.cat(list(fakes(generator(made), made.recipe, 130, seed=4)))
    shown = images.from_pictures(images.to_pictures(ganzoo.load(made.folder).sample(4, 130)))
    torch.testing.assert_close(seen, shown, rtol=0, atol=2 / 255 + 1e-6)


def test_path_length_of_a_bundle(painter, eye, reals):
    plan = Plan(metrics=("path_length",), count=20, repeats=2)
    (score,) = evaluate(painter, reals, eye, plan)
    assert score.name == "ppl_z_digits_cnn_20"
    assert score.value > 0
    assert "real_vs_real" not in score.protocol


def test_equivariance_of_a_bundle_needs_neither_reals_nor_an_eye(shelf, eye, reals):
    made = hang(
        shelf, "stylegan3-fashion", "name=stylegan3-digits", "options.image_size=16", "data.size=16"
    )
    plan = Plan(metrics=("eq_t", "eq-r"), count=6, repeats=2, seed=5)
    assert plan.alone
    scores = alone(made, plan)
    assert [score.name for score in scores] == ["eq_t_6", "eq_t_frac_6", "eq_r_6"]
    for score in scores:
        told = score.protocol
        assert (told["n_fake"], told["seed"], told["repeats"]) == (6, 5, 2)
        assert (told["precision"], told["psi"]) == ("float32", 1.0)
        assert told["mask"] == "pixels that both pictures show"
        assert {"n_real", "data", "network", "real_vs_real"}.isdisjoint(told)
        assert (score.better, told["deviation_over"]) == ("higher", "repeats")
    assert scores[0].protocol["shift_most"] == 0.125
    beside = evaluate(made, reals, eye, replace(plan, metrics=("sharpness", "eq_t")))
    assert [score.value for score in beside[1:]] == [score.value for score in scores[:2]]
    assert beside[1].protocol == scores[0].protocol


def test_equivariance_of_a_network_that_knows_classes(shelf):
    made = hang(shelf, "stylegan3-fashion", "name=stylegan3-digits", "options.num_classes=3")
    assert alone(made, Plan(metrics=("eq_t",), count=3, repeats=1))[0].value > 20


def test_networks_whose_input_stays_where_it_is(shelf, painter, eye, reals):
    made = hang(shelf, "stylegan2-fashion", "name=stylegan2-digits")
    plan = Plan(metrics=("eq_t",), count=4)
    with pytest.raises(
        MetricError, match=r"that of stylegan2-digits cannot be moved: StyleGAN2 be"
    ):
        alone(made, plan)
    with pytest.raises(MetricError, match="eq_t moves a generator's input"):
        evaluate(painter, reals, eye, plan)
    assert not Plan(metrics=("eq_t", "fid")).alone
    assert not Plan().alone


def test_styles_are_walked_in_their_own_space(monkeypatch, eye):
    """Any generator with ``mapping`` and ``synthesis`` whose card says ``style``."""

    class Styled(nn.Module):
        def __init__(self):
            super().__init__()
            self.scale = nn.Parameter(torch.ones(1))

        def mapping(self, z):
            return z[:, None, :1] * self.scale

        def synthesis(self, w):
            return w[:, :, :, None].expand(-1, 1, 8, 8)

    recipe = tiny("dcgan-mnist")
    card = replace(recipe.card, abilities=recipe.card.abilities | {"style"})
    monkeypatch.setattr(type(recipe), "card", card)
    walked = probe(Styled(), recipe, eye)
    assert walked.space == "w"
    codes = walked.draw(130, 5)
    assert codes.shape == (130, 1, 1)
    assert walked.render(codes).shape == (130, 1, 8, 8)
    assert walked.features(walked.render(codes)).shape == (130, 16)


def test_who_walks_among_styles_stays_in_a_class(shelf, eye):
    made = hang(shelf, "stylegan2-fashion", "options.num_classes=3", players=("generator",))
    network, told = generator(made), []
    network.mapping.register_forward_pre_hook(lambda _, given: told.append(given[1]))
    walked = probe(network, made.recipe, eye)
    for seed in (4, 4 + walked.far):
        walked.draw(7, seed)
    assert told[0].tolist() == told[1].tolist() == [1, 2, 0, 1, 2, 0, 1]


def test_more_features_than_images(painter, reals):
    with pytest.raises(MetricError, match="60 images are too few for 64 features"):
        evaluate(painter, reals, pixels(), Plan(metrics=("fid",), count=60))


def test_a_generator_that_collapsed_or_broke(shelf, eye, reals):
    for value, why in ((0.0, "look the same"), (torch.nan, "not finite")):
        made = hang(shelf, "dcgan-mnist", "name=dcgan-digits")
        network = made.network()
        with torch.no_grad():
            for weight in network.parameters():
                weight.mul_(0)
        broken = bundle.write(made.folder, made.recipe, {"generator": network})
        if value != value:
            broken = type(made)(made.folder, broken.config)
            object.__setattr__(broken, "network", lambda: Shouting())
        with pytest.raises(MetricError, match=why):
            evaluate(broken, reals, eye, SMALL)


class Shouting(nn.Module):
    """A generator whose every pixel is not a number."""

    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(1))

    def forward(self, z):
        return torch.full((len(z), 1, 8, 8), torch.nan)


def test_a_classifier_paints_nothing(shelf, eye, reals):
    made = hang(shelf, "cnn-mnist", "name=cnn-digits")
    with pytest.raises(MetricError, match="cnn-digits does not paint"):
        evaluate(made, reals, eye, SMALL)


def test_metrics_of_classes_need_a_classifier(painter, reals):
    plan = Plan(metrics=("modes",), count=100)
    with pytest.raises(MetricError, match="modes needs a classifier, and pixels is none"):
        evaluate(painter, reals, pixels(), plan)
    kept = Plan(count=100).chosen(pixels())
    assert "modes" not in kept
    assert "fid" in kept


def test_unknown_metrics_get_a_suggestion(eye):
    with pytest.raises(UnknownNameError, match="Did you mean 'precision_recall'"):
        Plan(metrics=("precison-recall",)).chosen(eye)
    assert list(Plan(metrics=("precision-recall",)).chosen(eye)) == ["precision_recall"]


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"count": 1}, "at least 2 images; got 1"),
        ({"repeats": 0}, "at least 1 repeat; got 0"),
        ({"seed": -1}, "0 or more; got -1"),
    ],
)
def test_plans_that_cannot_be(wrong, why):
    with pytest.raises(InputError, match=why):
        Plan(**wrong)


def test_bfloat16_is_not_emulated(monkeypatch):
    monkeypatch.setattr(processor, "has_bfloat16", lambda: False)
    with pytest.raises(InputError, match="bfloat16 is no faster"):
        Plan(bfloat16=True)


@pytest.mark.parametrize(
    ("count", "label"), [(10_000, "10k"), (2_000, "2k"), (500, "500"), (2_500, "2500")]
)
def test_counts_in_names(count, label):
    assert count_label(count) == label


def test_the_floor_is_measured_on_test_images_first():
    whole = digits(300)
    test = Dataset(name="digits", pictures=whole.pictures[200:], labels=None)
    found = yardstick(whole, test, "train", 100)
    assert [str(side) for side in found.floor] == ["train 100", "test 100"]


def test_the_floor_is_measured_on_other_images_next():
    whole = digits(300)
    few = Dataset(name="digits", pictures=whole.pictures[:20], labels=None)
    found = yardstick(whole, few, "train", 120)
    left, right = found.floor
    assert str(right) == "other train 120"
    assert not set(left.rows) & set(right.rows)


def test_the_floor_is_measured_on_halves_at_last():
    found = yardstick(digits(300), None, "train", 10_000)
    left, right = found.floor
    assert len(found.reference) == 300
    assert [str(left), str(right)] == ["half of train 150"] * 2
    assert sorted([*left.rows, *right.rows]) == list(range(300))


def test_a_floor_that_cannot_be_measured_says_why(painter):
    """64 features: 100 reals do, but not their halves."""
    (score,) = evaluate(
        painter,
        yardstick(digits(100), None, "train", 100),
        pixels(),
        Plan(metrics=("fid",), count=80),
    )
    assert score.protocol["real_vs_real"] is None
    assert score.protocol["real_vs_real_of"].startswith("not measured: 50 images are too few")


def test_one_image_is_no_yardstick():
    with pytest.raises(MetricError, match="has 1 images"):
        yardstick(digits(1), None, "train", 100)


def test_a_set_is_like_itself(eye):
    whole = Reals(digits(200), "all", np.arange(200))
    told = {score.name: score for score in between(whole, whole, eye, Plan())}
    assert told["fid_digits_cnn_200"].value == pytest.approx(0, abs=1e-6)
    assert told["precision_digits_cnn_200"].value == 1
    assert told["sharpness_200"].value == 1
    assert told["fid_digits_cnn_200"].protocol["against_sha256"] == digits(200).fingerprint


def test_pictures_have_no_path_length(eye):
    whole = Reals(digits(100), "all", np.arange(100))
    with pytest.raises(MetricError, match="path_length judges a generator"):
        between(whole, whole, eye, Plan(metrics=("path_length",)))


def folder(path, count, side, colour=False, wide=0):
    path.mkdir(parents=True)
    torch.manual_seed(count)
    image = torch.rand(count, 3 if colour else 1, side, side + wide) * 2 - 1
    for number, picture in enumerate(images.to_pictures(image)):
        images.to_pillow(picture).save(path / f"{number}.png")
    return path


def test_folders_as_they_are(tmp_path):
    first, second = folder(tmp_path / "a", 5, 9), folder(tmp_path / "b", 4, 9, colour=True)
    (tmp_path / "none").mkdir()
    with pytest.raises(DataError, match=r"no pictures in '.*none'"):
        same_shape(tmp_path / "none")
    with pytest.raises(InputError, match="a side of 1 to 1024 pixels; got 999999"):
        same_shape(first, second, size=999999)
    for where in ("both", "both/alone"):  # a lone folder around everything says nothing
        folder(tmp_path / where / "test", 2, 9)
        with pytest.raises(MetricError, match=r"holds the split test: name the folder of the one"):
            same_shape(tmp_path / where.partition("/")[0])
        rmtree(tmp_path / "both")
    oblong = folder(tmp_path / "oblong", 3, 9, wide=4)
    with pytest.raises(MetricError, match=r"0.png' is 13x9: --size cuts squares"):
        same_shape(oblong)
    assert same_shape(oblong, size=9)[0].dataset.pictures.shape[2:] == (9, 9)
    one, other = same_shape(first, second)
    assert one.dataset.pictures.shape == (5, 3, 9, 9)
    assert other.dataset.pictures.shape == (4, 3, 9, 9)
    assert same_shape(first)[0].dataset.pictures.shape == (5, 1, 9, 9)


def test_an_archive_is_read_like_the_folder(tmp_path):
    first = folder(tmp_path / "a", 5, 9)
    zipped = Path(make_archive(str(tmp_path / "a"), "zip", tmp_path, "a"))
    packed = Path(make_archive(str(tmp_path / "b"), "gztar", first))
    found = [sorted(p.tobytes() for p in one.dataset.pictures)
             for one in same_shape(first, zipped, packed)]  # fmt: skip
    assert found[0] == found[1] == found[2]
    with pytest.raises(DataError, match=r"there is no archive '.*c\.zip'"):
        same_shape(first, tmp_path / "c.zip")
    wider = folder(tmp_path / "a" / "test", 2, 12)
    make_archive(str(tmp_path / "a"), "zip", first)
    with pytest.raises(MetricError, match=r"a.zip' holds the split test"):
        same_shape(zipped)
    wider.rename(first / "wide")
    make_archive(str(tmp_path / "a"), "zip", first)
    with pytest.raises(MetricError, match=r"mixed sizes: '.*a.zip/.*' is .*; --size brings"):
        same_shape(zipped)


def test_numpys_archive_is_read_like_the_folder(tmp_path):
    first = folder(tmp_path / "a", 5, 9)
    array = same_shape(first)[0].dataset.pictures[:, 0]
    np.savez(tmp_path / "b.npz", array)
    one, other = same_shape(first, tmp_path / "b.npz")
    assert np.array_equal(one.dataset.pictures, other.dataset.pictures)
    np.savez(tmp_path / "b.npz", images=array[:, :, :6])
    with pytest.raises(MetricError, match=r"mixed sizes: .*b.npz' is 6x9; --size"):
        same_shape(first, tmp_path / "b.npz")


def test_pictures_behind_a_link_are_pictures_of_the_folder(tmp_path):
    first, far = folder(tmp_path / "a", 3, 9), folder(tmp_path / "far", 3, 12)
    (first / "linked").symlink_to(far)
    with pytest.raises(MetricError, match="mixed sizes"):
        same_shape(first)
    assert len(same_shape(first, size=9)[0]) == 6


def test_a_pipe_keeps_nobody_waiting(tmp_path):
    first = folder(tmp_path / "a", 3, 9)
    os.mkfifo(first / "pipe.png")
    assert len(same_shape(first)[0]) == 3


def test_the_order_of_names_decides_no_score(tmp_path, eye):
    """Some scores are means over parts of a set, and those must not be its classes."""
    known = digits(400)
    for where, order in {"mixed": range(400), "sorted": np.argsort(known.labels)}.items():
        (tmp_path / where).mkdir()
        for place, row in enumerate(order):
            picture = Pillow.fromarray(known.pictures[row, 0])
            picture.save(tmp_path / where / f"{place:03}.png")
    plan = Plan(metrics=("inception_score",), count=400)
    scores = {
        where: between(*same_shape(tmp_path / where, tmp_path / where), eye, plan)[0].value
        for where in ("mixed", "sorted")
    }
    assert scores["sorted"] == pytest.approx(scores["mixed"], rel=0.05)


def test_two_folders_have_a_floor_too(tmp_path):
    first, second = folder(tmp_path / "a", 8, 9), folder(tmp_path / "b", 6, 9)
    sides = same_shape(first, second)
    (score,) = between(*sides, pixels(), Plan(metrics=("kid",)))
    assert score.protocol["real_vs_real_of"] == "one half of a against the other, 4 each"
    left, right = (replace(sides[0], rows=rows) for rows in np.split(sides[0].rows, 2))
    (halves,) = between(left, right, pixels(), Plan(metrics=("kid",)))
    assert score.protocol["real_vs_real"] == halves.value


def test_the_floor_is_of_two_sets_that_share_no_image(painter, eye):
    known = digits(300)
    measured = yardstick(known, None, "train", 100)
    left, right = measured.floor
    assert not {*left.rows} & {*right.rows}
    (score,) = evaluate(painter, measured, eye, Plan(metrics=("fid",), count=100, repeats=1))
    halves = [Moments.of(side.seen(eye).features).gaussian() for side in (left, right)]
    assert score.protocol["real_vs_real"] == pytest.approx(frechet(*halves), rel=1e-4)
    assert score.protocol["real_vs_real"] > 0.01


def test_folders_of_mixed_sizes(tmp_path):
    first, second = folder(tmp_path / "a", 3, 9), folder(tmp_path / "b", 3, 12)
    with pytest.raises(MetricError, match=r"0.png' is 9x9, '.*0.png' is 12x12; --size brings"):
        same_shape(first, second)
    one, other = same_shape(first, second, size=8)
    assert one.dataset.pictures.shape == other.dataset.pictures.shape == (3, 1, 8, 8)


def test_folders_that_are_empty_or_missing(tmp_path):
    (tmp_path / "empty").mkdir()
    full = folder(tmp_path / "full", 3, 9)
    with pytest.raises(DataError, match="no pictures in"):
        same_shape(full, tmp_path / "empty")
    with pytest.raises(DataError, match="there is no folder"):
        same_shape(full, tmp_path / "nowhere")


def test_accuracy_is_the_share_named_right(shelf):
    made = hang(shelf, "cnn-mnist", "name=cnn-digits")
    whole = digits(200)
    named = made.network()(whole.images(slice(None))).argmax(1).numpy()
    right = (named == whole.labels).mean()
    (score,) = accuracy(made, whole, "test")
    assert score.name == "accuracy_test"
    assert score.value == pytest.approx(right)
    assert score.deviation == pytest.approx((right * (1 - right) / 200) ** 0.5, abs=1e-6)
    half = np.where(np.arange(200) < 100, named, (named + 1) % 10)
    exact = Dataset(name="digits", pictures=whole.pictures, labels=half)
    assert accuracy(made, exact, "test")[0].value == 0.5


def test_accuracy_needs_labels(shelf):
    made = hang(shelf, "cnn-mnist", "name=cnn-digits")
    bare = Dataset(name="digits", pictures=digits(20).pictures)
    with pytest.raises(MetricError, match="digits has no labels"):
        accuracy(made, bare, "test")
