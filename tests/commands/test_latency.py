"""``ganzoo latency``: a gallery is served, asked and closed."""

import json
import subprocess
import sys

import pytest
from shelf import hang


@pytest.mark.parametrize(
    ("recipe", "endpoint"), [("stylegan2-fashion", "/mix"), ("dcgan-mnist", "/sample")]
)
def test_calls_are_timed(tmp_path, recipe, endpoint):
    folder = hang(tmp_path, recipe).folder
    command = [sys.executable, "-m", "ganzoo", "latency", folder, "--rounds", "3", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    report = json.loads(done.stdout)
    assert report["endpoint"] == endpoint
    assert 0 < report["median_ms"] <= report["p95_ms"]
