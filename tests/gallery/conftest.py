"""A small zoo, and a gallery served over it on this machine."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from gradio_client import Client
from served import serving
from shelf import exhibit

from ganzoo.zoo import Zoo

ANIMALS = ("gan-mnist", "dcgan-mnist", "wgan_gp-mnist", "cgan-mnist")


@pytest.fixture
def uploads(tmp_path, monkeypatch) -> Path:
    """Where what visitors bring is kept, in a test."""
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path / "uploads"))
    (tmp_path / "uploads").mkdir()
    return tmp_path / "uploads"


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


@pytest.fixture(scope="module")
def client(served, tmp_path_factory) -> Client:
    """A program that asks the gallery that the module's tests open."""
    return Client(served, verbose=False, download_files=tmp_path_factory.mktemp("files"))
