"""StyleGAN3, T and R, as NVlabs/stylegan3 saves it.

    generator      mapping.fc0 ..., synthesis.input, synthesis.L0_36_512, L1_36_512, ...
    discriminator  that of StyleGAN2

A layer's name tells its place, its size and its channels.
"""

import re
from typing import Any

import numpy as np
import torch

from ganzoo.architectures.stylegan3 import Options, filters, signals
from ganzoo.errors import ImportedError
from ganzoo.importers import Converted, Foreign, Importer
from ganzoo.importers._nvlabs import (
    State,
    Told,
    argument,
    done,
    judge,
    network,
    renamed_generator,
    styles,
)
from ganzoo.importers._weights import Weights

LAYER = re.compile(r"synthesis\.L(\d+)_(\d+)_(\d+)\.weight")
WEIGHTS = {"magnitude_ema": "magnitude", "freqs": "frequencies"}
FILTERS = ("up_filter", "down_filter")  # follow from the options
CLOSE = 1e-5  # how far taps in float32 may stray from ours
ARGUMENTS = {
    "g_critical": ("num_critical", 2),
    "g_first_cutoff": ("first_cutoff", 2),
    "g_first_stopband": ("first_stopband", 2**2.1),
    "g_last_stopband": ("last_stopband_rel", 2**0.3),
    "g_margin": ("margin_size", 10),
    "g_filter": ("filter_size", 6),
    "g_finer": ("lrelu_upsampling", 2),
    "g_clamp": ("conv_clamp", 256),
    "g_scale": ("output_scale", 0.25),
}
SHAPING = (  # arguments that filters follow from
    "num_critical", "first_cutoff", "first_stopband", "last_stopband_rel", "filter_size",
    "lrelu_upsampling",
)  # fmt: skip


def convert(content: Foreign, options: Told, part: str) -> Converted:
    state, made = network(content, options, part)
    told, ours = judge(state, made) if part == "discriminator" else _generator(state, made)
    done(state, made, told)
    return Converted(
        architecture="stylegan3",
        options=told,
        state=ours,
        size=told["image_size"],
        channels=told["image_channels"],
    )


def _generator(state: Weights, told: Told) -> tuple[dict[str, Any], State]:
    found = {int(m[1]): m for m in map(LAYER.fullmatch, state) if m}
    if not found or sorted(found) != list(range(len(found))):
        raise ImportedError(f"this has no layers synthesis.L0_…: {', '.join([*state][:4])}")
    layers = [found[place] for place in range(len(found))]
    first = state[layers[0][0]]
    options = styles(state, told) | {
        "image_size": int(layers[-1][2]),
        "image_channels": int(layers[-1][3]),
        "g_layers": len(layers) - 1,
        "g_kernel": first.shape[2],
        "g_radial": any(k.endswith("down_filter") and v.ndim == 2 for k, v in state.items()),
        **{
            ours: argument(told, theirs, default, "synthesis_kwargs", "layer_kwargs")
            for ours, (theirs, default) in ARGUMENTS.items()
        },
    }
    shapes = [(int(m[2]), int(m[3])) for m in layers]
    options |= _widths(shapes, told, options)
    _check_filters(state, [m[0].removesuffix(".weight") for m in layers], options)
    return options, renamed_generator(state, told) | _synthesis(state)


def _check_filters(state: Weights, layers: list[str], options: dict[str, Any]) -> None:
    """Sees that the filters in the file are those that follow from the options."""
    built = Options.read(options, "options")
    made = signals(built)
    for place, name in enumerate(layers):
        wanted = filters(built, made[max(place - 1, 0)], made[place], place)
        for which, taps in (("up_filter", wanted.up), ("down_filter", wanted.down)):
            if f"{name}.{which}" in state or len(taps) > 1:
                _check_filter(state, f"{name}.{which}", taps)


def _check_filter(state: Weights, name: str, taps: np.ndarray) -> None:
    kept = state.get(name, torch.zeros(0)).numpy()
    shaped = kept.shape == taps.shape
    if shaped and np.allclose(kept, taps, atol=CLOSE):
        return
    if shaped and np.allclose(kept, taps, state.rounding, CLOSE):
        raise ImportedError(
            f"{name!r} is rounded to a share of {state.rounding:.1g}, and pictures with it; the "
            "filters here are exact. They may be left in float32 when weights are halved"
        )
    raise ImportedError(
        f"{name!r} is not the filter that these arguments make; those "
        f"that are not the default go into --options: {', '.join(SHAPING)}"
    )


def _widths(shapes: list[tuple[int, int]], told: Told, options: dict[str, Any]) -> dict[str, Any]:
    """The ``channel_base`` and ``channel_max`` of which these sizes and channels follow."""
    size, most = options["image_size"], max(wide for _, wide in shapes[:-1])
    said = argument(told, "channel_base", None, "synthesis_kwargs")
    bound = argument(told, "channel_max", None, "synthesis_kwargs")
    guesses = [shapes[-2][1] * size, 2 ** round(np.log2(shapes[-2][1] * size)), 32768]
    for base in [said] if said else [*guesses, *range(most, most * size + 1, 2)]:
        widths = {"g_base": int(base), "g_most": int(bound or most)}
        made = signals(Options.read(options | widths, "options"))
        if [(one.side, one.channels) for one in made] == shapes:
            return widths
    raise ImportedError(
        f"layers of such sizes and channels, {shapes}, follow from no channel_base; "
        "constructor arguments that are not the default go into --options"
    )


def _synthesis(state: State) -> State:
    named = {}
    for name in state:
        if not name.startswith("synthesis.") or name.endswith(FILTERS):
            continue
        layer, _, weight = name.removeprefix("synthesis.").partition(".")
        place = re.match(r"L(\d+)_", layer)
        ours = f"layers.{place[1]}" if place else layer
        named[f"synthesis.{ours}.{WEIGHTS.get(weight, weight)}"] = state[name]
    return named


ENTRY = Importer(
    title="StyleGAN3, T and R",
    repository="NVlabs/stylegan3",
    files="https://catalog.ngc.nvidia.com/orgs/nvidia/teams/research/models/stylegan3",
    licence="NVIDIA Source Code License, non-commercial",
    parts=("generator", "discriminator"),
    convert=convert,
)
