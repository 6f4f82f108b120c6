"""The Reshape tab's handlers, its endpoint, and a look at it in a browser."""

import re

import numpy as np
import pytest
from gradio_client.exceptions import AppError
from PIL import Image as Pillow
from seen import near, shown
from served import serving
from shelf import retargeter

from ganzoo import images
from ganzoo.gallery.tabs import reshape
from ganzoo.zoo import Retargeter, Zoo

NAME = "ingan-pagoda"


@pytest.fixture(scope="module")
def shelf(tmp_path_factory):
    folder = tmp_path_factory.mktemp("reshaped")
    retargeter(folder)
    return folder


@pytest.fixture(scope="module")
def zoo(shelf) -> Zoo:
    return Zoo([shelf])


@pytest.fixture(scope="module")
def painter(zoo) -> Retargeter:
    return Retargeter(zoo.model(NAME))


def pictures(painter: Retargeter, *shape: float) -> list[np.ndarray]:
    made = painter.remake(*shape), painter.stretched(*shape)
    return [images.to_pictures(one)[0] for one in made]


@pytest.mark.parametrize(("wide", "tall", "narrow"), [(2.0, 1.0, 0.0), (0.5, 1.5, 0.4)])
def test_remade_and_stretched_hang_together_and_are_of_one_size(zoo, painter, wide, tall, narrow):
    html = reshape.draw_pair(zoo, NAME, wide, tall, narrow)
    hung, wanted = shown(html), pictures(painter, tall, wide, narrow)
    assert all(near(one, other) for one, other in zip(hung, wanted, strict=True))
    assert f"{wanted[0].shape[1]} × {wanted[0].shape[0]} pixels" in html
    widths = re.findall(r'width="(\d+)"', html)
    assert widths == 2 * [str(reshape.TIMES * wanted[0].shape[1])]
    assert html.count("download=") == 2


def test_wide_pictures_lie_beneath_each_other(zoo, painter, monkeypatch):
    monkeypatch.setattr(reshape, "TIMES", 8)
    assert 'class="remade beneath"' in reshape.draw_pair(zoo, NAME, 2.0, 1.0, 0.0)
    assert 'class="remade beside"' in reshape.draw_pair(zoo, NAME, 0.5, 1.0, 0.0)


def test_the_known_picture_is_the_one_it_learned(zoo, painter):
    (known,) = shown(reshape.draw_known(zoo, NAME))
    assert np.array_equal(known, images.to_pictures(painter.image)[0])


def test_the_film_goes_there_and_back(zoo):
    assert f"{2 * reshape.FRAMES - 2} pictures" in reshape.draw_film(zoo, NAME)


@pytest.fixture(scope="module")
def served(shelf):
    with serving(shelf) as address:
        yield address


def test_programs_get_three_pictures(client, painter):
    done = client.predict(NAME, 1.5, 0.5, 0.2, api_name="/reshape")
    files = [np.asarray(Pillow.open(done[key])) for key in ("picture", "stretched", "known")]
    wanted = [*pictures(painter, 0.5, 1.5, 0.2), images.to_pictures(painter.image)[0]]
    assert all(near(one, other) for one, other in zip(files, wanted, strict=True))


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ((NAME, 9.0, 1.0, 0.0), "wide is a number from 0.4 to 2.2; got 9"),
        ((NAME, 1.0, "tall", 0.0), "tall is a number from 0.4 to 2.2; got 'tall'"),
        ((NAME, 1.0, 1.0, 0.9), "narrow is a number from -0.5 to 0.5; got 0.9"),
        (("ingan-pagode", 1.0, 1.0, 0.0), "Did you mean 'ingan-pagoda'"),
    ],
)
def test_mistakes_are_answered_in_plain_words(client, wrong, sentence):
    with pytest.raises(AppError, match=re.escape(sentence)):
        client.predict(*wrong, api_name="/reshape")


@pytest.mark.ui
def test_a_look_in_the_browser(browser, served):
    page = browser.new_page(viewport={"width": 360, "height": 800})
    page.set_default_timeout(60_000)
    page.goto(f"{served}?view=reshape&wide=0.5")
    large = "#view-reshape .remade img"
    page.wait_for_selector(large)
    page.wait_for_selector("#view-reshape .film .moving")
    before = page.get_attribute(large, "src")
    page.evaluate("Math.random = () => 1")
    page.get_by_role("button", name="Surprise me").click()
    page.wait_for_function("([s, b]) => document.querySelector(s).src !== b", arg=[large, before])
    page.wait_for_function("location.search.includes('wide=2.2&tall=2.2')")
    picture = page.get_attribute(large, "src")
    page.reload()
    page.wait_for_selector(large)
    assert page.get_attribute(large, "src") == picture
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.close()
