"""pix2pix and CycleGAN as their authors' PyTorch code saves them: ``latest_net_G.pth``.

    U-Net          model.model.0 conv, .1.model (the same again, one scale below), .3 deconv; or
                   .3.conv2d, a convolution of doubled pixels in the deconvolution's place
    residual       model.1 conv, model.2 norm, ..., model.N.conv_block.1 conv, ..., deconvs, conv
    discriminator  model.0 conv, model.2 conv, model.3 norm, ...; one pixel's: net.0, net.2, ...

Sizes, norms and padding are read off the weights; only ``use_dropout`` and a ``replicate`` padding
leave no trace, and are asked of the options.
"""

from collections.abc import Mapping
from typing import Any

from torch import Tensor

from ganzoo.errors import ImportedError
from ganzoo.importers import Converted, Foreign, Importer
from ganzoo.importers import _translators as layout
from ganzoo.importers._told import agree, told_switch, told_whole
from ganzoo.importers._translators import State

OURS = "translate"
BACK = "back_"
FIRST = "1.weight"  # of a residual generator, behind padding


def convert(content: Foreign, options: Mapping[str, Any], part: str) -> Converted:
    state = layout.tensors(content, part)
    if part.endswith("discriminator"):
        return _discriminator(state, options, part)
    if any(name.startswith("model.model.1.model.") for name in state):
        return _unet(state, options, part)
    return _residual(state, options, part)


def _unet(state: State, options: Mapping[str, Any], part: str) -> Converted:
    ours: State = {}
    level, above = 0, "model.model."
    while True:
        inner = f"{above}{3 if level else 1}.model."
        deeper = any(name.startswith(inner) for name in state)
        places = _places(level, deeper)
        for place, name in places.items():
            for what, value in layout.under(state, f"{above}{place}.").items():
                what = what.replace("conv2d.", "conv.")
                ours[f"{OURS}.{name}.{level}.{what}"] = value
        if not deeper:
            break
        level, above = level + 1, inner
    if len(ours) != len(state):
        raise ImportedError(f"this is no U-Net of pix2pix: {', '.join([*state][:4])}")
    way = layout.enlarging(state)
    first = ours[f"{OURS}.down.0.weight"]
    made = ours[f"{OURS}.up.0.bias" if way == "deconv" else f"{OURS}.up.0.conv.bias"].shape[0]
    told = {
        "g_kind": "unet",
        "g_width": first.shape[0],
        "g_downs": level + 1,
        "g_enlarging": way,
        "g_norm": _norm(ours, f"{OURS}.down.1.bias"),
        "g_dropout": _dropout(options, default=True),
    }
    agree(options, {"num_downs": told["g_downs"]})
    return _generator(ours, told, options, part, (first.shape[1], made), "pix2pix", 2 << level)


def _places(level: int, deeper: bool) -> dict[int, str]:
    if not level:
        return {0: "down", 3: "up"}
    if not deeper:
        return {1: "down", 3: "up", 4: "up_norm"}
    return {1: "down", 2: "down_norm", 5: "up", 6: "up_norm"}


def _residual(state: State, options: Mapping[str, Any], part: str) -> Converted:
    inside = layout.under(state, "model.")
    convs = layout.convolutions(inside)
    if len(convs) < 6 or len(inside) != len(state) or convs[0] != FIRST:
        raise ImportedError(
            f"these are no generators of pix2pix or CycleGAN: {', '.join([*state][:4])}"
        )
    blocks = layout.blocks(inside)
    zero, dropout = layout.block_style(inside) if blocks else (False, False)
    first, last = inside[convs[0]], inside[convs[-1]]
    told = {
        "g_kind": "resnet",
        "g_width": first.shape[0],
        "g_blocks": blocks,
        "g_enlarging": layout.enlarging(inside),
        "g_norm": _norm(inside, convs[0].replace("weight", "bias")),
        "g_dropout": dropout,
        "g_padding": layout.padding(zero, options) if blocks else "reflect",
    }
    agree(options, {"n_blocks": blocks})
    ours = layout.sequence(inside, f"{OURS}.features", f"{OURS}.paint")
    channels = (first.shape[1], last.shape[0])
    return _generator(ours, told, options, part, channels, "cyclegan", 256)


