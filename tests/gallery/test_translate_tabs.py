"""Draw, Photo, There and back: their handlers, their endpoints, and a visitor's pencil."""

import base64
import io
import json
import re
from pathlib import Path

import numpy as np
import pytest
from gradio_client import Client
from gradio_client.exceptions import AppError
from odd_pictures import ODD, REFUSED
from PIL import Image as Pillow
from shelf import hang

from ganzoo import bundle
from ganzoo.data import sources
from ganzoo.errors import InputError, UnknownNameError
from ganzoo.explore.translate import translated
from ganzoo.gallery import examples, translating, widgets
from ganzoo.gallery.app import shown
from ganzoo.gallery.tabs import draw, photo, there_and_back
from ganzoo.latents import SEED_LIMIT
from ganzoo.zoo import Zoo

PAIRS, CYCLE = "pix2pix-edges2cats", "cyclegan-noto2fluent"


@pytest.fixture
def page(browser):
    page = browser.new_page()
    page.set_default_timeout(60_000)
    yield page
    page.close()


@pytest.fixture(scope="module")
def halls(tmp_path_factory) -> Path:
    """Tiny translators that say of themselves what the large ones do."""
    folder = tmp_path_factory.mktemp("translators")
    for name, data, options in (
        (PAIRS, "cat_edges", ["options.output_channels=3"]),
        ("pix2pix-facades", "facade_labels", ["options.z_dim=2"]),
        ("pix2pix-lineart2emoji", "emoji_lineart", []),
        (CYCLE, "noto_fluent", []),
    ):
        wide = [] if name == PAIRS else ["options.input_channels=3", "options.output_channels=3"]
        made = hang(folder, name, *options, *wide, f"data.name={data}", "data.channels=3")
        assert bundle.load(made.folder).abilities >= {"translate"}
    return folder


@pytest.fixture
def zoo(halls) -> Zoo:
    return Zoo([halls])


def address(picture: np.ndarray) -> str:
    return widgets.png(picture)


def test_the_room_opens_when_a_translator_is_there(zoo, tmp_path):
    assert [name for name in shown(zoo) if name in ("draw", "photo", "there_and_back")] == [
        "draw", "photo", "there_and_back",
    ]  # fmt: skip
    hang(tmp_path / "other", "pix2pix-facades")
    assert "there_and_back" not in shown(Zoo([tmp_path / "other"]))


def test_every_model_has_examples_of_its_own_kind(zoo):
    edges = examples.of(zoo.model(PAIRS))
    assert [one.kind for one in edges] == ["drawing", "drawing", "drawing", "photo"]
    facade = examples.of(zoo.model("pix2pix-facades"))[0].picture
    palette = set(sources["facade_labels"].given.palette.values())
    assert {tuple(colour) for colour in facade.reshape(-1, 3)} <= palette
    there, back = (examples.of(zoo.model(CYCLE), back) for back in (False, True))
    assert [one.name for one in there] == [one.name for one in back]
    assert (there[0].picture != back[0].picture).any()
    with pytest.raises(UnknownNameError, match="Did you mean 'kitten'"):
        examples.named(zoo.model(PAIRS), "kiten")


def test_tools_say_what_may_be_drawn(zoo):
    facade = draw.draw_tools(zoo, "pix2pix-facades", 1)
    assert 'data-named="true"' in facade
    assert 'data-name="window"' in facade
    assert "rgb(0, 127, 255)" in facade
    assert 'data-kind="edges"' in draw.draw_tools(zoo, PAIRS, 0)
    assert draw.draw_tools(zoo, PAIRS, 0) != draw.draw_tools(zoo, PAIRS, 1)


def test_a_drawing_is_answered_over_what_it_was_made_from(zoo):
    sheet = np.full((64, 64, 3), 255, np.uint8)
    sheet[30:34] = 0
    html = draw.answer(zoo, address(sheet), PAIRS, 0)
    assert html.count("data:image/png") == 4  # two pictures, each also to take home
    assert "ms" in html
    assert "alert" in draw.answer(zoo, "data:image/png;base64,AAAA", PAIRS, 0)
    assert draw.answer(zoo, "", PAIRS, 0) == ""


