"""Small networks with random weights, and what the public code that defines each format made of them:
one file each, as ``vectors/`` has them.
"""

import json
from pathlib import Path

import torch
from safetensors import safe_open

from ganzoo.bundle import Bundle
from ganzoo.importers import convert, importers
from ganzoo.record import Provenance

VECTORS = Path(__file__).parent / "vectors"


class Foreign:
    """A network's weights and its constructor's arguments.

    Attributes:
        rest: inputs (``in/``) and outputs (``out``), by name.
        told: the file's metadata.
    """

    def __init__(self, path: Path) -> None:
        with safe_open(path, "pt") as file:
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
            self.told = file.metadata()
        self.format, self.part = self.told["format"], self.told["part"]
        self.options = json.loads(self.told["options"])
        self.state = {n.removeprefix("weights/"): t for n, t in tensors.items() if "weights" in n}
        self.rest = {name: t for name, t in tensors.items() if "weights" not in name}

    def convert(self, folder: Path, state=None, **options: object) -> Bundle:
        made = Provenance(
            format=self.format, source="x.pth", sha256="0", repository="a/b", licence="MIT"
        )
        state, options = state or self.state, self.options | options
        return convert(importers[self.format], "mine", state, options, made, folder, self.part)

    def network(self, folder: Path, state=None, **options: object) -> torch.nn.Module:
        return self.convert(folder, state, **options).network(self.part)
