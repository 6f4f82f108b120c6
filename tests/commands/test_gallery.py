"""``ganzoo gallery``: which bundles it opens with; the gallery itself has tests of its own."""

import os
import socket
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from shelf import hang
from typer.testing import CliRunner, Result

from ganzoo.cli import build
from ganzoo.gallery import app as gallery_app
from ganzoo.zoo import Zoo

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def shelf(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("GANZOO_CHECKPOINTS", str(tmp_path / "shelf"))
    hang(tmp_path / "shelf", "dcgan-mnist")
    return tmp_path / "shelf"


@pytest.fixture
def opened(monkeypatch) -> list[tuple[list[str], str, int | None]]:
    """What the gallery would have been opened with."""
    calls = []

    def launch(zoo: Zoo, host: str, port: int | None) -> SimpleNamespace:
        calls.append((zoo.names(), host, port))
        return SimpleNamespace(local_url="http://here/", block_thread=lambda: None)

    monkeypatch.setattr(gallery_app, "launch", launch)
    return calls


def gallery(*arguments: str) -> Result:
    return CliRunner().invoke(build("gallery"), list(arguments))


def test_it_opens_with_the_bundles_at_hand(opened):
    done = gallery()
    assert done.exit_code == 0, done.output
    assert "http://here/" in done.output
    assert opened == [(["dcgan-mnist"], "127.0.0.1", None)]


def test_bundles_come_from_other_folders_too(opened, tmp_path, shelf):
    hang(tmp_path / "mine", "gan-mnist")
    hang(tmp_path / "loose", "cgan-mnist")
    done = gallery(
        "--host", "0.0.0.0", "--port", "9000", "--bundles", str(shelf),
        "--bundles", str(tmp_path / "mine"), "--models", str(tmp_path / "loose" / "cgan-mnist"),
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    assert opened == [(["cgan-mnist", "dcgan-mnist", "gan-mnist"], "0.0.0.0", 9000)]


def test_a_broken_bundle_is_named_and_left_out(opened, shelf):
    hang(shelf, "gan-mnist")
    (shelf / "gan-mnist" / "config.json").write_text("[]")
    done = gallery()
    assert "gan-mnist is left out: " in done.stderr
    assert opened[0][0] == ["dcgan-mnist"]


@pytest.mark.parametrize(("arguments", "said"), [
    (("--bundles", "nowhere"), "no folder of bundles 'nowhere'"),
    (("--models", "hub:dcgan"), "user/name"),
    (("--models", "nothing"), "there is no bundle 'nothing'"),
    (("--port", "70000"), "65535"),
])  # fmt: skip
def test_mistakes_are_told_before_anything_opens(opened, arguments, said):
    done = gallery(*arguments)
    assert done.exit_code == 2
    assert said in done.stderr
    assert not opened


def test_a_port_in_use_is_a_clear_message(shelf):
    """A server that cannot start leaves things open behind it, so it has a process of its own."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = subprocess.run(
            [sys.executable, "app.py", "--port", port],
            cwd=ROOT, env=os.environ | {"GANZOO_CHECKPOINTS": str(shelf)},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
    assert done.returncode == 2, done.stderr
    assert f"ganzoo: cannot serve at 127.0.0.1:{port}" in done.stderr
    assert "Traceback" not in done.stderr
