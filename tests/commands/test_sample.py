"""``ganzoo sample``."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow
from shelf import hang, pyramid
from typer.testing import CliRunner, Result

import ganzoo
from ganzoo import bundle, images
from ganzoo.cli import build
from ganzoo.zoo import Dreamer


@pytest.fixture(autouse=True)
def shelf(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("GANZOO_CHECKPOINTS", str(tmp_path / "shelf"))
    monkeypatch.chdir(tmp_path)
    hang(tmp_path / "shelf", "dcgan-mnist")
    return tmp_path / "shelf"


def sample(*arguments: str) -> Result:
    return CliRunner().invoke(build("sample"), list(arguments))


def test_the_sheet_shows_the_seeds_pictures(tmp_path):
    done = sample("dcgan-mnist", "--seed", "7", "--count", "4", "--out", "sub/four.png")
    assert done.exit_code == 0, done.output
    shown = np.asarray(Pillow.open(tmp_path / "sub" / "four.png"))
    wanted = images.to_pictures(ganzoo.load("dcgan-mnist").sample(seed=7, count=4))
    assert np.array_equal(shown, images.grid(wanted)[:, :, 0])


def test_the_same_seed_writes_the_same_file(tmp_path):
    sample("dcgan-mnist", "--out", "a.png")
    sample("dcgan-mnist", "--out", "b.png")
    sample("dcgan-mnist", "--out", "c.png", "--seed", "1")
    one, two, other = ((tmp_path / f"{name}.png").read_bytes() for name in "abc")
    assert one == two != other


def test_a_class_can_be_asked_for(tmp_path, shelf):
    made = hang(shelf, "cgan-mnist")
    bundle.rewrite(made, classes=tuple(f"digit {i}" for i in range(10)))
    assert sample("cgan-mnist", "--class", "digit 3", "--out", "a.png").exit_code == 0
    assert sample("cgan-mnist", "--class", "3", "--out", "b.png").exit_code == 0
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()
    refused = sample("cgan-mnist", "--class", "digit 11")
    assert refused.exit_code == 2
    assert "Did you mean 'digit 1'" in refused.stderr


@pytest.mark.parametrize(("arguments", "said"), [
    (("--count", "0"), "got 0"),
    (("--count", "1000000"), "at most 1024 pictures at once; got 1000000"),
    (("--seed", "-1"), "got -1"),
    (("--seed", "4294967296"), "got 4294967296"),
    (("--seed", "1.5"), "1.5"),
    (("--seed", "seven"), "seven"),
    (("--class", "3"), "knows no classes"),
    (("--out", "grid.exe"), "grid.exe"),
])  # fmt: skip
def test_bad_input_is_quoted_and_writes_nothing(tmp_path, arguments, said):
    done = sample("dcgan-mnist", *arguments)
    assert done.exit_code == 2
    assert said in done.stderr
    assert not list(tmp_path.glob("grid.*"))


def test_what_knows_one_image_dreams(tmp_path, shelf):
    pyramid(shelf)
    done = sample("singan-pagoda", "--seed", "7", "--count", "2", "--out", "two.png")
    assert done.exit_code == 0, done.output
    dreams = Dreamer(ganzoo.load("singan-pagoda")).dream(7, 2)
    shown = np.asarray(Pillow.open(tmp_path / "two.png"))
    assert np.array_equal(shown, images.grid(images.to_pictures(dreams)))
    refused = sample("singan-pagoda", "--class", "3")
    assert refused.exit_code == 2
    assert "singan-pagoda knows no classes" in refused.stderr


def test_what_does_not_paint_says_so(shelf):
    name = hang(shelf, "cnn-mnist").name
    done = sample(name)
    assert done.exit_code == 2
    assert f"{name} does not paint" in done.stderr


def test_a_judge_alone_does_not_send_round_in_a_circle(shelf):
    name = hang(shelf, "dcgan-digits", players=("discriminator",)).name
    done = sample(name)
    assert done.exit_code == 2
    assert f"{name} holds no generator, only its discriminator" in done.stderr
    assert "ganzoo sample" not in done.stderr


def test_a_tampered_bundle_is_refused(shelf):
    path = shelf / "dcgan-mnist" / "model.safetensors"
    path.write_bytes(path.read_bytes() + b"!")
    done = sample("dcgan-mnist")
    assert done.exit_code == 2
    assert "is not the file its config vouches for" in done.stderr
