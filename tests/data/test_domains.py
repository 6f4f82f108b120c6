"""Two folders of one's own, one with classes: what a classifier is taught, and where it works."""

import json

import pytest
from colours import BLUE, GREEN, RED
from typer.testing import CliRunner

from ganzoo import bundle
from ganzoo.choices import DataChoice
from ganzoo.cli import build
from ganzoo.data import DataRequest, sources
from ganzoo.errors import DataError
from ganzoo.evaluation import reals

TAUGHT = {f"A/{kind}/{i:02}.png": one for kind, one in (("b", BLUE), ("r", RED)) for i in range(40)}
BARE = {f"B/{i:02}.png": GREEN for i in range(40)}
LABELLED = {f"B/{kind}/{i:02}.png": GREEN for kind in "br" for i in range(40)}


def ask(path, **changes):
    return sources["domains"].load(DataRequest(path=path, size=8, **changes))


def test_one_side_has_classes_and_the_other_is_adapted_to(album, pack):
    made = ask(album(TAUGHT | BARE))
    test = ask(album(TAUGHT | BARE), split="test")
    assert (made.paired, made.class_names) == (False, ("b", "r"))
    assert len(made.labels) == len(made.pictures)
    assert len(made.pictures) + len(test.pictures) == 80
    assert len(made.inputs) + len(test.inputs) == 40
    assert (made.inputs[:, :, 0, 0] == GREEN).all()
    assert test.drawn == "one in 10, by a hash of its name"
    packed = ask(pack({f"mine/{name}": one for name, one in (TAUGHT | BARE).items()}, "mine.zip"))
    assert packed.fingerprint == made.fingerprint


def test_directions_are_exchanged(album):
    turned = {
        name.translate(str.maketrans("AB", "BA")): one for name, one in (TAUGHT | BARE).items()
    }
    made = ask(album(turned), backwards=True)
    assert made.class_names == ("b", "r")
    assert (made.inputs[:, :, 0, 0] == GREEN).all()


@pytest.mark.parametrize(
    ("target", "names"),
    [(BARE, ["A"]), (LABELLED, ["B", "A"]),
     ({name.replace("B/r", "B/x"): one for name, one in LABELLED.items()}, ["A"])],
)  # fmt: skip
def test_only_a_side_with_the_classes_that_are_taught_judges(album, target, names):
    choice = DataChoice(name="domains", size=8, path=str(album(TAUGHT | target)))
    assert list(reals.domains(choice)) == names


def test_what_cannot_be_adapted_is_quoted(album):
    with pytest.raises(DataError, match=r"'.*plain' holds no folders A, with classes, and B"):
        ask(album({"1.png": RED}, "plain"))
    bare = {**BARE, **{f"A/{i:02}.png": RED for i in range(40)}}
    with pytest.raises(DataError, match="'A' holds no folders of classes, and it is to teach them"):
        ask(album(bare, "bare"))


def test_a_classifier_adapts_between_ones_own_folders(album, tmp_path):
    """From the folders to a bundle that is scored, on the command line."""
    path, out = album(TAUGHT | LABELLED), tmp_path / "mine"
    changes = ["data.name=domains", "data.size=8", "options={num_classes: 2, widths: [4, 4], "
               "kernel: 2, hidden: 6}", "kimg=0.016", "batch_size=8"]  # fmt: skip
    told = [word for change in changes for word in ("--set", change)]
    command = ["--data", str(path), "--cpu", "--run", str(tmp_path / "run"), "--out", str(out)]
    program = build("train", "evaluate")
    done = CliRunner().invoke(program, ["train", "dann-mnist_m", *told, *command])
    assert done.exit_code == 0, done.output
    assert bundle.load(out).config.classes == ("b", "r")
    scored = CliRunner().invoke(program, ["evaluate", str(out), "--data", str(path), "--json"])
    assert scored.exit_code == 0, scored.output
    assert [one["name"] for one in json.loads(scored.stdout)] == [
        "accuracy_B_test",
        "accuracy_A_test",
    ]
