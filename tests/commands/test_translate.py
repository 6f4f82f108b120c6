"""``ganzoo translate``: pictures and folders, odd ones too, with progress and resume."""

from pathlib import Path

import numpy as np
import pytest
from odd_pictures import ODD, REFUSED
from PIL import Image as Pillow
from shelf import hang
from typer.testing import CliRunner, Result

import ganzoo
from ganzoo import images
from ganzoo.cli import build
from ganzoo.explore.translate import fitted


@pytest.fixture(scope="module")
def bundle(tmp_path_factory) -> Path:
    colours = ["options.input_channels=3", "options.output_channels=3", "data.channels=3"]
    return hang(tmp_path_factory.mktemp("shelf"), "pix2pix-facades", *colours).folder


def call(*arguments: object) -> Result:
    return CliRunner().invoke(build("translate"), [str(one) for one in arguments])


def size(path: Path) -> tuple[int, int]:
    with Pillow.open(path) as picture:
        return picture.size


def pixels(path: Path) -> np.ndarray:
    with Pillow.open(path) as picture:
        return np.array(picture)


def folder(root: Path, *names: str) -> Path:
    for seed, name in enumerate(names):
        noise = np.random.default_rng(seed).integers(0, 256, (12, 16, 3), np.uint8)
        path = root / "photos" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        Pillow.fromarray(noise).save(path)
    return root / "photos"


def test_a_folder_is_translated_with_all_below_it(bundle, tmp_path):
    photos = folder(tmp_path, "a.png", "deep/b.jpg", "deep/c.png")
    (photos / "notes.txt").write_text("no picture")
    done = call(bundle, photos, "--out", tmp_path / "out")
    assert done.exit_code == 0, done.output
    assert "3 translated, 0 there already" in done.stdout
    assert "100%" in done.stderr
    made = sorted(str(p.relative_to(tmp_path / "out")) for p in (tmp_path / "out").rglob("*.*"))
    assert made == ["a.png", "deep/b.png", "deep/c.png"]


def test_the_result_is_the_models(bundle, tmp_path):
    photos = folder(tmp_path, "a.png")
    assert call(bundle, photos / "a.png", "--out", tmp_path / "out").exit_code == 0
    given = fitted(pixels(photos / "a.png"), 8)
    wanted = ganzoo.load(bundle).translate(images.from_pictures(np.array(given)[None]))
    made = pixels(tmp_path / "out" / "a.png")
    assert made.shape == (8, 11, 3)  # its own shape, the shorter side as trained
    np.testing.assert_array_equal(made, images.to_pictures(wanted)[0])
    assert call(bundle, photos, "--out", tmp_path / "full", "--full").exit_code == 0
    assert size(tmp_path / "full" / "a.png") == (16, 12)


def test_a_folder_is_not_called_like_a_picture(bundle, tmp_path):
    done = call(bundle, folder(tmp_path, "a.png"), "--out", tmp_path / "cat.png")
    assert done.exit_code == 2
    assert "cat.png' is called like a picture" in done.stderr
    assert not (tmp_path / "cat.png").exists()


def test_an_interrupted_run_goes_on_where_it_stopped(bundle, tmp_path):
    photos, out = folder(tmp_path, "a.png", "b.png"), tmp_path / "out"
    assert call(bundle, photos, "--out", out).exit_code == 0
    before = (out / "a.png").stat().st_mtime_ns
    (out / "b.png").unlink()
    (out / ".b.png.0123456789ab").write_bytes(b"half a picture")  # what was under way
    done = call(bundle, photos, "--out", out)
    assert "1 translated, 1 there already" in done.stdout
    assert (out / "a.png").stat().st_mtime_ns == before
    assert size(out / "b.png") == (11, 8)
    again = call(bundle, photos, "--out", out, "--again")
    assert "2 translated" in again.stdout
    assert size(out / "a.png") == (11, 8)


def test_what_is_not_the_same_translation_is_neither_kept_for_one_nor_replaced(bundle, tmp_path):
    photos, out = folder(tmp_path, "a.png"), tmp_path / "out"
    out.mkdir()
    (out / "a.png").write_bytes(b"somebody's")
    assert "choose another --out" in call(bundle, photos, "--out", out).stderr
    assert (out / "a.png").read_bytes() == b"somebody's"
    assert call(bundle, photos, "--out", out, "--again").exit_code == 0
    assert "0 translated, 1 there" in call(bundle, photos, "--out", out).stdout
    assert "not from the same picture" in call(bundle, photos, "--out", out, "--full").stderr
    Pillow.new("RGB", (16, 12)).save(photos / "a.png")
    assert "not from the same picture" in call(bundle, photos, "--out", out).stderr


def test_no_original_is_replaced_and_no_result_is_translated(bundle, tmp_path):
    photos = folder(tmp_path, "a.png")
    original = (photos / "a.png").read_bytes()
    refused = call(bundle, photos, "--out", photos, "--again")
    assert refused.exit_code == 2
    assert "would be replaced by its translation" in refused.stderr
    assert (photos / "a.png").read_bytes() == original
    inside = photos / "out"
    assert "1 translated, 0 there" in call(bundle, photos, "--out", inside).stdout
    assert "0 translated, 1 there" in call(bundle, photos, "--out", inside).stdout


def test_several_answers_have_seeds(tmp_path):
    several = hang(tmp_path / "shelf", "pix2pix-facades", "options.z_dim=2").folder
    photos = folder(tmp_path, "a.png")
    made = []
    for seed in ("1", "1", "2"):
        out = tmp_path / f"{len(made)}"
        assert call(several, photos, "--out", out, "--seed", seed).exit_code == 0
        made.append((out / "a.png").read_bytes())
    assert made[0] == made[1] != made[2]


@pytest.mark.parametrize("name", ODD)
def test_odd_pictures_are_translated(bundle, tmp_path, name):
    path = ODD[name](tmp_path)
    done = call(bundle, path, "--out", tmp_path / "out")
    assert done.exit_code == 0, done.output
    made = size(tmp_path / "out" / f"{path.stem}.png")
    assert min(made) == 8
    if name == "turned by EXIF":
        assert made == (8, 16)


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_picture_holds_nothing_up(bundle, tmp_path, name):
    photos = folder(tmp_path, "good.png")
    make, _ = REFUSED[name]
    path = make(photos)
    done = call(bundle, photos, "--out", tmp_path / "out")
    assert done.exit_code == 2
    assert path.name in done.stderr
    assert "cannot be read" in done.stderr
    assert "1 translated" in done.stdout
    assert (tmp_path / "out" / "good.png").is_file()


def test_mistakes_are_named(bundle, tmp_path):
    photos = folder(tmp_path, "a.png", "a.jpg")
    for arguments, said in (
        ([bundle, tmp_path / "none"], "there is no picture or folder"),
        ([bundle, photos], "would both become"),
        ([bundle, photos / "a.png", "--back"], "knows no way back"),
        ([hang(tmp_path / "shelf", "gan-mnist").folder, photos], "does not translate"),
    ):
        done = call(*arguments, "--out", tmp_path / "out")
        assert done.exit_code == 2, done.output
        assert said in done.stderr.replace("\n", " ")
