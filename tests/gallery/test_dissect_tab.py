"""The Dissect tab: its handlers, the cells that are painted, its endpoints, and a walk."""

import numpy as np
import pytest
from gradio_client import Client
from gradio_client.exceptions import AppError
from PIL import Image as Pillow
from served import serving
from shelf import exhibit, hang

from ganzoo import bundle, images
from ganzoo.errors import InputError, UnknownNameError
from ganzoo.evaluation.dissection import dissection
from ganzoo.gallery.cells import Cells, places
from ganzoo.gallery.dissecting import looks
from ganzoo.gallery.tabs import dissect as tab
from ganzoo.zoo import Zoo

NAME = "dcgan-mnist"


@pytest.fixture(scope="module")
def shelf(tmp_path_factory):
    folder = tmp_path_factory.mktemp("dissected")
    generator, segmenter = exhibit(folder, NAME), hang(folder, "unet-facades")
    bundle.rewrite(generator, dissection=dissection(generator, segmenter, "4x4", 16))
    exhibit(folder, "cgan-mnist")
    return folder


@pytest.fixture(scope="module")
def zoo(shelf):
    return Zoo([shelf])


@pytest.fixture
def concept(zoo):
    """The most frequent one."""
    return looks.concepts(looks.known(zoo, NAME))[0]


def test_only_what_was_dissected_is_shown(zoo):
    assert zoo.names(*tab.ENTRY.needs) == [NAME]


def test_nothing_set_nothing_changes(zoo, concept):
    place = looks.number(looks.known(zoo, NAME), concept)
    done = looks.operate(zoo, NAME, 5, place, 4, False, ())
    assert np.array_equal(done.before.picture, done.after.picture)
    assert (done.changed == 255).all()
    plain = images.to_pictures(zoo.model(NAME).sample(5, 1))[0]
    assert np.abs(done.before.picture.astype(int) - plain).max() <= 2


def test_units_are_set_off_and_in_the_painted_cells_on(zoo, concept):
    found = looks.known(zoo, NAME)
    place = looks.number(found, concept)
    done = looks.operate(zoo, NAME, 5, place, 2, True, (0, 1), 2.0)
    first = done.units[0]
    units = done.after.units[0, first].flatten()
    assert units[:2].tolist() == pytest.approx([2 * found.means[place][first]] * 2)
    assert not units[2:].any()
    assert not np.array_equal(done.before.picture, done.after.picture)


def test_the_view_shows_three_pictures_and_both_by_name(zoo, concept):
    before, after, changed, named = tab.draw_operation(zoo, NAME, 5, concept, 4, True, (3,), 1.0)
    assert before.count("<img") == changed.count("<img") == 1
    assert after["value"] == "3"
    assert after["side"] == 4
    assert f"4 best units of {concept} are off" in after["caption"]
    assert named.count("<img") == 2
    assert named.count('aria-current="true"') == 1


def test_the_best_units_are_listed_with_their_agreement(zoo, concept):
    strip, large = tab.draw_units(zoo, NAME, 5, concept, 1)
    assert strip["agreements"] == sorted(strip["agreements"], reverse=True)
    assert len(strip["pictures"]) == len(strip["names"]) == 4
    assert strip["names"][1].replace("unit", "Unit") in large


def test_a_unit_lights_what_is_above_its_threshold(zoo):
    seen = looks.look(zoo, NAME, 5)
    bright = seen.picture.astype(float)
    assert np.array_equal(looks.lit(seen, 0, -1e9), seen.picture)
    np.testing.assert_array_equal(
        looks.lit(seen, 0, 1e9), (bright * looks.DIM).round().astype(np.uint8)
    )


def test_averages_come_with_their_protocol(zoo, concept):
    said = tab.draw_measured(zoo, NAME, concept, 4)
    assert concept in said
    assert "information quality ratio" in said


