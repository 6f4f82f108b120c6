"""One picture, in its own proportions: one's own, or the one that comes along."""

import numpy as np
import pytest
from PIL import Image as Pillow

from ganzoo.data import DataRequest, sources
from ganzoo.errors import DataError


def load(**request):
    return sources["photograph"].load(DataRequest(**request))


def test_one_photograph_comes_with_the_package():
    pagoda = sources["pagoda"].load(DataRequest(size=160))
    assert pagoda.pictures.shape == (1, 3, 107, 160)
    assert pagoda.pictures.std() > 40
    assert sources["pagoda"].load(DataRequest(size=64, channels=1)).pictures.shape == (1, 1, 43, 64)


def test_the_one_that_comes_along_is_no_other(tmp_path):
    with pytest.raises(DataError, match=r"mine\.jpg'.*data\.name=photograph"):
        sources["pagoda"].load(DataRequest(path=tmp_path / "mine.jpg"))
    with pytest.raises(DataError, match="pagoda has no split 'test'"):
        sources["pagoda"].load(DataRequest(split="test"))


@pytest.mark.parametrize(("size", "shape"), [((40, 20), (8, 16)), ((20, 40), (16, 8))])
def test_the_longer_side_becomes_the_size(tmp_path, size, shape):
    Pillow.new("RGB", size, (255, 0, 127)).save(tmp_path / "one.png")
    pictures = load(path=tmp_path / "one.png", size=16).pictures
    assert pictures.shape == (1, 3, *shape)
    assert np.array_equal(pictures[0, :, 3, 3], [255, 0, 127])


def test_what_is_no_picture_is_refused(tmp_path):
    with pytest.raises(DataError, match=r"no picture .*gone\.jpg"):
        load(path=tmp_path / "gone.jpg")
    with pytest.raises(DataError, match="a photograph is a single file"):
        load(path=tmp_path)
    (tmp_path / "text.png").write_text("not a picture")
    with pytest.raises(DataError, match=r"text\.png' cannot be read: it is damaged or no picture"):
        load(path=tmp_path / "text.png")
    with pytest.raises(DataError, match="no split 'tset'"):
        load(path=tmp_path, split="tset")
    with pytest.raises(DataError, match="photograph needs a path"):
        load()
