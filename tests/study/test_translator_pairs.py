"""Two-alternative forced choice for translators: both pictures answer the same input."""

import random

import numpy as np
import pytest
import yaml
from PIL import Image
from shelf import hang
from studies import raw

from ganzoo.errors import StudyError
from ganzoo.study.protocols import Supply
from ganzoo.study.stimuli import prepare
from ganzoo.study.trials import plan


@pytest.fixture
def written(tmp_path, monkeypatch):
    """A study of a translator that learned from pairs in a folder."""
    monkeypatch.setenv("GANZOO_CACHE", str(tmp_path / "cache"))
    dice = np.random.default_rng(0)
    for split in ("train", "test"):
        (tmp_path / "mine" / split).mkdir(parents=True)
        for i in range(30):
            pair = Image.fromarray(dice.integers(0, 256, (8, 16), np.uint8))
            pair.save(tmp_path / "mine" / split / f"{i:02}.png")
    for name, data in (("pix2pix-mine", "pairs"), ("pix2pix-other", "digits")):
        hang(tmp_path, "pix2pix-facades", f"name={name}", f"data.name={data}")

    def write(model: str = "pix2pix-mine", **changes):
        reals = {"name": "pairs", "path": str(tmp_path / "mine"), "size": 8, "channels": 1}
        way = {"models": [str(tmp_path / model)], "per_model": 24, "reals": reals, "size": 8}
        design = raw(protocol="pair", trials=6, examples=1, stimuli={**way, **changes})
        (tmp_path / "study.yaml").write_text(yaml.safe_dump(design))
        return prepare(tmp_path / "study.yaml")

    return write


def test_a_fake_meets_the_real_answer_to_its_own_input(written):
    study = written()
    known = study.manifest.by_name
    assert len(study.manifest.partners) == 24
    met = [t.slots for t in plan(study.design, study.manifest, 0) if t.phase == "main"]
    assert met
    for one, other in met:
        assert (one.model is None) != (other.model is None)
        assert known[one.name].row == known[other.name].row
        assert known[one.name].split == "test"


def test_nobody_meets_a_picture_twice(written):
    study = written()
    for seat in range(4):
        trials = plan(study.design, study.manifest, seat)
        shown = [slot.name for trial in trials for slot in trial.slots]
        assert len(set(shown)) == len(shown)


def test_pairs_run_out_with_a_sentence():
    supply = Supply(random.Random(0), ["r1", "r2"], {"m": ["f1", "f2"]}, {"f1": "r1", "f2": "r2"})
    met = {tuple(slot.name for slot in supply.pair("m")) for _ in range(2)}
    assert met == {("r1", "f1"), ("r2", "f2")}
    with pytest.raises(StudyError, match="too few pictures"):
        supply.pair("m")


def test_a_translator_needs_the_data_it_learned_from(written):
    with pytest.raises(StudyError, match="translates inputs of digits"):
        written("pix2pix-other")
