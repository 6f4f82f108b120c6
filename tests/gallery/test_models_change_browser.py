"""A visitor who changes the model keeps what the other one has, too, and is told of no mistake."""

import pytest
from served import serving
from shelf import exhibit

from ganzoo import bundle

MANY, FEW = "biggan-fashion", "biggan-cifar10"
DEEP, FLAT = "stylegan2-fashion", "stylegan3-fashion"


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    folder = tmp_path_factory.mktemp("models")
    exhibit(folder, MANY)
    bundle.rewrite(exhibit(folder, FEW, "options.num_classes=4"), classes=tuple("abcd"))
    exhibit(folder, DEEP, "options.image_size=16", "data.size=16")
    exhibit(folder, FLAT, "options.image_size=16", "data.size=16", "options.num_classes=0")
    with serving(folder) as address:
        yield address


@pytest.fixture
def page(browser):
    page = browser.new_page(viewport={"width": 1000, "height": 900})
    page.set_default_timeout(60_000)
    page.faults = []
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    yield page
    assert page.faults == []
    assert page.locator(".toast-body").count() == 0
    page.close()


def choose(page, view: str, name: str) -> None:
    page.locator(f"#view-{view}").get_by_label("Model", exact=True).click()
    page.get_by_role("option", name=name).click()


@pytest.mark.ui
def test_classes_that_the_other_model_lacks_are_let_go(page, served):
    page.goto(f"{served}?view=classes&model={MANY}&classes=1,8&to=7&count=2")
    page.wait_for_selector("#view-classes img[alt^='8, seed']")
    choose(page, "classes", FEW)
    page.wait_for_selector("#view-classes img[alt^='b, seed']")
    page.wait_for_function("new URLSearchParams(location.search).get('classes') === '1'")
    page.wait_for_function("new URLSearchParams(location.search).get('to') === '3'")
    page.wait_for_selector("#view-classes .notice:not(:has(p))", state="attached")
    assert page.url.count(f"model={FEW}") == 1


@pytest.mark.ui
def test_layers_that_the_other_model_lacks_are_let_go(page, served):
    page.goto(f"{served}?view=style&model={DEEP}&layers=0,5&a=3&b=7&y=2")
    page.wait_for_selector("#view-style .each button >> nth=5")
    choose(page, "style", "StyleGAN3")
    page.wait_for_function("document.querySelectorAll('#view-style .each button').length === 5")
    page.wait_for_function("new URLSearchParams(location.search).get('layers') === '0'")
    page.wait_for_selector("#view-style .notice:not(:has(p))", state="attached")


@pytest.mark.ui
def test_keys_that_are_faster_than_the_answers_leave_one_pick(page, served):
    page.goto(f"{served}?view=sample&model={MANY}&count=12")
    page.wait_for_selector("#view-sample .tile >> nth=11")
    page.focus("#view-sample .tile")
    for key in ("ArrowRight", "ArrowDown", "ArrowRight", "ArrowDown", "ArrowLeft") * 2:
        page.keyboard.press(key)
    checked = "document.querySelector('#view-sample .tile[aria-checked=true]')"
    page.wait_for_function(
        f"{checked} === document.activeElement && document.querySelector("
        f"'#view-sample figure.large h3')?.innerText === {checked}.title && "
        f"new URLSearchParams(location.search).get('pick') === {checked}.dataset.index"
    )
