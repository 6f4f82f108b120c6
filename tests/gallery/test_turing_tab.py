"""The quiz: a dozen pictures by keyboard, and nothing kept before a visitor says so."""

import re

import pytest
from served import answers

from ganzoo.gallery.quiz import STUDY
from ganzoo.gallery.tabs.turing import draw_quiz
from ganzoo.study.store import Store
from ganzoo.zoo import Zoo

LONG = 60_000  # ms: a shared machine may be slow


def test_a_deck_is_asked_for_by_the_address(zoo: Zoo):
    assert 'deck="7"' in draw_quiz(zoo, 7)
    assert "deck" not in draw_quiz(zoo, None)


@pytest.mark.ui
def test_a_round_is_played_with_the_keyboard_and_kept_when_asked(browser, served, shelf):
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.set_default_timeout(LONG)
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(f"{served}?view=turing&deck=42")
    right, longest, row, reasons = 0, 0, 0, 0
    for number in range(1, 13):
        page.wait_for_selector(f"text=Picture {number} of 12")
        page.wait_for_selector(".ask:not([inert])")
        if row > 1:
            assert page.inner_text(".head").endswith(f"{row} right in a row")
        page.keyboard.press("r" if number % 3 else "f")
        verdict = page.inner_text(".said strong")
        button = page.get_by_role("button", name="Next")
        assert button.bounding_box()["y"] < 800 - 48  # nobody has to look for it
        row = row + 1 if verdict == "Right." else 0
        right, longest = right + (verdict == "Right."), max(longest, row)
        if page.locator(".chips button").count():
            page.keyboard.press("2")
            assert page.get_attribute(".chips button >> nth=1", "aria-pressed") == "true"
            reasons += 1
        page.keyboard.press("Enter")
    page.wait_for_selector("text=Your round")
    assert page.inner_text(".score") == f"{right} of 12 right"
    if longest > 1:
        assert f"Longest streak: {longest} right in a row." in page.inner_text(".stage")
    assert page.locator(".shelf figure").count() == 12 - right
    store = Store(answers(shelf))
    assert store.participants(STUDY) == []  # so far nobody was here
    yes = page.get_by_role("button", name="Yes, count my rounds")
    yes.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("text=This round counts on the leaderboard")
    assert re.fullmatch(r"(\w{4}-){3}\w{4}", page.inner_text(".code"))
    kept = store.answers(STUDY)
    assert [one.trial for one in kept] == list(range(12))
    assert sum(one.right for one in kept) == right
    notes = [event.detail["words"] for event in store.events(STUDY, "note")]
    assert notes == ["texture"] * reasons
    store.close()
    other = context.new_page()
    other.goto(f"{served}?view=leaderboard")
    other.wait_for_selector("ganzoo-standing >> text=Who fools people")
    fooled = other.locator("ganzoo-standing table >> nth=0").locator("tr").count()
    assert fooled == len({model for one in kept for _, model in one.slots if model})
    other.close()
    page.get_by_role("button", name="Play again").click()
    page.wait_for_selector("text=Picture 1 of 12")
    context.close()
    assert faults == []
