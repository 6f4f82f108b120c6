"""MNIST-M: the blend, the patches, and that test digits lie on photographs of their own."""

from pathlib import Path

import numpy as np
import pytest
from colours import BLUE, RED

from ganzoo.data import Batches, DataRequest, Dataset, sources
from ganzoo.data.mnist_m import blend, cut
from ganzoo.errors import DataError

COUNTS = {"train": 12, "test": 6}


@pytest.fixture(autouse=True)
def digits(home: Path) -> dict[str, np.ndarray]:
    """A small MNIST where it usually lies: black pictures with a stroke of one level each."""
    total = sum(COUNTS.values())
    images = np.zeros((total, 28, 28), np.uint8)
    images[:, 8:20, 12:16] = np.arange(100, 100 + total)[:, None, None]
    split = np.repeat([0, 1], [*COUNTS.values()])
    content = {"images": images, "labels": np.arange(total) % 10, "split": split}
    np.savez(home / "mnist.npz", class_names=np.array([*"0123456789"]), **content)
    return content


def load(name: str, **wanted: object) -> Dataset:
    return sources[name].load(DataRequest(**{"size": 28, **wanted}))


@pytest.fixture
def photographs(album) -> Path:
    """Forty of one colour each, red growing and blue falling, so that a patch tells its own."""
    return album({f"{i:02}.png": (6 * i, 0, 240 - 6 * i) for i in range(40)})


def test_the_blend_is_the_difference_in_each_colour():
    digit = np.array([0, 100, 255], np.uint8).reshape(3, 1, 1, 1)
    patch = np.array([[7, 90, 255]] * 3, np.uint8).reshape(3, 3, 1, 1)
    wanted = [[7, 90, 255], [93, 10, 155], [248, 165, 0]]
    assert blend(digit, patch).reshape(3, 3).tolist() == wanted


def test_patches_come_from_anywhere_and_follow_from_the_seed():
    photographs = np.random.default_rng(0).integers(256, size=(4, 1, 10, 10)).astype(np.uint8)
    first, again, other = (cut(photographs, 4000, 3, seed) for seed in (0, 0, 1))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)
    windows = np.lib.stride_tricks.sliding_window_view(photographs, (3, 3), (2, 3))
    known = {window.tobytes() for window in windows.reshape(-1, 3, 3)}
    assert {patch.tobytes() for patch in first} == known


def test_the_patch_is_inverted_under_the_stroke(photographs, digits):
    data = load("mnist_m", path=photographs)
    assert data.pictures.shape == (12, 3, 28, 28)
    assert data.labels.tolist() == digits["labels"][:12].tolist()
    assert data.class_names == tuple("0123456789")
    patch, stroke = data.pictures[:, :, 0, 0].astype(int), data.pictures[:, :, 10, 13]
    levels = np.arange(100, 112)[:, None]
    np.testing.assert_array_equal(stroke, abs(levels - patch))


def reds(data: Dataset) -> set[int]:
    """What the corners tell: from which photographs the patches are."""
    return set(data.pictures[:, 0, 0, 0].tolist())


def test_no_photograph_is_behind_digits_of_both_splits(photographs):
    many = {"images": np.zeros((4000, 28, 28), np.uint8), "labels": np.zeros(4000, int)}
    home = photographs.parent / "home"
    np.savez(home / "mnist.npz", split=np.repeat([0, 1], 2000), **many)
    train, test = (reds(load("mnist_m", path=photographs, split=s)) for s in COUNTS)
    assert not train & test
    assert len(train | test) == 40
    assert len(test) < len(train)


def test_splits_of_the_photographs_are_kept(album):
    path = album({"train/1.png": RED, "test/2.png": BLUE}, "split")
    assert reds(load("mnist_m", path=path)) == {255}
    assert reds(load("mnist_m", path=path, split="test")) == {0}


def test_without_a_path_flowers_are_behind_them(album):
    album({f"{i}.png": RED for i in range(9)}, "home/flowers")
    assert reds(load("mnist_m")) == {255}


def test_it_may_be_larger_and_grey(photographs):
    data = load("mnist_m", path=photographs, size=32, channels=1)
    assert data.pictures.shape == (12, 1, 32, 32)
    assert data.pictures[:, :, 0, 0].all(), "the patch reaches into the margin"


def test_what_is_not_there_is_said(photographs, home, tmp_path):
    with pytest.raises(DataError, match="mnist_m has no split 'val'"):
        load("mnist_m", path=photographs, split="val")
    with pytest.raises(DataError, match=f"flowers not found: looked at '{tmp_path}/nowhere'"):
        load("mnist_m", path=tmp_path / "nowhere")
    (home / "mnist.npz").unlink()
    with pytest.raises(DataError, match="mnist"):
        load("mnist_m", path=photographs, download=False)


def test_both_domains_come_with_the_sources_labels_only(photographs, digits):
    both, target = (load(name, path=photographs) for name in ("mnist_mnist_m", "mnist_m"))
    source = load("mnist")
    np.testing.assert_array_equal(both.pictures, source.pictures)
    np.testing.assert_array_equal(both.labels, source.labels)
    np.testing.assert_array_equal(both.inputs, target.pictures)
    assert not both.paired
    assert both.held_out.labels is None
    assert len(both.held_out.pictures) == len(both.held_out.inputs) == 6
    test = load("mnist_mnist_m", path=photographs, split="test")
    assert (len(test), len(test.inputs), test.held_out) == (6, 6, None)


def test_a_digit_and_its_blend_do_not_come_together(photographs):
    both = load("mnist_mnist_m", path=photographs)
    batch = next(Batches(both, 12))
    strokes = [((one + 1) * 127.5).round()[:, :, 10, 13] for one in (batch.image, batch.input)]
    corner = ((batch.input + 1) * 127.5).round()[:, :, 0, 0]
    own = (strokes[0] - corner).abs().isclose(strokes[1]).all(1)
    assert own.sum() < 6


def test_backwards_the_photographs_have_the_labels(photographs):
    both = load("mnist_mnist_m", path=photographs, backwards=True)
    np.testing.assert_array_equal(both.pictures, load("mnist_m", path=photographs).pictures)
    np.testing.assert_array_equal(both.inputs, load("mnist").pictures)
