"""The Walk tab's handlers, its endpoints, and a walk through it in a browser."""

import re

import av
import numpy as np
import pytest
import torch
from gradio_client.exceptions import AppError
from PIL import Image as Pillow
from seen import decoded, near, opened
from shelf import exhibit

from ganzoo import images
from ganzoo.errors import InputError
from ganzoo.gallery import reel, widgets
from ganzoo.gallery.tabs import walk
from ganzoo.zoo import Zoo

NAME = "dcgan-mnist"


@pytest.fixture(scope="module")
def zoo(tmp_path_factory) -> Zoo:
    folder = tmp_path_factory.mktemp("walk")
    for name in (NAME, "cgan-mnist"):
        exhibit(folder, name)
    return Zoo([folder])


def sample(zoo: Zoo, seed: int) -> np.ndarray:
    return images.to_pictures(zoo.model(NAME).sample(seed, 1))[0]


@pytest.mark.parametrize(("alpha", "seed"), [(1.0, 7), (0.0, 8)])
def test_alpha_is_the_share_of_the_first_seed(zoo, alpha, seed):
    for path in walk.PATHS:
        z = walk.point(zoo, NAME, 7, 8, alpha, path)
        assert torch.equal(z, zoo.model(NAME).latents(seed, 1))


def test_the_picture_hangs_between_its_ends(zoo):
    html = walk.draw_between(zoo, NAME, 7, 8, 0.25, "chord", None)
    shown = [decoded(uri) for uri in re.findall(r'<img src="([^"]+)"', html)]
    model = zoo.model(NAME)
    mixed = 0.25 * model.latents(7, 1) + 0.75 * model.latents(8, 1)
    wanted = [sample(zoo, 7), images.to_pictures(model.generate(mixed))[0], sample(zoo, 8)]
    assert all(near(one, two[:, :, 0]) for one, two in zip(shown, wanted, strict=True))
    assert f"{mixed.norm().item() / model.z_dim**0.5:.0%} as long" in html
    assert "0.25 <i>z</i><sub>0</sub> + 0.75 <i>z</i><sub>1</sub>" in html


def test_every_picture_of_the_strip_knows_its_alpha(zoo):
    html = walk.draw_strip(zoo, NAME, 7, 8, 5, "arc", None)
    assert re.findall(r'data-alpha="([^"]+)"', html) == ["1", "0.75", "0.5", "0.25", "0"]
    first, *_, last = (decoded(uri) for uri in re.findall(r'<img src="([^"]+)"', html))
    assert near(first, sample(zoo, 7)[:, :, 0])
    assert near(last, sample(zoo, 8)[:, :, 0])


def test_the_film_comes_back_the_way_it_went(zoo):
    film = walk.frames(zoo, NAME, 7, 8, "arc", (), None)
    assert len(film) == 2 * reel.FRAMES
    assert near(film[0], sample(zoo, 7))
    assert near(film[reel.FRAMES], sample(zoo, 8))
    assert np.array_equal(film[1], film[-1])
    assert not np.array_equal(film[1], film[0])


def test_the_film_passes_its_further_stops(zoo):
    film = walk.frames(zoo, NAME, 7, 8, "arc", (3,), None)
    assert len(film) == 3 * reel.FRAMES
    assert near(film[2 * reel.FRAMES], sample(zoo, 3))


def test_large_pictures_get_shorter_films(zoo, monkeypatch):
    monkeypatch.setattr(reel, "FRAME_PIXELS", 8 * 8 * 5)
    assert len(walk.frames(zoo, NAME, 7, 8, "arc", (), None)) == 10


def test_a_conditional_model_walks_within_one_class(zoo):
    threes = walk.draw_strip(zoo, "cgan-mnist", 7, 8, 3, "arc", 3)
    fives = walk.draw_strip(zoo, "cgan-mnist", 7, 8, 3, "arc", 5)
    assert threes != fives
    model = zoo.model("cgan-mnist")
    wanted = images.to_pictures(model.sample(7, 1, 3))[0]
    assert near(decoded(re.findall(r'<img src="([^"]+)"', threes)[0]), wanted[:, :, 0])
    assert walk.draw_class(zoo, "cgan-mnist", 3)["visible"]
    assert not walk.draw_class(zoo, NAME, 3)["visible"]


