"""StyleGAN2 as NVlabs/stylegan3 (and stylegan2-ada-pytorch before it) saves it.

generator      mapping.fc0 ..., synthesis.b4.const, b4.conv1, b4.torgb, b8.conv0, b8.conv1, ...
discriminator  b32.fromrgb, b32.conv0, b32.conv1, b32.skip, ..., b4.conv, b4.fc, b4.out
"""

from typing import Any

from ganzoo.importers import Converted, Foreign, Importer
from ganzoo.importers._nvlabs import (
    State,
    Told,
    agree_connection,
    agree_widths,
    argument,
    base,
    clamp,
    done,
    judge,
    network,
    renamed_generator,
    sides,
    styles,
    taps,
)

LAYERS = {"conv0": "first", "conv1": "second", "torgb": "paint"}
WEIGHTS = {"noise_const": "noise.map", "noise_strength": "noise.strength", "bias": "bias"}


def convert(content: Foreign, options: Told, part: str) -> Converted:
    state, made = network(content, options, part)
    told, ours = judge(state, made) if part == "discriminator" else _generator(state, made)
    done(state, made, told)
    return Converted(
        architecture="stylegan2",
        options=told,
        state=ours,
        size=told["image_size"],
        channels=told["image_channels"],
    )


def _generator(state: State, told: Told) -> tuple[dict[str, Any], State]:
    found = sides(state, "synthesis.b")
    top = f"synthesis.b{found[-1]}"
    widths = {side: state[f"synthesis.b{side}.conv1.weight"].shape[0] for side in found}
    connection = "orig"
    if f"{top}.skip.weight" in state:
        connection = "resnet"
    elif "synthesis.b4.torgb.weight" in state:
        connection = "skip"
    agree_widths(told, widths, "synthesis_kwargs")
    agree_connection(told, found, connection, "synthesis_kwargs")
    options = styles(state, told) | {
        "image_size": found[-1],
        "image_channels": state[f"{top}.torgb.weight"].shape[0],
        "g_base": base(widths),
        "g_most": max(widths.values()),
        "g_connection": connection,
        "g_activation": argument(
            told, "activation", "lrelu", "layer_kwargs", "block_kwargs", "synthesis_kwargs"
        ),
        "g_noise": f"{top}.conv1.noise_const" in state,
        "g_taps": taps(state, top, "conv0", "skip"),
        "g_clamp": clamp(told, "synthesis_kwargs"),
    }
    return options, renamed_generator(state, told) | _synthesis(state, found)


def _synthesis(state: State, found: list[int]) -> State:
    named = {"synthesis.constant": state["synthesis.b4.const"]}
    for name in state:
        if not name.startswith("synthesis.b") or name.endswith(("resample_filter", ".const")):
            continue
        value = state[name]
        block, layer, weight = name.removeprefix("synthesis.b").split(".", 2)
        ours = f"synthesis.blocks.{found.index(int(block))}"
        if layer == "skip":
            named[f"{ours}.short.{weight}"] = value
        elif weight == "weight":  # a convolution's, or a transposed one's
            turned = value.transpose(0, 1) if layer == "conv0" else value
            named[f"{ours}.{LAYERS[layer]}.conv.conv.weight"] = turned
        else:
            named[f"{ours}.{LAYERS[layer]}.{WEIGHTS.get(weight, f'conv.{weight}')}"] = value
    return named


ENTRY = Importer(
    title="StyleGAN2 (and StyleGAN2-ADA)",
    repository="NVlabs/stylegan3",
    files="https://catalog.ngc.nvidia.com/orgs/nvidia/teams/research/models/stylegan2",
    licence="NVIDIA Source Code License, non-commercial",
    parts=("generator", "discriminator"),
    convert=convert,
)
