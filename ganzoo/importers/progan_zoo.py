"""ProGAN as facebookresearch/pytorch_GAN_zoo saves it.

    generator      formatLayer, groupScale0.0, scaleLayers.k.0, scaleLayers.k.1, toRGBLayers.k
    discriminator  fromRGBLayers.k, scaleLayers.k.0, scaleLayers.k.1, groupScaleZero.0 and .1,
                   decisionLayer

There He's constant, sqrt(2 / fan_in), multiplies every layer's output, biases and last layers
included; and alpha is the share of the picture that is being faded out, but a discriminator of 8x8
pixels or fewer does not read it. What leaves no trace in the weights is told by the options, else
by the checkpoint's own ``config``.
"""

import math
import re
from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from ganzoo.errors import ImportedError
from ganzoo.importers import Converted, Foreign, Importer
from ganzoo.importers._told import agree, told_bool, told_number
from ganzoo.importers._weights import Weights, listed, opened
from ganzoo.layers.activations import GAIN, SLOPE
from ganzoo.layers.growing import STEPS

State = dict[str, Tensor]
Told = Mapping[str, Any]
OUTPUTS = {"WGANGP": "linear", "Logistic": "linear", "MSE": "tanh", "DCGAN": "tanh"}  # by loss
# also as Python writes a function out, or where it is from
TANH = re.compile(r"<.*\btanh\b.*>|\W*(name\W+)?(torch\.([a-z]+\.)*)?tanh\W*", re.IGNORECASE)
STRAIGHT = ("none", "identity", "identity()", "linear")
LAST = ("paints", "verdict")  # of our layers those whose own gain is 1


def convert(content: Foreign, options: Mapping[str, Any], part: str) -> Converted:
    state = _state(content, part)
    said = _config(content) | dict(options)
    _refuse_variants(said)
    judges = part == "discriminator"
    told, names = _discriminator(state, said) if judges else _generator(state, said)
    agree(said, _shown(told, said))
    stages = told["image_size"].bit_length() - 2
    alpha = _alpha(said) if stages > (2 if judges else 1) else 0.0
    ours: State = {"grown": torch.tensor(round((stages - 1 - alpha) * STEPS))}
    ours |= _layers(state, names, told_bool(said, "equalizedlR", default=True))
    state.spent()
    return Converted(
        architecture="progan",
        options=told,
        state=ours,
        size=told["image_size"],
        channels=told["image_channels"],
    )


def _layers(state: State, names: Mapping[str, str], equalized: bool) -> State:
    """The layers under our names, their gains in them."""
    ours: State = {}
    for theirs, name in names.items():
        weight, bias = state[f"{theirs}.module.weight"], state[f"{theirs}.module.bias"]
        gain = 1.0 if name.startswith(LAST) else GAIN
        fan_in = weight[0].numel()
        scale = math.sqrt(2 / fan_in) if equalized else 1.0
        ours[f"{name}.weight"] = weight * (scale * math.sqrt(fan_in) / gain)
        ours[f"{name}.bias"] = bias * (scale / gain)
    return ours


def _state(content: Foreign, part: str) -> Weights:
    """A network's own weights, or those of a checkpoint, of which the average is the better one."""
    named = Weights(opened(content, part))
    if not any(name.startswith("scaleLayers.") or "Scale" in name for name in named):
        raise ImportedError(f"this is no ProGAN of pytorch_GAN_zoo, it holds {listed(content)}")
    return named


def _config(content: Foreign) -> dict[str, Any]:
    """What a checkpoint says of itself."""
    config = content.get("config")
    return dict(config) if isinstance(config, Mapping) else {}


def _alpha(said: Told) -> float:
    """The share that is faded out.

    Raises:
        ImportedError: if it is none.
    """
    alpha = told_number(said, "alpha", 0.0)
    if not 0 <= alpha <= 1:
        raise ImportedError(f"alpha is the share that is faded out, 0 to 1; got {alpha!r}")
    return alpha


def _slope(said: Told) -> float:
    """Of leaky ReLUs: by the network's argument, or by the whole model's."""
    return told_number(said, "leakyness" if "leakyness" in said else "leakyReluLeak", SLOPE)


