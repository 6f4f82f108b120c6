"""Scores of translators: of every way, on what is held out, with their protocol."""

from dataclasses import replace

import pytest
import torch
from shelf import hang
from world import digits

import ganzoo
from ganzoo import images
from ganzoo.errors import MetricError
from ganzoo.evaluation import Plan
from ganzoo.evaluation.pixels import pixels
from ganzoo.evaluation.translations import translations
from ganzoo.hub.table import headline

PAIRS = Plan(metrics=("kid", "l1", "psnr"))


def test_pairs_are_compared_one_by_one(shelf):
    made = hang(shelf, "pix2pix-facades")
    scores = {one.name: one for one in translations(made, digits(50), pixels(), PAIRS)}
    assert set(scores) == {"kid_pixels_50", "l1_50", "psnr_50"}
    given = digits(50).images(slice(None), inputs=True)
    shown = images.to_pictures(ganzoo.load(made.folder).network()(given))
    wanted = digits(50).pictures.transpose(0, 2, 3, 1)
    by_hand = abs(shown.astype(float) - wanted).mean((1, 2, 3)) / 255
    assert scores["l1_50"].value == pytest.approx(by_hand.mean(), rel=1e-4)
    assert scores["l1_50"].deviation == pytest.approx(by_hand.std(ddof=1) / 50**0.5, rel=1e-3)
    told = scores["kid_pixels_50"].protocol
    assert (told["split"], told["n_real"], told["n_fake"]) == ("test", 50, 50)
    assert told["real_vs_real_of"] == "half of test 25 against the other 25"
    assert isinstance(told["real_vs_real"], float)
    assert (told["cross_term"], told["deviation_over"], told["pairs"]) == (
        "other pairs", "pairs", 50,
    )  # fmt: skip
    assert scores["l1_50"].protocol["deviation_over"] == "pictures"


def test_what_wants_nothing_changed_is_perfect(shelf):
    """A translator that paints the wanted pictures themselves."""
    made, same = hang(shelf, "pix2pix-facades"), digits(40)
    shown = ganzoo.load(made.folder).network()(same.images(slice(None), inputs=True))
    painted = images.to_pictures(shown).transpose(0, 3, 1, 2)
    perfect = {
        one.name: one.value
        for one in translations(made, replace(same, pictures=painted), pixels(), PAIRS)
    }
    assert perfect["l1_40"] == 0
    assert perfect["psnr_40"] == 100
    assert perfect["kid_pixels_40"] == pytest.approx(0, abs=1e-9)


def test_both_ways_and_their_cycles_are_judged(shelf):
    made = hang(shelf, "cyclegan-noto2fluent")
    data = replace(digits(50), paired=False, labels=None, inputs=255 - digits(60).pictures)
    scores = {one.name: one for one in translations(made, data, pixels(), Plan())}
    assert set(scores) == {
        "kid_pixels_60", "sharpness_60", "cycle_60",
        "back_kid_pixels_50", "back_sharpness_50", "back_cycle_50",
    }  # fmt: skip
    assert "cross_term" not in scores["kid_pixels_60"].protocol
    there, back = made.network("generator"), made.network("back_generator")
    given = data.images(slice(None), inputs=True)
    with torch.no_grad():
        half = images.from_pictures(images.to_pictures(there(given)))
        back_again = images.from_pictures(images.to_pictures(back(half)))
    wanted = (back_again - given).abs().mean().item() / 2
    assert scores["cycle_60"].value == pytest.approx(wanted, rel=1e-3)
    assert scores["cycle_60"].better == "lower"


def test_a_latent_goes_along(shelf):
    made = hang(shelf, "pix2pix-facades", "options.z_dim=3")
    scores = translations(made, digits(30), pixels(), Plan(metrics=("l1",)))
    assert [one.name for one in scores] == ["l1_30"]


def test_what_cannot_be_judged_says_so(shelf):
    sampler, translator = hang(shelf, "dcgan-mnist"), hang(shelf, "pix2pix-facades")
    with pytest.raises(MetricError, match="translates nothing"):
        translations(sampler, digits(), pixels(), PAIRS)
    with pytest.raises(MetricError, match="needs pairs"):
        translations(translator, replace(digits(), paired=False), pixels(), PAIRS)
    with pytest.raises(MetricError, match="walks among latents"):
        translations(translator, digits(), pixels(), Plan(metrics=("path_length",)))
    with pytest.raises(MetricError, match="11x11"):
        translations(translator, digits(), pixels(), Plan(metrics=("ssim",)))


def test_a_translator_stands_on_the_label_with_its_kernel_distance(shelf):
    made = hang(shelf, "pix2pix-facades")
    scores = translations(made, digits(30), pixels(), PAIRS)
    config = made.config.model_copy(update={"metrics": scores[::-1]})
    shown = headline(replace(made, config=config))
    assert shown is not None
    assert shown.name == "kid_pixels_30"
