"""The Depth tab's handlers, its endpoints, and a look at it in a browser."""

import base64
import io
import re

import numpy as np
import pytest
import torch
from gradio_client.exceptions import AppError
from PIL import Image as Pillow
from seen import near, opened, shown
from served import serving
from shelf import exhibit, mirror

from ganzoo import images
from ganzoo.errors import BundleError
from ganzoo.gallery import inverting
from ganzoo.gallery.tabs import depth
from ganzoo.zoo import Inverter, Zoo

NAME = "semantic_pyramid-cifar10"


@pytest.fixture(scope="module")
def shelf(tmp_path_factory):
    folder = tmp_path_factory.mktemp("depth")
    mirror(folder)
    exhibit(folder, "dcgan-mnist")  # who paints pictures to begin with
    return folder


@pytest.fixture(scope="module")
def zoo(shelf) -> Zoo:
    return Zoo([shelf])


@pytest.fixture(scope="module")
def inverter(zoo) -> Inverter:
    return Inverter.of(zoo, NAME)


def test_the_picture_hangs_beside_what_is_left_of_it(zoo, inverter):
    image = inverting.original(zoo, NAME, "3")
    first, *rest = shown(depth.draw_left(zoo, NAME, "3", 1, 5))
    assert near(first, images.to_pictures(image))
    wanted = images.to_pictures(inverter.invert(image, 1, 5, depth.SHOWN))
    assert all(near(one, other) for one, other in zip(rest, wanted, strict=True))


def test_pictures_are_a_painters_of_the_same_data(zoo):
    painter = zoo.model("dcgan-mnist")
    torch.testing.assert_close(
        inverting.original(zoo, NAME, "3"), painter.sample(3, 1), atol=0.01, rtol=0
    )
    offered = depth.draw_offers(zoo, NAME, "3")
    assert offered["value"] == "3"
    assert "dcgan-mnist" in offered["heading"]


def test_every_depth_has_a_row_and_the_one_looked_at_is_marked(zoo):
    html = depth.draw_descent(zoo, NAME, "3", 2, 5)
    rows = html.split('<div class="level"')[1:]
    assert ["aria-current" in row for row in rows] == [False, False, True, False]
    assert all(len(shown(row)) == inverting.ROW for row in rows)
    assert "36 numbers, 4 at each of 3 × 3 places" in rows[0]
    assert "4 numbers, no places" in rows[2]


def test_a_depth_beyond_the_last_is_the_last(zoo):
    assert "10 numbers" in depth.draw_left(zoo, NAME, "3", 9, 5)


def test_a_classifier_that_is_not_here_is_named(tmp_path):
    mirror(tmp_path)
    (tmp_path / "cnn-cifar10" / "config.json").unlink()
    with pytest.raises(BundleError, match="the eyes of cnn-cifar10, and that bundle is not here"):
        depth.draw_left(Zoo([tmp_path]), NAME, "3", 1, 5)


def test_as_many_depths_as_there_are(zoo):
    assert depth.draw_reach(zoo, NAME)["maximum"] == 3


@pytest.fixture(scope="module")
def served(shelf):
    with serving(shelf) as address:
        yield address


def test_programs_get_pictures_and_their_names(client, zoo, inverter):
    done = client.predict(NAME, "3", 1, 7, 2, api_name="/invert")
    image = inverting.original(zoo, NAME, "3")
    made = inverter.invert(image, 1, 7, 2)
    assert near(opened(done["known"]), images.to_pictures(image)[0])
    for file, wanted in zip(done["pictures"], images.to_pictures(made), strict=True):
        assert near(opened(file), wanted)
    assert done["said"] == [str(int(one)) for one in inverter.look(made)[-1].argmax(1)]


def test_programs_may_bring_a_picture(client):
    picture = np.arange(0, 256, 4, dtype=np.uint8).reshape(8, 8)
    file = io.BytesIO()
    Pillow.fromarray(picture).save(file, "PNG")
    brought = base64.urlsafe_b64encode(file.getvalue()).decode()
    done = client.predict(NAME, brought, 1, 1, 2, api_name="/invert")
    assert near(opened(done["known"]), picture)
    assert len(done["pictures"]) == 2


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ((NAME, "3", 99, 1, 2), "level is a whole number from 0 to 31; got 99"),
        ((NAME, "3", 7, 1, 2), "a level is 0 to 3; got 7"),
        ((NAME, "3", 1, 1, 99), "count is a whole number from 1 to 32; got 99"),
        ((NAME, "a cat", 1, 1, 2), "picture is a seed, or a PNG in base64"),
        (("semantic", "3", 1, 1, 2), "there is no model 'semantic' here"),
    ],
)
def test_mistakes_are_answered_in_plain_words(client, wrong, sentence):
    with pytest.raises(AppError, match=re.escape(sentence)):
        client.predict(*wrong, api_name="/invert")


@pytest.mark.ui
def test_a_look_in_the_browser(browser, served):
    page = browser.new_page(viewport={"width": 360, "height": 800})
    page.set_default_timeout(60_000)
    page.goto(f"{served}?view=depth&picture=3&level=0")
    page.wait_for_selector("#view-depth .still img")
    page.wait_for_selector("#view-depth .depths .level[aria-current] img")
    before = page.get_attribute("#view-depth .still img", "src")
    page.locator("#view-depth .depths [data-level='3']").click()
    changed = "([s, b]) => document.querySelector(s).src !== b"
    page.wait_for_function(changed, arg=["#view-depth .still img", before])
    page.wait_for_function("location.search.includes('level=3')")
    now = page.get_attribute("#view-depth .still img", "src")
    page.reload()
    page.wait_for_selector("#view-depth .still img")
    assert page.get_attribute("#view-depth .still img", "src") == now
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.close()