def test_a_class_left_from_another_model_is_dropped_but_programs_are_told(zoo):
    plain = walk.draw_strip(zoo, NAME, 7, 8, 3, "arc", None)
    assert walk.draw_strip(zoo, NAME, 7, 8, 3, "arc", 3) == plain
    with pytest.raises(InputError, match="knows no classes"):
        walk.walk_between(zoo, NAME, 7, 8, 3, y=3)
    with pytest.raises(InputError, match="0 to 9"):
        walk.between_seeds(zoo, "cgan-mnist", 7, 8, 0.5, y=10)


def test_the_control_of_further_stops_may_be_empty():
    stops = walk.Stops(name="via", default=(), most=2)
    assert stops.read("") == stops.read(None) == stops.read([]) == ()
    assert stops.read("3, 4") == (3, 4)
    with pytest.raises(InputError, match="1 to 2 seeds"):
        stops.read("3 4 5")


def test_programs_get_strip_and_films(client):
    done = client.predict(NAME, 7, 8, 5, "arc", [3], None, api_name="/walk")
    assert opened(done["strip"]).shape == (8, 5 * 10 - 2)
    assert done["alphas"] == [1, 0.75, 0.5, 0.25, 0]
    with Pillow.open(done["film"]) as film:
        assert film.n_frames == 3 * reel.FRAMES
        assert film.size == (256, 256)
    with av.open(done["mp4"]) as film:
        assert film.streams.video[0].frames == 3 * reel.FRAMES


def test_programs_get_a_picture_on_the_way(client, shelf):
    done = client.predict(model=NAME, start=7, end=8, alpha=0.5, path="chord", api_name="/between")
    assert opened(done["picture"]).shape == (8, 8)
    z = walk.point(Zoo([shelf]), NAME, 7, 8, 0.5, "chord")
    assert done["length"] == pytest.approx(walk.length(z))


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"start": -1}, "start is a whole number from 0 to 4294967295; got -1"),
        ({"alpha": 1.5}, "alpha is a number from 0 to 1; got 1.5"),
        ({"path": "ark"}, "path cannot be 'ark'. Did you mean 'arc'?"),
    ],
)
def test_mistakes_are_answered_in_plain_words(client, wrong, sentence):
    with pytest.raises(AppError) as answer:
        client.predict(model=NAME, **wrong, api_name="/between")
    assert sentence in str(answer.value)


@pytest.mark.ui
def test_a_walk_in_the_browser(browser, served):
    page = browser.new_page(viewport={"width": 360, "height": 800})
    page.set_default_timeout(60_000)
    page.goto(f"{served}?view=walk&model={NAME}&start=7&end=8&alpha=0.5")
    middle = ".between .middle img"
    page.wait_for_selector(".film .moving")
    before = page.get_attribute(middle, "src")
    page.click('[data-alpha="0.25"]')
    page.wait_for_function("([s, b]) => document.querySelector(s).src !== b", arg=[middle, before])
    assert "alpha=0.25" in page.url
    picture = page.get_attribute(middle, "src")
    page.reload()
    page.wait_for_selector(middle)
    assert page.get_attribute(middle, "src") == picture
    page.wait_for_selector(".film .moving")
    assert page.is_visible(".film .moving")
    page.check(".film .stop")
    assert page.is_visible(".film .still")
    assert not page.is_visible(".film .moving")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.get_by_role("button", name="Roll z₁").click()
    page.wait_for_function("new URLSearchParams(location.search).get('end') !== '8'")
    page.close()


def test_pictures_that_must_shrink_are_smoothed_and_others_never():
    from ganzoo.gallery.paint import style

    assert style(32, wide=96, narrow=64) == "--wide:96px;--narrow:64px"
    assert style(128, wide=widgets.TILE) == "--wide:96px;image-rendering:auto"
