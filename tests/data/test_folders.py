"""Folders of pictures: what is found, what it is called, and when it is decoded again."""

import errno
import json
import logging
import os
import struct
from pathlib import Path, PurePosixPath

import numpy as np
import pytest
from colours import BLUE, GREEN, RED, encoded
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image as Pillow

from ganzoo.data import DataRequest, Dataset, _cache, sources
from ganzoo.data import folder as folders
from ganzoo.data._labels import arrange
from ganzoo.errors import DataError, first_line

folder = sources["folder"]


def load(path: Path, **wanted: object) -> Dataset:
    return folder.load(DataRequest(path=path, **{"size": 4, **wanted}))


def colours(data: Dataset) -> list[tuple[int, ...]]:
    return [tuple(int(level) for level in picture[:, 0, 0]) for picture in data.pictures]


def test_pictures_come_in_the_order_of_their_names(album):
    data = load(album({"b.png": GREEN, "a.png": RED, "c.png": BLUE}))
    assert colours(data) == [RED, GREEN, BLUE]
    assert data.pictures.shape == (3, 3, 4, 4)
    assert (data.name, data.labels, data.class_names, data.skipped) == ("album", None, (), ())


def test_sub_folders_are_classes_sorted_however_deep(album):
    data = load(album({"zebra/1.png": RED, "ant/deep/er/2.png": GREEN, "ant/1.png": BLUE}))
    assert data.class_names == ("ant", "zebra")
    assert data.labels.tolist() == [0, 0, 1]
    assert colours(data) == [BLUE, GREEN, RED]


def test_what_is_not_named_in_letters_can_still_be_written_down(album):
    inner = os.fsdecode(b"photographs \xff")
    wrapped = album({f"{inner}/{os.fsdecode(name)}/1.png": RED for name in (b"cat", b"dog \xfe")})
    data = load(wrapped / inner)
    assert (data.name, data.class_names) == (r"photographs \udcff", ("cat", r"dog \udcfe"))
    assert data.labels.tolist() == [0, 1]


def test_a_lone_folder_and_a_picture_outside_of_all_make_no_classes(album):
    assert load(album({"cats/1.png": RED, "cats/2.png": RED}, "lone")).labels is None
    split = load(album({"train/a/1.png": RED, "test/a/2.png": RED}, "split"))
    assert (split.labels, split.class_names) == (None, ())
    mixed = load(album({"a/1.png": RED, "b/2.png": RED, "3.png": RED}, "mixed"))
    assert len(mixed) == 3
    assert mixed.labels is None


def test_who_loses_their_classes_to_a_stray_picture_is_told(album, caplog):
    load(album({"a/1.png": RED, "b/2.png": RED, "3.png": RED}, "mixed"))
    assert (
        "mixed: no picture has a class, because 3.png lies beside the folders a, b" in caplog.text
    )
    caplog.clear()
    load(album({"1.png": RED, "2.png": RED}, "plain"))
    load(album({"a/1.png": RED, "b/2.png": RED}, "classes"))
    assert caplog.text == ""


def test_what_is_hidden_or_no_picture_is_not_looked_at(album):
    contents = {"1.PNG": RED, ".2.png": RED, ".git/3.png": RED, "__MACOSX/4.png": RED}
    data = load(album({**contents, "README.txt": b"hello"}))
    assert len(data) == 1
    assert data.skipped == ()


@pytest.mark.parametrize("around", ["", "wrapped/twice/"])
def test_split_picks_a_sub_folder_and_classes_are_the_same_in_all(album, around):
    contents = {"train/a/1.png": RED, "train/b/2.png": GREEN, "test/b/3.png": BLUE, "4.png": RED}
    path = album({f"{around}{name}": colour for name, colour in contents.items()})
    train, test = load(path), load(path, split="test")
    assert train.class_names == test.class_names == ("a", "b")
    assert (train.labels.tolist(), test.labels.tolist()) == ([0, 1], [1])
    assert colours(test) == [BLUE]


def test_an_unknown_split_is_quoted(album):
    with pytest.raises(DataError, match=r"no split 'test'\. Known: train, val"):
        load(album({"train/1.png": RED, "val/2.png": RED}, "split"), split="test")
    with pytest.raises(DataError, match=r"no split 'val'\. Known: train"):
        load(album({"1.png": RED}, "whole"), split="val")


