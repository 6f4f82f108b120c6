"""The StyleGAN family by the letter: the same pictures, gradients and verdicts, made the slow way."""

from copy import deepcopy

import pytest
import torch
from typer.testing import CliRunner

from ganzoo import config
from ganzoo.architectures import architectures
from ganzoo.cli import build
from ganzoo.commands import _textbook
from ganzoo.commands._textbook import PLAIN, line, spread, textbook
from ganzoo.layers.filtered import coarser, finer, low_pass
from ganzoo.layers.fir import Resample


def drawn(name: str, player: str, **changed):
    """A tiny network whose noise matters, drawn at random."""
    entry = architectures[name]
    torch.manual_seed(3)
    network = entry.networks[player](entry.tiny.model_copy(update=changed)).eval()
    for module in network.modules():
        if hasattr(module, "strength"):
            module.strength.data.fill_(0.5)  # type: ignore[union-attr]
    return network.requires_grad_(False)


@pytest.mark.parametrize(
    ("name", "changed"),
    [
        ("stylegan2", {}),
        ("stylegan2", {"g_connection": "resnet", "g_taps": (1.0, 2.0, 3.0), "g_clamp": 0.5}),
        ("stylegan3", {}),
        ("stylegan3", {"g_kernel": 1, "g_radial": True, "g_finer": 4, "g_filter": 4}),
    ],
)
@pytest.mark.parametrize("train", [False, True])
def test_pictures_are_the_same(name, changed, train):
    network = drawn(name, "generator", **changed).train(train)
    plain = textbook(deepcopy(network))
    assert {type(module) for module in plain.modules()} & set(PLAIN.values())
    assert not {type(module) for module in plain.modules()} & set(PLAIN)
    z, y = torch.randn(3, 8), torch.arange(3)
    torch.testing.assert_close(plain(z, y), network(z, y), rtol=0, atol=1e-5)


@pytest.mark.parametrize("connection", ["resnet", "skip"])
def test_verdicts_and_their_gradients_are_the_same(connection):
    network = drawn("stylegan2", "discriminator", d_connection=connection)
    image, y = torch.randn(4, 3, 16, 16), torch.arange(4) % 3
    found = []
    for judge in (network, textbook(deepcopy(network))):
        given = image.clone().requires_grad_()
        (slope,) = torch.autograd.grad(judge(given, y).sum(), given)
        found.append((judge(image, y), slope))
    for ours, theirs in zip(*found, strict=True):
        torch.testing.assert_close(theirs, ours, rtol=0, atol=1e-5)


def test_a_filter_is_read_off_its_matrix():
    taps = low_pass(12, 2.0, 3.0, 16)
    up = line(finer(taps, 9, 2, 7, 5).mT)
    torch.testing.assert_close(up.taps, 2 * torch.tensor(taps))
    assert (up.start, up.step) == (7 - 11, 2)
    down = line(coarser(taps, 31, 2))
    torch.testing.assert_close(down.taps, torch.tensor(taps[::-1].copy()))
    assert (down.start, down.step) == (0, 2)


def test_zeros_follow_each_pixel():
    image = torch.arange(1.0, 5).view(1, 1, 2, 2)
    assert spread(image, 2).tolist() == [[[[1, 0, 2, 0], [0] * 4, [3, 0, 4, 0], [0] * 4]]]
    assert type(textbook(Resample())) is _textbook.PlainResample


def test_races_are_of_the_sizes_that_they_are_called_by():
    for name, race in _textbook.RACES.items():
        said = race.options or race.recipe["data"] | {"image_size": 32}
        assert name == f"{race.architecture}-{said['image_size']}"
        assert bool(race.recipe) != bool(race.batches)
        if race.recipe:
            assert config.parse(race.recipe).options.image_size == 32


def test_a_race_is_run(monkeypatch):
    """In this process, on the tiniest of networks: both paint the same."""
    tiny = architectures["stylegan2"].tiny.model_dump() | {"num_classes": 0, "z_dim": 512}
    monkeypatch.setitem(_textbook.RACES, "small", _textbook.Race("stylegan2", (1, 2), tiny))
    theirs, ours = _textbook.their_acts("small"), _textbook.our_acts("small")
    assert {"paint 1", "paint 2", "show"} < set(ours)
    assert theirs["paint 2"]().shape == (2, 3, 16, 16)  # type: ignore[attr-defined]
    assert abs(theirs["show"]() - ours["show"]()).max() < 0.1


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["textbook:stylegan2-65"], "Did you mean 'stylegan2-64'"),
        (["textbook:stylegan2-64", "--train"], "is raced at sampling only"),
        (["textbook:stylegan2-32"], "is raced at training only"),
        (["textbook:stylegan2-64", "--write"], "nothing is kept"),
    ],
)
def test_mistakes_are_quoted(given, said):
    done = CliRunner().invoke(build("bench"), given)
    assert done.exit_code == 2, done.output
    assert said in " ".join(done.stderr.split())
