"""The Classes tab's handlers, its drawing of the curve, and its endpoints."""

import re

import pytest
from gradio_client import Client
from gradio_client.exceptions import AppError
from PIL import Image as Pillow
from served import serving
from shelf import exhibit

from ganzoo import bundle
from ganzoo.errors import InputError
from ganzoo.gallery import tradeoff
from ganzoo.gallery.conditional import panels
from ganzoo.gallery.conditional.controls import Several
from ganzoo.record import TruncationCurve, TruncationPoint
from ganzoo.zoo import Zoo

NAME = "biggan-fashion"
CURVE = TruncationCurve(
    points=tuple(
        TruncationPoint(threshold=t, values={"precision": p, "recall": r, "fid": 3.0})
        for t, p, r in ((0.5, 0.9, 0.1), (1.0, 0.8, 0.3), (2.0, 0.6, 0.5))
    ),
    protocol={"n_fake": 100},
)


@pytest.fixture(scope="module")
def zoo(tmp_path_factory) -> Zoo:
    folder = tmp_path_factory.mktemp("classes")
    bundle.rewrite(exhibit(folder, NAME), truncation=CURVE)
    exhibit(folder, "cgan-mnist")
    return Zoo([folder])


def test_each_class_has_a_row_of_the_same_seeds(zoo):
    html = panels.draw_sheet(zoo, NAME, (7, 2), 5, 3, 1.0)
    assert re.findall(r"<h3>(\d)</h3>", html) == ["7", "2"]
    assert re.findall(r'alt="(\d, seed \d)"', html) == [
        f"{y}, seed {s}" for y in (7, 2) for s in (5, 6, 7)
    ]
    pictures = panels.paint_classes(zoo, NAME, (7, 2), 5, 3, 1.0)
    assert not (pictures[0] == pictures[3]).all()


def test_many_classes_share_the_wall(zoo):
    assert len(panels.paint_classes(zoo, NAME, tuple(range(10)), 0, 32, 1.0)) <= panels.MOST


def test_fewer_than_were_asked_for_are_told_and_a_class_begins_a_row(zoo):
    three = panels.draw_sheet(zoo, NAME, (1, 2, 3), 0, 32, 1.0)
    assert "64 at most at once: 21 of each." in three
    assert 'data-columns="21"' in three
    one = panels.draw_sheet(zoo, NAME, (1,), 0, 32, 1.0)
    assert "of each" not in one
    assert 'data-columns="8"' in one


def test_a_class_left_over_from_another_model_is_none_here(zoo):
    assert panels.known(zoo, NAME, (99, 4)) == (4,)
    assert panels.known(zoo, NAME, (99,)) == (0,)


def test_every_class_is_a_link_to_itself(zoo):
    html = panels.draw_everyone(zoo, NAME, (3,), 5, 0.5)
    links = re.findall(r'href="([^"]+)"', html)
    assert len(links) == 10
    assert "classes=4" in links[4]
    assert "truncation=0.5" in links[4]
    assert html.count('aria-current="true"') == 1


def test_the_field_goes_from_class_to_class(zoo):
    html = panels.draw_field(zoo, NAME, (3,), 99, 1, 2, 0.0)
    assert html.count("<img") == panels.ACROSS * panels.DOWN
    assert "From 3 to 9 across, from seed 1 to 2 downwards" in html


def test_the_place_on_the_curve_is_measured_or_between():
    assert tradeoff.here(CURVE, 1.0) == (0.3, 0.8)
    assert tradeoff.here(CURVE, 1.5) == pytest.approx((0.4, 0.7))
    assert tradeoff.here(CURVE, 0.0) == (0.1, 0.9)
    assert tradeoff.here(CURVE, 9.0) == (0.5, 0.6)
    drawn = tradeoff.drawing(CURVE, 1.5)
    assert "Precision 0.70 and recall 0.40 at truncation 1.5" in drawn
    assert drawn.count("<circle") == 4


def test_an_unmeasured_curve_says_how_to_measure_it(zoo):
    assert "ganzoo truncate cgan-mnist --write" in panels.draw_curve(zoo, "cgan-mnist", 1.0)
    assert "<b>80%</b> look real" in panels.draw_curve(zoo, NAME, 1.0)


@pytest.mark.parametrize(("given", "read"), [("0,3", (0, 3)), (["2", "2"], (2,))])
def test_classes_stand_in_an_address(given, read):
    control = Several(name="classes", default=(0,))
    assert control.read(given) == read
    assert control.read(control.write(read)) == read


@pytest.mark.parametrize("wrong", ["", "a", "-1", "10000", list(range(17)), 5, [], None])
def test_wrong_classes_are_quoted(wrong):
    with pytest.raises(InputError, match="classes"):
        Several(name="classes", default=(0,)).read(wrong)


@pytest.mark.ui
def test_programs_paint_blend_and_ask(served):
    client = Client(served, verbose=False)
    painted = client.predict("cgan-mnist", [1, 2], 7, 3, 0.5, api_name="/classes")
    assert painted["seeds"] == [7, 8, 9] * 2
    assert painted["classes"] == ["1"] * 3 + ["2"] * 3
    with Pillow.open(painted["sheet"]) as sheet:
        assert sheet.size == (3 * 8 + 2 * 2, 2 * 8 + 2)
    field = client.predict("cgan-mnist", 1, 2, api_name="/blend")
    assert (field["rows"], field["columns"]) == (4, 7)
    for arguments, said in (
        (("cgan-mnist", [99]), "a class is 0 to 9; got 99"),
        (("cgan-mnist", [1], 1, 3, -0.5), "truncation is a number from 0 to 2; got -0.5"),
    ):
        with pytest.raises(AppError, match=said):
            client.predict(*arguments, api_name="/classes")


@pytest.mark.ui
def test_a_visit_in_the_browser(browser, tmp_path_factory):
    folder = tmp_path_factory.mktemp("visited")
    bundle.rewrite(exhibit(folder, NAME), truncation=CURVE)
    with serving(folder) as gallery:
        page = browser.new_page(viewport={"width": 360, "height": 800})
        page.set_default_timeout(60_000)
        faults: list[str] = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(f"{gallery}?view=classes&model={NAME}&classes=3&seed=5&truncation=2&count=2")
        first = 'img[alt="3, seed 5"]'
        page.wait_for_selector(first)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        before = page.get_attribute(first, "src")
        page.fill("#view-classes input[type=number][aria-label*='Truncation']", "0")
        page.keyboard.press("Tab")
        page.wait_for_function(
            "([s, b]) => document.querySelector(s)?.src !== b", arg=[first, before]
        )
        assert "truncation=0" in page.url
        still = page.get_attribute(first, "src")
        assert page.get_attribute('img[alt="3, seed 6"]', "src") == still, (
            "0 is one picture for all"
        )
        page.click('a[href*="classes=7"]')
        page.wait_for_selector('img[alt="7, seed 5"]')
        assert "classes=7" in page.url
        page.reload()
        page.wait_for_selector('img[alt="7, seed 5"]')
        page.locator("#view-classes .token-remove").first.click()
        page.wait_for_selector("#view-classes .notice >> text=“Classes” is 1 to 16 classes")
        page.wait_for_selector('img[alt="7, seed 5"]')
        assert faults == []
        page.close()
