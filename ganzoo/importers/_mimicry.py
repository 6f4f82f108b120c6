"""Residual networks of mimicry, under our names: those of SNGAN, cGAN-PD and SAGAN.

    generator      l1, block2 ... (b1, c1, b2, c2, c_sc), bN, cN, attn_block
    discriminator  block1 ... (c1, c2, c_sc), lN, l_y, attn_block

The image's size is written in no weight of a discriminator: it follows from the number of blocks
and from that of the last layer (``l5`` behind five blocks is for 48 pixels, ``l6`` for 64). Its
in-place ReLUs reach the shortcuts, too; ours are told so (``d_clipped``).
"""

from typing import Any

import torch

from ganzoo.errors import ImportedError
from ganzoo.importers import Converted, Foreign
from ganzoo.importers import _layers as layers
from ganzoo.importers._layers import State
from ganzoo.importers._weights import unwrap

# Of mimicry's sizes: the discriminator's blocks, its last layer, and how many blocks halve.
JUDGES = {32: (4, "l5", 2), 48: (5, "l5", 4), 64: (5, "l6", 5), 128: (6, "l7", 5)}
BLOCKS = {32: 4, 48: 4, 64: 5, 128: 6}  # of the generator, and one
# Behind which block its SAGAN has attention.
ATTENTION = {"generator": {32: 1, 128: 2}, "discriminator": {32: 1, 128: 1}}


IDLE = r"\.(sn_sigma|num_batches_tracked)$"  # no picture needs them


def convert(content: Foreign, part: str, architecture: str) -> Converted:
    """A generator or a discriminator, as one of ours."""
    state = unwrap(content, part)
    read = _generator if part == "generator" else _discriminator
    converted = read(state, architecture)
    state.spent(IDLE)
    return converted


def _generator(state: State, architecture: str) -> Converted:
    places = _blocks(state, 2)
    blocks = [f"block{k}" for k in places]
    end = f"{places[-1] + 1}" if places else "?"
    if not (blocks and layers.has(state, "l1") and layers.has(state, f"c{end}")):
        raise ImportedError(f"this is no generator of mimicry: {', '.join([*state][:4])}")
    convs = [layers.weight(state, f"{name}.c1") for name in blocks]
    first, shape = convs[0].shape[1], layers.weight(state, "l1").shape
    bottom = layers.side(shape[0] // first)
    told: dict[str, Any] = {
        "image_size": bottom << len(blocks),
        "z_dim": shape[1],
        "num_classes": _classes(state, f"{blocks[0]}.b1.embed"),
        "g_widths": (first, *(conv.shape[0] for conv in convs)),
        "g_doubling": "bilinear",
    }
    ours = layers.layer(state, "l1", "project", layers.map_rows(first, bottom))
    for i, name in enumerate(blocks):
        ours |= _convolutions(state, name, f"blocks.{i}")
        for k in (1, 2):
            ours |= _norm(state, f"{name}.b{k}", f"blocks.{i}.norm{k}")
    ours |= _norm(state, f"b{end}", "norm") | layers.layer(state, f"c{end}", "to_image")
    assumed: dict[str, Any] = {}
    if architecture == "sagan":
        place = _attention_place("generator", told["image_size"])
        told["g_attention"], assumed["d_attention"] = (place,), ()
        ours |= _attention(state, f"attention.{place}")
    return Converted(
        architecture=architecture,
        options=told,
        state=ours,
        size=told["image_size"],
        channels=layers.weight(state, f"c{end}").shape[0],
        assumed=assumed,
    )


def _discriminator(state: State, architecture: str) -> Converted:
    places = _blocks(state, 1)
    sizes = [
        size
        for size, (count, end, _) in JUDGES.items()
        if count == len(places) and layers.has(state, end)
    ]
    if not sizes:
        raise ImportedError(f"this is no discriminator of mimicry: {', '.join([*state][:4])}")
    (size,) = sizes
    convs = [layers.weight(state, f"block{k}.c2") for k in places]
    channels = layers.weight(state, "block1.c1").shape[1]
    told: dict[str, Any] = {
        "image_size": size,
        "num_classes": _classes(state, "l_y"),
        "d_widths": tuple(conv.shape[0] for conv in convs),
        "d_halvings": JUDGES[size][2],
        "d_clipped": True,
    }
    ours = layers.layer(state, JUDGES[size][1], "head.judge")
    if told["num_classes"]:
        ours |= layers.layer(state, "l_y", "head.embed")
    for i, k in enumerate(places):
        ours |= _convolutions(state, f"block{k}", f"blocks.{i}")
    assumed: dict[str, Any] = {"g_widths": (256,) * BLOCKS[size]}  # a generator's of that size
    if architecture == "sagan":
        place = _attention_place("discriminator", size)
        told["d_attention"], assumed["g_attention"] = (place,), ()
        ours |= _attention(state, f"attention.{place}")
    return Converted(
        architecture=architecture,
        options=told,
        state=ours,
        size=size,
        channels=channels,
        assumed=assumed,
    )


def _blocks(state: State, first: int) -> list[int]:
    number = first
    while layers.has(state, f"block{number}.c1"):
        number += 1
    return list(range(first, number))


def _attention_place(part: str, size: int) -> int:
    if size not in ATTENTION[part]:
        raise ImportedError(f"mimicry's SAGAN has 32 or 128 pixels, these weights {size}")
    return ATTENTION[part][size]


def _classes(state: State, embedding: str) -> int:
    return layers.weight(state, embedding).shape[0] if layers.has(state, embedding) else 0


def _convolutions(state: State, theirs: str, ours: str) -> State:
    names = {"c1": "conv1", "c2": "conv2", "c_sc": "shortcut"}
    found: State = {}
    for name, mine in names.items():
        if layers.has(state, f"{theirs}.{name}"):
            found |= layers.layer(state, f"{theirs}.{name}", f"{ours}.{mine}")
    return found


def _norm(state: State, theirs: str, ours: str) -> State:
    """Plain, or conditional: one embedding that holds the gains, then the biases."""
    if not layers.has(state, f"{theirs}.embed"):
        return _statistics(state, theirs, ours) | layers.layer(state, theirs, ours)
    gain, bias = layers.weight(state, f"{theirs}.embed").chunk(2, 1)
    return {
        f"{ours}.gain.weight": gain - 1,
        f"{ours}.bias.weight": bias,
        **_statistics(state, f"{theirs}.bn", f"{ours}.norm"),
    }


def _statistics(state: State, theirs: str, ours: str) -> State:
    found = {
        f"{ours}.{name}": layers.get(state, f"{theirs}.{name}")
        for name in ("running_mean", "running_var")
    }
    seen = state.get(f"{theirs}.num_batches_tracked", torch.tensor(0))
    return {**found, f"{ours}.num_batches_tracked": seen}


def _attention(state: State, ours: str) -> State:
    found: State = {f"{ours}.gamma": layers.get(state, "attn_block.gamma").reshape(())}
    for name in ("theta", "phi", "g", "o"):
        found |= layers.layer(state, f"attn_block.{name}", f"{ours}.{name}")
    return found
