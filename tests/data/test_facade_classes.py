"""Facades as a segmenter learns them."""

import numpy as np
import pytest
from colours import RED
from PIL import Image as Pillow

from ganzoo.data import DataRequest, sources
from ganzoo.data.facade_classes import classes
from ganzoo.data.facade_labels import PALETTE
from ganzoo.errors import DataError

NAMES = tuple(PALETTE)


def pair():
    """A red photograph; its labels are sky above a wall with one window."""
    labels = Pillow.new("RGB", (128, 128), PALETTE["wall"])
    labels.paste(PALETTE["background"], (0, 0, 128, 32))
    labels.paste(PALETTE["window"], (64, 64, 96, 96))
    both = Pillow.new("RGB", (256, 128), RED)
    both.paste(labels, (128, 0))
    return both


@pytest.mark.parametrize("size", [128, 64, 32])
def test_every_pixel_has_the_class_of_its_label(album, size):
    path = album({"train/1.png": pair()})
    data = sources["facade_classes"].load(DataRequest(path=path, size=size))
    assert data.class_names == NAMES
    assert data.pictures.shape == (1, 3, size, size)
    assert (data.pictures[0, 0] == 255).all()
    expected = np.full((size, size), NAMES.index("wall"))
    quarter = size // 4
    expected[:quarter] = NAMES.index("background")
    expected[2 * quarter : 3 * quarter, 2 * quarter : 3 * quarter] = NAMES.index("window")
    np.testing.assert_array_equal(data.maps[0], expected)


def test_colours_that_a_jpeg_has_shifted_are_still_known():
    dice = np.random.default_rng(0)
    exact = np.array(list(PALETTE.values()))[:, :, None, None].repeat(50, axis=3)
    shifted = (exact + dice.integers(-12, 13, exact.shape)).clip(0, 255).astype(np.uint8)
    assert (classes(shifted) == np.arange(len(NAMES))[:, None, None]).all()


def test_splits_are_kept_apart(album):
    path = album({"train/1.png": pair(), "test/2.png": pair(), "test/3.png": pair()})
    load = sources["facade_classes"].load
    assert len(load(DataRequest(path=path, size=8, split="test")).maps) == 2
    with pytest.raises(DataError, match="no split 'other'"):
        load(DataRequest(path=path, size=8, split="other"))
