"""A participant's pages and the researcher's, in a real browser, over a real server and store."""

import json
import zipfile
from collections.abc import Iterator
from io import BytesIO
from threading import Event, Thread

import pytest
import uvicorn
from starlette.testclient import TestClient
from studies import made

from ganzoo.study.halls import Halls
from ganzoo.study.server import alone
from ganzoo.study.store import Store

pytestmark = pytest.mark.ui
LONG = 30_000  # ms: a shared machine may be slow
PASSWORD = "open sesame"
READY = ".ask:not([inert])"  # real or fake, and somebody listens
STUDIES = {
    "plain": {"trials": 4, "completion": {"code": "C0DE", "redirect": "https://panel.test/{code}"}},
    "flash": {"protocol": "timed", "trials": 3, "practice": 1, "options": {"countdown": 50}},
    "nine": {
        "protocol": "grid",
        "trials": 1,
        "practice": 1,
        "examples": 2,
        "time_limit_s": 600,
    },
    "two": {"protocol": "pair", "trials": 2, "options": {"exposure": 200}},
}


class House:
    """A server of every kind of study in a thread, and what it stored."""

    def __init__(self, folder) -> None:
        for name, changes in STUDIES.items():
            made(folder, name=name, title=f"Study <{name}>", **changes)
        self.halls = Halls([folder], f"sqlite:///{folder / 'a.sqlite'}", PASSWORD)
        settings = uvicorn.Config(alone(self.halls), port=0, log_level="error")
        self._server = uvicorn.Server(settings)
        self._thread = Thread(target=self._server.run)

    @property
    def address(self) -> str:
        port = self._server.servers[0].sockets[0].getsockname()[1]
        return f"http://127.0.0.1:{port}/study/"

    @property
    def store(self) -> Store:
        return self.halls.store

    def __enter__(self) -> "House":
        self._thread.start()
        while not self._server.started:
            assert self._thread.is_alive()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join()
        self.halls.close()


@pytest.fixture(scope="module")
def house(tmp_path_factory) -> Iterator[House]:
    with House(tmp_path_factory.mktemp("house")) as house:
        yield house


class Guest:
    """One browser: its pages, who was asked for what, and what went wrong in it."""

    def __init__(self, browser, house: House) -> None:
        self.house, self.strangers, self.faults = house, [], []
        self.context = browser.new_context(viewport={"width": 1280, "height": 800})
        self.context.set_default_timeout(LONG)
        self.context.add_init_script(WATCH)
        self.page = self.tab()

    def tab(self):
        page = self.context.new_page()
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("request", lambda request: self._seen(request.url))
        return page

    def _seen(self, url: str) -> None:
        if not url.startswith((self.house.address, "data:", "blob:")):
            self.strangers.append(url)

    def come(self, study: str, query: str = "") -> None:
        self.study = study
        self.page.goto(f"{self.house.address}{study}/{query}")

    def begin(self, study: str, query: str = "") -> None:
        """From the link to the first trial, without a mouse."""
        self.come(study, query)
        press = self.page.keyboard.press
        self.page.wait_for_selector("text=Before you begin")
        press("Tab")
        press("Enter")
        self.page.wait_for_selector("text=What you do")
        press("Enter")

    def answer(self, key: str, page=None) -> None:
        """One answer by its key; returns when the next trial (or the end) is there."""
        page = page or self.page
        page.wait_for_selector(READY)
        head = page.inner_text(".head")
        page.keyboard.press(key)
        page.wait_for_function(MOVED_ON, arg=head)

    @property
    def answers(self):
        (mine,) = [p for p in self.house.store.participants(self.study) if p.id == self.id]
        return self.house.store.answers(self.study, mine.id)

    @property
    def id(self) -> str:
        token = self.page.evaluate(f"localStorage['ganzoo-study-{self.study}-token']")
        return json.loads(token).partition(".")[0]


