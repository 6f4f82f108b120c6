"""``BigGANdeep`` of BigGAN-PyTorch.

Its generator's blocks lie in a row, and its discriminator's in stages; ours lie in a row in both.
Which of the generator's blocks double their maps is not in the weights: the last one of each
``G_depth`` does.
"""

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from ganzoo.errors import ImportedError
from ganzoo.importers import Converted
from ganzoo.importers import _biggan as parts
from ganzoo.importers import _layers as layers
from ganzoo.importers._layers import State
from ganzoo.importers._told import told_number, told_whole
from ganzoo.layers.biggan_widths import D_WIDTHS


def generator(state: State, options: Mapping[str, Any]) -> Converted:
    blocks = layers.count(state, "blocks.{}.0.conv1")
    widths = [_widths(state, f"blocks.{i}.0") for i in range(blocks)]
    depth = _depth(widths, options)
    classes, shared = layers.get(state, "shared.weight").shape
    linear, first = layers.weight(state, "linear"), widths[0][0]
    bottom, z_dim = layers.side(linear.shape[0] // first), linear.shape[1] - shared
    eps = told_number(options, "BN_eps", 1e-5)
    # theirs is told (class, latent), ours (latent, class)
    columns = torch.cat([torch.arange(shared, shared + z_dim), torch.arange(shared)])
    rows = layers.map_rows(first, bottom)
    ours = layers.layer(state, "linear", "project", rows, columns)
    ours["embed.weight"] = state["shared.weight"]
    attention = parts.attention(state, blocks)
    for i in range(blocks):
        there, here = f"blocks.{i}.0", f"blocks.{i}"
        ours |= parts.convolutions(state, there, here)
        for k in (1, 2, 3, 4):
            norms = f"{there}.bn{k}", f"{here}.norm{k}"
            ours |= parts.conditional(state, *norms, eps, columns)
        if i in attention:
            ours |= parts.self_attention(state, f"blocks.{i}.1", f"attention.{i}")
    ours |= parts.last(state)
    parts.agree_image(options, 4 << blocks // depth, classes)
    unit, doubled = widths[-1][1], [i % depth == depth - 1 for i in range(blocks)]
    size = bottom << sum(doubled)
    return Converted(
        architecture="biggan_deep",
        options={
            "image_size": size,
            "bottom": bottom,
            "z_dim": z_dim,
            "num_classes": classes,
            "shared_dim": shared,
            "g_channels": unit,
            "g_depth": depth,
            "g_blocks": tuple(
                (up, thin // unit, wide // unit)
                for up, (thin, wide) in zip(doubled, widths, strict=True)
            ),
            "g_attention": attention,
            "g_spectral": "linear.u0" in state,
            "g_eps": eps,
            "g_last_eps": 1e-5,
        },
        state=ours,
        size=size,
        assumed={"d_attention": ()},
    )


def discriminator(state: State, options: Mapping[str, Any]) -> Converted:
    stages = layers.count(state, "blocks.{}.0.conv1")
    depth = layers.count(state, "blocks.0.{}.conv1")
    size = {3: 32, 4: 64, 5: 128, 6: 256, 7: 512}.get(stages)
    if size is None:
        raise ImportedError(f"no BigGAN-deep judges images in {stages} stages")
    parts.agree_image(options, size, layers.weight(state, "embed").shape[0])
    bottom = told_whole(options, "bottom_width", 4)
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


def _widths(state: State, block: str) -> tuple[int, int]:
    """Channels before and behind."""
    before = layers.weight(state, f"{block}.conv1").shape[1]
    return before, layers.weight(state, f"{block}.conv4").shape[0]


def _depth(widths: list[tuple[int, int]], options: Mapping[str, Any]) -> int:
    """Blocks at each size: as told; else two, or what makes the three sizes of 32 pixels."""
    alike = all(before == behind == widths[0][0] for before, behind in widths)
    depth = told_whole(options, "G_depth", max(1, len(widths) // 3) if alike else 2)
    if depth < 1 or len(widths) % depth:
        raise ImportedError(f"{len(widths)} blocks cannot lie {depth} to a size (G_depth)")
    return depth


def _attention(state: State, stages: tuple[int, ...], depth: int) -> State:
    found: dict[str, Tensor] = {}
    for i in stages:
        ours = f"attention.{i * depth + depth - 1}"
        found |= parts.self_attention(state, f"blocks.{i}.{depth}", ours)
    return found
