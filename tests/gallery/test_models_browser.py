"""The Models view in a real browser, with a Hub on this machine: in by name, explained, or closed."""

import json

import pytest
from loopback import Repo
from loopback import serving as publishing
from served import serving
from shelf import exhibit

from ganzoo.hub import card

pytestmark = pytest.mark.ui
LONG = 60_000  # ms: a shared machine may be slow


@pytest.fixture(scope="module")
def hub(tmp_path_factory):
    made = exhibit(tmp_path_factory.mktemp("elsewhere"), "dcgan-mnist")
    files = {path.name: path.read_bytes() for path in made.folder.iterdir()}
    with publishing() as hub:
        text = card.card(made, home="me/animal").encode()
        hub.repos["me/animal"] = Repo(files | {"README.md": text})
        yield hub


def rooms(tmp_path, hub, **more: str) -> dict[str, str]:
    return {
        "HF_ENDPOINT": hub.address,
        "HF_HOME": str(tmp_path),
        "GANZOO_CACHE": str(tmp_path),
        **more,
    }


def test_a_model_is_brought_in_by_name_and_an_unknown_name_is_explained(
    browser, hub, shelf, tmp_path, capfd
):
    with serving(shelf, **rooms(tmp_path, hub, GANZOO_LOG="json")) as address:
        context = browser.new_context(viewport={"width": 390, "height": 844})
        context.set_default_timeout(LONG)
        page = context.new_page()
        strangers: list[str] = []
        page.on(
            "request",
            lambda one: (
                one.url.startswith((address, "data:", "blob:")) or strangers.append(one.url)
            ),
        )
        page.goto(f"{address}?view=models")
        page.wait_for_selector(".models")
        field = page.get_by_label("Name on the Hugging Face Hub")
        press = page.get_by_role("button", name="Bring it in")
        field.fill("me/nobody")
        press.click()
        page.wait_for_selector("#view-models .notice >> text=the Hub has no 'me/nobody'")
        assert page.locator("#guest").count() == 0
        page.get_by_role("button", name="Search").click()
        page.click(".found a >> text=me/animal")
        page.wait_for_function("location.search.includes('add=me%2Fanimal')")
        page.wait_for_function("f => f.value === 'me/animal'", arg=field.element_handle())
        press.click()
        page.wait_for_selector("#guest h3 >> text=me/animal")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        assert f"ganzoo pull me/animal@{hub.repos['me/animal'].commit} --keep" in page.inner_text(
            "#guest pre"
        )
        page.click("#guest .plays a >> nth=0")
        page.wait_for_selector("#view-sample figure.large img")
        assert "model=me--animal--" in page.url
        context.close()
        assert strangers == []
    lines = [line for line in capfd.readouterr().err.splitlines() if line.startswith("{")]
    told = [json.loads(line) for line in lines]
    assert "/" in {one["path"] for one in told}
    assert all(set(one) == {"time", "method", "path", "status", "ms"} for one in told)
    assert not any("view=models" in line or "animal&" in line for line in lines)


def test_where_adding_is_switched_off_it_says_so_and_asks_nobody(browser, hub, shelf, tmp_path):
    asked = len(hub.asked)
    with serving(shelf, "--guests", "0", **rooms(tmp_path, hub)) as address:
        page = browser.new_page()
        page.set_default_timeout(LONG)
        page.goto(f"{address}?view=models&add=me/animal")
        page.wait_for_selector(".models")
        page.wait_for_selector("text=The operator of this gallery has switched adding off.")
        assert page.get_by_role("button", name="Bring it in").count() == 0
        page.close()
    assert len(hub.asked) == asked
