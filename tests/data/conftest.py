"""Every test here has an empty home for data and cache, and paints its own pictures."""

import io
import socket
import tarfile
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from colours import encoded


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GANZOO_DATA", str(tmp_path / "home"))
    monkeypatch.setenv("GANZOO_CACHE", str(tmp_path / "cache"))
    (tmp_path / "home").mkdir()
    return tmp_path / "home"


@pytest.fixture
def nowhere() -> str:
    """An address on this machine at which nobody answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    return f"http://127.0.0.1:{port}/"


@pytest.fixture
def album(tmp_path: Path) -> Callable[..., Path]:
    """Lays out a folder: ``album({"class/name.png": colour, ...})``."""

    def lay_out(contents: Mapping[str, object], name: str = "album") -> Path:
        for relative, content in contents.items():
            path = tmp_path / name / relative
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(encoded(content))
        return tmp_path / name

    return lay_out


@pytest.fixture
def pack(tmp_path: Path) -> Callable[..., Path]:
    """Packs an archive, a ``.zip`` if it is called so; a ``TarInfo`` in place of a picture goes into
    others as it is, empty."""

    def write(contents: Mapping[str, object], name: str = "album.tar.gz") -> Path:
        path = tmp_path / name
        if name.endswith("zip"):
            with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
                for inner, content in contents.items():
                    archive.writestr(inner, encoded(content))
            return path
        with tarfile.open(path, "w:gz" if name.endswith("gz") else "w") as tar:
            for inner, content in contents.items():
                if isinstance(content, tarfile.TarInfo):
                    tar.addfile(content)
                    continue
                member = tarfile.TarInfo(inner)
                member.size = len(encoded(content))
                tar.addfile(member, io.BytesIO(encoded(content)))
        return path

    return write
