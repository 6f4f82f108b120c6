"""Several processes share a batch: they learn what one would, and they leave together."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from world import digits, tiny

from ganzoo.training import Trainer, state

ADA = "augment={name: ada, options: {start: 0.5, target: 1, every: 1, kimg: 0.05}}"
# A batch norm undoes the biases before it, whose gradients are rounding: Adam would step by those.
PLAIN = ("optimizer=sgd", "betas=[0.5, 0.999]")
# A cycle magnifies rounding, a hundredfold at each step.
POOLED = ("game_options={pool: 4, cycle: 0}", "lr=0.01")
# Of eight pictures some must vary, and not as many in each process.
VARIED = ("penalties=[{name: mode_seeking, weight: 1}]", "game_options.varied=2")
SHARED = {
    "dcgan": ("dcgan-mnist",),
    "wgan_gp": ("wgan_gp-mnist",),
    "biggan": ("biggan-fashion", *PLAIN),
    "ada": ("dcgan-mnist", ADA),
    "cyclegan": ("cyclegan-noto2fluent", *POOLED, *PLAIN),
    "semantic_pyramid": ("semantic_pyramid-cifar10", *VARIED, *PLAIN),
}

# These are not those of one process: of maps of noise each draws its own.
ALIKE = {"stylegan2": ("stylegan2-fashion",), "stylegan3": ("stylegan3-fashion",)}


def launch(folder: Path, script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs a script in two processes."""
    here, file = Path(__file__).parents[1], folder / "script.py"
    file.write_text(script)
    paths = os.pathsep.join([str(here), str(here.parent)])
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2"]
    environment = os.environ | {"PYTHONPATH": paths, "OMP_NUM_THREADS": "1"}
    command += [str(file), *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True)


PARALLEL = """
import json, sys
import torch
from world import digits, tiny
from ganzoo.training import Trainer
torch.set_num_threads(1)
made = {}
for name, recipe in json.loads(sys.argv[2]).items():
    trainer = Trainer(tiny(*recipe), digits(), cpu=True)
    for _ in range(3):
        trainer.step()
    assert trainer.accelerator.num_processes == 2
    made[name] = trainer.players.state_dict()
torch.save(made, f"{sys.argv[1]}/{trainer.accelerator.process_index}.pt")
"""


@pytest.fixture(scope="module")
def two(tmp_path_factory):
    """What each of two processes makes of each recipe."""
    folder = tmp_path_factory.mktemp("two")
    done = launch(folder, PARALLEL, str(folder), json.dumps(SHARED | ALIKE))
    assert done.returncode == 0, done.stderr
    return [torch.load(folder / f"{rank}.pt", weights_only=True) for rank in range(2)]


@pytest.mark.parametrize("name", SHARED)
def test_two_processes_equal_one(two, name):
    """Batch norm and gradients are shared, so only the order of sums differs."""
    alone = Trainer(tiny(*SHARED[name]), digits(), cpu=True)
    for _ in range(3):
        alone.step()
    for key, value in alone.players.state_dict().items():
        torch.testing.assert_close(two[0][name][key], value, rtol=1e-3, atol=1e-5, msg=key)


@pytest.mark.parametrize("name", SHARED | ALIKE)
def test_what_is_remembered_is_the_same_in_each(two, name):
    """So the state that one of them saves is that of all."""
    for key, value in two[0][name].items():
        assert torch.equal(two[1][name][key], value), key


STOPPED = """
import os, sys
from pathlib import Path
import torch
from world import digits, tiny
from ganzoo.errors import StoppedError
from ganzoo.training import fit
torch.set_num_threads(1)
asked = iter([False, os.environ["RANK"] == "1"])
try:
    fit(tiny("dcgan-mnist"), digits(), Path(sys.argv[1]), cpu=True, snapshot_kimg=1.0,
        stop=lambda: next(asked))
except StoppedError as error:
    print(error)
"""


def test_all_leave_when_one_is_asked_to_and_the_first_saves(tmp_path):
    done = launch(tmp_path, STOPPED, str(tmp_path / "run"))
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("stopped at 0.016 of 0.032 kimg") == 2
    assert state.load(tmp_path / "run", tiny("dcgan-mnist"), digits())["steps"] == 2