def _output(said: Told) -> str:
    """What bends the picture at the end: as told, else as the loss has it.

    Raises:
        ImportedError: if that is not known, or is something else than tanh.
    """
    if "generationActivation" in said:
        given = said["generationActivation"]
        if TANH.fullmatch(str(given)):
            return "tanh"
        if str(given).lower() in STRAIGHT:
            return "linear"
        raise ImportedError(
            f"the options say generationActivation {given!r}; generators here end in tanh, "
            "or in nothing"
        )
    for name in ("lossMode", "lossCriterion"):
        if name in said:
            loss = said[name]
            if str(loss) not in OUTPUTS:
                raise ImportedError(f"the options say {name} {loss!r}; losses are {[*OUTPUTS]}")
            return OUTPUTS[str(loss)]
    return "linear"


def _refuse_variants(said: Told) -> None:
    """Constructor's arguments that leave no trace in the weights, and that ours has not."""
    for name in ("perChannelNormalization", "normalization"):
        if not told_bool(said, name, default=True):
            raise ImportedError(f"the options say {name} false; generators here have pixel norm")


def _shown(told: Mapping[str, Any], said: Told) -> dict[str, Any]:
    """What the weights show of the constructor's arguments."""
    widths = told["g_widths"] if "g_widths" in told else told["d_widths"]
    shown = {"dimOutput": told["image_channels"], "dimInput": told["image_channels"],
             "depthScale0": widths[0], "depthOtherScales": widths[1:]}  # fmt: skip
    if said.get("scales") != widths[1:]:  # some lists begin with the first
        shown["scales"] = widths
    if "z_dim" in told:
        return shown | {"dimLatent": told["z_dim"], "latentVectorDim": told["z_dim"]}
    compares = {"miniBatchStdDev": told["d_std"], "miniBatchNormalization": told["d_std"]}
    return shown | compares


def _stages(state: State, layers: str) -> int:
    return sum(name.startswith(layers) and name.endswith(".weight") for name in state)


def _generator(state: State, said: Told) -> tuple[dict[str, Any], dict[str, str]]:
    if "formatLayer.module.weight" not in state:
        raise ImportedError(f"this is no generator: {', '.join([*state][:4])}")
    stages = _stages(state, "toRGBLayers.")
    names = {"formatLayer": "project", "groupScale0.0": "first"}
    for k in range(stages):
        names[f"toRGBLayers.{k}"] = f"paints.{k}"
    for k in range(stages - 1):
        names |= {f"scaleLayers.{k}.{i}": f"blocks.{k}.{i}" for i in (0, 1)}
    paints = [state[f"toRGBLayers.{k}.module.weight"] for k in range(stages)]
    return {
        "image_size": 2 << stages,
        "image_channels": paints[0].shape[0],
        "z_dim": state["formatLayer.module.weight"].shape[1],
        "g_widths": [paint.shape[1] for paint in paints],
        "g_slope": _slope(said),
        "g_output": _output(said),
    }, names


def _discriminator(state: State, said: Told) -> tuple[dict[str, Any], dict[str, str]]:
    if "decisionLayer.module.weight" not in state:
        raise ImportedError(f"this is no discriminator: {', '.join([*state][:4])}")
    if (verdicts := state["decisionLayer.module.weight"].shape[0]) != 1:
        raise ImportedError(
            f"decisionLayer gives {verdicts} numbers, of which some name the classes of an AC-GAN; "
            "discriminators here give one, and are told no class"
        )
    stages = _stages(state, "fromRGBLayers.")
    names = {
        "groupScaleZero.0": "conv", "groupScaleZero.1": "dense", "decisionLayer": "verdict"
    }  # fmt: skip
    for k in range(stages):
        names[f"fromRGBLayers.{k}"] = f"reads.{k}"
    for k in range(stages - 1):
        names[f"scaleLayers.{k}.0"] = f"blocks.{k}.first"
        names[f"scaleLayers.{k}.1"] = f"blocks.{k}.second"
    reads = [state[f"fromRGBLayers.{k}.module.weight"] for k in range(stages)]
    return {
        "image_size": 2 << stages,
        "image_channels": reads[0].shape[1],
        "d_widths": [read.shape[0] for read in reads],
        "d_std": state["groupScaleZero.0.module.weight"].shape[1] > reads[0].shape[0],
        "d_std_unbiased": True,
        "d_slope": _slope(said),
    }, names


ENTRY = Importer(
    title="ProGAN of pytorch_GAN_zoo",
    repository="facebookresearch/pytorch_GAN_zoo",
    files="https://dl.fbaipublicfiles.com/gan_zoo/PGAN/",
    licence="BSD-3-Clause code; weights as their data sets allow",
    parts=("generator", "discriminator"),
    convert=convert,
)
