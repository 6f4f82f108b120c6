"""A plot is a pure function of its points."""

import re
from itertools import combinations
from xml.etree import ElementTree

import pytest

from ganzoo.gallery.scatter import LINE, REACH, Point, scatter, short


def point(name, x, y, spread=0) -> Point:
    x, y = float(x), float(y)
    return Point(
        name=name, x=x, y=y, low=y - spread, high=y + spread, href="?view=sample", title=f"<{name}>"
    )


def centres(drawing: str) -> list[tuple[float, float]]:
    found = re.findall(r'<circle cx="([\d.]+)" cy="([\d.]+)"', drawing)
    return [(float(x), float(y)) for x, y in found]


def test_equal_factors_are_equal_lengths():
    (x1, y1), (x2, y2), (x3, y3) = centres(
        scatter([point("a", 1, 4), point("b", 10, 2), point("c", 100, 1)], "x", "y")
    )
    assert x2 - x1 == pytest.approx(x3 - x2, abs=0.2)
    assert y2 - y1 == pytest.approx(y3 - y2, abs=0.2)
    assert x1 < x2 < x3
    assert y1 < y2 < y3, "what is lower stands lower"


def test_a_whisker_spans_the_interval_and_only_where_there_is_one():
    drawing = scatter([point("a", 1, 4, 1), point("b", 2, 4)], "x", "y")
    assert len(re.findall(r"</title><path", drawing)) == 1
    assert ElementTree.fromstring(drawing) is not None, "names are escaped"


def test_names_do_not_overlap():
    crowd = [point(f"model{i}", 5 + i / 100, 3 + i / 1000) for i in range(6)]
    drawing = scatter(crowd, "x", "y")
    boxes = re.findall(r'<text x="([\d.]+)" y="([\d.]+)" text-anchor="(\w+)">model', drawing)
    assert len(boxes) == 6
    for one, other in combinations(boxes, 2):
        near = abs(float(one[0]) - float(other[0])) < REACH * 6 and one[2] == other[2]
        assert not near or abs(float(one[1]) - float(other[1])) >= LINE - 0.2


def test_what_has_no_place_on_a_logarithmic_axis_is_left_out():
    assert scatter([point("a", 0, 1)], "x", "y") == ""
    assert len(centres(scatter([point("a", 0, 1), point("b", 2, 1)], "x", "y"))) == 1


def test_a_single_point_still_has_axes_with_numbers():
    drawing = scatter([point("a", 370_000, 2.65)], "x", "y")
    assert len(re.findall(r'text-anchor="middle">[\d.]+k<', drawing)) >= 2


@pytest.mark.parametrize(
    ("value", "said"), [(1_500_000, "1.5M"), (0.05, "0.05"), (370_000, "370k")]
)
def test_short_numbers(value, said):
    assert short(float(value)) == said
