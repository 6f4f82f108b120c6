"""Where nothing can be written, that is said before the work, and nothing is lost."""

from pathlib import Path

import pytest
from shelf import hang
from typer.testing import CliRunner

from ganzoo import bundle
from ganzoo.cli import build
from ganzoo.commands import _outputs, commands
from ganzoo.errors import InputError


@pytest.fixture(scope="module")
def painter(tmp_path_factory) -> Path:
    return hang(tmp_path_factory.mktemp("shelf"), "dcgan-mnist").folder


def call(*arguments: object):
    return CliRunner().invoke(build(*commands), [str(one) for one in arguments])


def test_a_file_is_one_of_its_kinds_and_in_a_folder_that_can_be(tmp_path):
    _outputs.file(tmp_path / "new" / "deep" / "a.PNG", "a sheet", ".png")
    with pytest.raises(InputError, match=r"a sheet is written as .png or .webp; got '.*a.gif'"):
        _outputs.file(tmp_path / "a.gif", "a sheet", ".png", ".webp")
    (tmp_path / "b.png").mkdir()
    with pytest.raises(InputError, match=r"b.png' is a folder"):
        _outputs.file(tmp_path / "b.png", "a sheet", ".png")
    (tmp_path / "plain").write_text("")
    for place in (tmp_path / "plain" / "a.png", tmp_path / "plain" / "deep" / "a.png"):
        with pytest.raises(InputError, match="plain' is no folder"):
            _outputs.file(place, "a sheet", ".png")


def test_what_the_system_does_not_allow_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(_outputs.os, "access", lambda *_: False)
    with pytest.raises(InputError, match="does not allow it"):
        _outputs.folder(tmp_path / "new")
    (tmp_path / "a.png").write_bytes(b"")
    with pytest.raises(InputError, match="cannot be overwritten"):
        _outputs.file(tmp_path / "a.png", "a sheet", ".png")


def test_nobody_waits_for_what_cannot_be_written(painter, tmp_path):
    (tmp_path / "plain").write_text("")
    for line in (
        ["sample", painter, "--out", tmp_path / "plain" / "a.png"],
        ["train", "dcgan-mnist", "--run", tmp_path / "plain" / "run"],
        ["train", "dcgan-mnist", "--run", tmp_path / "run", "--out", tmp_path / "plain"],
        ["import", "dcgan-pytorch-examples", painter, "--out", tmp_path / "plain" / "new"],
        ["study", "new", tmp_path / "plain" / "a.yaml"],
    ):
        done = call(*line)
        assert done.exit_code == 2, line
        assert "is no folder" in done.stderr, line
        assert len(done.stderr.splitlines()) == 1


def test_a_file_that_the_system_refuses_is_one_sentence(painter, tmp_path, monkeypatch):
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", "grid.png")

    monkeypatch.setattr("PIL.Image.Image.save", refuse)
    done = call("sample", painter, "--count", 1, "--out", tmp_path / "grid.png")
    assert (done.exit_code, done.stderr) == (2, "ganzoo: 'grid.png': Permission denied\n")


def test_a_full_disk_is_one_sentence(painter, tmp_path, monkeypatch):
    def fill(*_: object, **__: object) -> None:
        with Path("/dev/full").open("w") as file:
            file.write("x")

    monkeypatch.setattr("PIL.Image.Image.save", fill)
    done = call("sample", painter, "--count", 1, "--out", tmp_path / "grid.png")
    assert done.exit_code == 2
    assert done.stderr == "ganzoo: No space left on device\n"


def test_a_bundle_takes_the_place_of_an_earlier_one_and_of_nothing_else(painter, tmp_path):
    _outputs.bundle(tmp_path / "new", "dcgan-mnist")
    _outputs.bundle(painter, "dcgan-mnist")
    with pytest.raises(InputError, match="holds the bundle dcgan-mnist, which gan-mnist would"):
        _outputs.bundle(painter, "gan-mnist")
    half = tmp_path / "half"
    half.mkdir()
    (half / bundle.MODEL).write_bytes(b"")  # of a training that was struck down as it wrote
    _outputs.bundle(half, "dcgan-mnist")
    (half / "README.md").write_text("my notes")
    with pytest.raises(InputError, match=r"holds 'README.md'"):
        _outputs.bundle(half, "dcgan-mnist")


def test_no_card_is_written_before_its_table_has_a_place(painter, tmp_path):
    before = (painter / bundle.CARD).exists()
    done = call("card", painter, "--readme", tmp_path / "nothere.md")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "nothere.md' cannot be read" in done.stderr
    assert (painter / bundle.CARD).exists() == before


def test_two_folders_keep_no_scores(tmp_path):
    done = call("evaluate", tmp_path, tmp_path, "--write")
    assert done.exit_code == 2
    assert "two folders keep no scores" in done.stderr
