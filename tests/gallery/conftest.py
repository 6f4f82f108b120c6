"""A small zoo, and a gallery served over it on this machine."""

import os
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
def serving(shelf: Path, *options: str, **environment: str) -> Iterator[str]:
    """The address of a real gallery on this machine, opened as the README says."""
    port = free_port()
    command = [sys.executable, "app.py", "--bundles", str(shelf), "--port", str(port), *options]
    kept = {**os.environ, "GANZOO_DATABASE_URL": answers(shelf), **environment}
    with subprocess.Popen(
        command, cwd=ROOT, env=kept, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            said = process.stdout.readline()
            assert said == f"The gallery is open at http://127.0.0.1:{port}/\n"
            yield f"http://127.0.0.1:{port}/"
        finally:
            process.terminate()


def answers(shelf: Path) -> str:
    """The address of what visitors of that gallery answer."""
    return f"sqlite:///{shelf.parent / 'answers.sqlite'}"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