names = st.lists(st.sampled_from(["a", "b", "train", "test", "1.png", "2.png"]), min_size=1)


@given(st.lists(names.map(lambda parts: PurePosixPath(*parts, "x.png")), min_size=1, unique=True))
def test_every_picture_is_in_one_split_at_most_and_labels_name_its_folder(paths):
    splits = []
    for split in ("train", "test"):
        try:
            splits.append(arrange(paths, split, "set"))
        except DataError:
            continue
    places = [place for one in splits for place, _ in one.chosen]
    assert places
    assert len(places) == len(set(places))
    for one in splits:
        assert list(one.class_names) == sorted(set(one.class_names))
        for place, label in one.chosen:
            assert (label is None) == (one.class_names == ())
            assert label is None or one.class_names[label] in paths[place].parts


def test_channels_and_size_are_as_asked(album):
    path = album({"1.png": RED})
    assert load(path, channels=1, size=7).pictures.shape == (1, 1, 7, 7)
    assert load(path, channels=1).pictures.max() == 76  # the luma of red


def bomb() -> bytes:
    """A bitmap of a few bytes that claims ten thousand million pixels."""
    about = struct.pack("<IiiHHIIiiII", 40, 100_000, 100_000, 1, 24, 0, 0, 0, 0, 0, 0)
    return b"BM" + struct.pack("<IHHI", 54, 0, 0, 54) + about


