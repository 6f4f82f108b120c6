"""``ganzoo bench``, and the race it runs."""

import json

import pytest
from acts import hog, sleeper
from shelf import hang
from typer.testing import CliRunner

from ganzoo import bundle
from ganzoo.cli import build
from ganzoo.commands._contest import Contestant, race
from ganzoo.gallery.tabs import tabs


def test_the_faster_wins_by_the_right_ratio():
    with Contestant(sleeper, 0.4) as slow, Contestant(sleeper, 0.1) as quick:
        first, second, ratio = race(slow, quick, "nap", rounds=3)
        assert quick.do("said", "slept") == "slept 0.1"
    assert first >= 0.4
    assert 0.1 <= second < first
    assert 2 < ratio <= 4.1


def test_each_has_a_peak_memory_of_its_own():
    with Contestant(hog, 1) as small, Contestant(hog, 200) as large:
        assert large.do("held") == 200 * 2**20
        low, high = small.peak_bytes(), large.peak_bytes()
    if low is None or high is None:
        pytest.skip("this system does not say how much memory a process has held")
    assert 190 * 2**20 < high - low < 210 * 2**20


@pytest.mark.parametrize(("mode", "ways"), [
    ((), ("plain", "prepared")), (("--train",), ("plain", "trainer")),
])  # fmt: skip
def test_bench_reports_both_ways(tmp_path, mode, ways):
    hang(tmp_path, "dcgan-mnist")
    arguments = [str(tmp_path / "dcgan-mnist"), *mode, "--rounds", "1", "--json"]
    done = CliRunner().invoke(build("bench"), arguments)
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    for way in ways:
        assert all(value is None or value > 0 for value in told[way].values())
    assert told["processor"]
    assert told["threads"] >= 1
    first, second = (told[way]["images_per_second"] for way in ways)
    assert told["ratio"]["images_per_second"] == pytest.approx(second / first, rel=0.01)
    if not mode:
        assert told["psnr_db"] is None or told["psnr_db"] >= 40


def test_a_translators_step_is_timed(tmp_path):
    hang(tmp_path, "pix2pix-edges2cats")
    arguments = [str(tmp_path / "pix2pix-edges2cats"), "--train", "--rounds", "1", "--json"]
    done = CliRunner().invoke(build("bench"), arguments)
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["trainer"]["images_per_second"] > 0


def test_what_goes_wrong_in_a_contestant_is_told():
    with Contestant(hog, "many") as broken, pytest.raises(TypeError, match="str"):
        broken.do("held")


def test_the_speed_of_sampling_can_be_kept_with_its_circumstances(tmp_path):
    made = hang(tmp_path, "dcgan-mnist")
    for _ in range(2):
        done = CliRunner().invoke(
            build("bench"), [str(made.folder), "--rounds", "1", "--json", "--write"]
        )
        assert done.exit_code == 0, done.output
    (score,) = bundle.load(made.folder).config.metrics
    assert score.name == "images_per_second"
    assert score.value == json.loads(done.stdout)["prepared"]["images_per_second"]
    assert {"processor", "threads", "torch", "precision", "ratio"} <= set(score.protocol)
    assert "images_per_second" in (made.folder / "README.md").read_text()


def test_the_speed_of_training_is_not_kept(tmp_path):
    made = hang(tmp_path, "dcgan-mnist")
    done = CliRunner().invoke(build("bench"), [str(made.folder), "--train", "--write"])
    assert done.exit_code == 2
    assert "and no other" in done.stderr


def test_a_gallery_is_timed_from_slider_to_picture(tmp_path):
    made = hang(tmp_path, "dcgan-mnist")
    arguments = [str(made.folder), "--gallery", "--rounds", "2", "--json"]
    done = CliRunner().invoke(build("bench"), arguments)
    assert done.exit_code == 0, done.output
    views = {one["view"]: one for one in json.loads(done.stdout)["views"]}
    assert set(views) == {"sample", "walk"}
    for one in views.values():
        assert 0 < one["median_ms"] <= one["p95_ms"]


def test_a_canvas_is_timed_by_its_pencil(tmp_path):
    made = hang(tmp_path, "pix2pix-facades")
    arguments = [str(made.folder), "--gallery", "--rounds", "2", "--json"]
    done = CliRunner().invoke(build("bench"), arguments)
    assert done.exit_code == 0, done.output
    views = {one["view"]: one for one in json.loads(done.stdout)["views"]}
    assert set(views) == {"draw", "photo"}
    assert views["draw"]["slider"] == "drawing"
    drawings = {str(tabs["draw"].slider.arguments(step, 23)) for step in range(23)}
    assert len(drawings) == 23


def test_bench_of_nothing_is_a_mistake():
    done = CliRunner().invoke(build("bench"), ["nothing"])
    assert done.exit_code == 2
    assert "there is no bundle 'nothing'" in done.stderr
