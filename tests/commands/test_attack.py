"""``ganzoo attack`` and ``ganzoo robustness``."""

import json
from pathlib import Path

import pytest
from PIL import Image as Pillow
from shelf import hang
from typer.testing import CliRunner, Result

from ganzoo.cli import build


@pytest.fixture(autouse=True)
def shelf(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("GANZOO_CHECKPOINTS", str(tmp_path / "shelf"))
    monkeypatch.chdir(tmp_path)
    hang(tmp_path / "shelf", "cnn-mnist", "name=cnn-digits")
    hang(tmp_path / "shelf", "cnn_pgd-mnist", "name=cnn_pgd-digits")
    hang(tmp_path / "shelf", "dcgan-mnist", "name=dcgan-digits")
    return tmp_path / "shelf"


def call(*arguments: str) -> Result:
    return CliRunner().invoke(build("attack"), arguments)


def mistake(*arguments: str) -> str:
    done = call(*arguments)
    assert done.exit_code == 2, done.output
    return done.stderr


def test_shares_come_with_intervals_and_protocol():
    done = call("cnn-digits", "--attack", "fgsm", "--epsilon", "8/255", "--count", "20", "--json")
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    for key in ("clean", "attacked", "rounded"):
        low, high = told[key]["interval"]
        assert 0 <= low <= told[key]["share"] <= high <= 1
    assert told["median_linf"] == pytest.approx(8 / 255, abs=1e-6)
    protocol = told["protocol"]
    assert (protocol["epsilon"], protocol["norm"], protocol["n"]) == (8 / 255, "linf", 20)
    assert len(protocol["network_sha256"]) == len(protocol["data_sha256"]) == 64


def test_the_table_and_the_sheet(tmp_path):
    done = call("cnn-digits", "--count", "6", "--steps", "3", "--out", "sheet.png")
    assert done.exit_code == 0, done.output
    for told in ("PGD on cnn-digits", "named right, clean", "rounded to 8 bits", "steps 3"):
        assert told in done.stdout
    with Pillow.open(tmp_path / "sheet.png") as sheet:
        assert sheet.size == (3 * 10 - 2, 6 * 10 - 2)


def test_targets_transfer_and_options():
    done = call(
        "cnn-digits", "--attack", "ifgsm", "--epsilon", "0.2", "--target", "3", "--count", "8",
        "--crafted-on", "cnn_pgd-digits", "--set", "steps=2", "--json",
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert told["protocol"]["crafted_on"] == "cnn_pgd-digits"
    assert told["protocol"]["target"] == "3"
    assert told["protocol"]["steps"] == 2
    assert "reached" in told


def test_what_survives_random_views_stands_beside_eot():
    given = ("cnn-digits", "--attack", "fgsm", "--epsilon", "0.2", "--count", "6", "--views", "4")
    done = call(*given, "--json")
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    seen = told["seen"]
    assert set(seen) == {"strengths", "clean pictures", "FGSM", "EOT"}
    assert seen["clean pictures"][0] == pytest.approx(1 - told["clean"]["share"], abs=1e-5)
    assert seen["FGSM"][0] == pytest.approx(1 - told["attacked"]["share"], abs=1e-5)
    table = call(*given)
    assert "seen anew" in table.stdout
    assert "of 4 of each picture" in table.stdout
    assert "got -1" in mistake("cnn-digits", "--views=-1")


def test_mistakes_are_quoted():
    assert "Did you mean 'cnn-digits'" in mistake("cnn-digit")
    assert "is no classifier" in mistake("dcgan-digits")
    assert "Did you mean 'fgsm'" in mistake("cnn-digits", "--attack", "fgms")
    assert "got '-1'" in mistake("cnn-digits", "--epsilon=-1")
    assert "got 'much'" in mistake("cnn-digits", "--epsilon", "much")
    assert "a class is 0 to 9; got 12" in mistake("cnn-digits", "--target", "12")
    assert "no class 'cat'" in mistake("cnn-digits", "--target", "cat")
    assert "nobody reads 'restarts'" in mistake("cnn-digits", "--attack", "fgsm", "--restarts", "2")
    assert "got 5000" in mistake("cnn-digits", "--count", "5000")
    assert "written as .png" in mistake("cnn-digits", "--out", "sheet.gif")
    assert "no ImageNet classifier 'resnet5O'" in mistake("torchvision:resnet5O")
