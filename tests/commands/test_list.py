"""``ganzoo list``."""

import json

import pytest
from shelf import hang
from typer.testing import CliRunner, Result

from ganzoo import bundle
from ganzoo.architectures import architectures
from ganzoo.cli import build


@pytest.fixture
def shelf(tmp_path):
    made = hang(tmp_path, "wgan_gp-mnist")
    score = bundle.Score(name="fid_mnist_cnn_10k", value=12.345, deviation=0.2)
    bundle.rewrite(made, metrics=(score,))
    return tmp_path


def listed(*arguments: str) -> Result:
    return CliRunner().invoke(build("list"), list(arguments), env={"COLUMNS": "160"})


def test_json_says_everything(shelf):
    told = json.loads(listed("--json", "--bundles", str(shelf)).stdout)
    (one,) = told["bundles"]
    made = bundle.load(shelf / "wgan_gp-mnist")
    assert one["paper"] == "WGAN-GP"
    assert one["year"] == 2017
    assert one["abilities"] == ["sample"]
    assert one["parameters"]["generator"] == sum(p.numel() for p in made.network().parameters())
    assert one["scores"][0]["name"] == "fid_mnist_cnn_10k"
    assert [row["name"] for row in told["architectures"]] == list(architectures)
    assert all(row["parameters"] and row["paper"] for row in told["architectures"])
    assert told["problems"] == {}


def test_the_table_shows_score_with_protocol(shelf):
    shown = listed("--bundles", str(shelf)).output
    for word in ("wgan_gp-mnist", "WGAN-GP", "2017", "12.35 ± 0.2", "fid_mnist_cnn_10k", "DCGAN"):
        assert word in shown


def test_a_broken_bundle_is_named_and_hides_nothing(shelf):
    hang(shelf, "gan-mnist")
    (shelf / "gan-mnist" / "config.json").write_text("{")
    done = listed("--bundles", str(shelf))
    assert done.exit_code == 0
    assert "wgan_gp-mnist" in done.output
    assert "is not JSON" in " ".join(done.output.split())
    told = json.loads(listed("--json", "--bundles", str(shelf)).stdout)
    assert "is not JSON" in told["problems"]["gan-mnist"]


def test_a_name_is_never_broken(tmp_path):
    hang(tmp_path, "semantic_pyramid-cifar10")
    done = CliRunner().invoke(build("list"), ["--bundles", str(tmp_path)], env={"COLUMNS": "80"})
    assert "semantic_pyramid-cifar10" in done.output


def test_a_folder_that_is_missing_is_quoted(tmp_path):
    done = listed("--bundles", str(tmp_path / "nowhere"))
    assert done.exit_code == 2
    assert done.stderr.startswith("ganzoo: there is no folder of bundles '")
    assert done.stdout == ""
