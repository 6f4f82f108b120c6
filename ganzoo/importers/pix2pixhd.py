"""pix2pixHD as NVIDIA's code saves it: ``latest_net_G.pth``, ``latest_net_D.pth``.

    global         model.1 conv, model.2 norm, ..., model.N.conv_block.1 conv, ..., conv
    local          model (the global one without its last layer), modelN_1 down, modelN_2 up
    discriminator  layerN.0 conv, ..., or scaleN_layerM.0 conv, ...; the highest N sees the finest

Everything is read off the weights but a ``replicate`` padding, which leaves no trace there.
"""

import re
from collections.abc import Mapping
from typing import Any

from ganzoo.errors import ImportedError
from ganzoo.importers import Converted, Foreign, Importer
from ganzoo.importers import _translators as layout
from ganzoo.importers._told import agree, told_whole
from ganzoo.importers._translators import State

SIZE = 1024  # as published
SPLIT_LAYER = re.compile(r"scale(\d+)_layer(\d+)\.(\d+)\.(\w+)$")


def convert(content: Foreign, options: Mapping[str, Any], part: str) -> Converted:
    state = layout.tensors(content, part)
    return _discriminator(state, options) if part == "discriminator" else _generator(state, options)


def _generator(state: State, options: Mapping[str, Any]) -> Converted:
    coarse = layout.under(state, "model.")
    convs = layout.convolutions(coarse)
    if len(convs) < 3 or not all(re.match(r"model(\d+_[12])?\.", name) for name in state):
        raise ImportedError(f"this is no generator of pix2pixHD: {', '.join([*state][:4])}")
    enhancers = len({name.split("_")[0] for name in state if re.match(r"model\d+_1\.", name)})
    ours = layout.sequence(coarse, "coarse.features", None if enhancers else "coarse.paint")
    first = coarse[convs[0]]
    told: dict[str, Any] = {
        "g_kind": "local" if enhancers else "global",
        "input_channels": first.shape[1],
        "g_width": first.shape[0] >> enhancers,
        "g_downs": _doublings(coarse),
        "g_blocks": layout.blocks(coarse),
        "g_norm": "batch" if layout.normed(state) else "instance",
        # the public code leaves the whole's padding as it is once there is detail to be told of
        "g_padding": _padding(coarse, {} if enhancers else options),
    }
    last = coarse
    for number in range(enhancers):
        down, last = (layout.under(state, f"model{number + 1}_{half}.") for half in (1, 2))
        where, final = f"enhancers.{number}", number == enhancers - 1
        ours |= layout.sequence(down, f"{where}.look", None)
        ours |= layout.sequence(last, f"{where}.refine", "paint" if final else None)
        told |= {
            "g_enhancers": enhancers,
            "g_enhancer_blocks": layout.blocks(last),
            "g_enhancer_padding": _padding(last, options),
        }
    _agree(options, told)
    told["output_channels"] = made = last[layout.convolutions(last)[-1]].shape[0]
    return Converted(
        architecture="pix2pixhd",
        options=told,
        state=ours,
        size=told_whole(options, "fineSize", SIZE),
        channels=1 if made == 1 else 3,
    )


def _agree(options: Mapping[str, Any], told: Mapping[str, Any]) -> None:
    """Sees that the options do not name another generator."""
    shown = {"ngf": "g_width", "n_downsample_global": "g_downs", "n_blocks_global": "g_blocks"}
    if told["g_kind"] == "global":
        shown |= {"n_downsampling": "g_downs", "n_blocks": "g_blocks"}
    else:
        shown |= {"n_local_enhancers": "g_enhancers", "n_blocks_local": "g_enhancer_blocks"}
    agree(options, {theirs: told[ours] for theirs, ours in shown.items()})
    layout.agree_norm(options, told["g_norm"])
    if "label_nc" not in options:  # labels and their borders are more channels
        agree(options, {"input_nc": told["input_channels"]})


def _padding(sequence: State, options: Mapping[str, Any]) -> str:
    """Of a sequence's residual blocks; without one it does not matter."""
    if not layout.blocks(sequence):
        return "reflect"
    return layout.padding(layout.block_style(sequence)[0], options)


def _discriminator(state: State, options: Mapping[str, Any]) -> Converted:
    layout.refuse_sigmoid(options)
    whole = {_joined(name): value for name, value in state.items()}
    scales = len({name.split(".")[0] for name in whole})
    ours: State = {}
    for scale in range(scales):
        judge = layout.under(whole, f"layer{scales - 1 - scale}.")
        ours |= layout.judge(judge, f"scales.{scale}.layers")
    one = layout.under(whole, "layer0.")
    convs = layout.convolutions(one)
    if len(convs) < 3 or len(ours) != len(state):
        raise ImportedError(f"this is no discriminator of pix2pixHD: {', '.join([*state][:4])}")
    told = {
        "d_channels": one[convs[0]].shape[1],
        "d_width": one[convs[0]].shape[0],
        "d_layers": len(convs) - 2,
        "d_scales": scales,
        "d_norm": "batch" if layout.normed(one) else "instance",
    }
    layout.agree_judged(options, told["d_channels"])
    layout.agree_norm(options, told["d_norm"])
    shown = {
        "ndf": "d_width",
        "n_layers": "d_layers",
        "n_layers_D": "d_layers",
        "num_D": "d_scales",
    }
    agree(options, {theirs: told[ours] for theirs, ours in shown.items()})
    return Converted(architecture="pix2pixhd", options=told, state=ours, size=None)


def _joined(name: str) -> str:
    """A layer saved on its own, for its features, by its place in the whole sequence."""
    match = SPLIT_LAYER.match(name)
    if match is None:
        return name
    scale, group, inside = match[1], int(match[2]), int(match[3])
    return f"layer{scale}.{3 * group - 1 + inside if group else inside}.{match[4]}"


def _doublings(coarse: Mapping[str, Any]) -> int:
    """Transposed convolutions keep their output width in the second axis: they come last."""
    blocks = [int(name.split(".")[0]) for name in coarse if ".conv_block." in name]
    convs = layout.convolutions(coarse)
    if blocks:
        before = [name for name in convs if ".conv_block." not in name]
        return sum(int(name.split(".")[0]) < min(blocks) for name in before) - 1
    return (len(convs) - 1) // 2


ENTRY = Importer(
    title="pix2pixHD",
    repository="NVIDIA/pix2pixHD",
    files="latest_net_G.pth and latest_net_D.pth, such as label2city_1024p",
    licence="non-commercial (NVIDIA's weights); the code is BSD-3-Clause in part",
    parts=("generator", "discriminator"),
    convert=convert,
)
