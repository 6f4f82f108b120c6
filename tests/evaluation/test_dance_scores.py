"""Films against the true ones: frames, and what changes between them."""

import math

import pytest
import torch
from shelf import dancer, hang

from ganzoo import images
from ganzoo.data import Dataset, puppets
from ganzoo.errors import MetricError
from ganzoo.evaluation import Plan
from ganzoo.evaluation import dance as scoring
from ganzoo.evaluation.dance import block_means, dance, flicker, measured


def held_out(count: int = 6, name: str = "puppets") -> Dataset:
    poses = puppets.known("test")[:count]
    inputs, pictures = puppets.figures(poses, 16), puppets.film("lola", poses, 16)
    return Dataset(
        name=name, inputs=inputs.transpose(0, 3, 1, 2), pictures=pictures.transpose(0, 3, 1, 2)
    )


def test_flicker_is_of_changes_alone():
    true = torch.rand(5, 3, 4, 4) * 2 - 1
    shifted = true + torch.rand(1, 3, 4, 4)
    torch.testing.assert_close(flicker(shifted, true), torch.zeros(4), rtol=0, atol=1e-10)
    blinking = true.clone()
    blinking[2] += 0.2
    torch.testing.assert_close(
        flicker(blinking, true), torch.tensor([0, 0.01, 0.01, 0]), rtol=1e-4, atol=1e-8
    )


def test_frames_are_measured_one_by_one():
    true = torch.zeros(25, 3, 16, 16)
    torch.testing.assert_close(measured("psnr", true + 0.2, true), torch.full((25,), 20.0))
    torch.testing.assert_close(measured("l1", true + 0.2, true), torch.full((25,), 0.1))


def test_frames_that_err_alike_are_no_independent_ones():
    """The error of a mean over frames that are bound to the one before by 0.8."""
    noise, films = torch.randn(400, 240).double(), torch.zeros(400, 240).double()
    for t in range(240):
        films[:, t] = 0.8 * films[:, t - 1] + 0.6 * noise[:, t]
    wanted = float(films.mean(1).std())
    means = torch.stack([block_means(film) for film in films])
    assert means.shape == (400, 12)
    assert float(means.std(1).mean() / 12**0.5) == pytest.approx(wanted, rel=0.25)
    assert float(films.std(1).mean() / 240**0.5) < 0.5 * wanted


def test_blocks_are_whole():
    values = torch.arange(50.0).double()
    assert block_means(values).tolist() == [12.0, 37.0]
    assert block_means(values[:39]).tolist() == [19.0]


def test_scores_say_how_they_were_made(tmp_path, monkeypatch):
    monkeypatch.setattr(scoring, "TRANSFERRED", 3)
    made, data, told = dancer(tmp_path), held_out(), []
    scores = dance(made, data, Plan(), told.append)
    kinds = ["psnr", "ssim", "l1", "flicker"]
    assert [score.name for score in scores] == [f"{kind}_6" for kind in kinds] + [
        f"transfer_{kind}_6" for kind in kinds
    ]
    assert [score.better for score in scores[:4]] == ["higher", "higher", "lower", "lower"]
    first = scores[0]
    assert first.protocol["data_sha256"] == data.fingerprint
    film = made.network().film(data.images(slice(None), inputs=True))
    eight = images.from_pictures(images.to_pictures(film))
    wanted = data.images(slice(None))
    mean = (-10 * ((eight - wanted) / 2).square().flatten(1).mean(1).log10()).mean()
    assert first.value == pytest.approx(float(mean), abs=1e-3)
    assert first.protocol["unsmoothed"] != first.value
    assert (first.deviation, first.protocol["blocks"]) == (None, 1)
    assert scores[4].protocol["split"] == "dances of otto and pip"
    assert (scores[4].protocol["deviation_over"], scores[4].protocol["blocks"]) == (
        "blocks of 20 frames", 2,
    )  # fmt: skip
    assert all(math.isfinite(score.protocol["unsmoothed"]) for score in scores[4:])
    assert [one.more for one in told] == [6, 6, 3, 3, 3, 3]


def test_of_other_films_no_transfer_is_known(tmp_path):
    scores = dance(dancer(tmp_path), held_out(name="pairs"), Plan(metrics=("flicker",), count=4))
    assert [score.name for score in scores] == ["flicker_4"]


def test_what_cannot_be_judged_is_refused(tmp_path):
    with pytest.raises(MetricError, match="fid compares sets of images; of films there are psnr"):
        dance(dancer(tmp_path), held_out(), Plan(metrics=("fid",)))
    with pytest.raises(MetricError, match="paints no films"):
        dance(hang(tmp_path, "dcgan-mnist"), held_out(), Plan())
