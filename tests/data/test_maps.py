"""Pictures of one's own, and the class of each of their pixels."""

import numpy as np
import pytest
from colours import BLUE, RED
from PIL import Image as Pillow
from typer.testing import CliRunner

from ganzoo import bundle
from ganzoo.cli import build
from ganzoo.data import DataRequest, sources
from ganzoo.errors import DataError


def drawn(mode: str = "L", size: int = 16) -> Pillow.Image:
    """Class 0 above, class 2 below, and a stripe of class 1 between them."""
    levels = np.zeros((size, size), np.uint8)
    levels[size // 2 :] = 2
    levels[size // 2 - size // 8 : size // 2] = 1
    made = Pillow.fromarray(levels)
    if mode == "P":
        made.putpalette([200, 10, 10, 10, 200, 10, 10, 10, 200])  # which turns it into one of P
    return made


def contents(count: int = 30, mode: str = "L") -> dict[str, object]:
    pictures = {f"A/{i:02}.jpg": RED if i % 2 else BLUE for i in range(count)}
    return pictures | {f"B/{i:02}.png": drawn(mode) for i in range(count)}


def ask(path, **changes):
    return sources["maps"].load(DataRequest(path=path, size=8, **changes))


@pytest.mark.parametrize("mode", ["L", "P"])
def test_a_map_says_each_pixels_class(album, mode):
    made = ask(album(contents(mode=mode)))
    assert made.pictures.shape[1:] == (3, 8, 8)
    assert made.class_names == ("0", "1", "2")
    expected = np.repeat([0, 1, 2], (3, 1, 4))[:, None].repeat(8, 1)
    assert all((one == expected).all() for one in made.maps)


def test_one_in_ten_is_held_out_and_classes_are_the_same_in_both(album, pack):
    path = album(contents(60))
    train, test = ask(path), ask(path, split="test")
    assert len(train) + len(test) == 60
    assert not set(train.names) & set(test.names)
    assert train.class_names == test.class_names
    assert test.drawn == "one in 10, by a hash of its name"
    packed = ask(pack({f"mine/{name}": one for name, one in contents(60).items()}, "mine.zip"))
    assert packed.fingerprint == train.fingerprint


def test_splits_of_ones_own_are_kept(album):
    path = album({
        f"{side}/{split}/{name}": one
        for split in ("train", "test")
        for (side, _, name), one in ((key.partition("/"), one) for key, one in contents(3).items())
    })  # fmt: skip
    assert (len(ask(path)), len(ask(path, split="test")), ask(path).drawn) == (3, 3, "")
    with pytest.raises(DataError, match=r"maps has no split 'val'"):
        ask(path, split="val")


def test_what_holds_no_numbers_is_quoted(album):
    with pytest.raises(DataError, match="holds no folders A, of pictures, and B, of maps"):
        ask(album({"1.png": RED}, "plain"))
    colour = {**contents(4), "B/02.png": RED}
    with pytest.raises(DataError, match=r"'02\.png': a map is a PNG in grey .* this is PNG in RGB"):
        ask(album(colour, "colour"))
    with pytest.raises(DataError, match="called like a picture"):
        ask(album({"A/1.png": RED, "B/2.png": drawn()}, "strangers"))


def test_a_segmenter_learns_from_ones_own_folder(album, tmp_path):
    """From the folder to a bundle that is scored, on the command line."""
    path, out = album(contents()), tmp_path / "mine"
    changes = ["data.name=maps", "data.size=8", "options.num_classes=3", "options.base_channels=2",
               "options.halvings=1", "game_options={}", "kimg=0.008", "batch_size=4"]  # fmt: skip
    told = [word for change in changes for word in ("--set", change)]
    command = ["--data", str(path), "--cpu", "--run", str(tmp_path / "run"), "--out", str(out)]
    done = CliRunner().invoke(
        build("train", "evaluate"), ["train", "unet-facades", *told, *command]
    )
    assert done.exit_code == 0, done.output
    assert "that nobody learns from (one in 10" in " ".join(done.stderr.split())
    assert bundle.load(out).config.classes == ("0", "1", "2")
    scored = CliRunner().invoke(
        build("train", "evaluate"), ["evaluate", str(out), "--data", str(path), "--json"]
    )
    assert scored.exit_code == 0, scored.output
    assert "mean_iou_test" in scored.stdout
