"""The truncation curve: measured with the same seeds, kept in the bundle, told by the command."""

import json

import torch
from shelf import exhibit
from torch import nn
from typer.testing import CliRunner
from world import digits

from ganzoo import bundle
from ganzoo.cli import build
from ganzoo.evaluation.networks import eight_bits
from ganzoo.evaluation.pixels import pixels
from ganzoo.evaluation.reals import yardstick
from ganzoo.evaluation.truncation import curve
from ganzoo.latents import latents, truncated
from ganzoo.metrics import Sample, metrics


def reals(count):
    return yardstick(digits(2 * count), None, "train", count).reference


def test_every_threshold_is_scored_by_the_metrics_themselves(tmp_path):
    made = exhibit(tmp_path, "biggan-fashion")
    eye = pixels()
    found = curve(made, reals(100), eye, 100, seed=3, thresholds=(0.5, 2.0))
    assert [point.threshold for point in found.points] == [0.5, 2.0]
    assert found.protocol["n_fake"] == 100
    network = made.network()
    z, y = truncated(latents(3, 100, made.recipe.options.z_dim), 0.5), (torch.arange(100) + 3) % 10
    seen = Sample(features=eye.look(eight_bits(network(z, y))).features, seen_by=eye.seen_by)
    expected = metrics["precision_recall"].score(reals(100).seen(eye), seen)
    assert abs(found.points[0].values["precision"] - expected["precision"].value) < 0.06
    assert set(found.points[0].values) == {"precision", "recall", "fid"}


def run(*arguments):
    return CliRunner().invoke(build("truncate", "list"), ["truncate", *arguments])


def test_the_command_keeps_the_curve(tmp_path):
    made = exhibit(tmp_path, "cgan-mnist")
    before = made.config.sha256
    done = run(str(made.folder), "--count", "100", "--write", "--json")
    assert done.exit_code == 0, done.output
    kept = bundle.load(made.folder).config
    assert kept.sha256 == before
    told = json.loads(done.stdout[done.stdout.index("{") :])
    assert kept.truncation is not None
    assert kept.truncation.model_dump(mode="json") == told
    assert len(told["points"]) == 9


def test_a_bundle_without_latents_is_refused(tmp_path):
    made = exhibit(tmp_path, "dcgan-mnist")
    assert isinstance(made.network(), nn.Module)
    done = run(str(made.folder))
    assert done.exit_code == 2
    assert "no truncation slider" in done.output
