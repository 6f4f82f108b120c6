"""A classifier of pictures of one's own is judged on some that it does not learn from."""

import json

import pytest
from PIL import Image as Pillow
from typer.testing import CliRunner

from ganzoo import bundle, config
from ganzoo.cli import build
from ganzoo.data import sources
from ganzoo.errors import RecipeError

HOW = "one in 10, by a hash of its name"
SMALL = ["options.num_classes=2", "options.base_channels=4", "batch_size=8", "kimg=0.016",
         "data.name=folder", "data.size=8", "game_options={}"]  # fmt: skip


@pytest.fixture
def album(tmp_path):
    for name, level in (("dark", 20), ("light", 220)):
        (tmp_path / "mine" / name).mkdir(parents=True)
        for i in range(30):
            Pillow.new("L", (8, 8), level).save(tmp_path / "mine" / name / f"{i:02}.png")
    return tmp_path / "mine"


def run(*words):
    return CliRunner().invoke(build("train", "evaluate"), [str(word) for word in words])


def test_from_a_folder_to_an_honest_score(album, tmp_path):
    told = [word for change in SMALL for word in ("--set", change)]
    out = tmp_path / "out"
    done = run("train", "cnn-mnist", "--data", album, *told, "--cpu", "--run", tmp_path / "run",
               "--out", out)  # fmt: skip
    assert done.exit_code == 0, done.output
    made = bundle.load(out)
    data = made.recipe.data.model_copy(update={"path": str(album)})
    test = sources["folder"].load(data.request("test"))
    said = " ".join(done.stderr.split())
    assert f"cnn-mnist learns from {60 - len(test)} pictures" in said
    assert f"is scored on {len(test)} that nobody learns from ({HOW})" in said
    assert made.config.data
    assert made.config.data.count == 60 - len(test)
    assert f"accuracy_test_{len(test)}" in made.config.curve[-1].values
    scored = run("evaluate", out, "--data", album, "--json")
    assert scored.exit_code == 0, scored.output
    (score,) = json.loads(scored.stdout)
    assert (score["protocol"]["n_real"], score["protocol"]["held_out"]) == (len(test), HOW)


def test_who_wants_to_learn_from_all_says_so():
    mine = config.load("cnn-mnist", ["data.name=folder"])
    assert mine.data.held_out is True
    assert (
        config.load("cnn-mnist", ["data.name=folder", "data.held_out=false"]).data.held_out is False
    )
    assert config.load("dcgan-digits", ["data.name=folder"]).data.held_out is None
    assert config.load("cnn-mnist").data.held_out is None
    with pytest.raises(
        RecipeError, match=r"held_out is for flowers, folder.*; mnist is divided as"
    ):
        config.load("cnn-mnist", ["data.held_out=true"])


def test_a_bundle_from_before_claims_nothing_of_what_it_learned_from():
    raw = config.load("cnn-mnist", ["data.name=folder"]).model_dump(mode="json")
    del raw["data"]["held_out"]
    assert not config.parse(raw).data.request("test").held_out


def test_that_nothing_is_held_out_is_said(album, tmp_path):
    told = [word for change in SMALL for word in ("--set", change)]
    done = run("train", "cnn-mnist", "--data", album, *told, "--set", "data.held_out=false", "--cpu",
               "--run", tmp_path / "run", "--dry-run")  # fmt: skip
    assert done.exit_code == 0, done.output
    assert "is not scored: no two pictures are held out" in " ".join(done.stderr.split())
