"""A visitor's own picture on the way into Photo: dropped, pasted, photographed, or no picture."""

from collections.abc import Iterator

import pytest
from PIL import Image as Pillow
from served import serving
from shelf import hang

NAME, MADE = "pix2pix-facades", "#view-photo .swipe .made"
PNG = """async () => {
  const canvas = document.createElement("canvas");
  canvas.width = 40; canvas.height = 30;
  const context = canvas.getContext("2d");
  context.fillStyle = "teal"; context.fillRect(0, 0, 40, 30);
  context.fillStyle = "gold"; context.fillRect(8, 8, 20, 12);
  const blob = await new Promise((done) => canvas.toBlob(done, "image/png"));
  %s
}"""
DROP = (
    PNG
    % """
  const goods = new DataTransfer();
  goods.items.add(new File([blob], "mine.png", { type: "image/png" }));
  const there = document.querySelector("#view-photo .bring input[type=file]").parentElement;
  for (const type of ["dragenter", "dragover", "drop"])
    there.dispatchEvent(new DragEvent(type, { dataTransfer: goods, bubbles: true }));"""
)
FILMING = """() => {
  const film = document.querySelector("#view-photo .bring video");
  return film && film.videoWidth > 0 && film.currentTime > 0;
}"""
COPY = PNG % 'await navigator.clipboard.write([new ClipboardItem({ "image/png": blob })]);'


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("photo")
    hang(
        folder, NAME, "options.input_channels=3", "options.output_channels=3",
        "data.name=emoji_flat", "data.channels=3",
    )  # fmt: skip
    with serving(folder) as address:
        yield address


@pytest.fixture
def page(browser, home):
    context = browser.new_context(
        permissions=["clipboard-read", "clipboard-write", "camera"], viewport=None
    )
    page = context.new_page()
    page.set_default_timeout(60_000)
    page.goto(f"{home}?view=photo&model={NAME}")
    page.wait_for_selector(MADE)
    yield page
    context.close()


def anew(page, before: str) -> bool:
    """Waits until another picture hangs there."""
    changed = "([s, b]) => { const m = document.querySelector(s); return m && m.src !== b; }"
    page.wait_for_function(changed, arg=[MADE, before])
    return page.evaluate("s => document.querySelector(s).naturalWidth", MADE) > 0


@pytest.mark.ui
def test_a_file_is_dropped(page):
    before = page.get_attribute(MADE, "src")
    page.evaluate(DROP)
    assert anew(page, before)


@pytest.mark.ui
def test_who_picks_an_example_lets_go_of_what_was_brought(page):
    picked = page.locator("#view-photo .sheet .tile[aria-checked=true]")
    picked.wait_for()
    first = page.get_attribute(MADE, "src")
    page.evaluate(DROP)
    assert anew(page, first)
    page.wait_for_function("!document.querySelector('#view-photo .sheet .tile[aria-checked=true]')")
    own = page.get_attribute(MADE, "src")
    page.locator("#view-photo .sheet .tile").first.click()
    assert anew(page, own)
    assert page.get_attribute(MADE, "src") == first, "the example that hung before"
    picked.wait_for()
    assert not page.locator("#view-photo .bring img").count()


@pytest.mark.ui
def test_a_picture_is_pasted(page):
    before = page.get_attribute(MADE, "src")
    page.evaluate(COPY)
    page.locator("#view-photo .bring").get_by_label("Paste from clipboard").click()
    assert anew(page, before)


@pytest.mark.ui
def test_a_photograph_is_taken(page):
    before = page.get_attribute(MADE, "src")
    bring = page.locator("#view-photo .bring")
    bring.get_by_label("Capture from camera").click()
    bring.get_by_text("Click to Access Webcam").click()
    page.wait_for_function(FILMING)
    bring.get_by_label("capture photo").click()
    assert anew(page, before)


@pytest.mark.ui
def test_a_text_that_calls_itself_a_picture_is_refused_in_a_sentence(page, tmp_path):
    before = page.get_attribute(MADE, "src")
    (tmp_path / "text.png").write_text("not a picture at all")
    page.locator("#view-photo .bring input[type=file]").set_input_files(tmp_path / "text.png")
    said = page.locator("#view-photo .notice [role=alert]")
    said.wait_for()
    assert "This file cannot be read: it is damaged or no picture" in said.inner_text()
    assert page.get_attribute(MADE, "src") == before, "what hung there still hangs"
    Pillow.new("RGB", (20, 20), "teal").save(tmp_path / "true.png")
    page.locator("#view-photo .bring").get_by_label("Remove Image").click()
    page.locator("#view-photo .bring input[type=file]").set_input_files(tmp_path / "true.png")
    assert anew(page, before), "and the next picture is translated"
