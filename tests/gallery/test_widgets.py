"""What hangs on the walls."""

import base64
import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image as Pillow

from ganzoo.gallery import widgets


@given(st.integers(1, 2000), st.integers(1, 400))
def test_pictures_are_enlarged_by_whole_factors_and_never_beyond_their_room(side, wanted):
    factor = widgets.factor(side, wanted)
    assert side * factor <= wanted + 1e-9
    if side <= wanted:
        assert factor == int(factor) >= 1
        assert side * (factor + 1) > wanted


@pytest.mark.parametrize("channels", [1, 3])
def test_a_picture_travels_unchanged(channels):
    picture = np.random.default_rng(0).integers(0, 256, (9, 7, channels), np.uint8)
    kind, content = widgets.png(picture).split(",")
    assert kind == "data:image/png;base64"
    shown = np.asarray(Pillow.open(io.BytesIO(base64.b64decode(content))))
    assert np.array_equal(shown.reshape(picture.shape), picture)


def test_the_large_picture_states_its_true_size():
    shown = widgets.figure(np.zeros((28, 28, 1), np.uint8), "digit-3", "<b>three</b>")
    assert 'width="308"' in shown
    assert "28 × 28 pixels, grey, shown 11 times as large" in shown
    assert 'download="digit-3.png"' in shown
    assert "<b>three</b>" in shown


def test_a_picture_larger_than_its_place_is_not_called_enlarged():
    shown = widgets.figure(np.zeros((640, 640, 3), np.uint8), "big", "")
    assert 'width="320"' in shown
    assert "times as large" not in shown
