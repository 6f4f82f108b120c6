"""The Dance tab's handlers, its endpoint, and a look at it in a browser."""

import base64
import io
import re

import numpy as np
import pytest
from gradio_client.exceptions import AppError
from PIL import Image as Pillow
from seen import decoded
from served import serving
from shelf import dancer

from ganzoo.explore.dance import transfer
from ganzoo.gallery.tabs import dance
from ganzoo.zoo import Dancer, Zoo

NAME = "dance-puppets"
PLAIN = {"fit": True, "smooth": True}


@pytest.fixture(scope="module", autouse=True)
def brief():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dance, "FRAMES", 6)
        yield


@pytest.fixture(scope="module")
def shelf(tmp_path_factory):
    folder = tmp_path_factory.mktemp("dance")
    dancer(folder)
    return folder


@pytest.fixture(scope="module")
def zoo(shelf) -> Zoo:
    return Zoo([shelf])


def stills(html: str) -> list[np.ndarray]:
    return [decoded(uri) for uri in re.findall(r'src="(data:image/png[^"]+)"', html)]


def test_the_film_shows_all_three_at_the_same_moment(zoo):
    html = dance.draw_film(zoo, NAME, "pip", 3, **PLAIN)
    wanted = transfer(Dancer(zoo.model(NAME)), "pip", 3, 6).side_by_side()
    np.testing.assert_array_equal(stills(html)[0], wanted[0])
    moving = re.search(r'class="moving" src="data:image/webp;base64,([^"]+)"', html)
    with Pillow.open(io.BytesIO(base64.b64decode(moving[1]))) as film:
        assert (film.n_frames, film.size) == (6, (52 * 12, 16 * 12))
    assert "Pip dances" in html
    assert "where Lola would stand" in html
    assert 'download="dance-puppets-pip3.mp4"' in html


def test_choices_reach_the_film(zoo):
    fitted, raw, single = (
        dance.draw_film(zoo, NAME, "pip", 3, **PLAIN | change)
        for change in ({}, {"fit": False}, {"smooth": False})
    )
    assert len({fitted, raw, single}) == 3
    assert "as they were danced" in raw


def test_the_truth_hangs_beside_what_was_painted(zoo):
    html = dance.draw_truth(zoo, NAME, "pip", 3, **PLAIN)
    made = transfer(Dancer(zoo.model(NAME)), "pip", 3, 6)
    painted, wanted = stills(html)
    np.testing.assert_array_equal(painted, made.painted[3])
    np.testing.assert_array_equal(wanted, made.wanted[3])
    errors = (made.painted.astype(float) - made.wanted) / 255
    psnr = (-10 * np.log10((errors**2).mean((1, 2, 3)))).mean()
    assert f"{psnr:.1f} dB" in html


@pytest.fixture(scope="module")
def served(shelf):
    with serving(shelf) as address:
        yield address


def test_programs_get_the_films_and_how_right_they_are(client):
    done = client.predict(NAME, "pip", 3, True, True, api_name="/let_dance")
    with Pillow.open(done["film"]) as film, Pillow.open(done["painted"]) as painted:
        assert film.n_frames == painted.n_frames == 64
        assert film.size == (52 * 12, 16 * 12)
        assert painted.size == (640, 640)
    assert 0 < done["agreement"] < 60


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ((NAME, "otter", 1, True, True), "Did you mean 'otto'"),
        ((NAME, "otto", 1, "maybe", True), "fit is true or false; got 'maybe'"),
    ],
)
def test_mistakes_are_answered_in_plain_words(client, wrong, sentence):
    with pytest.raises(AppError, match=re.escape(sentence)):
        client.predict(*wrong, api_name="/let_dance")


@pytest.mark.ui
def test_a_look_in_the_browser(browser, served):
    page = browser.new_page(viewport={"width": 360, "height": 800})
    page.set_default_timeout(60_000)
    page.goto(f"{served}?view=dance&seed=7")
    moving = "#view-dance .film .moving"
    page.wait_for_selector(moving)
    before = page.get_attribute(moving, "src")
    page.get_by_role("radio", name="Pip").check()
    page.wait_for_function("([s, b]) => document.querySelector(s).src !== b", arg=[moving, before])
    assert "source=pip" in page.url
    picture = page.get_attribute(moving, "src")
    page.reload()
    page.wait_for_selector(moving)
    assert page.get_attribute(moving, "src") == picture
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.close()
