"""``ganzoo dance``: a film of one puppet's dance on another's body."""

from pathlib import Path

import av
import pytest
from PIL import Image as Pillow
from shelf import dancer, hang
from typer.testing import CliRunner, Result

from ganzoo.cli import build


@pytest.fixture(scope="module")
def bundle(tmp_path_factory) -> Path:
    return dancer(tmp_path_factory.mktemp("shelf")).folder


def call(*arguments: object) -> Result:
    return CliRunner().invoke(build("dance"), [str(one) for one in arguments])


def test_a_film_shows_source_figure_and_target(bundle, tmp_path):
    out = tmp_path / "deep" / "film.webp"
    done = call(bundle, "--out", out, "--source", "pip", "--frames", 5)
    assert done.exit_code == 0, done.output
    assert str(out) in done.stdout.replace("\n", "")
    with Pillow.open(out) as film:
        assert (film.n_frames, film.size) == (5, (156, 48))


def test_the_target_may_dance_alone_and_as_a_video(bundle, tmp_path):
    out = tmp_path / "film.mp4"
    done = call(bundle, "--out", out, "--frames", 4, "--alone", "--as-danced", "--single")
    assert done.exit_code == 0, done.output
    with av.open(str(out)) as film:
        frames = list(film.decode(video=0))
    assert (len(frames), frames[0].width, frames[0].height) == (4, 48, 48)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--out", "film.gif"], ".webp or .mp4; got 'film.gif'"),
        (["--out", "film.webp", "--source", "otter"], "Did you mean 'otto'"),
        (["--out", "film.webp", "--frames", "0"], "1 to 2000 frames; got 0"),
        (["--out", "film.webp", "--seed", "x"], "expected a whole number, got 'x'"),
    ],
)
def test_mistakes_are_answered_in_plain_words(bundle, arguments, said, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = call(bundle, *arguments)
    assert done.exit_code
    assert said in " ".join((done.output + str(done.exception)).split())
    assert not list(tmp_path.iterdir())


def test_who_paints_no_films_says_so(tmp_path):
    done = call(hang(tmp_path, "dcgan-mnist").folder, "--out", tmp_path / "film.webp")
    assert "dcgan-mnist does not dance" in done.output + str(done.exception)
