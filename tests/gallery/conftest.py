"""A small zoo, a gallery served over it on this machine, and a browser to walk through it."""

import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from shelf import exhibit

from ganzoo.zoo import Zoo

ROOT = Path(__file__).parents[2]
BROWSER = "/usr/bin/chromium"
MISSING = f"{BROWSER} is missing: the gallery was not looked at (apt-get install chromium)"
ANIMALS = ("gan-mnist", "dcgan-mnist", "wgan_gp-mnist", "cgan-mnist")


@pytest.fixture
def zoo(tmp_path) -> Zoo:
    """Two painters of one data set, the second one worse."""
    exhibit(tmp_path / "shelf", "gan-mnist", fid=20)
    exhibit(tmp_path / "shelf", "dcgan-mnist", fid=80.123)
    return Zoo([tmp_path / "shelf"])


@pytest.fixture(scope="session")
def shelf(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("shelf")
    for position, name in enumerate(ANIMALS):
        exhibit(folder, name, fid=10.0 * position + 10)
    return folder


@pytest.fixture(scope="session")
def served(shelf) -> Iterator[str]:
    with serving(shelf) as address:
        yield address


@contextmanager
def serving(shelf: Path) -> Iterator[str]:
    """The address of a real gallery on this machine, opened as the README says."""
    port = free_port()
    command = [sys.executable, "app.py", "--bundles", str(shelf), "--port", str(port)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            said = process.stdout.readline()
            assert said == f"The gallery is open at http://127.0.0.1:{port}/\n"
            yield f"http://127.0.0.1:{port}/"
        finally:
            process.terminate()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="session")
def browser() -> Iterator[object]:
    if not shutil.which(BROWSER):
        pytest.skip(MISSING)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=BROWSER, args=["--no-sandbox"])
        yield chromium
        chromium.close()


def pytest_terminal_summary(terminalreporter) -> None:
    """A browser that was not there is said aloud, not in a line of dots."""
    skipped = terminalreporter.stats.get("skipped", [])
    if any(MISSING in str(report.longrepr) for report in skipped):
        terminalreporter.write_line(MISSING, red=True, bold=True)
