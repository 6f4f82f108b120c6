"""Every test starts from the same seed, and hypothesis tries the same examples each time.

Networks here are tiny: two threads would spend their time waiting for each other, above all beside
another worker that has two as well. So one each, as for all processes that tests start.
"""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")  # read when torch is imported

import shutil
from collections.abc import Iterator

import pytest
import torch
from hypothesis import settings

BROWSER = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox", "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"
]  # fmt: skip
MISSING = f"{BROWSER} is missing: no page was looked at (apt-get install chromium)"

settings.register_profile("repeatable", deadline=None, derandomize=True)
settings.load_profile("repeatable")


@pytest.fixture(autouse=True)
def seed() -> None:
    torch.manual_seed(0)


@pytest.fixture(scope="session")
def browser() -> Iterator[object]:
    """A real one, to walk through pages that are served on this machine; its camera is a fake."""
    if not shutil.which(BROWSER):
        pytest.skip(MISSING)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=BROWSER, args=FLAGS)
        yield chromium
        chromium.close()


def pytest_terminal_summary(terminalreporter) -> None:
    """A browser that was not there is said aloud, not in a line of dots."""
    skipped = terminalreporter.stats.get("skipped", [])
    if any(MISSING in str(report.longrepr) for report in skipped):
        terminalreporter.write_line(MISSING, red=True, bold=True)
