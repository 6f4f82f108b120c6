"""What hangs on the walls."""

import base64
import io
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image as Pillow

from ganzoo import bundle
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


def test_a_label_says_what_a_museum_would(zoo):
    shown = widgets.label(zoo.bundle("dcgan-mnist"))
    for words in (
        "DCGAN <span>2015</span>",
        "Alec Radford, Luke Metz, Soumith Chintala",
        "arXiv:1511.06434",
        "trained on 1,797 images of Digits &lt;8×8&gt;",
        "3,000 images seen in 3 minutes",
        "<b>80.12 ± 0.5</b>",
        "<dt>real</dt><dd>1797</dd>",
    ):
        assert words in shown
    assert "<8×8>" not in shown


def test_many_authors_are_counted(zoo):
    assert widgets.authors(zoo.bundle("gan-mnist").paper) == "Ian Goodfellow and 7 others"


@pytest.mark.parametrize(
    ("seconds", "said"), [(59.0, "59 seconds"), (180.0, "3 minutes"), (7200.0, "2 hours")]
)
def test_durations_are_in_a_persons_unit(seconds, said):
    assert widgets.duration(seconds) == said


def test_a_bundle_without_data_or_scores_has_a_label_too(zoo):
    bare = bundle.rewrite(zoo.bundle("gan-mnist"), data=None, cost=None, metrics=())
    assert re.search(r"<p class=\"fine\">[\d,]+ parameters</p>", widgets.label(bare))


def test_one_score_is_shown_and_the_others_are_folded_away(zoo):
    one = zoo.bundle("gan-mnist")
    others = tuple(bundle.Score(name=f"other_{i}", value=i) for i in range(3))
    several = bundle.rewrite(one, metrics=(*one.config.metrics, *others))
    first, rest = widgets.scores(several).split("3 more measures")
    assert "fid_digits_cnn" in first
    assert "other_2" in rest
    assert "more measure" not in widgets.scores(one)
    two = bundle.rewrite(one, metrics=(*one.config.metrics, others[0]))
    assert "1 more measure<" in widgets.scores(two)
