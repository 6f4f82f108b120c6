"""``ganzoo train`` as whoever waits for it meets it: interrupted."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow
from typer.testing import CliRunner
from world import tiny

from ganzoo.cli import build
from ganzoo.commands.train import _bar
from ganzoo.record import Score
from ganzoo.training.run import Progress

TRAIN = (sys.executable, "-m", "ganzoo", "train", "dcgan-digits", "--cpu", "--no-score")
SMALL = ("--set", "options.base_channels=4", "--set", "batch_size=8", "--set", "kimg=50")


def started(folder: Path) -> subprocess.Popen[str]:
    command = [*TRAIN, *SMALL, "--run", str(folder), "--snapshot-kimg", "40"]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_who_interrupts_a_training_loses_nothing(tmp_path, number):
    process = started(tmp_path / "run")
    log = tmp_path / "run" / "log.jsonl"
    deadline = time.monotonic() + 120
    while not (log.is_file() and log.read_text()):
        assert process.poll() is None, process.stderr.read() if process.stderr else ""
        assert time.monotonic() < deadline
        time.sleep(0.1)
    process.send_signal(number)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "stopped at" in said
    assert "go on with --resume" in " ".join(said.split())
    assert (tmp_path / "run" / "state.pt").is_file()


@pytest.fixture
def album(tmp_path):
    def painted(count: int) -> str:
        for index in range(count):
            Pillow.new("L", (32, 32), 40 * index).save(tmp_path / f"{index}.png")
        return str(tmp_path)

    return painted


def trained(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*TRAIN, *arguments], capture_output=True, text=True, check=False)


def test_a_bundle_is_trained_further(tmp_path):
    small = ["--set", "options.base_channels=4", "--set", "batch_size=8"]
    first = trained(*small, "--set", "kimg=0.016", "--run", str(tmp_path / "first"))
    assert first.returncode == 0, first.stderr
    made = str(tmp_path / "first" / "dcgan-digits")
    more = [*small, "--from", made, "--run", str(tmp_path / "more")]
    again = trained(*more, "--set", "kimg=0.032")
    assert again.returncode == 0, again.stderr
    said = " ".join(again.stderr.split())
    assert "dcgan-digits goes on with dcgan-digits, from 0.016 kimg" in said
    card = (tmp_path / "more" / "dcgan-digits" / "README.md").read_text()
    assert "Went on from the weights of `dcgan-digits`" in card
    spent = trained(*more, "--set", "kimg=0.016")
    assert spent.returncode == 2
    assert "has been shown 0.016 of 0.016 kimg" in " ".join(spent.stderr.split())


def test_where_a_training_fell_apart_is_told_as_it_happens(capsys):
    recipe = tiny("dcgan-digits")
    with _bar(recipe) as tell:
        for kimg, fid, variety in ((1, 50, 0.9), (2, 40, 0.9), (3, 95, 0.1), (4, 99, 0.1)):
            scores = tuple(
                Score(name=f"{kind}_pixels_2k", value=value, better="lower")
                for kind, value in (("fid", fid), ("variety", variety))
            )
            tell(Progress(float(kimg), 100.0, {}, scores))
        tell(Progress(5.0, 100.0, {}, scoring=True))
    said = " ".join(capsys.readouterr().err.split())
    assert said.count("dcgan-digits diverged at 3 thousand images: fid_pixels_2k is 95") == 1
    assert said.endswith("is scored ...")
    assert said.count("dcgan-digits collapsed at 3 thousand images: its images vary by 10%") == 1


def test_pictures_of_ones_own_do_not_go_by_anothers_name(tmp_path, album):
    mine = ["train", "stylegan2-cats", "--data", album(5), "--dry-run", "--no-score", "--cpu"]
    done = CliRunner().invoke(build("train", "list"), [*mine, "--run", str(tmp_path / "run")])
    assert done.exit_code == 2
    said = " ".join(done.stderr.split())
    assert "holds 5 pictures, and AFHQ cats has 5,153" in said
    assert "For pictures of your own add --set data.name=folder" in said


def test_arrays_of_ones_own_are_trained_on_and_judged_by(tmp_path):
    path = tmp_path / "mine.npz"
    images = np.random.default_rng(0).integers(0, 256, (8, 32, 32), np.uint8)
    np.savez(path, images=images)
    few = ["train", "dcgan-digits", "--set", "data.name=folder", "--data", str(path)]
    small = ["--set", "options.base_channels=4", "--set", "batch_size=4", "--set", "kimg=0.004"]
    arguments = [*few, *small, "--cpu", "--no-score", "--run", str(tmp_path / "run")]
    app = build("train", "evaluate")
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 0, done.stderr
    assert "learns from 8 pictures of 8 x 8" in " ".join(done.stderr.split())
    bundle = str(tmp_path / "run" / "dcgan-digits")
    judge = ["--network", "pixels", "--metric", "kid", "--count", "8", "--repeats", "1", "--json"]
    done = CliRunner().invoke(app, ["evaluate", bundle, "--data", str(path), *judge])
    assert done.exit_code == 0, done.stderr
    assert json.loads(done.stdout)[0]["protocol"]["data"] == "mine.npz"


@pytest.mark.parametrize(
    "name", [b"plain: 'and' \"quoted\" #1", "\U0001f408".encode(), b"not UTF-8 \xff"]
)
def test_pictures_lie_in_folders_of_any_name(tmp_path, name):
    folder = Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name))
    folder.mkdir()
    Pillow.new("L", (8, 8)).save(folder / "1.png")
    mine = ["train", "dcgan-digits", "--set", "data.name=folder", "--data", str(folder)]
    small = ["--set", "options.base_channels=4", "--set", "batch_size=1", "--set", "kimg=0.001"]
    arguments = [*mine, *small, "--cpu", "--no-score", "--run", str(tmp_path / "run")]
    for more in ([], ["--resume"]):
        done = CliRunner().invoke(build("train", "list"), [*arguments, *more])
        assert done.exit_code == 0, done.output
        assert "learns from 1 picture of 8 x 8" in done.stderr


def test_too_few_pictures_to_be_scored_are_trained_on_when_told(tmp_path, album):
    few = ["train", "dcgan-digits", "--set", "data.name=folder", "--data", album(5)]
    small = ["--set", "options.base_channels=4", "--set", "batch_size=4", "--set", "kimg=0.004"]
    arguments = [*few, *small, "--cpu", "--run", str(tmp_path / "run")]
    for rehearsed in (["--dry-run"], []):
        done = CliRunner().invoke(build("train", "list"), [*arguments, *rehearsed])
        assert done.exit_code == 2
        assert "5 images are too few" in done.stderr
        assert "--no-score trains without scores" in done.stderr
    done = CliRunner().invoke(build("train", "list"), [*arguments, "--no-score"])
    assert done.exit_code == 0, done.stderr
    assert done.stdout == ""
    assert (tmp_path / "run" / "dcgan-digits" / "config.json").is_file()
