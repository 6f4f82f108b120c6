"""Archives of pictures, honest and otherwise."""

import bz2
import gzip
import lzma
import tarfile
from pathlib import Path

import numpy as np
import pytest
from colours import BLUE, GREEN, RED

from ganzoo.data import DataRequest, Dataset, _archive, _member, sources
from ganzoo.errors import DataError


def load(path: Path, **wanted: object) -> Dataset:
    return sources["tar"].load(DataRequest(path=path, **{"size": 4, **wanted}))


def colours(data: Dataset) -> list[tuple[int, ...]]:
    return [tuple(int(level) for level in picture[:, 0, 0]) for picture in data.pictures]


@pytest.mark.parametrize("name", ["a.tar", "a.tar.gz", "a.tgz", "A.TAR.GZ"])
def test_an_archive_is_read_like_a_folder(album, pack, name):
    contents = {"train/a/1.png": RED, "train/b/2.png": GREEN, "test/b/3.png": BLUE}
    folder = sources["folder"].load(DataRequest(path=album(contents), size=4))
    archive = load(pack(contents, name))
    np.testing.assert_array_equal(folder.pictures, archive.pictures)
    assert (archive.class_names, archive.labels.tolist()) == (("a", "b"), [0, 1])
    assert archive.fingerprint == folder.fingerprint
    assert colours(load(pack(contents, name), split="test")) == [BLUE]
    assert archive.name == name


def test_pictures_come_in_the_order_of_the_archive(pack):
    data = load(pack({"b/2.png": GREEN, "a/1.png": RED, "b/1.png": BLUE}))
    assert colours(data) == [GREEN, RED, BLUE]
    assert data.labels.tolist() == [1, 0, 1]


@pytest.mark.parametrize("inner", ["noto", "./noto/", "noto/"])
def test_a_folder_inside_can_be_chosen(pack, inner):
    path = pack(
        {"flat/1.png": RED, "noto/x/1.png": BLUE, "noto/y/2.png": GREEN, "noton/3.png": RED}
    )
    data = load(Path(f"{path}:{inner}"))
    assert colours(data) == [BLUE, GREEN]
    assert data.class_names == ("x", "y")


def test_a_folder_that_is_not_inside_gets_a_suggestion(pack):
    with pytest.raises(DataError, match=r"no pictures in 'notto' of '.*'. Did you mean 'noto'\?"):
        load(Path(f"{pack({'noto/1.png': RED, 'flat/1.png': RED})}:notto"))


def test_a_path_is_taken_apart():
    assert _archive.parse(Path("/x/a.tar.gz:b/c")) == (Path("/x/a.tar.gz"), "b/c")
    assert _archive.parse(Path("a.tgz")) == (Path("a.tgz"), None)
    assert _archive.parse(Path("a.tar:")) == (Path("a.tar"), "")
    assert _archive.parse(Path("a.ZIP:b")) == (Path("a.ZIP"), "b")
    assert _archive.parse(Path("a.rar")) is None
    assert _archive.parse(Path("a.tar.gz.txt")) is None
    assert _archive.parse(Path("~/a.tar")) == (Path.home() / "a.tar", None)


def test_the_last_of_two_members_of_one_name_counts(tmp_path, pack):
    path = pack({"1.png": RED, "2.png": GREEN}, "a.tar")
    other = pack({"1.png": BLUE}, "b.tar")
    with tarfile.open(path, "a") as archive, tarfile.open(other) as more:
        member = more.getmember("1.png")
        archive.addfile(member, more.extractfile(member))
    assert colours(load(path)) == [GREEN, BLUE]


def odd(name: str, kind: bytes, to: str = "") -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.type, member.linkname = kind, to
    return member


def test_names_that_lead_out_and_things_that_are_no_files_are_harmless(pack, tmp_path, monkeypatch):
    outside = tmp_path / "outside.png"
    path = pack(
        {
            "a/1.png": RED,
            str(outside): GREEN,
            "../outside.png": GREEN,
            "a/../../outside.png": GREEN,
            "link": odd("b/link.png", tarfile.SYMTYPE, "/etc/passwd"),
            "hard": odd("b/hard.png", tarfile.LNKTYPE, "../../etc/passwd"),
            "device": odd("b/device.png", tarfile.CHRTYPE),
            "pipe": odd("b/pipe.png", tarfile.FIFOTYPE),
            "b/2.png": BLUE,
        }
    )
    before = sorted(p for p in tmp_path.rglob("*"))
    monkeypatch.chdir(tmp_path)
    data = load(path)
    assert colours(data) == [RED, BLUE]
    assert data.class_names == ("a", "b")
    assert len(data.skipped) == 7
    assert sum("leads out of the archive" in sentence for sentence in data.skipped) == 3
    assert sum("a link or a device" in sentence for sentence in data.skipped) == 4
    cache = tmp_path / "cache"
    after = sorted(p for p in tmp_path.rglob("*") if p != cache and cache not in p.parents)
    assert after == before
    assert not outside.exists()


