"""The Sample tab's handlers, as the plain functions they are."""

import re

import numpy as np
import pytest
from shelf import exhibit, hang

from ganzoo import images
from ganzoo.errors import InputError
from ganzoo.gallery.tabs import sample
from ganzoo.zoo import Zoo


@pytest.fixture
def wide(tmp_path) -> Zoo:
    for name in ("dcgan-mnist", "wgan_gp-mnist", "cgan-mnist"):
        exhibit(tmp_path / "wide", name)
    return Zoo([tmp_path / "wide"])


def test_picture_i_is_named_by_the_seed_plus_i(wide):
    grid = sample.hang(wide, "dcgan-mnist", 7, 9, None)
    alone = sample.hang(wide, "dcgan-mnist", 11, 1, None)
    assert grid.pictures.shape == (9, 8, 8, 1)
    assert np.abs(grid.pictures[4].astype(int) - alone.pictures[0]).max() <= 1  # one grey level
    assert len({picture.tobytes() for picture in grid.pictures}) == 9


def test_the_large_picture_is_the_picked_one(wide):
    hung = sample.hang(wide, "dcgan-mnist", 7, 9, None)
    shown = sample.draw_picture(wide, "dcgan-mnist", 7, 9, None, 4)
    assert "Seed 11" in shown
    assert sample.widgets.png(hung.pictures[4]) in shown
    assert sample.widgets.png(hung.pictures[3]) not in shown


def test_a_pick_beyond_the_sheet_is_its_last_picture(wide):
    assert "Seed 15" in sample.draw_picture(wide, "dcgan-mnist", 7, 9, None, 99)
    assert sample.draw_sheet(wide, "dcgan-mnist", 7, 9, None, 99)["value"] == 8


def test_the_verdict_is_the_discriminators(wide):
    model = wide.model("dcgan-mnist")
    verdicts = model.judge(model.sample(7, 9)).tolist()
    hung = sample.hang(wide, "dcgan-mnist", 7, 9, None)
    assert hung.verdicts == pytest.approx(verdicts, abs=1e-4)
    best = max(range(9), key=lambda i: verdicts[i])
    assert "place 1 among these 9" in sample.draw_picture(wide, "dcgan-mnist", 7, 9, None, best)
    assert "chance of" in sample.draw_picture(wide, "dcgan-mnist", 7, 9, None, 0)
    critic = sample.draw_picture(wide, "wgan_gp-mnist", 7, 9, None, 0)
    assert "critic's score" in critic
    assert "chance" not in critic


def test_without_its_weights_the_discriminator_says_nothing(tmp_path):
    hang(tmp_path, "dcgan-mnist", players=("generator",))
    shown = sample.draw_picture(Zoo([tmp_path]), "dcgan-mnist", 7, 9, None, 0)
    assert "verdict" not in shown


def test_a_conditional_model_is_asked_for_a_class(wide):
    threes = sample.hang(wide, "cgan-mnist", 5, 4, 3)
    assert threes.classes == ("3",) * 4
    model = wide.model("cgan-mnist")
    assert np.array_equal(threes.pictures, images.to_pictures(model.sample(5, 4, 3)))
    assert sample.hang(wide, "cgan-mnist", 5, 4, None).classes == ("5", "6", "7", "8")
    choice = sample.draw_classes(wide, "cgan-mnist", 3)
    assert choice.visible
    assert choice.value == "3"
    assert len(choice.choices) == 11


def test_a_class_left_from_another_model_is_dropped(wide):
    assert not sample.draw_classes(wide, "dcgan-mnist", 3).visible
    plain = sample.draw_sheet(wide, "dcgan-mnist", 7, 4, None, 0)
    assert sample.draw_sheet(wide, "dcgan-mnist", 7, 4, 3, 0) == plain


def test_programs_are_told_of_a_class_that_is_not_there(wide):
    with pytest.raises(InputError, match="knows no classes"):
        sample.sample(wide, "dcgan-mnist", 1, 4, 3)
    with pytest.raises(InputError, match="0 to 9"):
        sample.sample(wide, "cgan-mnist", 1, 4, 10)


def test_too_many_pixels_are_refused(wide, monkeypatch):
    monkeypatch.setattr(sample, "MOST_PIXELS", 64 * 9)
    assert len(sample.hang(wide, "dcgan-mnist", 0, 9, None).pictures) == 9
    with pytest.raises(InputError, match="at most 9 for pictures 8 pixels wide; got 10"):
        sample.hang(wide, "dcgan-mnist", 0, 10, None)


def test_new_weights_under_an_old_name_are_seen(wide, tmp_path):
    before = sample.hang(wide, "dcgan-mnist", 0, 4, None)
    import torch

    torch.manual_seed(99)
    hang(tmp_path / "wide", "dcgan-mnist")
    after = sample.hang(wide, "dcgan-mnist", 0, 4, None)
    assert not np.array_equal(before.pictures, after.pictures)


def test_seeds_begin_anew_after_the_last(wide):
    assert sample.sample(wide, "dcgan-mnist", 2**32 - 1, 2)["seeds"] == [2**32 - 1, 0]


def test_the_nearest_reals_hang_beside_the_picked_picture(tmp_path, monkeypatch):
    from ganzoo.evaluation import neighbours

    monkeypatch.setenv("GANZOO_CHECKPOINTS", str(tmp_path))
    monkeypatch.setenv("GANZOO_CACHE", str(tmp_path / "cache"))
    neighbours._memory.cache_clear()
    made = hang(tmp_path, "dcgan-mnist")
    zoo = Zoo([tmp_path])
    assert sample.draw_neighbours(zoo, made.name, 7, 9, None, 4, False) == ""
    shown = sample.draw_neighbours(zoo, made.name, 7, 9, None, 4, True)
    assert shown.count("<figure>") == 5  # itself and four reals, in pixels: there is no classifier
    assert "seed 11" in shown
    far = [float(said) for said in re.findall(r"<figcaption>([\d.]+)</figcaption>", shown)]
    assert far == sorted(far)
    assert len(far) == 4
