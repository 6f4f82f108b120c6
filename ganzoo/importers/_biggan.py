"""Pieces of BigGAN-PyTorch's networks, under our names."""

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from ganzoo.errors import ImportedError
from ganzoo.importers import _layers as layers
from ganzoo.importers._layers import State
from ganzoo.importers._told import agree

MEANS = ("stored_mean", "running_mean")
IDLE = r"\.(sv\d+|u[1-9]\d*|num_batches_tracked|accumulation_counter)$"  # no picture needs them


def convolutions(state: State, theirs: str, ours: str) -> State:
    """A block's convolutions: those in its middle, and that of its shortcut, where it has one."""
    found: State = {}
    for name in ("conv1", "conv2", "conv3", "conv4"):
        if layers.has(state, f"{theirs}.{name}"):
            found |= layers.layer(state, f"{theirs}.{name}", f"{ours}.{name}")
    if layers.has(state, f"{theirs}.conv_sc"):
        found |= layers.layer(state, f"{theirs}.conv_sc", f"{ours}.shortcut")
    return found


def conditional(
    state: State, theirs: str, ours: str, eps: float, columns: Tensor | None = None
) -> State:
    """A class-conditional norm; without statistics (``nonorm``) it only scales and shifts."""
    found = layers.layer(state, f"{theirs}.gain", f"{ours}.gain", columns=columns)
    found |= layers.layer(state, f"{theirs}.bias", f"{ours}.bias", columns=columns)
    gain = layers.weight(state, f"{theirs}.gain")
    width = gain.shape[0 if "shared.weight" in state else 1]
    return found | statistics(state, theirs, f"{ours}.norm", eps, width)


def statistics(
    state: State, theirs: str, ours: str, eps: float, channels: int | None = None
) -> State:
    """A norm's mean and variance, wherever the code's three kinds of norm keep them."""
    steps = float(state.get(f"{theirs}.bn.accumulation_counter", torch.zeros(1))) or 1.0
    for mean, variance in (
        ("stored_mean", "stored_var"),
        ("bn.stored_mean", "bn.stored_var"),
        ("bn.running_mean", "bn.running_var"),
    ):
        if f"{theirs}.{mean}" in state:
            return {
                f"{ours}.running_mean": state[f"{theirs}.{mean}"] / steps,
                f"{ours}.running_var": state[f"{theirs}.{variance}"] / steps,
                f"{ours}.num_batches_tracked": torch.tensor(0),
            }
    others = (name for name in state if name.startswith("blocks.") and name.endswith(MEANS))
    if channels is None or any(others):
        raise ImportedError(f"{theirs} has no statistics; norm_style 'bn' and 'in' have them")
    return {
        f"{ours}.running_mean": torch.zeros(channels),
        f"{ours}.running_var": torch.full((channels,), 1 - eps),
        f"{ours}.num_batches_tracked": torch.tensor(0),
    }


def self_attention(state: State, theirs: str, ours: str) -> State:
    found: State = {f"{ours}.gamma": layers.get(state, f"{theirs}.gamma").reshape(())}
    for name in ("theta", "phi", "g", "o"):
        found |= layers.layer(state, f"{theirs}.{name}", f"{ours}.{name}")
    return found


def last(state: State) -> State:
    """The generator's last norm and convolution."""
    return (
        {
            "norm.weight": layers.get(state, "output_layer.0.gain"),
            "norm.bias": layers.get(state, "output_layer.0.bias"),
        }
        | statistics(state, "output_layer.0", "norm", 1e-5)
        | layers.layer(state, "output_layer.2", "to_image")
    )


def agree_image(options: Mapping[str, Any], resolution: int, classes: int) -> None:
    """Sees that the options do not name other images or classes than the weights."""
    agree(options, {"resolution": resolution, "n_classes": classes})


def attention(state: State, blocks: int, place: int = 1) -> tuple[int, ...]:
    """The blocks behind which attention stands."""
    return tuple(i for i in range(blocks) if f"blocks.{i}.{place}.gamma" in state)


def unit(width: int, table: Mapping[int, tuple[int, ...]], size: int, place: int) -> int:
    """What one unit of the table's widths is.

    Raises:
        ImportedError: if the table has no such network.
    """
    if size not in table or width % table[size][place]:
        raise ImportedError(f"no network of {size} pixels has {width} channels at its end")
    return width // table[size][place]