# What is to be seen, frame by frame: which of a trial's pictures and masks are not hidden.
WATCH = """
  window.seen = [];
  const look = () => {
    const stage = document.querySelector("ganzoo-study")?.shadowRoot;
    const layers = [...(stage?.querySelectorAll(":is(.field, .side) canvas") ?? [])];
    const now = layers.flatMap((one, i) => (one.classList.contains("hidden") ? [] : [i])).join();
    if (window.seen.at(-1) !== now) window.seen.push(now);
    requestAnimationFrame(look);
  };
  look();
"""


MOVED_ON = """head => {
  const place = document.querySelector("ganzoo-study").shadowRoot;
  return (place.querySelector(".head")?.innerText ?? "") !== head;
}"""


@pytest.fixture
def guest(browser, house) -> Iterator[Guest]:
    guest = Guest(browser, house)
    yield guest
    guest.context.close()
    assert guest.strangers == []
    assert guest.faults == []


def test_from_consent_to_the_code_with_the_keyboard_alone(guest):
    guest.begin("plain", "?PROLIFIC_PID=anna&STUDY_ID=s")
    page = guest.page
    assert page.title() == "Study <plain>"
    for key in ("f", "ArrowRight", "r", "ArrowLeft"):
        guest.answer(key)
    page.wait_for_selector("text=Thank you")
    assert page.inner_text(".code >> nth=0") == "C0DE"
    assert page.get_attribute("a[href^='https://panel']", "href") == "https://panel.test/C0DE"
    assert [one.answer for one in guest.answers] == ["fake", "real", "real", "fake"]
    for one in guest.answers:
        assert one.rt_ms is not None
        assert one.measured["hz"] > 0
        assert one.measured["shown_px"] % 8 == 0  # whole factors of eight pixels
    seen = guest.house.store.events("plain", participant=guest.id)
    assert [event.kind for event in seen] == ["consent", "check", "instructions", "completion"]
    assert seen[1].detail["width"] == 1280


def test_who_declines_is_asked_nothing(guest):
    guest.come("plain")
    guest.page.get_by_role("button", name="I do not agree").click()
    guest.page.wait_for_selector("text=no answer is stored")
    guest.page.wait_for_selector("text=only that somebody came and declined.")
    assert guest.answers == []


def test_who_has_a_code_deletes_their_answers_from_another_browser_too(guest, browser):
    guest.begin("plain", "?PROLIFIC_PID=cleo")
    guest.answer("f")
    code = guest.house.halls.desk("plain").identity.eraser(guest.id)
    other = Guest(browser, guest.house)
    other.come("plain")
    page = other.page
    page.get_by_text("Delete my answers").click()
    assert narrow(page) == []
    for given, said in (
        ("1234", "Nothing was deleted: no data belong to"),
        (code, "1 answer was deleted"),
    ):
        page.get_by_label("Your code").fill(given)
        page.keyboard.press("Enter")
        page.wait_for_selector(f"text={said}")
    other.context.close()
    guest.page.reload()
    guest.page.wait_for_selector("text=Your data were deleted")


def test_the_code_is_shown_with_the_form_that_takes_it(guest):
    guest.come("plain")
    page = guest.page
    page.get_by_role("button", name="I agree").click()
    page.wait_for_selector("text=What you do")
    shown = page.inner_text(".code")
    page.get_by_text("Delete my answers").focus()
    page.keyboard.press("Enter")  # opens it, and starts nothing
    assert page.get_by_label("Your code").input_value() == shown
    guest.house.halls.desk("plain").decide("pause")
    try:
        page.reload()
        page.wait_for_selector("text=The study is paused")
        assert page.inner_text(".code") == shown
    finally:
        guest.house.halls.desk("plain").decide("resume")
    page.wait_for_selector("text=What you do")


