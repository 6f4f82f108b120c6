"""Outlines: every name and shape, quickly, and nothing else."""

import subprocess
import sys
from pathlib import Path

import pytest
import torch

from ganzoo.architectures import architectures
from ganzoo.outline import outline

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize("name", ["stylegan3", "progan", "sngan", "airbench"])
def test_it_has_the_networks_own_shapes(name):
    card = architectures[name]
    options = card.options()
    for build in card.networks.values():
        drawn = {key: tuple(one.shape) for key, one in outline(build, options).state_dict().items()}
        assert drawn == {key: tuple(one.shape) for key, one in build(options).state_dict().items()}


def test_no_number_is_held():
    card = architectures["stylegan2"]
    network = outline(card.networks["generator"], card.options())
    assert {one.device for one in network.parameters()} == {torch.device("meta")}


def test_no_compiler_is_imported_for_it():
    code = (
        "import sys\n"
        "from ganzoo.architectures import architectures\n"
        "from ganzoo.outline import outline\n"
        "for card in architectures.values():\n"
        "    for build in card.networks.values():\n"
        "        outline(build, card.options())\n"
        "print('torch._dynamo' in sys.modules, 'sympy' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["False", "False"]
