"""Folders of one's own for translators: pairs side by side or apart, and two worlds."""

import pytest
from colours import BLUE, GREEN, RED
from PIL import Image as Pillow
from typer.testing import CliRunner

from ganzoo import bundle
from ganzoo.cli import build
from ganzoo.data import DataRequest, sources
from ganzoo.errors import DataError


def side_by_side(left=RED, right=BLUE):
    both = Pillow.new("RGB", (16, 8), left)
    both.paste(Pillow.new("RGB", (8, 8), right), (8, 0))
    return both


def ask(name, path, **changes):
    return sources[name].load(DataRequest(path=path, size=8, **changes))


def colour(pictures):
    """The one colour that all have."""
    (found,) = {tuple(one[:, 4, 4].tolist()) for one in pictures}
    return found


def names(count):
    return [f"{i:02}.png" for i in range(count)]


def test_pairs_side_by_side_have_their_input_left(album):
    root = album({name: side_by_side() for name in names(30)})
    made = ask("pairs", root)
    assert (colour(made.inputs), colour(made.pictures)) == (RED, BLUE)
    back = ask("pairs", root, backwards=True)
    assert (colour(back.inputs), colour(back.pictures)) == (BLUE, RED)
    grey = ask("pairs", root, input_channels=1)
    assert grey.inputs.shape[1:] == (1, 8, 8)


def test_one_pair_in_ten_is_held_out(album):
    root = album({name: side_by_side() for name in names(60)})
    train, test = ask("pairs", root), ask("pairs", root, split="test")
    assert not set(train.names) & set(test.names)
    assert len(train) + len(test) == 60
    assert 1 <= len(test) <= 14
    assert set(train.held_out.names) <= set(test.names)


def test_pairs_in_two_folders_are_found_by_name(album):
    root = album(
        {f"A/{name}": RED for name in names(30)}
        | {f"B/{name.replace('png', 'PNG')}": BLUE for name in names(29)}
    )
    made = ask("pairs", root)
    assert (colour(made.inputs), colour(made.pictures)) == (RED, BLUE)
    assert len(made) + len(ask("pairs", root, split="test")) == 29


def test_two_pictures_of_one_name_are_not_told_apart_in_silence(album):
    root = album({f"{side}/{name}": RED for side in "AB" for name in ("a.png", "a.jpg", "b.png")})
    with pytest.raises(DataError, match=r"'a.*' and 'a.*' would answer to the same name"):
        ask("pairs", root)


def test_splits_of_ones_own_are_kept(album):
    root = album(
        {f"A/{split}/{i}.png": RED for split in ("train", "test") for i in range(3)}
        | {f"B/{split}/{i}.png": BLUE for split in ("train", "test") for i in range(3)}
    )
    assert len(ask("pairs", root)) == len(ask("pairs", root, split="test")) == 3
    assert len(ask("pairs", root).held_out) == 3
    wide = album(
        {f"{split}/{i}.png": side_by_side() for split in ("train", "val") for i in "ab"}, "wide"
    )
    assert len(ask("pairs", wide, split="val")) == 2
    with pytest.raises(DataError, match="no split 'test'"):
        ask("pairs", wide, split="test")


def test_what_is_no_pair_says_so(album, tmp_path):
    with pytest.raises(DataError, match="8x8 pixels: a pair side by side is twice as wide"):
        ask("pairs", album({"1.png": RED}))
    with pytest.raises(DataError, match=r"needs a path: --data FOLDER"):
        ask("pairs", None)
    with pytest.raises(DataError, match="there is no folder"):
        ask("unpaired", tmp_path / "none")
    with pytest.raises(DataError, match="neither A and B, nor trainA"):
        ask("unpaired", album({"C/1.png": RED}, "other"))
    with pytest.raises(DataError, match="called like a picture"):
        ask("pairs", album({"A/1.png": RED, "B/2.png": RED}, "strangers"))