def test_a_flash_is_followed_by_its_masks_and_its_length_is_measured(guest):
    guest.begin("flash")
    page = guest.page
    page.wait_for_selector(READY)
    assert page.evaluate("window.seen") == ["", "0", "1", "2", "3", "4", ""]
    page.keyboard.press("f")
    page.wait_for_selector("text=Next")
    page.wait_for_function("() => window.seen.at(-1) === '0'")  # practising, one may look again
    page.keyboard.press("Enter")
    for _ in range(3):
        guest.answer("r")
    page.wait_for_selector("text=Thank you")
    first, *main = guest.answers
    assert (first.phase, first.measured["asked_ms"]) == ("practice", 500)
    steps = [-10 if one.right else 30 for one in main]
    asked = [one.measured["asked_ms"] for one in main]
    assert asked == [one.asked["exposure_ms"] for one in main]
    assert asked == [500, 500 + steps[0], 500 + steps[0] + steps[1]]
    for one in guest.answers:
        told = one.measured
        frame = 1000 / told["hz"]
        assert told["shown_ms"] >= told["asked_ms"] - frame
        assert told["shown_ms"] + 60 < told["question_ms"] < one.rt_ms  # there are four masks
        assert 1 <= told["frames"] <= told["shown_ms"] / frame + 2


@pytest.mark.parametrize("side", [10, 28, 64])
def test_a_mask_is_the_whole_picture_in_another_order(guest, side):
    guest.come("flash")
    before, after = guest.page.evaluate(
        """async side => {
          const { mask } = await import(document.querySelector("script[src]").src
            .replace(/[^/]+$/, "pictures.js"));
          const paper = new OffscreenCanvas(side, side), ink = paper.getContext("2d");
          for (let i = 0; i < side * side; i++) {
            ink.fillStyle = `rgb(${i % 256}, ${i >> 8}, 77)`;
            ink.fillRect(i % side, Math.floor(i / side), 1, 1);
          }
          const canvas = mask(await createImageBitmap(paper), side);
          const read = one => [...one.getImageData(0, 0, side, side).data]
            .filter((_, i) => i % 4 < 2);
          return [read(ink), read(canvas.getContext("2d"))];
        }""",
        side,
    )
    was, now = (list(zip(one[::2], one[1::2], strict=True)) for one in (before, after))
    if side <= 28:  # patches of equal size: every pixel is there, once
        assert sorted(now) == sorted(was)
    patches = min(14, side) ** 2
    stayed = sum(a == b for a, b in zip(was, now, strict=True)) / side**2
    assert stayed < 12 / patches


def test_a_grid_is_ticked_submitted_and_then_tells_the_truth(guest):
    guest.begin("nine")
    page = guest.page
    page.wait_for_selector(".cells")
    press = page.keyboard.press
    assert page.locator(".cells em").all_inner_texts() == [""] * 9
    press("1")
    press("5")
    press("5")  # and not, after all
    press("9")
    press("Enter")
    page.wait_for_selector("text=of 9 right")
    assert narrow(page) == []
    told = page.locator(".cells em").all_inner_texts()
    (first,) = guest.answers
    assert first.answer == [0, 8]
    assert told == ["real" if model is None else "fake" for _, model in first.slots]
    assert page.inner_text(".said strong") == f"{first.right} of 9 right"
    press("Enter")
    page.wait_for_selector("text=Question 1 of 1")
    page.get_by_label("Picture 2 is fake").focus()
    press("Space")
    page.get_by_role("button", name="Submit").click()
    page.wait_for_selector("text=Thank you")
    assert guest.answers[1].answer == [1]


def test_a_pair_is_hidden_after_its_time_and_chosen_by_an_arrow(guest):
    guest.begin("two")
    page = guest.page
    for number, key in ((1, "ArrowRight"), (2, "ArrowLeft")):
        page.wait_for_selector(f"text=Question {number} of 2")
        page.wait_for_function("count => window.seen.length === count", arg=2 * number + 1)
        assert page.evaluate("window.seen") == ["", *["0,1", ""] * number]
        assert narrow(page) == []
        page.keyboard.press(key)
    page.wait_for_selector("text=Thank you")
    assert [one.answer for one in guest.answers] == [1, 0]
    assert all(one.measured["asked_ms"] == 200 for one in guest.answers)
    assert all(one.measured["shown_ms"] > 150 for one in guest.answers)