def test_a_photograph_is_prepared_and_shown_so(zoo):
    html = photo.draw_translation(zoo, PAIRS, 0, 3, False, None)
    assert "Left as it came" in html
    assert "Swipe to the edges" in html
    assert "Left as it came" not in photo.draw_translation(zoo, CYCLE, 0, 0, False, None)


def test_what_is_brought_comes_before_the_example(zoo, uploads):
    Pillow.new("RGB", (40, 20), "teal").save(uploads / "mine.png")
    mine = photo.draw_translation(zoo, CYCLE, 0, 0, False, str(uploads / "mine.png"))
    assert mine != photo.draw_translation(zoo, CYCLE, 0, 0, False, None)


@pytest.mark.parametrize("path", ["uploads/none.png", "uploads", "mine.png", "uploads/link.png",
                                  "uploads/../mine.png", "nul\0.png"])  # fmt: skip
def test_nothing_but_an_upload_is_read_or_told_from_nothing(zoo, uploads, path):
    """A browser may name any file of the server's as what it has just brought."""
    root = uploads.parent
    Pillow.new("RGB", (40, 20), "teal").save(root / "mine.png")
    (uploads / "link.png").symlink_to(root / "mine.png")
    with pytest.raises(InputError, match="This file is gone: bring it once more"):
        photo.draw_translation(zoo, CYCLE, 0, 0, False, str(root / path))


@pytest.mark.parametrize("address", ["data:image/png;base64,é", "data:image/png;base64,a", 5, None])
def test_what_is_no_address_of_a_picture_is_refused(address):
    with pytest.raises(InputError, match=r"damaged|is no text"):
        translating.decoded(address)


def test_several_answers_only_where_there_are_several(zoo):
    html = photo.draw_answers(zoo, "pix2pix-facades", 3, 0, False, None)
    uris = re.findall(r'src="(data:[^"]+)"', html)
    assert len(set(uris)) == photo.ANSWERS
    assert "one answer" in photo.draw_answers(zoo, CYCLE, 0, 0, False, None)


def test_the_slider_walks_from_one_answer_to_the_next(zoo):
    latent, without = zoo.model("pix2pix-facades"), zoo.model("pix2pix-lineart2emoji")
    start = np.random.default_rng(0).integers(0, 256, (8, 8, 3), np.uint8)
    here, halfway, there = (translated(latent, start, 3, towards=t) for t in (0.0, 0.5, 1.0))
    assert (here == translated(latent, start, 3)).all()
    assert np.abs(there.astype(int) - translated(latent, start, 4)).max() <= 1
    assert (halfway != here).any()
    assert (halfway != there).any()
    still = translated(without, start, towards=0.5)
    assert (still == translated(without, start)).all()
    assert photo.draw_choices(zoo, "pix2pix-facades")[-1]["visible"]
    assert not photo.draw_choices(zoo, "pix2pix-lineart2emoji")[-1]["visible"]
    walked = [
        photo.draw_translation(zoo, "pix2pix-facades", 3, 0, False, None, t) for t in (0.0, 1.0)
    ]
    assert walked[0] != walked[1]


def test_after_the_last_seed_the_first_answer_comes(zoo):
    last = SEED_LIMIT - 1
    html = photo.draw_answers(zoo, "pix2pix-facades", last, 0, False, None)
    assert re.findall(r'alt="Answer (\d+)"', html) == [str(last), "1", "2", "3"]


def test_a_strip_is_not_enlarged_beyond_bounds(zoo):
    strip = np.full((1, 5, 3), 255, np.uint8)
    assert "This drawing is 5 x 1 pixels: at most 4 times as long as wide" in draw.answer(
        zoo, address(strip), PAIRS, 0
    )
    assert "alert" not in draw.answer(zoo, address(strip[:, :4]), PAIRS, 0)