def test_an_archive_of_nothing_but_tricks_is_an_error_that_names_them(pack):
    with pytest.raises(DataError, match=r"no picture could be read; left out '\.\./1\.png'"):
        load(pack({"../1.png": RED}))


def test_a_member_too_large_for_a_picture_is_not_read(pack, monkeypatch):
    monkeypatch.setattr(_member, "MOST_BYTES", 200)
    data = load(pack({"1.png": RED, "2.png": b"x" * 201}))
    assert len(data) == 1
    assert data.skipped == ("'2.png': 201 bytes are more than a picture has",)


def test_a_damaged_picture_is_named_and_left_out(pack):
    data = load(pack({"1.png": RED, "2.png": b"x"}))
    assert len(data) == 1
    assert data.skipped == ("'2.png': damaged, or no picture",)


@pytest.mark.parametrize("at", [5120 + 100, 5120 + 512 + 10, 5120 + 512 + 300])
@pytest.mark.parametrize("name", ["a.tar", "a.tar.gz"])
def test_an_archive_cut_short_is_named(pack, name, at):
    path = pack({f"{index}.png": RED for index in range(9)}, name)
    path.write_bytes(path.read_bytes()[: at if name == "a.tar" else at % 100 + 20])
    with pytest.raises(DataError, match=rf"cannot read '.*{name}'"):
        load(path)


@pytest.mark.parametrize("kind", [gzip, bz2, lzma], ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("at", [0.5, 1.0], ids=["middle", "checksum"])
def test_a_compressed_archive_that_is_not_what_was_packed_is_named(pack, kind, at):
    path = pack({f"{index}.png": np.random.default_rng(index).bytes(999) for index in range(9)},
                "a.tar")  # fmt: skip
    content = bytearray(kind.compress(path.read_bytes()))
    content[int(at * len(content)) - 6] ^= 1
    path.write_bytes(content)
    with pytest.raises(DataError, match=r"cannot read '.*a\.tar'"):
        load(path)


def test_an_archive_with_rubbish_in_the_middle_is_named(pack):
    path = pack({f"{index}.png": RED for index in range(9)}, "a.tar")
    content = bytearray(path.read_bytes())
    content[5120:5220] = b"?" * 100
    path.write_bytes(content)
    with pytest.raises(DataError, match=r"cannot read '.*a\.tar': it is damaged"):
        load(path)


@pytest.mark.parametrize("content", [b"", b"not an archive at all" * 99])
def test_what_is_no_archive_is_named(tmp_path, content):
    path = tmp_path / "a.tar.gz"
    path.write_bytes(content)
    with pytest.raises(DataError, match=r"cannot read '.*a\.tar\.gz'"):
        load(path)


def test_nothing_to_read_is_an_error_that_says_what_was_looked_for(pack, tmp_path):
    with pytest.raises(DataError, match=r"no pictures in '.*album\.tar\.gz'.*\.jpg"):
        load(pack({"notes.txt": b"hello"}))
    with pytest.raises(DataError, match=r"there is no archive '.*nowhere\.tar'"):
        load(tmp_path / "nowhere.tar")
    with pytest.raises(DataError, match="not named like a"):
        load(tmp_path / "a.rar")
    with pytest.raises(DataError, match="needs a path"):
        sources["tar"].load(DataRequest())


def test_a_second_reading_does_not_open_the_archive(pack, monkeypatch):
    path = pack({"a/1.png": RED, "b/2.png": BLUE})
    first = load(path)
    monkeypatch.setattr(tarfile, "open", None)
    second = load(path)
    np.testing.assert_array_equal(first.pictures, second.pictures)
    assert second.labels.tolist() == [0, 1]


def test_a_changed_archive_or_another_folder_in_it_is_read_anew(pack):
    path = pack({"a/1.png": RED, "b/2.png": BLUE})
    load(path)
    assert colours(load(Path(f"{path}:b"))) == [BLUE]
    pack({"a/1.png": GREEN, "b/2.png": BLUE, "b/3.png": BLUE})
    assert colours(load(path)) == [GREEN, BLUE, BLUE]
