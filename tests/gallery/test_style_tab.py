"""The Style mixing tab's handlers, its endpoints, and a walk through it in a browser."""

import re
from collections.abc import Iterator

import numpy as np
import pytest
from gradio_client.exceptions import AppError
from PIL import Image as Pillow
from seen import near, opened
from served import serving
from shelf import exhibit

from ganzoo import bundle, images
from ganzoo.errors import InputError, UnknownNameError
from ganzoo.gallery import mixed, mixing, moving, reel, strata
from ganzoo.gallery.tabs import style
from ganzoo.zoo import Zoo

NAME, MOVER = "stylegan2-fashion", "stylegan3-fashion"
A, B = (3, 4), (7, 8, 9)


def noisy(found: bundle.Bundle) -> None:
    """Noise that has learned to matter."""
    network = found.network()
    for module in network.modules():
        if hasattr(module, "strength"):
            module.strength.fill_(0.3)
    players = {"generator": network, "discriminator": found.network("discriminator")}
    bundle.write(found.folder, found.recipe, players, classes=found.config.classes)


@pytest.fixture(scope="module")
def shelf(tmp_path_factory):
    folder = tmp_path_factory.mktemp("styles")
    noisy(exhibit(folder, NAME))
    exhibit(folder, MOVER, "options.image_size=16", "data.size=16")  # what is turned needs room
    return folder


@pytest.fixture(scope="module")
def zoo(shelf) -> Zoo:
    return Zoo([shelf])


def sample(zoo: Zoo, seed: int) -> np.ndarray:
    model = zoo.model(NAME)
    return images.to_pictures(model.sample(seed, 1, 0))[0]


def test_sources_are_the_seeds_own_pictures_and_all_layers_of_b_are_b(zoo):
    every = tuple(range(len(mixing.stylist(zoo, NAME).sides)))
    grid = mixing.paint_grid(zoo, NAME, A, B, every, 1.0, None)
    assert (len(grid.rows), len(grid.columns), len(grid.cells)) == (2, 3, 6)
    assert all(near(picture, sample(zoo, seed)) for picture, seed in zip(grid.rows, A, strict=True))
    for k, picture in enumerate(grid.cells):
        assert near(picture, grid.columns[k % 3])
    coarse = mixing.paint_grid(zoo, NAME, A, B, "coarse", 1.0, None)
    assert not near(coarse.cells[0], coarse.columns[0])
    assert not near(coarse.cells[0], coarse.rows[0])


def test_psi_zero_leaves_one_picture(zoo):
    grid = mixing.paint_grid(zoo, NAME, A, B, "fine", 0.0, None)
    assert all(near(picture, grid.rows[0]) for picture in (*grid.columns, *grid.cells))


def test_the_large_picture_is_the_picked_cell(zoo):
    html = style.draw_cell(zoo, NAME, A, B, "coarse", 0.7, None, 4)
    assert "A 4 × B 8" in html
    assert "coarse layers (4 pixels) from B’s seed 8" in html
    assert "A 4 × B 9" in style.draw_cell(zoo, NAME, A, B, "coarse", 0.7, None, 47)
    shown = style.draw_grid(zoo, NAME, A, B, "coarse", 0.7, None, 47)
    assert shown["value"] == 5
    assert (len(shown["rows"]), len(shown["columns"]), len(shown["cells"])) == (2, 3, 6)


def test_noise_strays_where_it_is_added(zoo):
    artist = mixing.stylist(zoo, NAME)
    w = mixing.styles(artist, (3,), 0.7, None)
    strays = mixing.stray(artist, w, 5, 4)
    assert len(strays.pictures) == 4
    assert not near(strays.pictures[0], strays.pictures[1])
    assert strays.map.max() == 255
    assert strays.farthest > 1
    html = style.draw_noise(zoo, NAME, A, B, "coarse", 0.7, None, 0, 5)
    assert re.findall(r'alt="Noise (\d+)"', html) == ["5", "6", "7", "8", "9"]
    assert "takes no noise" in style.draw_noise(zoo, MOVER, A, B, "coarse", 0.7, None, 0, 5)
    assert [one["visible"] for one in style.draw_rolls(zoo, MOVER)] == [False, False]
    assert [one["visible"] for one in style.draw_rolls(zoo, NAME)] == [True, True]
    with pytest.raises(InputError, match=f"{MOVER} takes no noise"):
        mixed.vary_noise(zoo, MOVER)


