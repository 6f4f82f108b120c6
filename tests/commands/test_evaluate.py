"""``ganzoo evaluate`` and ``ganzoo compare``."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image as Pillow
from shelf import hang
from typer.testing import CliRunner, Result

from ganzoo import bundle, images
from ganzoo.cli import build
from ganzoo.hub.table import headline

QUICK = ("--count", "80", "--repeats", "2", "--metric", "fid", "--metric", "modes")


@pytest.fixture(autouse=True)
def shelf(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("GANZOO_CHECKPOINTS", str(tmp_path / "shelf"))
    monkeypatch.setenv("GANZOO_CACHE", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    shelf = tmp_path / "shelf"
    hang(shelf, "cnn-mnist", "name=cnn-digits")
    hang(shelf, "dcgan-mnist", "name=dcgan-digits")
    return shelf


def call(*arguments: str) -> Result:
    name, *others = arguments
    return CliRunner().invoke(build(name), others)


def mistake(*arguments: str) -> str:
    done = call(*arguments)
    assert done.exit_code == 2, done.output
    assert done.stdout == ""
    return done.stderr


def test_a_bundle_is_measured_with_its_protocol():
    done = call("evaluate", "dcgan-digits", *QUICK, "--json")
    assert done.exit_code == 0, done.output
    scores = json.loads(done.stdout)
    assert [score["name"] for score in scores] == [
        f"{kind}_digits_cnn_80" for kind in ("fid", "modes", "mode_kl")
    ]
    assert scores[0]["protocol"]["n_real"] == 80
    assert scores[0]["protocol"]["real_vs_real_of"] == "train 80 against other train 80"


def test_the_table_shows_value_floor_and_protocol():
    done = call("evaluate", "dcgan-digits", *QUICK)
    assert done.exit_code == 0, done.output
    for told in ("fid_digits_cnn_80", "real against real", "network_sha256", "n_fake", "±"):
        assert told in done.stdout
    assert "painting 2/2" in done.stderr


def test_scores_are_kept_when_asked(shelf):
    before = bundle.load(shelf / "dcgan-digits").config
    assert call("evaluate", "dcgan-digits", *QUICK).exit_code == 0
    assert bundle.load(shelf / "dcgan-digits").config == before
    assert call("evaluate", "dcgan-digits", *QUICK, "--write").exit_code == 0
    kept = bundle.load(shelf / "dcgan-digits").config.metrics
    assert kept[0].name == "fid_digits_cnn_80"
    assert "fid_digits_cnn_80" in (shelf / "dcgan-digits" / "README.md").read_text()
    quick = ("--count", "80", "--repeats", "1", "--metric", "kid", "--write")
    assert call("evaluate", "dcgan-digits", *quick).exit_code == 0
    names = [score.name for score in bundle.load(shelf / "dcgan-digits").config.metrics]
    kinds = ("fid", "kid", "modes", "mode_kl")
    assert names == [f"{kind}_digits_cnn_80" for kind in kinds], "the leading metric's comes first"


def test_a_moved_input_is_followed_or_refused(shelf):
    """Without the data that the bundle learned from: only the generator is asked."""
    changes = ("options.image_size=16", "data={name: mnist, size: 16, channels: 1}")
    hang(shelf, "stylegan3-fashion", "name=mover", *changes)
    told = call("evaluate", "mover", "--metric", "eq-t", "--count", "4", "--repeats", "1")
    assert told.exit_code == 0, told.output
    for said in ("eq_t_4", "eq_t_frac_4", "shift_most", "pixels that both", "higher", "float32"):
        assert said in told.stdout
    hang(shelf, "stylegan2-fashion", "name=still")
    said = " ".join(mistake("evaluate", "still", "--metric", "eq_r").split())
    assert "eq_r moves a generator's input, and that of still cannot be moved: StyleGAN2" in said


def test_networks_may_be_chosen(shelf):
    quick = ("--count", "80", "--repeats", "1", "--metric", "fid", "--json")
    by_pixels = json.loads(call("evaluate", "dcgan-digits", "--network", "pixels", *quick).stdout)
    assert by_pixels[0]["name"] == "fid_pixels_80"
    folder = str(shelf / "cnn-digits")
    by_bundle = json.loads(call("evaluate", "dcgan-digits", "--network", folder, *quick).stdout)
    assert by_bundle[0]["name"] == "fid_digits_cnn_80"


def test_a_classifier_without_test_images():
    assert "digits has no split 'test'" in mistake("evaluate", "cnn-digits")


def folder(path: Path, count: int, side: int = 9) -> str:
    path.mkdir()
    for number, picture in enumerate(images.to_pictures(torch.rand(count, 1, side, side) * 2 - 1)):
        images.to_pillow(picture).save(path / f"{number}.png")
    return str(path)


def test_two_folders(tmp_path):
    sides = folder(tmp_path / "a", 70), folder(tmp_path / "b", 75)
    done = call("evaluate", *sides, "--metric", "fid", "--metric", "sharpness", "--json")
    assert done.exit_code == 0, done.output
    fid, sharp = json.loads(done.stdout)
    assert (fid["name"], sharp["name"]) == ("fid_pixels_75", "sharpness_75")
    assert (fid["protocol"]["n_real"], fid["protocol"]["n_fake"]) == (70, 75)


def test_mistakes(tmp_path, shelf):
    full = folder(tmp_path / "full", 70)
    other = folder(tmp_path / "other", 70, 10)
    (tmp_path / "empty").mkdir()
    assert "Did you mean 'dcgan-digits'" in mistake("evaluate", "dcgan-digit")
    assert "Did you mean 'fid'" in mistake("evaluate", "dcgan-digits", "--metric", "fidd")
    assert "at least 2 images; got 0" in mistake("evaluate", "dcgan-digits", "--count", "0")
    assert "10 images are too few for 16" in mistake("evaluate", "dcgan-digits", "--count", "10")
    assert "no pictures in" in mistake("evaluate", full, str(tmp_path / "empty"))
    assert "mixed sizes" in mistake("evaluate", full, other)
    assert "holds a bundle" in mistake("evaluate", full, str(shelf / "dcgan-digits"))
    assert "got 3" in mistake("evaluate", full, full, full)
    assert "is no classifier" in mistake(
        "evaluate", "dcgan-digits", "--network", "dcgan-digits", "--count", "80"
    )


def test_compare(shelf):
    hang(shelf, "r1-fashion", "name=r1-digits")
    for name in ("dcgan-digits", "r1-digits"):
        assert call("evaluate", name, *QUICK, "--write").exit_code == 0
    told = json.loads(call("compare", "dcgan-digits", "r1-digits", "--json").stdout)
    fid = told[0]
    values = {name: one["value"] for name, one in fid["bundles"].items()}
    assert fid["score"] == "fid_digits_cnn_80"
    assert fid["best"] == min(values, key=lambda name: values[name])
    low, high = fid["bundles"]["r1-digits"]["interval"]
    assert low < values["r1-digits"] < high
    table = call("compare", "dcgan-digits", "r1-digits", "--metric", "fid")
    assert table.exit_code == 0
    assert "fid_digits_cnn_80" in table.stdout
    assert "modes" not in table.stdout
    assert f"{values['r1-digits']:.4g}" in table.stdout


def test_nothing_to_compare():
    assert "ganzoo evaluate dcgan-digits --write" in mistake("compare", "dcgan-digits")
    assert "different names" in mistake("compare", "dcgan-digits", "dcgan-digits")


@pytest.mark.parametrize("backwards", [False, True])
def test_a_classifier_is_judged_in_every_domain_of_its_data(shelf, monkeypatch, backwards):
    """That which it is meant for leads; each has a protocol of its own."""
    home = shelf.parent / "home"
    (home / "flowers").mkdir(parents=True)
    for i in range(20):
        Pillow.new("RGB", (8, 8), (12 * i, 90, 0)).save(home / "flowers" / f"{i}.png")
    pixels = np.random.default_rng(0).integers(256, size=(30, 28, 28)).astype(np.uint8)
    split = np.repeat([0, 1], [10, 20])
    np.savez(home / "mnist.npz", images=pixels, labels=np.arange(30) % 10, split=split)
    monkeypatch.setenv("GANZOO_DATA", str(home))
    data = (
        f"data={{name: mnist_mnist_m, size: 8, channels: 1, backwards: {str(backwards).lower()}}}"
    )
    made = hang(shelf, "dann-mnist_m", data)
    done = call("evaluate", "dann-mnist_m", "--json", "--write")
    assert done.exit_code == 0, done.output
    scores = json.loads(done.stdout)
    order = ["mnist_m", "mnist"][:: -1 if backwards else 1]
    assert [score["name"] for score in scores] == [f"accuracy_{name}_test" for name in order]
    assert [score["protocol"]["data"] for score in scores] == order
    assert {score["protocol"]["n_real"] for score in scores} == {20}
    assert headline(bundle.load(made.folder)).name == f"accuracy_{order[0]}_test"
    assert "what was learned in one domain" in (made.folder / "README.md").read_text()
