"""``ganzoo reshape``: the known picture at another size, as a file."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow
from shelf import hang, retargeter
from typer.testing import CliRunner, Result

from ganzoo import bundle as bundles
from ganzoo import images
from ganzoo.cli import build
from ganzoo.zoo import Model, Retargeter


@pytest.fixture(scope="module")
def bundle(tmp_path_factory) -> Path:
    return retargeter(tmp_path_factory.mktemp("shelf")).folder


def call(*arguments: object) -> Result:
    return CliRunner().invoke(build("reshape"), [str(one) for one in arguments])


@pytest.mark.parametrize("stretched", [False, True])
def test_the_picture_is_written_as_it_is_remade(bundle, tmp_path, stretched):
    out = tmp_path / "deep" / "wide.png"
    more = ["--stretched"] if stretched else []
    done = call(bundle, "--out", out, "--wide", 2, "--tall", 0.5, "--narrow", -0.2, *more)
    assert done.exit_code == 0, done.output
    painter = Retargeter(Model(bundles.load(bundle)))
    made = (painter.stretched if stretched else painter.remake)(0.5, 2.0, -0.2)
    wanted = images.to_pictures(made)[0].astype(int)
    assert np.abs(np.asarray(Pillow.open(out)) - wanted).max() <= 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--out", "wide.gif"], ".png or .webp; got 'wide.gif'"),
        (["--out", "wide.png", "--wide", "9"], "0.4 to 2.2 times as tall and as wide; got 1"),
        (["--out", "wide.png", "--narrow", "0.9"], "at most 0.5 of the width"),
    ],
)
def test_mistakes_are_answered_in_plain_words(bundle, arguments, said, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = call(bundle, *arguments)
    assert done.exit_code
    assert said in " ".join((done.output + str(done.exception)).split())
    assert not list(tmp_path.iterdir())


def test_who_knows_no_image_says_so(tmp_path):
    done = call(hang(tmp_path, "dcgan-mnist").folder, "--out", tmp_path / "wide.png")
    assert "dcgan-mnist does not remake an image" in done.output + str(done.exception)