def test_damaged_pictures_are_named_and_left_out(album, caplog):
    whole = encoded(Pillow.effect_noise((64, 64), 50))
    contents = {
        "a/1.png": RED,
        "a/bomb.bmp": bomb(),
        "a/cut.png": whole[: len(whole) // 2],
        "b/empty.png": b"",
        "b/phone.HEIC": b"\0\0\0\x18ftypheic",
        "b/text.jpg": b"not a picture",
        "b/z.png": BLUE,
        "b/notes.txt": b"passed over",
    }
    path = album(contents)
    with caplog.at_level(logging.WARNING):
        data = load(path)
    assert colours(data) == [RED, BLUE]
    assert data.labels.tolist() == [0, 1]
    assert [sentence.split(":")[0] for sentence in data.skipped] == [
        "'a/bomb.bmp'",
        "'a/cut.png'",
        "'b/empty.png'",
        "'b/phone.HEIC'",
        "'b/text.jpg'",
    ]
    assert "pixels" in data.skipped[0]
    assert data.skipped[3] == "'b/phone.HEIC': .heic is not read; save it as .jpg or .png"
    assert data.skipped[-1] == "'b/text.jpg': damaged, or no picture"
    assert "a/cut.png" in caplog.text
    assert "and 2 more" in caplog.text
    caplog.clear()
    assert load(path).skipped == data.skipped  # from the cache, and said again
    assert "a/cut.png" in caplog.text


def test_pipes_and_dead_links_are_named_and_left_out(album):
    path = album({"1.png": RED})
    os.mkfifo(path / "2.png")
    (path / "3.png").symlink_to("nowhere.png")
    data = load(path)
    assert len(data) == 1
    assert [sentence[:7] for sentence in data.skipped] == ["'2.png'", "'3.png'"]


def test_links_to_folders_are_followed_but_not_in_circles(album):
    path = album({"a/1.png": RED, "b/2.png": BLUE})
    (path / "a" / "back").symlink_to(path)
    (path / "c").symlink_to(path / "b")
    data = load(path)
    assert data.class_names == ("a", "b", "c")
    assert data.labels.tolist() == [0, 1, 2]


def test_a_name_that_is_not_text_is_only_a_name(album):
    path = album({"1.png": RED})
    Path(os.fsdecode(os.fsencode(path) + b"/\xff.png")).write_bytes(encoded(BLUE))
    Path(os.fsdecode(os.fsencode(path) + b"/\xfe.png")).write_bytes(b"")
    data = load(path)
    assert colours(data) == [RED, BLUE]
    assert "udcfe" in data.skipped[0]


def test_nothing_to_read_is_an_error_that_says_what_was_looked_for(album, tmp_path):
    with pytest.raises(DataError, match=r"no pictures in '.*album'.*\.jpg"):
        load(album({"notes.txt": b""}))
    with pytest.raises(DataError, match=r"there is no folder '.*nowhere'"):
        load(tmp_path / "nowhere")
    with pytest.raises(DataError, match=r"notes\.txt' is neither a folder, nor a \.zip"):
        load(tmp_path / "album" / "notes.txt")
    with pytest.raises(DataError, match="needs a path"):
        folder.load(DataRequest())


def test_nothing_readable_is_an_error_and_leaves_nothing_behind(album, tmp_path):
    with pytest.raises(DataError, match=r"no picture could be read; left out '1\.png'"):
        load(album({"1.png": b"", "2.png": b"x"}))
    assert list((tmp_path / "cache" / "pictures").iterdir()) == []


# The cache


@pytest.fixture
def decodings(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How often pictures were decoded: grows by one each time."""
    made: list[int] = []
    really = _cache.decode
    monkeypatch.setattr(_cache, "decode", lambda *given: (made.append(1), really(*given))[1])
    return made


def test_the_same_request_is_mapped_not_decoded_again(album, decodings):
    path = album({"a/1.png": RED, "b/2.png": BLUE})
    first, second = load(path), load(path)
    assert len(decodings) == 2
    assert isinstance(second.pictures, np.memmap)
    assert not second.pictures.flags.writeable
    np.testing.assert_array_equal(first.pictures, second.pictures)
    assert (first.labels.tolist(), first.class_names) == (second.labels.tolist(), ("a", "b"))
    assert first.fingerprint == second.fingerprint


@pytest.mark.parametrize("wanted", [{"size": 5}, {"channels": 1}, {"split": "test"}])
def test_another_request_is_another_entry(album, decodings, wanted):
    path = album({"train/1.png": RED, "test/2.png": RED})
    load(path)
    load(path, **wanted)
    assert len(decodings) == 2


def test_a_changed_file_is_decoded_again(album, decodings):
    path = album({"1.png": RED})
    load(path)
    (path / "1.png").write_bytes(encoded(BLUE))
    os.utime(path / "1.png", (1, 1))
    assert colours(load(path)) == [BLUE]
    os.rename(path / "1.png", path / "2.png")
    load(path)
    assert len(decodings) == 3


def test_a_class_that_appears_elsewhere_renumbers_the_labels(album):
    path = album({"train/b/1.png": RED, "train/c/2.png": BLUE})
    assert load(path).labels.tolist() == [0, 1]
    album({"test/a/1.png": RED})
    assert load(path).labels.tolist() == [1, 2]


@pytest.mark.parametrize("suffix", [".npy", ".json"])
@pytest.mark.parametrize("damage", [b"", b"garbage", None])
def test_a_damaged_entry_is_made_anew(album, tmp_path, decodings, suffix, damage):
    path = album({"1.png": RED})
    load(path)
    (entry,) = (tmp_path / "cache" / "pictures").glob(f"*{suffix}")
    entry.unlink() if damage is None else entry.write_bytes(damage)
    assert colours(load(path)) == [RED]
    assert len(decodings) == 2


def test_an_entry_cut_short_is_made_anew(album, tmp_path, decodings):
    path = album({"1.png": RED})
    load(path)
    (entry,) = (tmp_path / "cache" / "pictures").glob("*.npy")
    entry.write_bytes(entry.read_bytes()[:-1])
    assert colours(load(path)) == [RED]
    assert len(decodings) == 2


@pytest.mark.parametrize("refused", [OSError(errno.EMFILE, "Too many open files"), MemoryError()])
def test_what_the_system_refused_is_tried_again(album, monkeypatch, decodings, refused):
    path = album({"1.png": RED, "2.png": BLUE})
    really = folders._open

    def refuse(place):
        if place.name == "2.png":
            raise refused
        return really(place)

    with monkeypatch.context() as patch:
        patch.setattr(folders, "_open", refuse)
        few = load(path)
    assert colours(few) == [RED]
    assert few.skipped == (f"'2.png': {first_line(refused)}",)
    whole = load(path)
    assert (colours(whole), whole.skipped) == ([RED, BLUE], ())
    assert len(decodings) == 3
    assert colours(load(path)) == [RED, BLUE]
    assert len(decodings) == 3


def test_what_is_damaged_is_not_tried_again(album, decodings):
    path = album({"1.png": RED, "2.png": b"no picture"})
    assert load(path).skipped == load(path).skipped != ()
    assert len(decodings) == 2


def test_an_entry_that_does_not_say_why_pictures_lack_is_made_anew(album, tmp_path, decodings):
    path = album({"1.png": RED, "2.png": b""})
    load(path)
    (entry,) = (tmp_path / "cache" / "pictures").glob("*.json")
    about = json.loads(entry.read_text())
    del about["passing"]
    entry.write_text(json.dumps(about))
    load(path)
    load(path)
    assert len(decodings) == 4


def test_only_whole_entries_are_ever_seen(album, tmp_path, monkeypatch):
    path = album({"1.png": RED, "2.png": BLUE})

    really, calls = _cache.decode, iter(range(2))

    def interrupted(*given):
        if next(calls):
            raise KeyboardInterrupt
        return really(*given)

    monkeypatch.setattr(_cache, "decode", interrupted)
    with pytest.raises(KeyboardInterrupt):
        load(path)
    assert list((tmp_path / "cache" / "pictures").iterdir()) == []


def test_a_cache_that_cannot_be_written_says_how_to_move_it(album, tmp_path, monkeypatch):
    (tmp_path / "file").write_bytes(b"")
    monkeypatch.setenv("GANZOO_CACHE", str(tmp_path / "file" / "inside"))
    with pytest.raises(DataError, match="GANZOO_CACHE"):
        load(album({"1.png": RED}))


def test_few_files_are_under_way_at_once(monkeypatch):
    """So a folder larger than memory needs little of it."""
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    opened = 0

    def files():
        nonlocal opened
        for index in range(100):
            opened += 1
            yield _cache.Encoded(str(index), lambda: None, None)

    for done, (file, result) in enumerate(_cache._in_order(lambda file: file.name, files())):
        assert result == file.name == str(done)
        assert opened <= done + 10


def test_an_entrys_header_keeps_its_length():
    assert len({len(_cache._header(count, (3, 128, 128))) for count in (0, 7, 10**12)}) == 1


# What nobody learns from


def flock(*around: str, count: int = 40) -> dict[str, object]:
    return {
        f"{folder}{kind}/{i}.png": colour
        for folder in around
        for kind, colour in (("a", RED), ("b", BLUE))
        for i in range(count)
    }


def test_one_picture_in_ten_is_held_out_where_asked(album):
    path = album(flock(""))
    train, test = load(path, held_out=True), load(path, split="test", held_out=True)
    assert not set(train.names) & set(test.names)
    assert len(train) + len(test) == len(load(path)) == 80
    assert 4 <= len(test) <= 14
    assert train.class_names == test.class_names == ("a", "b")
    assert set(test.labels.tolist()) == {0, 1}
    assert train.drawn == test.drawn == "one in 10, by a hash of its name"
    assert load(path).drawn == ""
    assert load(path, split="test", held_out=True).drawn == test.drawn  # from the cache


def test_the_same_are_held_out_wherever_the_folder_lies_and_whatever_is_added(album, pack):
    test = load(album(flock("")), split="test", held_out=True)
    wrapped = load(album(flock("wrapped/train/"), "other"), split="test", held_out=True)
    more = load(album(flock("", count=60), "more"), split="test", held_out=True)
    packed = sources["tar"].load(
        DataRequest(path=pack(flock("")), size=4, split="test", held_out=True)
    )
    assert [Path(name).parts[-2:] for name in wrapped.names] == [
        Path(name).parts[-2:] for name in test.names
    ]
    assert set(test.names) <= set(more.names)
    assert set(packed.names) == set(test.names)
    assert packed.drawn == test.drawn


def test_a_test_folder_of_ones_own_is_the_test_split(album):
    path = album({**flock("train/", count=20), **flock("test/", count=2)})
    assert len(load(path, held_out=True)) == 40
    test = load(path, split="test", held_out=True)
    assert (len(test), test.drawn) == (4, "")


def test_a_folder_to_choose_by_is_left_as_it_is(album):
    path = album({**flock("train/"), **flock("val/", count=2)})
    assert len(load(path, split="val", held_out=True)) == 4
    assert all("train" in name for name in load(path, split="test", held_out=True).names)
    with pytest.raises(DataError, match=r"no split 'test'\. Known: val"):
        load(album(flock("val/"), "alone"), split="test", held_out=True)


def test_too_few_to_hold_one_out_is_said(album):
    with pytest.raises(DataError, match="none of 1 pictures falls into the split 'test'"):
        load(album({"1.png": RED}), split="test", held_out=True)
