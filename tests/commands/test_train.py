"""``ganzoo train`` as whoever waits for it meets it: interrupted."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

TRAIN = (sys.executable, "-m", "ganzoo", "train", "dcgan-digits", "--cpu", "--no-score")
SMALL = ("--set", "options.base_channels=4", "--set", "batch_size=8", "--set", "kimg=50")


def started(folder: Path) -> subprocess.Popen[str]:
    command = [*TRAIN, *SMALL, "--run", str(folder), "--snapshot-kimg", "40"]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_who_interrupts_a_training_loses_nothing(tmp_path, number):
    process = started(tmp_path / "run")
    log = tmp_path / "run" / "log.jsonl"
    deadline = time.monotonic() + 120
    while not (log.is_file() and log.read_text()):
        assert process.poll() is None, process.stderr.read() if process.stderr else ""
        assert time.monotonic() < deadline
        time.sleep(0.1)
    process.send_signal(number)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 2
    assert "stopped at" in said
    assert "go on with --resume" in " ".join(said.split())
    assert (tmp_path / "run" / "state.pt").is_file()