def test_the_film_passes_every_style_of_a_and_keeps_bs_layers(zoo):
    artist = mixing.stylist(zoo, NAME)
    film = mixing.frames(artist, A, 7, "coarse", 0.7, None)
    assert len(film) == len(A) * reel.FRAMES
    grid = mixing.paint_grid(zoo, NAME, A, (7,), "coarse", 0.7, None)
    assert near(film[0], grid.cells[0])
    assert near(film[reel.FRAMES], grid.cells[1])


def test_a_picture_is_moved_beside_a_network_that_cannot(zoo):
    assert moving.pair(zoo, NAME) == moving.pair(zoo, MOVER) == (MOVER, NAME)
    html = moving.draw_moved(zoo, NAME, A, 0.7, None, 0.1, 0.0, 0.0)
    assert re.search(r"agrees to -?\d+ dB", html)
    turned = moving.draw_moved(zoo, NAME, A, 0.7, None, 0.0, 0.0, 5.0)
    assert re.search(r"moved and turned as far, it agrees to -?\d+ dB", turned)
    assert "Of many pictures" not in turned
    assert "Nothing is left of what both pictures show" in moving._agreed(None, 45.0)
    assert moving.draw_slits(zoo, NAME, A, 0.7, None).count("<img") == 2
    with pytest.raises(InputError, match=f"the input of {NAME} cannot be moved"):
        moving.move_picture(zoo, NAME)


def test_what_was_measured_of_many_pictures_stands_below(zoo):
    found = zoo.bundle(MOVER)
    names = {"eq_t_10k": 61.24, "eq_t_frac_10k": 44.0, "eq_r_10k": 12.0, "eq_t": 1.0}
    told = [bundle.Score(name=name, value=value, better="higher") for name, value in names.items()]
    assert not list(moving._measured(found))
    changed = found.config.model_copy(update={"metrics": (*found.config.metrics, *told)})
    assert list(moving._measured(bundle.Bundle(found.folder, changed))) == [
        "Of many pictures: moved 61.2 dB, by parts of a pixel 44.0 dB, turned 12.0 dB."
    ]


def test_a_still_picture_agrees_with_itself(zoo):
    artist = mixing.stylist(zoo, MOVER)
    w = mixing.styles(artist, (3,), 0.7, None)
    shown = mixing.move(artist, w, 0, 0, 0)
    assert near(shown.still, shown.moved)
    assert shown.agreement is not None
    assert shown.agreement > 40


@pytest.mark.parametrize(
    ("given", "read"),
    [("coarse", "coarse"), ("4,1", (1, 4)), (["2", 2], (2,)), ([0], (0,))],
)
def test_layers_stand_in_an_address(given, read):
    control = strata.Layers()
    assert control.read(given) == read
    assert control.read(control.write(read)) == read


@pytest.mark.parametrize("wrong", ["", [], None, ",", "1,x", "-1", "34", 5, list(range(35))])
def test_wrong_layers_are_quoted(wrong):
    with pytest.raises(InputError, match="layer"):
        strata.Layers().read(wrong)


def test_a_group_that_is_not_there_is_corrected():
    with pytest.raises(UnknownNameError, match=r"cannot be 'corse'. Did you mean 'coarse'"):
        strata.Layers().read("corse")


def test_layers_left_over_from_a_larger_network_are_let_go(zoo):
    assert style.draw_layers(zoo, NAME, (2, 7))["value"] == "2"
    assert style.draw_layers(zoo, NAME, (7,))["value"] == "coarse"
    one, other = (style.draw_cell(zoo, NAME, A, B, k, 1.0, None, 0) for k in ((2, 7), (2,)))
    assert one == other


def test_an_address_with_layers_of_a_larger_network_is_told_so(zoo):
    with pytest.raises(InputError, match=r"a whole number from 0 to 3; got '7'"):
        style.bound_layers(zoo, NAME).read("7")


@pytest.fixture(scope="module")
def served(shelf) -> Iterator[str]:
    with serving(shelf) as address:
        yield address


