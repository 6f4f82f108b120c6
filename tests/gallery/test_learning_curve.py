"""A learning curve is a pure function of what a bundle remembers."""

import re
from xml.etree import ElementTree

import pytest
from shelf import exhibit

from ganzoo import bundle
from ganzoo.gallery import learning
from ganzoo.gallery.axis import Axis, LogAxis
from ganzoo.record import CurvePoint


def learned(folder, *values: float, name: str = "fid_digits_cnn_2k"):
    points = tuple(
        CurvePoint(kimg=k + 1, values={name: value, "variety_digits_cnn_2k": 0.9})
        for k, value in enumerate(values)
    )
    return bundle.rewrite(exhibit(folder, "gan-mnist"), curve=points)


def places(drawn: str) -> list[tuple[float, float]]:
    line = re.search(r'<polyline points="([^"]+)"', drawn)
    assert line is not None
    return [tuple(map(float, place.split(","))) for place in line[1].split()]  # type: ignore[misc]


def test_it_goes_down_as_the_score_falls_and_the_dot_is_the_moment_that_was_kept(tmp_path):
    drawn = learning.curve(learned(tmp_path, 100.0, 20.0, 30.0))
    (x1, y1), (x2, y2), (x3, y3) = places(drawn)
    assert x2 - x1 == pytest.approx(x3 - x2, abs=0.2)
    assert y1 < y3 < y2, "downwards are larger numbers in a drawing"
    assert f'<circle cx="{x2:.1f}" cy="{y2:.1f}"' in drawn  # best_kimg of the exhibit is 2
    svg = drawn[: drawn.index("</svg>") + 6]
    said = ElementTree.fromstring(svg).get("aria-label")
    assert said is not None
    assert said.startswith("Fréchet distance (fid_digits_cnn_2k) from 100 after 1 thousand images")


def test_it_says_where_a_training_fell_apart(tmp_path):
    drawn = learning.curve(learned(tmp_path, 10.0, 50.0, 9.0))
    assert "diverged at 2 thousand images" in drawn
    assert drawn.count('class="broken"') == 1


def test_a_training_that_went_on_under_other_eyes_shows_what_those_saw(tmp_path):
    made = learned(tmp_path, 1.5, 1.2, name="fid_pixels_2k")
    later = [CurvePoint(kimg=kimg, values={"fid_digits_cnn_2k": 9.0 - kimg}) for kimg in (3, 4)]
    drawn = learning.curve(bundle.rewrite(made, curve=(*made.config.curve, *later)))
    assert len(places(drawn)) == 2
    assert "<code>fid_digits_cnn_2k</code>" in drawn


def test_a_score_that_may_be_negative_has_an_even_axis(tmp_path):
    drawn = learning.curve(learned(tmp_path, 0.4, 0.2, -0.2, name="kid_digits_cnn_2k"))
    (_, y1), (_, y2), (_, y3) = places(drawn)
    assert (y3 - y2) == pytest.approx(2 * (y2 - y1), abs=0.3)


@pytest.mark.parametrize("values", [(), (5.0,)])
def test_what_was_not_watched_has_none(tmp_path, values):
    assert learning.curve(learned(tmp_path, *values)) == ""


@pytest.mark.parametrize("low", [-3.0, 0.0, 12.5])
@pytest.mark.parametrize("length", [0.003, 1.0, 7.0, 128.0, 4400.0])
def test_an_even_axis_has_two_to_five_round_ticks_within(low, length):
    axis = Axis.over([low, low + length], 0.0, 100.0)
    assert 2 <= len(axis.ticks) <= 5
    assert all(-1e-6 <= axis.at(tick) <= 100 + 1e-6 for tick in axis.ticks)
    steps = {f"{b - a:.3g}" for a, b in zip(axis.ticks, axis.ticks[1:], strict=False)}
    assert len(steps) == 1
    assert steps.pop().replace(".", "").strip("0")[0] in "125"


def test_axes_of_a_single_value_are_not_empty():
    assert Axis.over([5.0], 0.0, 1.0).at(5.0) == pytest.approx(0.5)
    assert Axis.over([0.0], 0.0, 1.0).at(0.0) == pytest.approx(0.5)
    assert LogAxis.over([5.0], 0.0, 1.0).at(5.0) == pytest.approx(0.5)
