"""``ganzoo invert``: a sheet of what a classifier still knows of a picture."""

import pytest
from PIL import Image as Pillow
from shelf import hang, mirror
from typer.testing import CliRunner, Result

from ganzoo.cli import build


@pytest.fixture
def shelf(tmp_path, monkeypatch):
    monkeypatch.setenv("GANZOO_CHECKPOINTS", str(tmp_path))
    mirror(tmp_path)
    Pillow.new("RGB", (40, 20), "teal").save(tmp_path / "teal.jpg")
    return tmp_path


def call(*arguments: object) -> Result:
    return CliRunner().invoke(build("invert"), [str(one) for one in arguments])


def test_a_row_for_each_level(shelf):
    out = shelf / "deep" / "sheet.png"
    done = call("semantic_pyramid-cifar10", shelf / "teal.jpg", "--out", out, "--count", 3)
    assert done.exit_code == 0, done.output
    with Pillow.open(out) as sheet:
        assert sheet.size == (4 * 10 - 2, 4 * 10 - 2)


def test_one_level_alone(shelf):
    out = shelf / "sheet.png"
    done = call("semantic_pyramid-cifar10", shelf / "teal.jpg", "--out", out, "--level", 2)
    assert done.exit_code == 0, done.output
    with Pillow.open(out) as sheet:
        assert sheet.size == (7 * 10 - 2, 8)


def test_mistakes_are_told(shelf):
    name, out = "semantic_pyramid-cifar10", shelf / "sheet.png"
    (shelf / "words.txt").write_text("no picture")
    hang(shelf, "dcgan-mnist")
    for given, said in {
        (name, shelf / "none.jpg"): "cannot be read",
        (name, shelf / "words.txt"): "words.txt",
        ("dcgan-mnist", shelf / "teal.jpg"): "inverts no classifier",
    }.items():
        done = call(*given, "--out", out)
        assert done.exit_code
        assert said in f"{done.output} {done.exception}"
    assert not out.exists()
