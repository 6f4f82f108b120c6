"""What ships in ``checkpoints/`` is whole, small enough, scored, and truly described."""

from pathlib import Path

import pytest
import torch

from ganzoo import bundle, config
from ganzoo.architectures import architectures
from ganzoo.hub import card, table, words
from ganzoo.zoo import Model

ROOT = Path(__file__).parents[1]
FOLDERS = sorted(path.parent for path in (ROOT / "checkpoints").glob("*/config.json"))
MEGABYTE = 2**20

each = pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)


def test_the_classics_are_here():
    names = {folder.name for folder in FOLDERS}
    assert names >= {
        "gan-mnist", "dcgan-mnist", "wgan_gp-mnist", "cgan-mnist",
        "dcgan-fashion", "lsgan-fashion", "wgan-fashion", "wgan_gp-fashion", "r1-fashion",
    }  # fmt: skip


@each
def test_it_was_trained_by_the_recipe_of_its_name(folder):
    assert bundle.load(folder).recipe == config.load(folder.name)


@each
def test_it_is_scored_and_says_how(folder):
    scores = bundle.load(folder).config.metrics
    assert scores
    assert all(score.protocol for score in scores)


@each
def test_its_weights_are_intact_and_small(folder):
    read = bundle.load(folder)
    for player in read.players:
        assert (folder / read.file_of(player)).stat().st_size <= 16 * MEGABYTE
        assert all(p.isfinite().all() for p in read.network(player).parameters())


@each
def test_it_tells_its_parameters_so_that_a_list_builds_no_network(folder):
    read = bundle.load(folder)
    assert set(read.config.parameters) == set(read.players)


@each
def test_its_card_says_what_its_config_says(folder):
    written = (folder / bundle.CARD).read_text("utf-8")
    generated = written.partition(f"\n{words.MARK}")[0]
    assert generated == card.card(bundle.load(folder)), "run ganzoo card"


@pytest.mark.parametrize(
    "folder",
    [f for f in FOLDERS if "sample" in architectures[bundle.load(f).recipe.architecture].abilities],
    ids=lambda folder: folder.name,
)
def test_it_paints_varied_pictures_and_the_same_ones_again(folder):
    image = Model(bundle.load(folder)).sample(seed=0, count=8)
    again = Model(bundle.load(folder)).sample(seed=0, count=8)
    assert torch.equal(image, again)
    assert image.abs().max() <= 1
    assert image.std(0).mean() > 0.05
    assert {"preview.png", "film.webp"} <= {path.name for path in folder.iterdir()}


def test_together_they_stay_under_150_megabytes():
    files = [path for path in (ROOT / "checkpoints").rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) <= 150 * MEGABYTE


def test_the_tables_are_up_to_date():
    read = [bundle.load(folder) for folder in FOLDERS]
    for path, mark, made in (
        ("README.md", "bundles", table.short),
        ("README.md", "waiting", table.waiting),
        ("checkpoints/README.md", "bundles", table.long),
    ):
        text = (ROOT / path).read_text("utf-8")
        assert text == table.inserted(text, made(read), mark), (
            "run ganzoo card --readme README.md --report checkpoints/README.md"
        )
