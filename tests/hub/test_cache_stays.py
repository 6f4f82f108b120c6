"""What lies in the Hub's cache is read and never changed, whichever command would."""

import pytest
from loopback import Hub, Repo
from shelf import hang
from typer.testing import CliRunner

from ganzoo.cli import build
from ganzoo.hub import pull


@pytest.fixture
def fetched(tmp_path, hub: Hub, request) -> str:
    made = hang(tmp_path / "shelf", request.param)
    files = {path.name: path.read_bytes() for path in made.folder.iterdir()}
    hub.repos["me/one"] = Repo(files | {"README.md": b"# card"})
    return str(pull("me/one").folder)


WRITERS = [
    (line, recipe)
    for recipe, *lines in (
        ("dcgan-mnist", "card", "evaluate --write", "bench --write", "truncate --write"),
        ("cnn-mnist", "robustness --write"),
        ("dann-mnist_m", "domains --write"),
        ("dcgan-facades", "dissect --write --segmenter hub:me/one"),
    )
    for line in lines
]


@pytest.mark.parametrize("link", [False, True], ids=["hub", "link"])
@pytest.mark.parametrize(("line", "fetched"), WRITERS, indirect=["fetched"])
def test_what_was_fetched_is_not_written_to(fetched, line, link, tmp_path):
    (tmp_path / "mine").symlink_to(fetched)
    named = str(tmp_path / "mine") if link else "hub:me/one"
    command, *options = line.split()
    done = CliRunner().invoke(build(command), [named, *options])
    assert done.exit_code == 2, done.output
    assert "lies in the Hub's cache, where nothing is changed: ganzoo pull me/one@" in done.stderr
    assert " --keep" in done.stderr
    assert str(pull("me/one").folder) == fetched  # all is what the Hub lists