def test_a_concept_left_over_from_another_model_is_its_most_frequent_one(zoo, concept):
    choice, slider = tab.draw_choices(zoo, NAME, "balcony", 50)
    assert choice["value"] == concept
    assert slider["maximum"] == slider["value"] == 4


def test_programs_are_told_of_what_is_not_there(zoo):
    with pytest.raises(UnknownNameError, match="no concept 'windw' here"):
        tab.dissect_picture(zoo, NAME, concept="windw")
    with pytest.raises(InputError, match="nobody dissected cgan-mnist"):
        looks.known(zoo, "cgan-mnist")


def test_without_its_segmenter_it_says_so(zoo, tmp_path):
    known = zoo.bundle(NAME)
    lonely = bundle.rewrite(exhibit(tmp_path, NAME), dissection=known.config.dissection)
    with pytest.raises(InputError, match="dissected with unet-facades, which is not here"):
        looks.look(Zoo([tmp_path]), lonely.name, 1)


@pytest.mark.parametrize("cells", [(), (3,), (3, 4, 5), (0, 2, 3, 9, 10, 255)])
def test_cells_survive_their_address(cells):
    control = Cells()
    assert control.read(control.write(cells)) == cells


def test_cells_are_read_as_they_are_written():
    assert Cells().write((102, 103, 104, 118)) == "102-104,118"
    assert Cells().read(" 5, 3-4 ,4") == (3, 4, 5)
    for wrong in ("a", "3-", "5-3", "99999", 7):
        with pytest.raises(InputError, match="numbers of cells"):
            Cells().read(wrong)


def test_cells_beyond_a_map_are_left_out():
    assert places((0, 5, 99), 4).flatten().nonzero().flatten().tolist() == [0, 5]


@pytest.fixture(scope="module")
def served(shelf):
    with serving(shelf) as address:
        yield address


def test_programs_get_pictures_and_shares(served, tmp_path, zoo, concept):
    client = Client(served, verbose=False, download_files=tmp_path)
    found = client.predict(NAME, 5, concept, 2, True, "0-1", 1, api_name="/dissect")
    place = looks.number(looks.known(zoo, NAME), concept)
    done = looks.operate(zoo, NAME, 5, place, 2, True, (0, 1))
    assert np.array_equal(np.asarray(Pillow.open(found["after"])), done.after.picture[:, :, 0])
    assert found["units"] == list(done.units)
    assert sum(found["shares_after"].values()) == pytest.approx(1, abs=1e-4)
    with pytest.raises(AppError, match="numbers of cells"):
        client.predict(NAME, 5, concept, 2, True, "x", 1, api_name="/dissect")
    ranked = client.predict(NAME, concept, api_name="/units")
    assert ranked["iou"] == sorted(ranked["iou"], reverse=True)
    assert ranked["layer"] == "4x4"


@pytest.mark.ui
def test_a_visitor_paints_a_cell_and_the_address_keeps_it(browser, served):
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.set_default_timeout(60_000)
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{served}?view=dissect&seed=5&off=false")
    page.wait_for_selector("#view-dissect .mural img[src^=data]")
    before = page.get_attribute("#view-dissect .mural img", "src")
    box = page.locator("#view-dissect .mural").bounding_box()
    side = box["width"] / 4
    page.mouse.move(box["x"] + 0.5 * side, box["y"] + 1.5 * side)
    page.mouse.down()
    page.mouse.move(box["x"] + 2.5 * side, box["y"] + 1.5 * side, steps=6)
    page.mouse.up()
    page.wait_for_function("location.search.includes('cells=4-6')")
    page.wait_for_function(
        "was => document.querySelector('#view-dissect .mural img').src !== was", arg=before
    )
    page.focus("#view-dissect .mural")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    page.wait_for_function("location.search.includes('cells=1%2C4-6')")
    page.click("#view-dissect [data-wipe]")
    page.wait_for_function("!location.search.includes('cells')")
    assert not errors
    page.close()