@pytest.mark.parametrize("back", [False, True])
def test_the_journey_shows_four_steps_and_measures_what_got_lost(zoo, back):
    html = there_and_back.draw_journey(zoo, CYCLE, back, 2, None)
    assert html.count("<figure") == 4
    start = np.zeros((8, 8, 3), np.uint8)
    done = there_and_back.Journey(start, start, start + 51)
    assert done.error == pytest.approx(0.2)
    assert (done.lost == 255 - 204).all()
    here, there = there_and_back.worlds(zoo.model(CYCLE))
    assert (here, there) == ("Noto emoji", "Fluent emoji")


@pytest.mark.parametrize("name", ODD)
def test_odd_pictures_are_taken_in_every_view(zoo, uploads, name):
    path = ODD[name](uploads)
    assert "<figure" in photo.draw_translation(zoo, PAIRS, 0, 0, False, str(path))
    assert "<figure" in there_and_back.draw_journey(zoo, CYCLE, False, 0, str(path))


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_picture_is_refused_in_a_sentence(zoo, uploads, name):
    make, said = REFUSED[name]
    with pytest.raises(InputError, match=said):
        photo.draw_translation(zoo, PAIRS, 0, 0, False, str(make(uploads)))


def test_addresses_of_pictures_are_checked():
    for wrong in ("hello", "data:text/plain;base64,AAAA", "data:image/png;base64,?"):
        with pytest.raises(InputError):
            translating.decoded(wrong)
    memory = io.BytesIO()
    Pillow.new("RGB", (4, 4), "red").save(memory, "JPEG")
    said = "data:image/jpeg;base64," + base64.b64encode(memory.getvalue()).decode()
    assert translating.decoded(said).shape == (4, 4, 3)


@pytest.fixture(scope="module")
def home(halls):
    from served import serving

    with serving(halls) as address:
        yield address


@pytest.mark.ui
def test_programs_translate(home):
    client = Client(home, verbose=False)
    sheet = np.full((64, 64, 3), 255, np.uint8)
    drawn = client.predict(address(sheet), PAIRS, api_name="/translate_drawing")
    with Pillow.open(drawn["made"]) as made:
        assert made.size == (8, 8)
    taken = client.predict(PAIRS, "photograph", api_name="/translate_photo")
    with Pillow.open(taken["given"]) as start:
        assert start.mode == "L"
    went = client.predict(CYCLE, "crab", True, api_name="/there_and_back")
    assert 0 < went["cycle_error"] < 1
    for arguments, said in (
        ((PAIRS, "crap"), "no example 'crap'"),
        ((PAIRS, "data:image/png;base64,AAAA"), "cannot be read"),
    ):
        with pytest.raises(AppError, match=said):
            client.predict(*arguments, api_name="/translate_photo")
    with pytest.raises(AppError, match="This drawing is no text, but dict"):
        client.predict({}, PAIRS, api_name="/translate_drawing")


@pytest.mark.ui
def test_the_address_keeps_which_answer_and_a_wrong_one_is_a_sentence(browser, home):
    page = browser.new_page()
    page.set_default_timeout(60_000)
    page.goto(f"{home}?view=draw&model=pix2pix-facades")
    made = "#view-draw .swipe .made"
    page.wait_for_selector(made)
    page.wait_for_selector("#view-draw .foot .cost")
    before = page.get_attribute(made, "src")
    answer = page.locator("#view-draw").get_by_label("Seed of the answer")
    answer.fill("-3")
    page.wait_for_selector("#view-draw .notice >> text=got -3")
    assert page.get_attribute(made, "src") == before  # the last good picture stays on the wall
    answer.fill("7")
    page.wait_for_function("location.search.includes('seed=7')")
    page.wait_for_function(
        "([made, before]) => document.querySelector(made).src !== before", arg=[made, before]
    )
    for view in ("draw", "photo"):  # and whoever is sent the link finds the same answer
        page.goto(f"{home}?view={view}&model=pix2pix-facades&seed=7&towards=0.4")
        page.wait_for_selector(f"#view-{view} .swipe .made")
        room = page.locator(f"#view-{view}")
        assert room.get_by_label("Seed of the answer").input_value() == "7"
        assert room.get_by_role("slider", name="On the way").input_value() == "0.4"
    page.close()


