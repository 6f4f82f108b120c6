"""``BigGANdeep`` of BigGAN-PyTorch: its blocks lie in stages, ours in a row."""

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from ganzoo.architectures._biggan_widths import D_WIDTHS
from ganzoo.errors import ImportedError
from ganzoo.importers import Converted
from ganzoo.importers import _biggan as parts
from ganzoo.importers import _layers as layers
from ganzoo.importers._layers import State


def generator(state: State, options: Mapping[str, Any]) -> Converted:
    stages, depth = _stages(state)
    classes, shared = layers.get(state, "shared.weight").shape
    linear, first = layers.weight(state, "linear"), layers.weight(state, "blocks.0.0.conv1")
    bottom, z_dim = layers.side(linear.shape[0] // first.shape[1]), linear.shape[1] - shared
    eps = float(options.get("BN_eps", 1e-5))
    # theirs is told (class, latent), ours (latent, class)
    columns = torch.cat([torch.arange(shared, shared + z_dim), torch.arange(shared)])
    rows = layers.map_rows(first.shape[1], bottom)
    ours = layers.layer(state, "linear", "project", rows, columns)
    ours["embed.weight"] = state["shared.weight"]
    for i in range(stages):
        for j in range(depth):
            there, here = f"blocks.{i}.{j}", f"blocks.{i * depth + j}"
            ours |= parts.convolutions(state, there, here)
            for k in (1, 2, 3, 4):
                norms = f"{there}.bn{k}", f"{here}.norm{k}"
                ours |= parts.conditional(state, *norms, eps, columns)
    attention = parts.attention(state, stages, depth)
    ours |= _attention(state, attention, depth) | parts.last(state)
    widths = [_block(state, i, j, depth) for i in range(stages) for j in range(depth)]
    unit = widths[-1][2]
    return Converted(
        architecture="biggan_deep",
        options={
            "image_size": bottom << stages,
            "bottom": bottom,
            "z_dim": z_dim,
            "num_classes": classes,
            "shared_dim": shared,
            "g_channels": unit,
            "g_depth": depth,
            "g_blocks": tuple((up, thin // unit, wide // unit) for up, thin, wide in widths),
            "g_attention": tuple(i * depth + depth - 1 for i in attention),
            "g_spectral": "linear.u0" in state,
            "g_eps": eps,
            "g_last_eps": 1e-5,
        },
        state=ours,
        size=bottom << stages,
        assumed={"d_attention": ()},
    )


def discriminator(state: State, options: Mapping[str, Any]) -> Converted:
    stages, depth = _stages(state)
    size = {3: 32, 4: 64, 5: 128, 6: 256, 7: 512}.get(stages)
    if size is None:
        raise ImportedError(f"no BigGAN-deep judges images in {stages} stages")
    bottom = int(options.get("bottom_width", 4))
    head, stem = layers.weight(state, "linear"), layers.weight(state, "input_conv")
    attention = parts.attention(state, stages, depth)
    ours = layers.layer(state, "input_conv", "stem") | _attention(state, attention, depth)
    ours |= layers.layer(state, "linear", "head.judge") | layers.layer(state, "embed", "head.embed")
    for i in range(stages):
        for j in range(depth):
            ours |= parts.convolutions(state, f"blocks.{i}.{j}", f"blocks.{i * depth + j}")
    return Converted(
        architecture="biggan_deep",
        options={
            "image_size": size * bottom // 4,
            "bottom": bottom,
            "num_classes": layers.weight(state, "embed").shape[0],
            "d_channels": parts.unit(head.shape[1], D_WIDTHS, size, -1),
            "d_depth": depth,
            "d_attention": tuple(i * depth + depth - 1 for i in attention),
        },
        state=ours,
        size=size * bottom // 4,
        channels=stem.shape[1],
        assumed={"g_attention": ()},
    )


def _stages(state: State) -> tuple[int, int]:
    return layers.count(state, "blocks.{}.0.conv1"), layers.count(state, "blocks.0.{}.conv1")


def _block(state: State, stage: int, place: int, depth: int) -> tuple[bool, int, int]:
    """Whether it doubles, and its channels before and behind."""
    name = f"blocks.{stage}.{place}"
    before = layers.weight(state, f"{name}.conv1").shape[1]
    return place == depth - 1, before, layers.weight(state, f"{name}.conv4").shape[0]


def _attention(state: State, stages: tuple[int, ...], depth: int) -> State:
    found: dict[str, Tensor] = {}
    for i in stages:
        ours = f"attention.{i * depth + depth - 1}"
        found |= parts.self_attention(state, f"blocks.{i}.{depth}", ours)
    return found
