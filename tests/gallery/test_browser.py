"""A walk through the gallery, in a real browser, with its network watched."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

pytestmark = pytest.mark.ui
LONG = 60_000  # ms: a shared machine may be slow
LARGE = "#view-sample figure.large img"


class Visit:
    """One visitor: a page, the requests that left for elsewhere, and what went wrong in it."""

    def __init__(self, browser, home: str, **settings) -> None:
        settings.setdefault("viewport", {"width": 1440, "height": 900})
        self.context = browser.new_context(**settings)
        self.context.set_default_timeout(LONG)
        self.page, self.home = self.context.new_page(), home
        self.strangers: list[str] = []
        self.faults: list[str] = []
        self.page.on("request", lambda request: self._seen(request.url))
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))

    def _seen(self, url: str) -> None:
        if not url.startswith((self.home, "data:", "blob:")):
            self.strangers.append(url)

    def open(self, query: str, shows: str) -> None:
        self.page.goto(self.home + query)
        self.page.wait_for_selector(shows)

    def drawn(self, selector: str = LARGE) -> str:
        return self.page.get_attribute(selector, "src") or ""

    def redrawn(self, before: str, selector: str = LARGE) -> str:
        self.page.wait_for_function(
            "([selector, before]) => (document.querySelector(selector)?.src ?? before) !== before",
            arg=[selector, before],
        )
        return self.drawn(selector)

    def query(self) -> str:
        return urlsplit(self.page.url).query


@pytest.fixture
def visit(browser, served) -> Iterator[Visit]:
    visit = Visit(browser, served)
    yield visit
    visit.context.close()
    assert visit.strangers == []
    assert visit.faults == []


def test_the_front_door_shows_pictures_tree_and_cards(visit):
    visit.open("", ".salon img")
    page = visit.page
    assert page.title() == "Zoo · ganzoo"
    assert page.locator(".tree svg a").count() == 4
    assert page.locator(".card").count() == 4
    assert page.locator(".peep img").first.evaluate("img => img.decode().then(() => true)")
    page.click("#card-dcgan-mnist .plays a >> nth=0")
    page.wait_for_selector(LARGE)
    assert visit.query() == "view=sample&model=dcgan-mnist"
    assert page.locator("#view-zoo").count() == 0  # a room that is not open is not there


def test_sampling_writes_the_address_and_the_back_button_reads_it(visit):
    visit.open("?view=sample&model=dcgan-mnist&seed=7&count=9", LARGE)
    page, first = visit.page, visit.drawn()
    assert page.locator(".sheet .tile").count() == 9
    page.get_by_label("Seed").fill("8")
    second = visit.redrawn(first)
    assert "seed=8" in visit.query()
    page.click(".sheet .tile >> nth=3")
    third = visit.redrawn(second)
    assert "pick=3" in visit.query()
    assert page.inner_text("figure.large h3") == "Seed 11"
    page.go_back()
    assert visit.redrawn(third) == second
    page.go_back()
    assert visit.redrawn(second) == first
    assert page.get_by_label("Seed").input_value() == "7"
    page.go_forward()
    assert visit.redrawn(first) == second


def test_until_the_first_answer_a_view_shows_no_controls_that_stand_at_nothing(visit):
    page, held, free = visit.page, [], []
    page.route("**/queue/join*", lambda route: route.continue_() if free else held.append(route))
    page.goto(f"{visit.home}?view=sample&model=dcgan-mnist&seed=7")
    page.wait_for_selector("#view-sample h1")
    said = "getComputedStyle(document.querySelector('#view-sample .sentence'), '::after').content"
    assert "One moment" in page.evaluate(said)
    seed = page.locator("#view-sample").get_by_label("Seed", exact=True)
    assert not seed.is_visible()
    page.evaluate("document.getAnimations().find(a => a.animationName === 'late').finish()")
    assert "Load the page again" in page.evaluate(said)
    free.append(True)
    for route in held:
        route.continue_()
    page.wait_for_selector(LARGE)
    seed.wait_for()
    assert page.evaluate(said) == "none"
    assert seed.input_value() == "7"


def test_an_address_shows_the_same_picture_to_another_visitor(visit, browser, served):
    query = "?view=sample&model=gan-mnist&seed=123&count=4&pick=2"
    visit.open(query, LARGE)
    friend = Visit(browser, served)
    friend.open(query, LARGE)
    assert friend.drawn() == visit.drawn()
    friend.context.close()


def test_surprise_me_draws_another_seed(visit):
    visit.open("?view=sample&model=dcgan-mnist&seed=7&count=4", LARGE)
    before = visit.drawn()
    visit.page.get_by_role("button", name="Surprise me").click()
    visit.redrawn(before)
    seed = re.search(r"seed=(\d+)", visit.query())
    assert seed
    assert visit.page.get_by_label("Seed").input_value() == seed[1] != "7"
    assert visit.page.inner_text("figure.large h3") == f"Seed {seed[1]}"


def test_mistakes_are_sentences_where_they_were_made(visit):
    visit.open("?view=sample&model=dcgan-mnits&seed=abc&count=1000000&sede=3", LARGE)
    page, before = visit.page, visit.drawn()
    said = page.inner_text("#view-sample .notice")
    assert "no model 'dcgan-mnits' here. Did you mean 'dcgan-mnist'?" in said
    assert "Seed is a whole number from 0 to 4294967295; got 'abc'" in said
    assert "Count is a whole number from 1 to 144; got '1000000'" in said
    assert "Nobody reads 'sede' in this address. Did you mean 'seed'?" in said
    page.get_by_label("Seed").fill("1.5")
    page.wait_for_selector("#view-sample .notice >> text=“Seed” is a whole number")
    page.wait_for_selector("#view-sample .notice >> text=got 1.5")
    page.get_by_label("Seed").fill("-5")
    page.wait_for_selector("#view-sample .notice >> text=got -5")
    assert visit.drawn() == before  # the last good picture stays on the wall
    page.get_by_label("Seed").fill("5")
    visit.redrawn(before)
    assert page.inner_text("#view-sample .notice") == ""


def test_an_unknown_view_is_the_front_door_with_a_sentence(visit):
    visit.open("?view=smaple", ".salon img")
    assert "no view 'smaple' here. Did you mean 'sample'?" in visit.page.inner_text(".notice")


def test_only_conditional_models_ask_for_a_class(visit):
    visit.open("?view=sample&model=cgan-mnist&count=4&y=3", LARGE)
    page = visit.page
    assert page.get_by_label("Class").input_value() == "3"
    assert page.inner_text("figure.large h3") == "Seed 120: 3"
    before = visit.drawn()
    page.get_by_label("Model").click()
    page.get_by_role("option", name="DCGAN").click()
    visit.redrawn(before)
    assert page.get_by_label("Class").count() == 0
    assert page.inner_text("#view-sample .notice") == ""
    assert page.inner_text(".label h2") == "DCGAN 2015"


def test_the_first_stop_of_the_keyboard_leads_past_the_rooms(visit):
    visit.open("?view=sample", LARGE)
    page = visit.page
    page.keyboard.press("Tab")
    skip = page.get_by_role("button", name="Skip the rooms")
    assert skip.evaluate("one => one === document.activeElement")
    assert skip.evaluate("one => one.getBoundingClientRect().left") >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.matches('#view-sample h1')")
    assert skip.evaluate("one => one.getBoundingClientRect().right") < 0


def test_the_keyboard_reaches_and_moves_the_pick(visit):
    visit.open("?view=sample&model=dcgan-mnist&seed=7&count=9", LARGE)
    page, before = visit.page, visit.drawn()
    page.focus("#nav .wordmark")
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('.tile')"):
            break
    ring = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert ring == "solid"
    page.keyboard.press("ArrowRight")
    after = visit.redrawn(before)
    assert "pick=1" in visit.query()
    page.keyboard.press("ArrowRight")
    visit.redrawn(after)
    assert "pick=2" in visit.query()


def test_a_choice_that_is_left_as_it_was_has_not_moved(visit):
    visit.open("?view=sample&model=dcgan-mnist&seed=7&count=9", LARGE)
    page = visit.page
    page.wait_for_selector("#view-sample .foot .cost")
    before = visit.drawn()
    page.get_by_label("Model", exact=True).focus()
    page.keyboard.press("Tab")
    page.click(".sheet .tile >> nth=3")
    visit.redrawn(before)
    page.wait_for_timeout(500)
    assert "pick=3" in visit.query()
    assert page.get_attribute(".sheet .tile >> nth=3", "aria-checked") == "true"


def test_a_move_that_comes_once_another_view_is_shown_is_none(visit):
    """Gradio holds back a second move until the first was answered."""
    visit.open("?view=sample&model=dcgan-mnist&seed=7&count=9", LARGE)
    page, late = visit.page, "ganzoo.moved('walk', ['model', 'a'], ['dcgan-mnist', 3, null])"
    before = page.evaluate("[location.search, history.length]")
    assert page.evaluate(late) == ["dcgan-mnist", 3, None]
    assert page.evaluate("ganzoo.now('walk')") is None, "what is slow does not follow it either"
    assert page.evaluate("[location.search, history.length]") == before
    here = page.evaluate("ganzoo.moved('sample', ['model', 'seed'], ['dcgan-mnist', 8, null])")
    assert here == ["dcgan-mnist", 8, page.evaluate("ganzoo.now('sample')")]
    assert "seed=8" in visit.query()


def test_pictures_and_sheets_can_be_taken_home(visit):
    visit.open("?view=sample&model=dcgan-mnist&seed=7&count=9", LARGE)
    with visit.page.expect_download() as sheet:
        visit.page.get_by_role("button", name="Download these pictures").click()
    assert sheet.value.suggested_filename == "dcgan-mnist-seed7-count9.png"
    with visit.page.expect_download() as picture:
        visit.page.get_by_role("link", name="Download the picture").click()
    assert picture.value.suggested_filename == "dcgan-mnist-seed7.png"


def test_the_picked_picture_stays_beside_a_long_sheet(visit):
    visit.open("?view=sample&model=dcgan-mnist&seed=7&count=144", LARGE)
    top = f"document.querySelector('{LARGE}').getBoundingClientRect().top"
    sheet = "document.querySelector('#view-sample .sheet').getBoundingClientRect().top"
    assert abs(visit.page.evaluate(f"{top} - {sheet}")) < 10
    visit.page.set_viewport_size({"width": 1280, "height": 600})
    visit.page.evaluate("scrollTo(0, 600)")
    assert visit.page.evaluate(top) == 24


def test_links_in_the_bar_take_the_model_along(visit):
    visit.open("?view=sample&model=wgan_gp-mnist&seed=7", LARGE)
    visit.page.click("#nav nav a[data-view=zoo]")
    visit.page.wait_for_selector(".salon img")
    visit.page.wait_for_function("document.activeElement.matches('#view-zoo h1')")
    visit.page.go_back()
    visit.page.wait_for_selector(LARGE)
    inner = visit.page.locator("#nav .inner:not([hidden]) a:not([aria-current])")
    if inner.count():
        inner.first.click()
        visit.page.wait_for_function("!location.search.includes('view=sample')")
        assert "model=wgan_gp-mnist" in visit.query()


@pytest.mark.parametrize(
    ("query", "shows"), [("", ".card"), ("?view=sample&model=cgan-mnist", LARGE)]
)
def test_no_width_scrolls_sideways(visit, query, shows):
    visit.open(query, shows)
    for width in (1440, 768, 390, 360):
        visit.page.set_viewport_size({"width": width, "height": 800})
        assert visit.page.evaluate("document.documentElement.scrollWidth") <= width


def test_frames_hang_empty_until_their_pictures_are_painted(visit):
    visit.page.add_init_script("""
      new MutationObserver(() => {
        if (window.seen || !document.querySelector(".salon i")) return;
        const page = document.querySelector(".gradio-container").getBoundingClientRect();
        window.seen = [document.querySelectorAll(".salon i").length, page.width];
      }).observe(document, { childList: true, subtree: true });""")
    visit.open("", ".salon img")
    assert visit.page.evaluate("window.seen") == [20, 1200]  # as wide as it will be
    assert visit.page.locator(".salon i").count() == 0


def test_the_leaderboard_sorts_and_every_number_opens_its_protocol(visit):
    visit.open("?view=leaderboard", ".board tbody tr")
    page, names = visit.page, ".board tbody th a"
    assert page.locator(names).all_inner_texts() == ["GAN", "DCGAN", "WGAN-GP", "cGAN"]
    assert page.locator(".scatter circle").count() == 4
    page.click(".board thead a >> text=year")
    page.wait_for_selector('.board th[aria-sort] >> text="year"')
    assert page.locator(names).all_inner_texts() == ["cGAN", "GAN", "DCGAN", "WGAN-GP"]
    assert "sort=year" in visit.query()
    page.click(".board tbody td button >> nth=0")
    assert page.locator(".protocol:popover-open").inner_text().count("1797") == 1
    page.keyboard.press("Escape")
    assert page.locator(".protocol:popover-open").count() == 0


def test_the_nearest_real_pictures_are_looked_for_when_asked(visit):
    visit.open("?view=sample&model=dcgan-mnist&seed=7&count=4", LARGE)
    visit.page.get_by_label("Is it a copy?").check()
    visit.page.wait_for_selector("text=are not on this machine")  # those of these tiny bundles
    assert "near=true" in visit.query()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_stand_out_in_light_and_in_dark(browser, served, scheme):
    visit = Visit(browser, served, color_scheme=scheme)
    visit.open("?view=sample&model=cgan-mnist&seed=7", LARGE)
    weak = visit.page.evaluate(CONTRAST)
    visit.open("", ".card")
    weak += visit.page.evaluate(CONTRAST)
    brightness = visit.page.evaluate(
        "getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number)[0]"
    )
    visit.context.close()
    assert weak == []
    assert (brightness < 64) == (scheme == "dark")


def test_small_pictures_are_enlarged_by_whole_factors_without_blur(visit):
    visit.open("?view=sample&model=dcgan-mnist&seed=7&count=4", LARGE)
    for selector in (LARGE, ".tile img"):
        shown = visit.page.locator(selector).first.evaluate(
            "img => [img.getBoundingClientRect().width / img.naturalWidth,"
            " getComputedStyle(img).imageRendering]"
        )
        assert shown[0] == int(shown[0]) > 1
        assert shown[1] == "pixelated"


def test_every_control_has_a_name(visit):
    visit.open("?view=sample&model=cgan-mnist", LARGE)
    nameless = visit.page.evaluate(
        "[...document.querySelectorAll('button, input, a, select, textarea')]"
        ".filter(e => e.checkVisibility() && !(e.ariaLabel || e.textContent.trim()"
        " || e.labels?.length || e.querySelector('img[alt]'))).map(e => e.outerHTML)"
    )
    assert nameless == []
    assert visit.page.locator("#view-sample img:not([alt])").count() == 0
    assert visit.page.locator("h1").count() == 1


# Every visible word against the nearest background behind it, by the rule of WCAG 2 (AA).
CONTRAST = r"""() => {
  const rgb = (c) => (c.match(/[\d.]+/g) ?? [0, 0, 0, 0]).map(Number);
  const light = (c) => c.slice(0, 3).map((v) => v / 255)
    .map((v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = (e) => {
    for (; e; e = e.parentElement) {
      const c = rgb(getComputedStyle(e).backgroundColor);
      if (c.length < 4 || c[3] > 0.99) return c;
    }
    return rgb(getComputedStyle(document.body).backgroundColor);
  };
  const weak = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; (node = walker.nextNode()); ) {
    const e = node.parentElement;
    if (!node.data.trim() || !e.checkVisibility({ visibilityProperty: true })) continue;
    if (["SCRIPT", "STYLE", "MATH", "ANNOTATION"].includes(e.tagName.toUpperCase())) continue;
    const style = getComputedStyle(e);
    const ink = rgb(e instanceof SVGElement ? style.fill : style.color);
    const [a, b] = [light(ink), light(behind(e))].sort((x, y) => y - x);
    const large = parseFloat(style.fontSize) >= 24;
    if ((a + 0.05) / (b + 0.05) < (large ? 3 : 4.5))
      weak.add(`${node.data.trim().slice(0, 40)}: ${ink} on ${behind(e)}`);
  }
  return [...weak];
}"""
