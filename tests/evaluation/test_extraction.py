"""One pass through a network, onto disk; and the cache of what reals look like."""

import threading

import numpy as np
import pytest
import torch
from world import digits

from ganzoo import paths
from ganzoo.errors import MetricError
from ganzoo.evaluation import cache
from ganzoo.evaluation.extraction import sample, see
from ganzoo.evaluation.networks import FeatureNetwork, Look
from ganzoo.evaluation.pixels import pixels
from ganzoo.evaluation.reals import Reals
from ganzoo.metrics.sharpness import sharpness


def test_what_is_written_is_what_was_seen(eye, tmp_path):
    image = torch.rand(25, 1, 8, 8) * 2 - 1
    see(eye, image.split(10), 25, tmp_path)
    found, look = sample(eye, tmp_path), eye.look(image)
    torch.testing.assert_close(found.features, look.features)
    torch.testing.assert_close(found.probabilities, look.probabilities)
    torch.testing.assert_close(found.sharpness, sharpness(image))
    assert found.seen_by == eye.seen_by


def test_no_more_images_are_taken_than_asked_for(tmp_path):
    told = []
    see(pixels(), torch.rand(4, 10, 1, 8, 8), 25, tmp_path, tell=told.append)
    assert told == [10, 10, 5]
    assert len(sample(pixels(), tmp_path)) == 25


def test_too_few_images(tmp_path):
    with pytest.raises(MetricError, match="expected 25 images, but there were 20"):
        see(pixels(), torch.rand(2, 10, 1, 8, 8), 25, tmp_path)


def test_mixed_sizes(tmp_path):
    with pytest.raises(MetricError, match="mixed sizes: 1x9x9 after 1x8x8"):
        see(pixels(), [torch.rand(2, 1, 8, 8), torch.rand(2, 1, 9, 9)], 4, tmp_path)


def test_images_that_are_no_numbers(tmp_path):
    image = torch.rand(3, 1, 8, 8)
    image[1, 0, 2, 2] = torch.nan
    see(pixels(), [image], 3, tmp_path)
    with pytest.raises(MetricError, match="not finite"):
        sample(pixels(), tmp_path)


def counting(calls):
    def look(image):
        calls.append(len(image))
        return Look(image.flatten(1), None)

    return FeatureNetwork(name="counting", sha256="ab" * 32, resize="none", look=look)


def test_reals_are_looked_at_once():
    calls = []
    reals = Reals(digits(30), "train", np.arange(30))
    first = reals.seen(counting(calls))
    again = reals.seen(counting(calls))
    assert calls == [30]
    assert torch.equal(first.features, again.features)
    assert torch.equal(first.features, digits(30).images(slice(None)).flatten(1))


def test_whatever_matters_is_in_the_key():
    calls: list[int] = []
    base = counting(calls)
    reals = Reals(digits(30), "train", np.arange(30))
    reals.seen(base)
    others = [
        (Reals(digits(31), "train", np.arange(30)), base, {}),  # other images
        (Reals(digits(30), "train", np.arange(30)[::-1].copy()), base, {}),  # other rows
        (
            reals,
            FeatureNetwork(name="other", sha256=base.sha256, resize="none", look=base.look),
            {},
        ),
        (reals, FeatureNetwork(name="counting", sha256="cd", resize="none", look=base.look), {}),
        (
            reals,
            FeatureNetwork(name="counting", sha256=base.sha256, resize="x", look=base.look),
            {},
        ),
        (reals, base, {"bfloat16": True}),
    ]
    for number, (changed, network, options) in enumerate(others, start=2):
        changed.seen(network, **options)
        assert len(calls) == number


def test_a_failure_leaves_nothing_behind(tmp_path):
    def fails(folder):
        (folder / "half.npy").write_bytes(b"half")
        raise RuntimeError("stopped")

    with pytest.raises(RuntimeError, match="stopped"):
        cache.kept({"a": 1}, fails)
    assert list((paths.cache() / "features").iterdir()) == []


def test_two_at_once_both_succeed():
    barrier, folders = threading.Barrier(2), []

    def make(folder):
        barrier.wait(10)
        (folder / "x").write_text("done")

    threads = [
        threading.Thread(target=lambda: folders.append(cache.kept({"a": 1}, make)))
        for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert folders[0] == folders[1]
    assert (folders[0] / "x").read_text() == "done"
    assert list(folders[0].parent.iterdir()) == [folders[0]]


def test_a_damaged_cache_is_named():
    reals = Reals(digits(30), "train", np.arange(30))
    reals.seen(pixels())
    (file,) = (paths.cache() / "features").glob("*/features.npy")
    file.write_bytes(b"\x93NUMPY")
    with pytest.raises(MetricError, match=f"'{file.parent}' are damaged, delete them"):
        reals.seen(pixels())


def test_a_cache_that_cannot_be_written(monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("GANZOO_CACHE", str(tmp_path / "file" / "below"))
    with pytest.raises(MetricError, match="set GANZOO_CACHE"):
        Reals(digits(30), "train", np.arange(30)).seen(pixels())
