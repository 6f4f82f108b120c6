"""The One image tab's handlers, its endpoint, and a look at it in a browser."""

import re

import numpy as np
import pytest
import torch
from gradio_client.exceptions import AppError
from PIL import Image as Pillow
from seen import decoded, near, opened, shown
from served import serving
from shelf import pyramid

from ganzoo import images
from ganzoo.gallery.dreaming import dreams, panels
from ganzoo.zoo import Dreamer, Zoo

NAME = "singan-pagoda"
PLAIN = {"tall": 1.0, "wide": 1.0, "origin": "as_it_is", "brought": None}


@pytest.fixture(scope="module")
def shelf(tmp_path_factory):
    folder = tmp_path_factory.mktemp("one")
    pyramid(folder)
    return folder


@pytest.fixture(scope="module")
def zoo(shelf) -> Zoo:
    return Zoo([shelf])


@pytest.fixture(scope="module")
def dreamer(zoo) -> Dreamer:
    return Dreamer(zoo.model(NAME))


def test_the_picked_dream_hangs_large(zoo, dreamer):
    html = panels.draw_dream(zoo, NAME, 3, 2, 0, **PLAIN)
    assert near(shown(html)[0], images.to_pictures(dreamer.dream(5))[0])
    assert "<h3>Seed 5</h3>" in html
    assert "16 × 12 pixels" in html


def test_the_sheet_holds_the_seeds_that_follow(zoo, dreamer):
    sheet = panels.draw_sheet(zoo, NAME, 3, 1, 0, **PLAIN)
    wanted = images.to_pictures(dreamer.dream(3, panels.DREAMS))
    assert sheet["value"] == 1
    assert sheet["titles"][:2] == ["Seed 3", "Seed 4"]
    drawn = map(decoded, sheet["pictures"])
    assert all(near(one, other) for one, other in zip(drawn, wanted, strict=True))


def test_frames_are_stretched(zoo):
    html = panels.draw_dream(zoo, NAME, 3, 0, 0, **PLAIN | {"wide": 2.0, "tall": 0.5})
    assert shown(html)[0].shape == (6, 32, 3)


def test_what_is_kept_is_shown_as_coarse_as_it_is(zoo, dreamer):
    nothing = panels.draw_kept(zoo, NAME, 0, "as_it_is", None)
    assert len(shown(nothing)) == 1
    assert "Nothing of it is kept" in nothing
    known, kept = shown(panels.draw_kept(zoo, NAME, 2, "as_it_is", None))
    assert near(known, images.to_pictures(dreamer.known())[0])
    assert kept.shape[:2] == dreamer.shapes[1]


@pytest.mark.parametrize(("start", "first"), [(0, 1), (1, 1), (3, 3), (9, 3)])
def test_a_rearranged_picture_enters_above_the_coarsest_scale(dreamer, start, first):
    begun = dreams.begin(dreamer, start, "mirrored", None)
    assert begun.start == first
    torch.testing.assert_close(begun.picture, dreamer.known().flip(3), rtol=1e-3, atol=1e-3)
    assert dreams.begin(dreamer, start, "as_it_is", None).picture is None


@pytest.mark.parametrize(
    ("size", "kept"),
    [
        ((16, 12), slice(0, 16)),
        ((32, 12), slice(8, 24)),
        ((16, 36), slice(0, 16)),
    ],
)
def test_a_picture_that_was_brought_is_cut_to_the_frame(dreamer, size, kept):
    picture = np.zeros((size[1], size[0], 3), np.uint8)
    picture[:, kept, 0] = 255
    framed = dreams.framed(dreamer, picture)
    assert framed.shape == (1, 3, 12, 16)
    assert (framed[:, 0] == 1).all()
    assert (framed[:, 1] == -1).all()


def test_a_visitor_may_bring_a_picture(zoo, dreamer, uploads):
    Pillow.new("L", (20, 20), 200).save(uploads / "grey.png")
    brought = {"brought": str(uploads / "grey.png")}
    html = panels.draw_dream(zoo, NAME, 3, 0, 3, **PLAIN | brought)
    picture = torch.full((1, 3, 12, 16), 200 / 127.5 - 1)
    wanted = images.to_pictures(dreamer.dream(3, start=3, picture=picture))[0]
    assert near(shown(html)[0], wanted)


def test_the_way_from_coarse_to_fine(zoo, dreamer):
    steps = shown(panels.draw_ascent(zoo, NAME, 3, 1))
    assert [step.shape[:2] for step in steps] == dreamer.shapes
    assert near(steps[-1], images.to_pictures(dreamer.dream(4))[0])


def test_the_slider_ends_at_the_finest_scale(zoo):
    assert panels.draw_reach(zoo, NAME)["maximum"] == 3


def test_the_film_goes_there_and_back(zoo):
    html = panels.draw_film(zoo, NAME, 3, 0.1)
    frames = 2 * panels.FRAMES - 2
    assert f"{frames} pictures" in html


@pytest.fixture(scope="module")
def served(shelf):
    with serving(shelf) as address:
        yield address


def test_programs_get_the_dream_and_what_it_is_of(client, dreamer):
    done = client.predict(NAME, 7, 0, 1.0, 1.0, "as_it_is", "", api_name="/dream")
    assert near(opened(done["picture"]), images.to_pictures(dreamer.dream(7))[0])
    assert near(opened(done["known"]), images.to_pictures(dreamer.known())[0])
    assert done["scales"] == [list(shape) for shape in dreamer.shapes]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ((NAME, 1, 99, 1.0, 1.0, "as_it_is", ""), "start is a whole number from 0 to 31; got 99"),
        ((NAME, 1, 0, 9.0, 1.0, "as_it_is", ""), "tall is a number from 0.4 to 2.5; got 9"),
        ((NAME, 1, 0, 1.0, 1.0, "mirored", ""), "Did you mean 'mirrored'"),
        ((NAME, 1, 1, 1.0, 1.0, "as_it_is", "data:text/plain,hello"), "is no data:image"),
    ],
)
def test_mistakes_are_answered_in_plain_words(client, wrong, sentence):
    with pytest.raises(AppError, match=re.escape(sentence)):
        client.predict(*wrong, api_name="/dream")


@pytest.mark.ui
def test_a_look_in_the_browser(browser, served):
    page = browser.new_page(viewport={"width": 360, "height": 800})
    page.set_default_timeout(60_000)
    page.goto(f"{served}?view=one_image&seed=7")
    large = "#view-one_image figure.large img"
    page.wait_for_selector(large)
    page.wait_for_selector("#view-one_image .film .moving")
    before = page.get_attribute(large, "src")
    page.get_by_role("radio", name="mirrored").check()
    page.wait_for_function("([s, b]) => document.querySelector(s).src !== b", arg=[large, before])
    assert "origin=mirrored" in page.url
    picture = page.get_attribute(large, "src")
    page.reload()
    page.wait_for_selector(large)
    assert page.get_attribute(large, "src") == picture
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.close()