def test_programs_mix(client, zoo):
    done = client.predict(NAME, list(A), list(B), "fine", 0.5, None, api_name="/mix")
    sheet = opened(done["sheet"])
    assert sheet.shape == (3 * 10 - 2, 4 * 10 - 2)
    grid = mixing.paint_grid(zoo, NAME, A, B, "fine", 0.5, None)
    assert near(sheet[10:18, 20:28], grid.cells[1][:, :, 0])
    assert near(sheet[20:28, :8], grid.rows[1][:, :, 0])
    assert (done["layers"], done["sides"]) == ([3], [4, 8, 8, 8])
    assert client.predict(NAME, layers=[0, 2], api_name="/mix")["layers"] == [0, 2]


def test_programs_vary_walk_and_move(client):
    strays = client.predict(NAME, 3, 5, api_name="/noise")
    assert opened(strays["sheet"]).shape == (8, 5 * 10 - 2)
    assert strays["noises"] == [5, 6, 7, 8, 9]
    assert opened(strays["map"]).max() == 255
    film = client.predict(NAME, [1, 2], 7, api_name="/style_walk")
    with Pillow.open(film["film"]) as frames:
        assert frames.n_frames == 2 * reel.FRAMES
    done = client.predict(MOVER, 3, 0.0, 0.0, api_name="/move_input")
    assert np.array_equal(opened(done["still"]), opened(done["moved"]))


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"psi": "much"}, "psi is a number from -1 to 1.5; got 'much'"),
        ({"psi": "nan"}, "psi is a number from -1 to 1.5; got 'nan'"),
        ({"layers": []}, "layers are coarse, middle, fine, or at least one number"),
        ({"layers": [9]}, "a layer is 0 to 3; got 9"),
        ({"layers": "corase"}, "layers cannot be 'corase'. Did you mean 'coarse'?"),
        ({"a": []}, "a is 1 to 6 seeds"),
        ({"y": 10}, "a class is 0 to 9; got 10"),
    ],
)
def test_mistakes_are_answered_in_plain_words(client, wrong, sentence):
    with pytest.raises(AppError) as answer:
        client.predict(model=NAME, **wrong, api_name="/mix")
    assert sentence in str(answer.value)


@pytest.mark.ui
def test_mixing_in_the_browser(browser, served):
    page = browser.new_page(viewport={"width": 360, "height": 800})
    page.set_default_timeout(60_000)
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(f"{served}?view=style&model={NAME}&a=3,4&b=7,8,9&psi=1&layers=nine")
    large = "#view-style figure.large img"
    page.wait_for_selector(large)
    assert "Layers cannot be 'nine'. Did you mean 'fine'?" in page.inner_text("#view-style .notice")
    assert page.locator(".crossing .tile").count() == 6

    def after(act) -> str:
        before = page.get_attribute(large, "src")
        act()
        page.wait_for_function(
            "([s, b]) => document.querySelector(s).src !== b", arg=[large, before]
        )
        return page.get_attribute(large, "src")

    after(lambda: page.click(".strata [data-pick=fine]"))
    assert "layers=fine" in page.url
    assert page.locator(".each [aria-pressed=true]").count() == 1
    after(lambda: page.click('.strata [data-layer="0"]'))
    page.wait_for_function("location.search.includes('layers=0%2C3')")
    after(lambda: page.click(".crossing .tile >> nth=4"))
    assert page.inner_text("figure.large h3") == "A 4 × B 8"
    picked = after(lambda: page.keyboard.press("ArrowUp"))
    assert page.inner_text("figure.large h3") == "A 3 × B 8"
    page.reload()
    page.wait_for_selector(large)
    assert page.get_attribute(large, "src") == picked
    page.wait_for_selector(".film .moving")
    assert page.locator(".strays img").count() == 6
    assert page.locator(".slits img").count() == 2
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    with page.expect_download() as grid:
        page.get_by_role("button", name="Download the grid").click()
    assert opened(grid.value.path()).shape[:2] == (3 * 10 - 2, 4 * 10 - 2)
    after(lambda: page.get_by_role("button", name="Roll A").click())
    assert page.get_by_label("Seeds of A, the rows").input_value().count(",") == 1
    page.focus('.strata [data-layer="3"]')
    page.keyboard.press("Space")
    page.wait_for_function("!location.search.includes('layers=0%2C3')")
    page.click('.strata [data-layer="0"]')
    page.wait_for_selector("#view-style .notice >> text=at least one number")
    assert faults == []
    page.close()
