"""Zip archives of pictures, honest and otherwise."""

import stat
import struct
import zipfile
from pathlib import Path

import numpy as np
import pytest
from colours import BLUE, GREEN, RED, encoded

from ganzoo.data import DataRequest, Dataset, _member, _zip, recognise, sources
from ganzoo.errors import DataError


def load(path: Path, **wanted: object) -> Dataset:
    return sources["folder"].load(DataRequest(path=path, **{"size": 4, **wanted}))


def colours(data: Dataset) -> list[tuple[int, ...]]:
    return [tuple(int(level) for level in picture[:, 0, 0]) for picture in data.pictures]


@pytest.mark.parametrize("name", ["a.zip", "a.tar.gz"])
def test_a_folder_may_be_an_archive(album, pack, name):
    contents = {"mine/train/a/1.png": RED, "mine/train/b/2.png": GREEN, "mine/test/b/3.png": BLUE}
    plain, packed = load(album(contents)), load(pack(contents, name))
    np.testing.assert_array_equal(plain.pictures, packed.pictures)
    assert (packed.class_names, packed.labels.tolist()) == (("a", "b"), [0, 1])
    assert packed.fingerprint == plain.fingerprint
    assert colours(load(tmp := pack(contents, name), split="test")) == [BLUE]
    assert colours(load(Path(f"{tmp}:mine/train/a"))) == [RED]


def test_a_zip_is_recognised(pack):
    path = pack({"1.png": RED}, "a.zip")
    assert recognise(path) == ("folder", path)
    assert recognise(f"{path}:inner") == ("folder", Path(f"{path}:inner"))


def write(path: Path, *members: tuple[str | zipfile.ZipInfo, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return path


def test_names_that_lead_out_and_things_that_are_no_files_are_harmless(tmp_path, monkeypatch):
    link = zipfile.ZipInfo("b/link.png")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    red = encoded(RED)
    names = ("a/1.png", "../outside.png", "/outside.png", "a/../../outside.png", "b/2.png")
    path = write(tmp_path / "a.zip", *((name, red) for name in names), (link, b"/etc/passwd"))
    monkeypatch.chdir(tmp_path)
    data = load(path)
    assert (len(data), data.class_names) == (2, ("a", "b"))
    assert sum("leads out of the archive" in sentence for sentence in data.skipped) == 3
    assert sum("a link or a device" in sentence for sentence in data.skipped) == 1
    assert not (tmp_path.parent / "outside.png").exists()
    assert not list(tmp_path.rglob("outside.png"))


def test_what_would_unpack_without_end_is_refused(tmp_path, monkeypatch):
    path = write(tmp_path / "a.zip", ("1.png", encoded(RED)), ("2.png", bytes(2**20)))
    assert load(path).skipped == ("'2.png': damaged, or no picture",)
    monkeypatch.setattr(_member, "MOST_BYTES", 2**19)
    path = write(tmp_path / "b.zip", ("1.png", encoded(RED)), ("2.png", bytes(2**20)))
    assert load(path).skipped == ("'2.png': 1048576 bytes are more than a picture has",)
    monkeypatch.setattr(_zip, "SPARE", 2**10)
    path = write(tmp_path / "c.zip", ("1.png", encoded(RED)), ("2.png", bytes(2**20)))
    with pytest.raises(DataError, match=r"cannot read '.*c\.zip': its [\d,]+ bytes would become"):
        load(path)


def test_a_member_that_cannot_be_unpacked_is_named_and_left_out(tmp_path):
    path = write(tmp_path / "a.zip", ("1.png", encoded(RED)), ("2.png", encoded(GREEN)))
    content = bytearray(path.read_bytes())
    second = zipfile.ZipFile(path).getinfo("2.png").header_offset
    (length,) = struct.unpack_from("<H", content, second + 26)
    content[second + 30 + length + 4] ^= 0xFF
    central = content.rindex(b"PK\x01\x02", 0, content.rindex(b"PK\x01\x02"))
    path.write_bytes(content)
    data = load(path)
    assert colours(data) == [RED]
    assert data.skipped[0].startswith("'2.png': ")
    locked = bytearray(content)
    locked[central + 8] |= 0x1
    (tmp_path / "b.zip").write_bytes(locked)
    with pytest.raises(DataError, match=r"'1\.png': it is locked by a password"):
        load(tmp_path / "b.zip")


@pytest.mark.parametrize("content", [b"", b"no archive" * 99, "cut"])
def test_what_is_no_archive_is_named(tmp_path, content):
    path = write(tmp_path / "a.zip", ("1.png", encoded(RED)))
    path.write_bytes(path.read_bytes()[:-30] if content == "cut" else content)
    with pytest.raises(DataError, match=r"cannot read '.*a\.zip': "):
        load(path)


def test_an_archive_that_is_not_there_is_quoted(tmp_path):
    with pytest.raises(DataError, match=r"there is no archive '.*none\.zip'"):
        load(tmp_path / "none.zip")