def narrow(page) -> list[int]:
    """The widths of window at which the page has to be scrolled sideways."""
    found = []
    for width in (390, 360, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        if page.evaluate("document.documentElement.scrollWidth") > width:
            found.append(width)
    return found


def test_a_reload_goes_on_and_an_answer_on_its_way_is_not_lost(guest):
    broken = Event()  # the route stands before the page does: a later one may miss its first answer
    guest.context.route(
        "**/answer", lambda route: route.abort() if broken.is_set() else route.continue_()
    )
    guest.begin("plain")
    page = guest.page
    guest.answer("f")
    page.wait_for_selector(READY)
    page.reload()
    page.wait_for_selector("text=Picture 2 of 4")
    page.wait_for_selector(READY)
    broken.set()
    page.keyboard.press("r")
    page.wait_for_selector("text=Not stored yet: the connection is broken")
    assert len(guest.answers) == 1
    page.reload()
    page.wait_for_selector("text=Not stored yet")
    broken.clear()
    page.wait_for_selector("text=Picture 3 of 4")
    assert [one.answer for one in guest.answers] == ["fake", "real"]


TWICE = """() => {
  for (const key of ["r", "f", "r"]) dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
  for (const one of document.querySelector("ganzoo-study").shadowRoot.querySelectorAll(".ask button")) one.click();
}"""


def test_pressed_twice_it_is_one_answer(guest):
    guest.begin("plain")
    page = guest.page
    page.wait_for_selector(READY)
    page.evaluate(TWICE)
    page.wait_for_selector("text=Picture 2 of 4")
    page.wait_for_selector(READY)
    assert [one.answer for one in guest.answers] == ["real"]
    assert guest.house.store.events("plain", "refused", participant=guest.id) == []


def test_two_tabs_are_one_participant(guest):
    before = len(guest.house.store.participants("plain"))
    guest.begin("plain")
    guest.page.wait_for_selector(READY)
    other = guest.tab()
    other.goto(guest.page.url)
    other.wait_for_selector("text=Picture 1 of 4")
    guest.answer("f")
    guest.answer("r", other)  # the other tab asks what was answered here
    other.wait_for_selector("text=Picture 2 of 4")
    guest.answer("r", other)
    assert len(guest.house.store.participants("plain")) == before + 1
    assert [one.answer for one in guest.answers] == ["fake", "real"]
    (refused,) = guest.house.store.events("plain", "refused", participant=guest.id)
    assert refused.detail["why"] == "repeated"


def test_the_researcher_comes_in_with_the_password_alone(guest, browser):
    page = guest.page
    page.goto(f"{guest.house.address}two/researcher")
    page.get_by_label("Password").fill("open sesamf")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=that is not the password")
    assert page.locator(".figures").count() == 0
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector(".figures")
    assert narrow(page) == []
    page.get_by_role("button", name="Pause").click()
    page.wait_for_selector("text=Resume")
    other = Guest(browser, guest.house)
    other.come("two")
    other.page.wait_for_selector("text=The study is paused")
    other.context.close()
    page.get_by_role("button", name="Resume").click()
    page.wait_for_selector("text=Pause")
    with page.expect_download() as data:
        page.get_by_role("link", name="Download the data").click()
    names = zipfile.ZipFile(BytesIO(data.value.path().read_bytes())).namelist()
    assert {"answers.csv", "participants.csv", "CODEBOOK.md"} <= set(names)
    page.get_by_role("button", name="Leave").click()
    page.get_by_label("Password").wait_for()


def test_a_redirection_leads_to_a_study_and_nowhere_else(house):
    with TestClient(alone(house.halls), follow_redirects=False) as client:
        there = client.get("/study/plain")
        away = client.get("/study/https:elsewhere.test")
    assert (there.status_code, there.headers["location"]) == (307, "plain/")
    assert (away.status_code, "location" in away.headers) == (404, False)
