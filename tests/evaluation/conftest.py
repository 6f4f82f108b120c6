"""A shelf with a classifier and a generator of 8x8 digits, and a cache of its own."""

from pathlib import Path

import pytest
from shelf import hang
from world import digits, tiny

from ganzoo.bundle import Bundle
from ganzoo.evaluation.classifier import classifier
from ganzoo.evaluation.networks import FeatureNetwork
from ganzoo.training import fit


@pytest.fixture(autouse=True)
def shelf(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("GANZOO_CHECKPOINTS", str(tmp_path / "shelf"))
    monkeypatch.setenv("GANZOO_CACHE", str(tmp_path / "cache"))
    return tmp_path / "shelf"


@pytest.fixture(scope="session")
def trained(tmp_path_factory) -> Bundle:
    """A classifier that has learned the digits, more or less, in a second or two."""
    recipe = tiny("cnn-mnist", "name=cnn-digits", "kimg=5", "batch_size=32", "game_options={}")
    made = fit(recipe, digits(1000), tmp_path_factory.mktemp("run"), cpu=True)
    assert made is not None
    return made


@pytest.fixture
def eye(trained) -> FeatureNetwork:
    """A classifier of ten classes, with 16 features."""
    return classifier(trained)


@pytest.fixture
def painter(shelf) -> Bundle:
    return hang(shelf, "dcgan-mnist", "name=dcgan-digits")
