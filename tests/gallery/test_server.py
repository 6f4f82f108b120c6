"""What the server does beside Gradio, over real HTTP."""

import gzip
import json
import re
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from shutil import copytree
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from PIL import Image as Pillow
from served import free_port
from shelf import hang
from starlette.applications import Starlette
from starlette.testclient import TestClient

from ganzoo import __version__, bundle
from ganzoo.gallery import hung
from ganzoo.gallery.front import cards
from ganzoo.gallery.server import BUSY
from ganzoo.zoo import Zoo


def get(url: str, **headers: str) -> tuple[int, bytes, dict[str, str]]:
    try:
        with urlopen(Request(url, headers=headers), timeout=60) as reply:
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


def test_a_part_of_a_preview_comes_alone(served, shelf):
    status, body, headers = get(served + "bundle/dcgan-mnist/preview.png?part=20x9999")
    assert (status, headers["content-type"]) == (200, "image/png")
    with (
        Pillow.open(shelf / "dcgan-mnist" / "preview.png") as sheet,
        Pillow.open(BytesIO(body)) as part,
    ):
        wanted = sheet.crop((0, 0, 20, sheet.height))
        assert part.size == wanted.size
        assert part.tobytes() == wanted.tobytes()


def test_a_part_from_the_middle_of_a_preview_stays_on_it(served, shelf):
    with Pillow.open(shelf / "dcgan-mnist" / "preview.png") as sheet:
        wide = sheet.width
        wanted = sheet.crop((wide - 8, 3, wide, 11)).tobytes()
    for left in (wide - 8, wide - 7, 9999):
        _, body, _ = get(served + f"bundle/dcgan-mnist/preview.png?part=8x8-{left}-3")
        with Pillow.open(BytesIO(body)) as part:
            assert part.tobytes() == wanted


def test_a_sheet_that_is_no_picture_hangs_nowhere(tmp_path):
    made = hang(tmp_path, "dcgan-mnist")
    (made.folder / bundle.PREVIEW).write_bytes(b"no picture")
    assert hung.preview_size(made) is None
    assert "<img" not in cards._card(made, [made])
    with TestClient(Starlette(routes=[hung.route(Zoo([tmp_path]))])) as client:
        reply = client.get("/bundle/dcgan-mnist/preview.png?part=8x8")
    assert reply.status_code == 404
    assert "preview.png is no picture" in reply.json()["detail"]


def test_a_part_of_a_sheet_that_was_cut_off_is_not_sent(tmp_path):
    made = hang(tmp_path, "dcgan-mnist")
    Pillow.effect_noise((200, 200), 99).save(made.folder / bundle.PREVIEW)
    whole = (made.folder / bundle.PREVIEW).read_bytes()
    (made.folder / bundle.PREVIEW).write_bytes(whole[:9000])
    with TestClient(Starlette(routes=[hung.route(Zoo([tmp_path]))])) as client:
        reply = client.get("/bundle/dcgan-mnist/preview.png?part=150x150")
    assert reply.status_code == 404
    assert "is damaged" in reply.json()["detail"]


def test_a_sheet_that_links_to_a_secret_is_not_sent(tmp_path):
    made = hang(tmp_path / "shelf", "dcgan-mnist")
    (tmp_path / "secret").write_text("hush")
    (made.folder / bundle.PREVIEW).symlink_to(tmp_path / "secret")
    with TestClient(Starlette(routes=[hung.route(Zoo([tmp_path / "shelf"]))])) as client:
        reply = client.get("/bundle/dcgan-mnist/preview.png")
    assert (reply.status_code, b"hush" in reply.content) == (404, False)


@pytest.mark.parametrize(
    "part", ["", "0x4", "4", "-1x4", "4x4x4", "9" * 5000, "ax4", "4x4-1", "4x4-1--1"]
)
def test_what_is_no_part_is_quoted(served, part):
    status, body, _ = get(served + f"bundle/dcgan-mnist/preview.png?part={part}")
    assert status == 400
    assert f"got {part[:32]!r}" in json.loads(body)["detail"]


def test_a_browser_keeps_the_version_that_it_asked_for(served, shelf):
    preview = hung.preview(bundle.load(shelf / "dcgan-mnist"))
    assert preview
    address = hung.part(preview, 8, 8)
    kept, asked = (
        get(served + one)[2]["cache-control"] for one in (address, address.replace("?v=", "?v=0"))
    )
    assert "immutable" in kept
    assert asked == "no-cache"


def test_the_address_of_a_preview_changes_with_it(shelf, tmp_path):
    copied = bundle.load(Path(copytree(shelf / "dcgan-mnist", tmp_path / "dcgan-mnist")))
    before = hung.preview(copied)
    (copied.folder / bundle.PREVIEW).write_bytes(b"another")
    assert hung.preview(copied) != before


def test_text_is_compressed_for_who_understands_it(served):
    plain, packed = (get(served, **asked) for asked in ({}, {"Accept-Encoding": "gzip"}))
    assert "content-encoding" not in plain[2]
    assert packed[2]["content-encoding"] == "gzip"
    assert len(packed[1]) < len(plain[1]) / 4
    assert b"ganzoo" in gzip.decompress(packed[1])


def test_pictures_are_not_compressed_again(served):
    _, _, headers = get(served + "bundle/dcgan-mnist/preview.png", **{"Accept-Encoding": "gzip"})
    assert "content-encoding" not in headers


def test_the_scripts_of_the_page_are_kept_and_the_page_is_not(served):
    _, page, headers = get(served)
    assert "immutable" not in headers.get("cache-control", "")
    script = re.search(r"assets/index-[\w-]+\.js", page.decode())
    assert script
    assert "immutable" in get(served + script[0])[2]["cache-control"]
    assert "immutable" not in get(served + "assets/none.js")[2].get("cache-control", "")


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


def test_a_slow_first_page_does_not_end_the_gallery(shelf):
    """On a busy machine Gradio's own patience of three seconds is too short."""
    code = f"""
import os, pathlib
from gradio import networking
networking.url_ok = lambda url: False
from ganzoo.gallery import app
from ganzoo.zoo import Zoo
app.launch(Zoo([pathlib.Path({str(shelf)!r})]), port={free_port()})
os._exit(7)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 7, done.stderr


def told(page: str) -> dict[str, str]:
    """What a messenger reads of a link."""
    found = re.findall(r'<meta (?:property|name)="((?:og|twitter):[^"]+)" content="([^"]*)">', page)
    assert len(found) == len(page.split("og:")) + len(page.split("twitter:")) - 2
    return dict(found)


def test_a_link_in_a_messenger_shows_the_view_and_its_model(served):
    _, body, _ = get(served + "?view=sample&model=sngan-cifar10", **{"X-Forwarded-Proto": "https"})
    page = body.decode()
    card = told(page)
    there = re.sub("http", "https", served)
    assert re.fullmatch(f"{there}bundle/[a-z0-9_]+-[a-z0-9]+/preview.png\\?v=.*", card["og:image"])
    status, picture, _ = get(card["og:image"].replace("https", "http"))
    assert (status, picture[1:4]) == (200, b"PNG")
    assert card["og:title"] == "Pictures nobody has seen · ganzoo"
    assert card["og:description"].startswith("Every picture is new")
    assert "Gradio" not in str(card)
    assert 'rel="icon"' in page


def test_a_link_to_nowhere_shows_the_front_door(served):
    front = told(get(served)[1].decode())
    assert front["og:site_name"] == "ganzoo"
    assert told(get(served + "?view=%22%3E%3Cscript&model=..%2F..")[1].decode()) == front