@pytest.mark.ui
def test_the_keyboard_draws_too(page, home):
    page.goto(f"{home}?view=draw&model={PAIRS}")
    page.wait_for_selector("#view-draw .swipe .made")
    page.get_by_role("button", name="Clear").click()
    strokes = "document.querySelector('.easel canvas').toDataURL()"
    blank = page.evaluate(strokes)
    page.locator(".easel canvas").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowDown")
    assert page.evaluate(strokes) == blank  # the pencil is not on the paper yet
    assert page.locator(".pencil").is_visible()
    page.keyboard.press("Space")
    for _ in range(4):
        page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Space")
    drawn = page.evaluate(strokes)
    inked = """[...document.querySelector('.easel canvas').getContext('2d')
      .getImageData(0, 288, 512, 1).data].filter((v, i) => i % 4 === 0 && v < 128).length"""
    assert page.evaluate(inked) >= 128  # a line a quarter of the paper long, not a dot
    page.keyboard.press("ArrowDown")
    assert page.evaluate(strokes) == drawn
    page.keyboard.press("Control+z")
    assert page.evaluate(strokes) == blank
    page.keyboard.press("Tab")
    assert page.locator(".pencil").is_hidden()


@pytest.mark.ui
def test_a_visitor_draws_undoes_and_changes_the_model(browser, home):
    page = browser.new_page()
    page.set_default_timeout(60_000)
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(f"{home}?view=draw&model={PAIRS}")
    made = "#view-draw .swipe .made"
    page.wait_for_selector(made)
    strokes = "document.querySelector('.easel canvas').toDataURL()"
    begun = page.evaluate(strokes)
    canvas = page.locator(".easel canvas")
    box = canvas.bounding_box()
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + 300, box["y"] + 250, steps=4)
    page.mouse.up()
    drawn = page.evaluate(strokes)
    assert drawn != begun
    page.get_by_role("button", name="Undo").click()
    assert page.evaluate(strokes) == begun
    page.get_by_role("button", name="Redo").click()
    assert page.evaluate(strokes) == drawn
    for name in ("Clear", "Another drawing to start from"):
        page.get_by_role("button", name=name).click()
        page.wait_for_function(f"{strokes} !== {json.dumps(drawn)}")
        canvas.press("Control+z")
        assert page.evaluate(strokes) == drawn
    page.locator(".swipe input").fill("60")
    assert page.evaluate("getComputedStyle(document.querySelector('.swipe .given')).clipPath") != (
        "inset(0px 100% 0px 0px)"
    )
    page.get_by_label("Model").click()
    page.get_by_role("option", name="pix2pix-lineart2emoji").click()
    page.wait_for_function("document.querySelector('.wants').dataset.kind === 'line art'")
    assert page.evaluate("ganzoo !== undefined")
    kept = page.evaluate(strokes)
    page.get_by_role("button", name="Clear").click()
    assert page.evaluate(strokes) not in (kept, begun)
    assert faults == []
    page.close()


@pytest.mark.ui
def test_a_button_says_that_it_was_pressed_until_its_answer_is_there(page, home):
    page.goto(f"{home}?view=photo&model=pix2pix-facades")
    page.wait_for_selector("#view-photo .swipe .made")
    button = page.get_by_role("button", name="Show four answers")
    assert button.get_attribute("aria-busy") is None
    page.evaluate("""() => { window.said = []; new MutationObserver((all) =>
      all.forEach(({ target }) => said.push(target.getAttribute("aria-busy")))).observe(
      document.body, { subtree: true, attributeFilter: ["aria-busy"] }); }""")
    button.click()
    page.wait_for_function("said.at(-1) === 'false'")
    assert page.evaluate("said") == ["true", "false"]