def _generator(
    ours: State,
    told: dict[str, Any],
    options: Mapping[str, Any],
    part: str,
    channels: tuple[int, int],
    usual: str,
    size: int,
) -> Converted:
    layout.agree_norm(options, told["g_norm"])
    agree(options, {"ngf": told["g_width"]})
    if not part.startswith(BACK):  # whose channels the options tell of the other way
        agree(options, {"input_nc": channels[0], "output_nc": channels[1]})
    given, made = channels[::-1] if part.startswith(BACK) else channels
    told |= {"input_channels": given, "output_channels": made}
    architecture = _architecture(options, "cyclegan" if part.startswith(BACK) else usual)
    return Converted(
        architecture=architecture,
        options=told,
        state=ours,
        size=told_whole(options, "crop_size", size),
        channels=1 if made == 1 else 3,
    )


def _discriminator(state: State, options: Mapping[str, Any], part: str) -> Converted:
    layout.refuse_sigmoid(options)
    prefix = "net." if any(name.startswith("net.") for name in state) else "model."
    inside = layout.under(state, prefix)
    convs = layout.convolutions(inside)
    if len(convs) < 3 or len(inside) != len(state) or inside[convs[-1]].shape[0] != 1:
        raise ImportedError(
            f"this is no discriminator of pix2pix or CycleGAN: {', '.join([*state][:4])}"
        )
    first = inside[convs[0]]
    layers = 0 if prefix == "net." else len(convs) - 2
    told: dict[str, Any] = {
        "d_width": first.shape[0],
        "d_norm": _norm(inside, convs[1].replace("weight", "bias")),
    }
    layout.agree_judged(options, first.shape[1])
    layout.agree_norm(options, told["d_norm"])
    agree(options, {"ndf": first.shape[0]} | ({"n_layers": layers} if layers else {}))
    usual = "pix2pix" if first.shape[1] > 3 else "cyclegan"
    architecture = _architecture(options, "cyclegan" if part.startswith(BACK) else usual)
    if architecture == "pix2pix":
        told |= {"d_channels": first.shape[1], "d_kind": "patch" if layers else "pixel"}
        told |= {"d_layers": layers} if layers else {}
    else:
        seen = "input_channels" if part.startswith(BACK) else "output_channels"
        told |= {seen: first.shape[1], "d_layers": layers}
    return Converted(
        architecture=architecture,
        options=told,
        state=layout.judge(inside, "layers"),
        size=None,
        channels=1 if first.shape[1] == 1 else 3,
    )


def _norm(state: Mapping[str, Tensor], bias: str) -> str:
    """Where an instance norm follows, convolutions keep their bias; else they have none."""
    if layout.normed(state):
        return "batch"
    return "instance" if bias in state else "none"


def _dropout(options: Mapping[str, Any], default: bool) -> bool:
    if "no_dropout" in options:
        return not told_switch(options, "no_dropout", False)
    return told_switch(options, "use_dropout", default)


def _architecture(options: Mapping[str, Any], usual: str) -> str:
    return {"pix2pix": "pix2pix", "cycle_gan": "cyclegan"}.get(str(options.get("model")), usual)


ENTRY = Importer(
    title="pix2pix and CycleGAN",
    repository="junyanz/pytorch-CycleGAN-and-pix2pix",
    files="latest_net_G.pth and latest_net_D.pth; of CycleGAN G_A, D_A, G_B (back_generator), D_B",
    licence="that of whoever trained them; the code is BSD-2-Clause",
    parts=("generator", "discriminator", "back_generator", "back_discriminator"),
    convert=convert,
)