def test_two_worlds_need_not_be_of_one_size(album):
    root = album(
        {f"A/{name}": RED for name in names(30)} | {f"B/{name}": GREEN for name in names(20)}
    )
    made, test = ask("unpaired", root), ask("unpaired", root, split="test")
    assert not made.paired
    assert (colour(made.inputs), colour(made.pictures)) == (RED, GREEN)
    assert len(made.inputs) + len(test.inputs) == 30
    assert len(made.pictures) + len(test.pictures) == 20
    assert made.held_out is not None
    assert colour(ask("unpaired", root, backwards=True).inputs) == GREEN


def test_the_public_layout_of_two_worlds_is_read(album):
    root = album(
        {f"train{side}/{i}.png": RED for side in "AB" for i in range(4)}
        | {f"test{side}/{i}.png": BLUE for side in "AB" for i in range(2)}
    )
    assert colour(ask("unpaired", root).inputs) == RED
    assert colour(ask("unpaired", root, split="test").pictures) == BLUE
    assert len(ask("unpaired", root).held_out) == 2


ARCHIVES = pytest.mark.parametrize("name", ["a.zip", "a.tar.gz"])
AROUND = pytest.mark.parametrize("around", ["", "mine/"])


@ARCHIVES
@AROUND
@pytest.mark.parametrize("source", ["pairs", "unpaired"])
def test_two_folders_may_lie_in_an_archive(album, pack, name, around, source):
    contents = {f"A/{one}": RED for one in names(30)} | {f"B/{one}": BLUE for one in names(30)}
    packed = pack({f"{around}{one}": colour for one, colour in contents.items()}, name)
    for split in ("train", "test"):
        plain, made = ask(source, album(contents), split=split), ask(source, packed, split=split)
        assert (colour(made.inputs), colour(made.pictures)) == (RED, BLUE)
        assert made.names == plain.names
        assert made.fingerprint == plain.fingerprint
    assert ask(source, packed).held_out is not None


@ARCHIVES
@AROUND
def test_splits_and_pairs_side_by_side_may_lie_in_an_archive(pack, name, around):
    splits = pack(
        {f"{around}{split}/{i}.png": side_by_side() for split in ("train", "test") for i in "ab"},
        name,
    )
    assert len(ask("pairs", splits)) == len(ask("pairs", splits, split="test")) == 2
    public = pack(
        {f"{around}{split}{side}/1.png": RED for split in ("train", "test") for side in "AB"}, name
    )
    assert len(ask("unpaired", public, split="test")) == 1
    narrow = pack({f"{around}1.png": RED}, name)
    with pytest.raises(DataError, match=r"'.*1\.png' in '.*' is 8x8 pixels: a pair side by side"):
        ask("pairs", narrow)
    with pytest.raises(DataError, match="neither A and B, nor trainA"):
        ask("unpaired", narrow)


@pytest.mark.parametrize(
    ("recipe", "source"), [("pix2pix-facades", "pairs"), ("cyclegan-noto2fluent", "unpaired")]
)
def test_a_recipe_learns_from_ones_own_folder(album, tmp_path, recipe, source):
    """From the folder to a bundle that translates, on the command line."""
    root = album(
        {f"A/{name}": RED for name in names(30)} | {f"B/{name}": BLUE for name in names(30)}
    )
    small = ["g_width=2", "d_width=2", "d_layers=1"]
    small += ["g_downs=2"] if source == "pairs" else ["g_blocks=1"]
    changes = [f"data.name={source}", "data.size=8", "kimg=0.008", "batch_size=4", "name=my-own"]
    changes += [f"options.{one}" for one in small] + ["game_options={}"]
    told = [word for change in changes for word in ("--set", change)]
    out = tmp_path / "mine"
    command = ["--data", str(root), "--cpu", "--run", str(tmp_path / "run"), "--out", str(out)]
    done = CliRunner().invoke(build("train"), [recipe, *told, *command])
    assert done.exit_code == 0, done.output
    assert "ganzoo translate" in done.stderr
    made = bundle.load(out)
    assert made.recipe.data.name == source
    Pillow.new("RGB", (8, 8), RED).save(tmp_path / "given.png")
    answers = tmp_path / "answers"
    asked = [str(out), str(tmp_path / "given.png"), "--out", str(answers)]
    done = CliRunner().invoke(build("translate"), asked)
    assert done.exit_code == 0, done.output
    assert (answers / "given.png").is_file()
