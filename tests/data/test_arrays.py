"""Arrays of pictures, brought to size and channels."""

from hashlib import sha256

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image as Pillow

from ganzoo.data import Dataset, _base
from ganzoo.data._arrays import fit, to_grey
from ganzoo.images import to_pillow


def noise(*shape: int) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, shape, np.uint8)


def test_28_becomes_32_by_a_black_frame_of_two():
    pictures = noise(3, 28, 28, 1)
    padded = fit(pictures, 32, 1, pad=True)
    assert padded.shape == (3, 1, 32, 32)
    np.testing.assert_array_equal(padded[:, 0, 2:30, 2:30], pictures[..., 0])
    assert padded.sum() == pictures.sum(dtype=int)


@pytest.mark.parametrize(("size", "pad"), [(32, False), (16, True), (64, True)])
def test_other_sizes_are_resized(size, pad):
    pictures = noise(600, 28, 28, 1)  # more than one thread takes at once
    resized = fit(pictures, size, 1, pad)
    for index in (0, 299, 599):
        pillow = to_pillow(pictures[index]).resize((size, size), Pillow.Resampling.LANCZOS)
        np.testing.assert_array_equal(resized[index, 0], np.asarray(pillow))


def test_the_size_they_have_leaves_them_as_they_are():
    pictures = noise(3, 28, 28, 3)
    np.testing.assert_array_equal(fit(pictures, 28, 3), pictures.transpose(0, 3, 1, 2))


@given(height=st.integers(1, 9), width=st.integers(1, 9))
def test_the_square_is_cut_from_the_middle(height, width):
    side = min(height, width)
    pictures = noise(1, height, width, 1)
    top, left = (height - side) // 2, (width - side) // 2
    expected = pictures[:, top : top + side, left : left + side, 0]
    np.testing.assert_array_equal(fit(pictures, side, 1)[:, 0], expected)


def test_grey_becomes_colour_by_repetition():
    pictures = noise(2, 8, 8, 1)
    colour = fit(pictures, 8, 3)
    assert colour.shape == (2, 3, 8, 8)
    for channel in range(3):
        np.testing.assert_array_equal(colour[:, channel], pictures[..., 0])


def test_colour_becomes_grey_as_pillow_does_it():
    pictures = noise(4, 16, 16, 3)
    grey = to_grey(pictures)
    for picture, ours in zip(pictures, grey, strict=True):
        np.testing.assert_array_equal(ours[..., 0], np.asarray(to_pillow(picture).convert("L")))


def test_colour_and_back_is_the_identity_on_grey():
    pictures = np.arange(256, dtype=np.uint8).reshape(1, 16, 16, 1)
    np.testing.assert_array_equal(to_grey(pictures.repeat(3, axis=3)), pictures)


def test_the_fingerprint_is_that_of_the_bytes_however_they_are_read(monkeypatch):
    pictures = noise(10, 1, 4, 4)
    expected = sha256(pictures.tobytes()).hexdigest()
    assert Dataset(name="whole", pictures=pictures).fingerprint == expected
    monkeypatch.setattr(_base, "HASHED_AT_ONCE", 48)  # three pictures
    assert Dataset(name="in pieces", pictures=pictures).fingerprint == expected
    assert Dataset(name="fewer", pictures=pictures[:9]).fingerprint != expected
