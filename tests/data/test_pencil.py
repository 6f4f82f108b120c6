"""A photograph becomes the edges that a model of its size has learned from."""

import numpy as np
import pytest

from ganzoo.data.cat_edges import TRAINED, pencilled
from ganzoo.edges import SIGMA, draw_edges
from ganzoo.explore.translate import squared


@pytest.fixture
def face() -> np.ndarray:
    down, across = np.mgrid[-1:1:256j, -1:1:256j]
    far = np.hypot(down, across)
    fur = 12 * np.sin(40 * across) * np.sin(37 * down)
    return (
        np.clip(np.where(far < 0.6, 60, 200) + fur, 0, 255).astype(np.uint8)[..., None].repeat(3, 2)
    )


def test_the_filter_is_as_fine_as_the_picture_is_small(face):
    as_trained = squared(face, TRAINED)
    assert np.array_equal(pencilled(as_trained), draw_edges(as_trained, SIGMA))
    small = squared(face, TRAINED // 2)
    assert np.array_equal(pencilled(small), draw_edges(small, SIGMA / 2))
    assert not np.array_equal(pencilled(small), draw_edges(small, SIGMA))
