"""The Arithmetic tab's handlers, its endpoints, and its use in a browser."""

import numpy as np
import pytest
import torch
from gradio_client.exceptions import AppError
from playwright.sync_api import Route
from seen import near, opened
from shelf import exhibit

from ganzoo import images
from ganzoo.errors import InputError
from ganzoo.gallery import widgets
from ganzoo.gallery.reckoning import panels, programs, sums
from ganzoo.zoo import Zoo

NAME = "dcgan-mnist"
A, B, C = (1, 2, 3), (4, 5), (7,)


@pytest.fixture(scope="module")
def zoo(tmp_path_factory) -> Zoo:
    folder = tmp_path_factory.mktemp("arithmetic")
    for name in (NAME, "cgan-mnist"):
        exhibit(folder, name)
    return Zoo([folder])


def test_a_group_shows_its_members_and_their_mean(zoo):
    shown = panels.draw_a(zoo, NAME, A, None)
    z = torch.cat([zoo.model(NAME).latents(seed, 1) for seed in A])
    members = images.to_pictures(zoo.model(NAME).generate(torch.cat([z, z.mean(0)[None]])))
    assert shown["value"] == "1, 2, 3"
    assert [*shown["pictures"], shown["mean"]] == [widgets.png(picture) for picture in members]


def test_the_sum_is_in_the_middle_of_nine(zoo):
    shown = panels.draw_result(zoo, NAME, A, B, C, 0.4, 0, None)
    assert shown.count("<img") == 9
    a, b, c = (
        torch.cat([zoo.model(NAME).latents(s, 1) for s in seeds]).mean(0) for seeds in (A, B, C)
    )
    z = (a - b + c)[None]
    tiles = [part.partition('"')[0] for part in shown.split('<img src="')[1:]]
    alone = images.to_pictures(zoo.model(NAME).generate(z.repeat(9, 1)))[4]
    assert tiles[4] == widgets.png(alone)
    assert f"{z.norm().item() / z.shape[1] ** 0.5:.0%} as long" in shown
    still = panels.draw_result(zoo, NAME, A, B, C, 0.0, 0, None)
    assert len({part.partition('"')[0] for part in still.split('<img src="')[1:]}) == 1


def test_a_minus_a_plus_c_is_c(zoo):
    c = panels.draw_result(zoo, NAME, C, C, C, 0.4, 0, None)
    assert panels.draw_result(zoo, NAME, A, A, C, 0.4, 0, None) == c


def test_the_turn_goes_from_the_one_mean_to_the_other(zoo):
    strips = sums.turning(zoo, NAME, A, B, C, (20, 21), None)
    assert len(strips) == 4
    paint = lambda z: images.to_pictures(zoo.model(NAME).generate(z))[0]  # noqa: E731
    a, b, c = sums.means(zoo, NAME, A, B, C)
    for strip, start, end in ((strips[0], b, a), (strips[1], c, a - b + c)):
        assert len(strip) == sums.STEPS
        assert near(strip[0], paint(start))
        assert near(strip[-1], paint(end))
    assert near(strips[2][0], paint(zoo.model(NAME).latents(20, 1)))


def test_the_pool_marks_what_is_in_a_group(zoo):
    shown = panels.draw_pool(zoo, NAME, 3, A, (3, 4), C, None)
    assert len(shown["pictures"]) == panels.POOL
    assert shown["seeds"][:5] == ["3", "4", "5", "6", "7"]
    assert shown["marks"][:5] == ["AB", "B", "", "", "C"]
    last = panels.draw_pool(zoo, NAME, 2**32 - 1, A, B, C, None)
    assert last["seeds"][:2] == ["4294967295", "0"]


def test_a_conditional_model_reckons_within_one_class(zoo):
    assert panels.draw_a(zoo, "cgan-mnist", A, 3) != panels.draw_a(zoo, "cgan-mnist", A, 4)
    with pytest.raises(InputError, match="knows no classes"):
        programs.reckon(zoo, NAME, A, B, C, y=3)
    with pytest.raises(InputError, match="0 to 9"):
        programs.turn_all(zoo, "cgan-mnist", A, B, C, y=10)


