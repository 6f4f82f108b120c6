"""Maps of two domains: how far apart they lie, and what is kept of it."""

from dataclasses import replace

import numpy as np
import pytest
from shelf import hang
from world import digits

from ganzoo.errors import BundleError, MetricError
from ganzoo.evaluation import domains
from ganzoo.evaluation.domains import atlas, load, told_apart, write


@pytest.fixture
def bundle(tmp_path):
    return hang(tmp_path, "dann-mnist_m")


def worlds(count=60):
    black = digits(count)
    return {"black": black, "white": replace(black, pictures=255 - black.pictures, inputs=None)}


def test_worlds_that_differ_are_told_apart_and_others_are_not():
    dice = np.random.default_rng(0)
    here, there = dice.normal(size=(2, 400, 5))
    assert told_apart([here, there + 4]) > 0.99
    assert abs(told_apart([here, there]) - 0.5) < 0.06


def test_a_map_places_pictures_of_both_worlds(bundle):
    found = atlas(bundle, worlds(), 40)
    assert [domain.name for domain in found.domains] == ["black", "white"]
    for domain in found.domains:
        assert len(domain.labels) == len(domain.x) == len(domain.y) == 40
        assert 0 <= min(domain.x + domain.y) <= max(domain.x + domain.y) <= domains.SIDE
        rows = np.random.default_rng(0).permutation(60)[:40]
        if domain.name == "black":
            assert domain.labels == tuple(digits(60).labels[rows])
    assert 0 <= found.told_apart <= 1
    assert atlas(bundle, worlds(), 40) == found


def test_a_map_is_kept_beside_its_weights_and_dies_with_them(bundle, tmp_path):
    assert load(bundle) is None
    found = atlas(bundle, worlds(), 20)
    path = write(bundle, found)
    assert load(bundle) == found
    stale = found.model_copy(update={"network_sha256": "other"})
    write(bundle, stale)
    assert load(bundle) is None
    path.write_text("{")
    with pytest.raises(BundleError, match="holds no map of domains"):
        load(bundle)


def test_what_cannot_be_mapped_is_refused(bundle, tmp_path):
    both = worlds()
    with pytest.raises(MetricError, match="knows one domain"):
        atlas(bundle, {"black": both["black"]}, 20)
    with pytest.raises(MetricError, match="black has no 61 pictures with labels"):
        atlas(bundle, both, 61)
    with pytest.raises(MetricError, match="no layers between its features and its classes"):
        atlas(hang(tmp_path, "cnn-mnist"), both, 20)
