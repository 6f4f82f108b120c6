"""DCGAN as PyTorch's examples save it: ``netG_epoch_24.pth``, ``netD_epoch_24.pth``.

    generator      main.0 transposed conv of z, main.1 norm, ReLU, main.3 ..., Tanh
    discriminator  main.0 conv, LeakyReLU, main.2 conv, main.3 norm, ..., conv, Sigmoid

Ours has the same layers in the same order; it keeps the logits, and its biases are theirs: zero.
"""

from collections.abc import Mapping
from typing import Any

import torch

from ganzoo.errors import ImportedError
from ganzoo.importers import Converted, Foreign, Importer
from ganzoo.importers import _translators as layout
from ganzoo.importers._told import told_whole
from ganzoo.importers._weights import listed

USUAL_NZ = 100  # the public code's


def convert(content: Foreign, options: Mapping[str, Any], part: str) -> Converted:
    state = layout.tensors(content, part)
    convs = [name for name in layout.convolutions(state) if name.startswith("main.")]
    if len(convs) < 3:
        raise ImportedError(f"this is no DCGAN of PyTorch's examples, it holds {listed(state)}")
    first, last = state[convs[0]], state[convs[-1]]
    told = {
        "image_size": 2 << len(convs),
        "base_channels": last.shape[0] if part == "generator" else first.shape[0],
        "image_channels": last.shape[1] if part == "generator" else first.shape[1],
    }
    assumed = {}
    if part == "generator":
        told["z_dim"] = first.shape[0]
    elif "nz" in options:
        told["z_dim"] = told_whole(options, "nz", USUAL_NZ)
    else:
        assumed["z_dim"] = USUAL_NZ
    ours = {name.replace("main.", "layers.", 1): value for name, value in state.items()}
    if part == "discriminator":
        ours["judge.weight"] = ours.pop(convs[-1].replace("main.", "layers.", 1))
        ours["judge.bias"] = torch.zeros(1)
        ours["layers.0.bias"] = torch.zeros(first.shape[0])
    return Converted(
        architecture="dcgan",
        options=told,
        state=ours,
        size=told["image_size"],
        channels=told["image_channels"],
        assumed=assumed,
    )


ENTRY = Importer(
    title="DCGAN of PyTorch's examples",
    repository="pytorch/examples",
    files="written by its dcgan/main.py: netG_epoch_N.pth and netD_epoch_N.pth",
    licence="that of whoever trained them; the code is BSD-3-Clause",
    parts=("generator", "discriminator"),
    convert=convert,
)