def test_programs_get_result_sheet_and_means(client):
    done = client.predict(NAME, [1, 2, 3], [4, 5], [7], 0.4, 0, None, api_name="/arithmetic")
    assert opened(done["result"]).shape == (8, 8)
    assert opened(done["sheet"]).shape == (28, 28)
    assert opened(done["means"]).shape == (8, 28)
    centre = opened(done["sheet"])[10:18, 10:18]
    assert np.array_equal(centre, opened(done["result"]))
    assert done["length"] > 0


def test_programs_get_the_turn(client):
    done = client.predict(model=NAME, others=[20], api_name="/turn")
    assert opened(done["strips"]).shape == (3 * 10 - 2, 9 * 10 - 2)
    assert done["amounts"] == [i / 8 for i in range(9)]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"a": []}, "a is 1 to 8 seeds, such as 1, 2, 3; got []"),
        ({"b": [1, -5]}, "a seed in b is a whole number from 0 to 4294967295; got -5"),
        ({"spread": -1}, "spread is a number from 0 to 1; got -1"),
    ],
)
def test_mistakes_are_answered_in_plain_words(client, wrong, sentence):
    with pytest.raises(AppError) as answer:
        client.predict(model=NAME, **wrong, api_name="/arithmetic")
    assert sentence in str(answer.value)


@pytest.mark.ui
def test_pictures_are_put_into_groups_with_a_click(browser, served):
    page = browser.new_page(viewport={"width": 360, "height": 800})
    page.set_default_timeout(60_000)
    page.goto(f"{served}?view=arithmetic&model={NAME}&a=1,2&b=4&c=7&first=1")
    page.wait_for_selector(".nine .centre")
    before = page.get_attribute(".nine .centre", "src")
    page.get_by_label("B", exact=True).check()
    page.click('.pool [data-seed="9"]')
    page.wait_for_function("b => document.querySelector('.nine .centre').src !== b", arg=before)
    assert page.input_value(".group-B input") == "4, 9"
    assert "b=4%2C+9" in page.url
    page.click('.group-A [data-seed="2"]')
    page.wait_for_function("document.querySelector('.group-A input').value === '1'")
    page.fill(".group-C input", "7 x")
    page.keyboard.press("Enter")
    page.wait_for_selector("#view-arithmetic .notice >> text=got 'x'")
    page.fill(".group-C input", "8")
    page.keyboard.press("Enter")
    page.wait_for_function("document.querySelector('#view-arithmetic .notice').innerText === ''")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.close()


@pytest.mark.ui
def test_a_late_answer_does_not_wipe_a_complaint(browser, served):
    page = browser.new_page()
    page.set_default_timeout(60_000)
    page.goto(f"{served}?view=arithmetic&model={NAME}&a=1,2&b=4&c=7&first=1")
    page.wait_for_selector(".nine .centre")
    before = page.get_attribute(".nine .centre", "src")
    held: list[Route] = []
    page.route("**/queue/join*", lambda route: route.continue_() if held else held.append(route))

    def say(seeds: str) -> None:
        page.fill(".group-C input", seeds)
        page.keyboard.press("Enter")

    def answer() -> None:
        held[0].continue_()

    page.click('.group-A [data-seed="2"]')
    page.wait_for_function("new URLSearchParams(location.search).get('a') === '1'")
    say("7 x")
    notice = "#view-arithmetic .notice"
    page.wait_for_selector(f"{notice} >> text=got 'x'")
    answer()
    page.wait_for_function("b => document.querySelector('.nine .centre').src !== b", arg=before)
    assert "got 'x'" in page.inner_text(notice)
    held.clear()
    say("7 y")
    page.wait_for_function("new URLSearchParams(location.search).get('c') === '7 y'")
    say("8")  # waits for the answer to what was said before
    answer()
    page.wait_for_selector('.group-C [data-seed="8"]')
    assert page.inner_text(notice) == ""
    page.close()
