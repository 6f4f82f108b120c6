"""The command line: quick to answer, plain about mistakes."""

import errno
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
import torch
import typer
from typer.testing import CliRunner

from ganzoo import __version__, cli
from ganzoo.cli import build
from ganzoo.commands import commands
from ganzoo.registry import Folder

ROOT = Path(__file__).parents[2]
HEAVY = {"accelerate", "gradio", "huggingface_hub", "numpy", "pydantic", "torch"}


def python(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )


def test_help_waits_for_nothing_heavy():
    code = "import sys, ganzoo.cli as c; c.build(*c.commands); print(*sys.modules)"
    loaded = set(python("-c", code).stdout.split())
    assert "typer" in loaded
    assert not loaded & HEAVY


def test_the_module_is_the_command_and_a_mistake_costs_exit_code_2():
    done = python("-m", "ganzoo", "sample", "no-such-bundle")
    assert done.returncode == 2
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert line.startswith("ganzoo: there is no bundle 'no-such-bundle'")


def test_version():
    assert CliRunner().invoke(build(*commands), ["--version"]).output.strip() == __version__


def test_help_says_what_it_is_and_names_every_command():
    shown = CliRunner().invoke(build(*commands), ["--help"]).output
    assert "A BUNDLE is a trained model" in shown
    for name in commands:
        assert f" {name} " in shown


@pytest.mark.parametrize("name", commands)
def test_every_command_explains_itself(name):
    done = CliRunner().invoke(build(*commands), [name, "--help"])
    assert done.exit_code == 0
    entry = commands[name]
    told = import_module(entry.package) if isinstance(entry, Folder) else entry
    first = (told.__doc__ or "").splitlines()[0]
    assert first
    assert first.split()[0] in done.output


def test_defaults_that_are_told_survive_the_help():
    shown = CliRunner().invoke(build(*commands), ["train", "--help"], env={"COLUMNS": "160"}).output
    assert "runs/NAME by default" in shown
    assert "RUN/NAME by default" in shown


def test_no_command_shows_the_help():
    assert "Usage: " in CliRunner().invoke(build(*commands), []).output


def test_one_command_alone_is_the_application():
    app = build("list")
    assert isinstance(app, typer.Typer)
    assert "--json" in CliRunner().invoke(app, ["--help"]).output


def test_an_unknown_command_is_a_mistake():
    done = CliRunner().invoke(build(*commands), ["smaple"])
    assert done.exit_code == 2
    assert "sample" in done.stderr


@pytest.mark.parametrize("seed", ["-1", str(2**32)])
@pytest.mark.parametrize("name", ["attack", "robustness", "domains", "truncate", "dissect"])
def test_a_seed_that_is_none_is_quoted(name, seed):
    needed = ("--segmenter", "unet-facades") if name == "dissect" else ()
    done = CliRunner().invoke(build(name), ["nothing", *needed, f"--seed={seed}"])
    assert done.exit_code == 2
    assert f"got '{seed}'" in done.stderr


def too_large_for_numpy():
    np.zeros(2**60, np.uint8)


def too_large_for_torch():
    torch.zeros(2**60)


def beyond_the_quota():
    raise OSError(errno.EDQUOT, "Disk quota exceeded")


def stopped_by_hand():
    raise KeyboardInterrupt


@pytest.mark.parametrize(
    ("command", "code", "said"),
    [
        (too_large_for_numpy, 2, "ganzoo: this machine's memory is too small: Unable to allocate"),
        (
            too_large_for_torch,
            2,
            "ganzoo: this machine's memory is too small: 4,294,967,296.0 GiB asked",
        ),
        (beyond_the_quota, 2, "ganzoo: Disk quota exceeded"),
        (stopped_by_hand, 130, "ganzoo: stopped"),
    ],
)
def test_what_the_system_refuses_is_one_line(monkeypatch, command, code, said):
    monkeypatch.setattr(cli, "commands", {"strain": command})
    done = CliRunner().invoke(build("strain"))
    assert done.exit_code == code
    (line,) = done.stderr.splitlines()
    assert line.startswith(said)
