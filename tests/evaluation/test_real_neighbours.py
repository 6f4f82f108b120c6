"""The nearest reals of an image: found among all that the bundle learned from, or not at all."""

import numpy as np
import pytest
import torch
from shelf import hang
from world import digits

from ganzoo import bundle
from ganzoo.bundle import Bundle
from ganzoo.data._base import as_images
from ganzoo.errors import MetricError
from ganzoo.evaluation import neighbours
from ganzoo.record import Origin


@pytest.fixture
def painter(tmp_path, monkeypatch) -> Bundle:
    monkeypatch.setenv("GANZOO_CHECKPOINTS", str(tmp_path))
    monkeypatch.setenv("GANZOO_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("GANZOO_DATA", str(tmp_path / "data"))
    neighbours._memory.cache_clear()
    hang(tmp_path, "cnn-mnist", "name=cnn-digits")
    return hang(tmp_path, "dcgan-mnist")


def test_a_copy_finds_its_original_in_pixels_and_in_features(painter):
    reals = digits(1797)
    known = neighbours.memory(painter)
    assert known is not None
    found = known.nearest(as_images(reals.pictures[57:58]), k=3)
    assert [near.way for near in found] == ["pixels", "digits_cnn"]
    for near in found:
        assert near.rows[0] == 57
        assert near.distances[0] == pytest.approx(0, abs=1e-3)
        assert list(near.distances) == sorted(near.distances)
        assert np.array_equal(near.pictures[0, :, :, 0], reals.pictures[57, 0])


def test_the_distance_in_pixels_is_that_of_images(painter):
    reals = digits(1797)
    known = neighbours.memory(painter)
    assert known is not None
    image = as_images(reals.pictures[3:4]) * 0.5
    near = known.nearest(image, k=1)[0]
    levels = ((image + 1) * 127.5).round() / 127.5 - 1
    real = as_images(reals.pictures[list(near.rows)])
    assert near.distances[0] == pytest.approx(float((levels - real).norm()), rel=1e-5)
    every = (as_images(reals.pictures) - levels).flatten(1).norm(dim=1)
    assert near.rows[0] == int(every.argmin())


def test_other_images_than_those_learned_from_are_not_compared_with(painter):
    origin = Origin(title="Digits", licence="x", count=1, fingerprint="0" * 64)
    assert neighbours.memory(bundle.rewrite(painter, data=origin)) is None


def test_images_that_are_not_here_are_not_fetched(painter, tmp_path):
    elsewhere = painter.recipe.model_copy(
        update={"data": painter.recipe.data.model_copy(update={"name": "cats"})}
    )
    monk = bundle.write(tmp_path / "monk", elsewhere, {"generator": painter.network()})
    assert neighbours.memory(monk) is None


def test_more_neighbours_than_images_are_refused(painter):
    known = neighbours.memory(painter)
    assert known is not None
    with pytest.raises(MetricError, match="5000 nearest"):
        known.nearest(torch.zeros(1, 1, 8, 8), k=5000)
