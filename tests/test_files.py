"""Files are whole or not there."""

import pytest

from ganzoo.files import replace, replacing


def test_readers_see_the_old_file_until_the_new_one_is_complete(tmp_path):
    path = tmp_path / "a.json"
    replace(path, b"old")
    with replacing(path) as file:
        file.write(b"ne")
        file.flush()
        assert path.read_bytes() == b"old"
        file.write(b"w")
    assert path.read_bytes() == b"new"
    assert [one.name for one in tmp_path.iterdir()] == ["a.json"]


def test_who_fails_leaves_nothing_behind(tmp_path):
    path = tmp_path / "a.json"
    replace(path, b"old")

    def fail():
        with replacing(path) as file:
            file.write(b"half")
            raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        fail()
    assert path.read_bytes() == b"old"
    assert [one.name for one in tmp_path.iterdir()] == ["a.json"]


def test_two_writers_do_not_meet(tmp_path):
    path = tmp_path / "a.json"
    with replacing(path) as one, replacing(path) as other:
        one.write(b"one")
        other.write(b"other")
    assert path.read_bytes() == b"one"  # that closed last


def test_others_may_read_it(tmp_path):
    path = tmp_path / "a.json"
    replace(path, b"x")
    (tmp_path / "b").write_bytes(b"x")
    assert path.stat().st_mode == (tmp_path / "b").stat().st_mode
