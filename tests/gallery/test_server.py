"""What the server does beside Gradio, over real HTTP."""

import json
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from ganzoo import __version__
from ganzoo.gallery.server import BUSY


def get(url: str) -> tuple[int, bytes, dict[str, str]]:
    try:
        with urlopen(Request(url), timeout=60) as reply:
            return reply.status, reply.read(), dict(reply.headers)
    except HTTPError as error:
        with error:
            return error.code, error.read(), dict(error.headers)


def test_it_says_that_it_lives(served):
    status, body, _ = get(served + "health")
    assert status == 200
    assert json.loads(body) == {"ganzoo": __version__, "bundles": 4}


def test_previews_come_from_the_bundle(served, shelf):
    status, body, _ = get(served + "bundle/dcgan-mnist/preview.png")
    assert status == 200
    assert body == (shelf / "dcgan-mnist" / "preview.png").read_bytes()


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("bundle/dcgan-mnits/preview.png", "Did you mean 'dcgan-mnist'?"),
        ("bundle/dcgan-mnist/film.webp", "has no 'film.webp'"),
        ("bundle/dcgan-mnist/config.json", "has no 'config.json'"),
        ("bundle/dcgan-mnist/model.safetensors", "has no 'model.safetensors'"),
        ("bundle/..%2F..%2Fetc/passwd", ""),
        ("bundle/dcgan-mnist/..%2Fconfig.json", ""),
    ],
)
def test_nothing_else_comes_from_the_disk(served, path, said):
    status, body, _ = get(served + path)
    assert status == 404
    assert said in body.decode()


def test_the_browser_is_told_to_ask_no_other_host(served):
    for path in ("", "health", "bundle/dcgan-mnist/preview.png"):
        fence = get(served + path)[2]["content-security-policy"]
        assert "default-src 'self' data: blob:" in fence
        assert "http" not in fence


def test_the_page_names_no_other_host_to_load_from(served):
    import re

    page = get(served)[1].decode()
    loaded = re.findall(r'<(?:script|link|img)[^>]+(?:src|href)="(https?://[^"]+)', page)
    assert [url for url in loaded if not url.startswith(served)] == []


def test_a_full_gallery_says_so_and_recovers(served):
    """More visitors than the queue takes, all at once."""
    from concurrent.futures import ThreadPoolExecutor

    config = json.loads(get(served + "config")[1])
    number = next(d["id"] for d in config["dependencies"] if d["api_name"] == "sample")

    def knock(visitor: int) -> tuple[int, str]:
        asked = {
            "data": ["dcgan-mnist", visitor, 144, None],
            "fn_index": number,
            "session_hash": f"visitor{visitor}",
        }
        request = Request(
            served + "gradio_api/queue/join",
            json.dumps(asked).encode(),
            {"Content-Type": "application/json"},
        )
        try:
            with urlopen(request, timeout=60) as reply:
                return reply.status, reply.read().decode()
        except HTTPError as error:
            with error:
                return error.code, error.read().decode()

    with ThreadPoolExecutor(64) as crowd:
        answers = list(crowd.map(knock, range(400)))
    assert {status for status, _ in answers} == {200, 503}
    assert all(BUSY in said for status, said in answers if status == 503)
    assert get(served + "health")[0] == 200
