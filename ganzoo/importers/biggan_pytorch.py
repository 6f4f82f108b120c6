"""BigGAN as its author's later code saves it: ``G_ema.pth``, ``G.pth``, ``D.pth``.

    generator      shared, linear, blocks.i.0 (conv1, conv2, conv_sc, bn1, bn2), blocks.i.1
                   (attention), output_layer
    discriminator  blocks.i.0, blocks.i.1, linear, embed

Everything but the variances' epsilon follows from the weights themselves. ``BigGANdeep`` of the
same code is recognised by its fourth convolution. Their generator's first layer orders its outputs
as (channels, rows, columns), ours as (rows, columns, channels).

A generator with ``cross_replica`` norms multiplied by its gains in training, but the public code
adds them when it runs in one process: where the options tell of such norms, it is refused.
"""

from collections.abc import Mapping
from typing import Any

from ganzoo.errors import ImportedError
from ganzoo.importers import Converted, Foreign, Importer
from ganzoo.importers import _biggan as parts
from ganzoo.importers import _biggan_deep as deep
from ganzoo.importers import _layers as layers
from ganzoo.importers._layers import State
from ganzoo.importers._told import agree, told_bool, told_number, told_whole
from ganzoo.importers._weights import unwrap
from ganzoo.layers.biggan_widths import D_WIDTHS, G_WIDTHS


def convert(content: Foreign, options: Mapping[str, Any], part: str) -> Converted:
    state = unwrap(content, part)
    first, second = ("shared", "output_layer.2") if part == "generator" else ("linear", "embed")
    known = layers.has(state, second) and layers.has(state, "blocks.0.0.conv1")
    if not known:
        raise ImportedError(
            f"this is no {part} of BigGAN-PyTorch, which has {first} and {second}: "
            f"{', '.join([*state][:4])}"
        )
    if layers.has(state, "blocks.0.0.conv4"):
        read = {"generator": deep.generator, "discriminator": deep.discriminator}
    else:
        read = {"generator": _generator, "discriminator": _discriminator}
    if part == "generator" and told_bool(options, "cross_replica", default=False):
        raise ImportedError(
            "the options say cross_replica true: in one process the public code adds the gains by "
            "which it multiplied in training; false imports them as in training"
        )
    converted = read[part](state, options)
    state.spent(parts.IDLE)
    return converted


def _generator(state: State, options: Mapping[str, Any]) -> Converted:
    blocks = layers.count(state, "blocks.{}.0.conv1")
    linear, first = layers.weight(state, "linear"), layers.weight(state, "blocks.0.0.conv1")
    bottom, size = layers.side(linear.shape[0] // first.shape[1]), 4 << blocks
    told = {
        "image_size": bottom << blocks,
        "bottom": bottom,
        "g_channels": parts.unit(first.shape[1], G_WIDTHS, size, 0),
        "g_attention": parts.attention(state, blocks),
        "g_spectral": "linear.u0" in state,
        "g_eps": told_number(options, "BN_eps", 1e-5),
        **_classes(state, linear.shape[1], blocks),
    }
    parts.agree_image(options, size, told["num_classes"])
    agree(options, {"G_ch": told["g_channels"]} | _latents(options, told, blocks))
    eps = told["g_eps"]
    ours = layers.layer(state, "linear", "project", layers.map_rows(first.shape[1], bottom))
    if told["shared_dim"]:
        ours["embed.weight"] = state["shared.weight"]
    for i in range(blocks):
        there, here = f"blocks.{i}.0", f"blocks.{i}"
        ours |= parts.convolutions(state, there, here)
        for norm in ("bn1", "bn2"):
            ours |= parts.conditional(state, f"{there}.{norm}", f"{here}.norm{norm[2]}", eps)
        if i in told["g_attention"]:
            ours |= parts.self_attention(state, f"blocks.{i}.1", f"attention.{i}")
    ours |= parts.last(state)
    return Converted(
        architecture="biggan",
        options=told,
        state=ours,
        size=told["image_size"],
        assumed={"d_attention": ()},
    )


def _discriminator(state: State, options: Mapping[str, Any]) -> Converted:
    blocks = layers.count(state, "blocks.{}.0.conv1")
    layout = {4: 32, 5: 64, 6: 128, 7: 256, 8: 512}.get(blocks)
    if layout is None:
        raise ImportedError(f"no discriminator of BigGAN-PyTorch has {blocks} blocks")
    head = layers.weight(state, "linear")
    firsts = [layers.weight(state, f"blocks.{i}.0.conv1").shape for i in range(blocks)]
    bottom = told_whole(options, "bottom_width", 4)
    told = {
        "image_size": layout * bottom // 4,
        "bottom": bottom,
        "num_classes": layers.weight(state, "embed").shape[0],
        "d_channels": parts.unit(head.shape[1], D_WIDTHS, layout, -1),
        "d_attention": parts.attention(state, blocks),
        "d_thin": all(wide == thin for wide, thin, *_ in firsts),
    }
    parts.agree_image(options, layout, told["num_classes"])
    agree(options, {"D_ch": told["d_channels"]})
    ours = layers.layer(state, "linear", "head.judge") | layers.layer(state, "embed", "head.embed")
    for i in range(blocks):
        ours |= parts.convolutions(state, f"blocks.{i}.0", f"blocks.{i}")
        if i in told["d_attention"]:
            ours |= parts.self_attention(state, f"blocks.{i}.1", f"attention.{i}")
    return Converted(
        architecture="biggan",
        options=told,
        state=ours,
        size=told["image_size"],
        channels=firsts[0][1],
        assumed={"g_attention": (), "skip_z": False},
    )


def _latents(options: Mapping[str, Any], told: Mapping[str, Any], blocks: int) -> dict[str, int]:
    """``dim_z``, as it would be told: of a latent that is sliced, the rest is cut off."""
    said, slices = options.get("dim_z"), blocks + 1
    if told["skip_z"] and isinstance(said, int) and said // slices * slices == told["z_dim"]:
        return {}
    return {"dim_z": told["z_dim"]}


def _classes(state: State, z_width: int, blocks: int) -> dict[str, Any]:
    """What the norms say of classes and of how the latent is shared out."""
    gain = layers.weight(state, "blocks.0.0.bn1.gain")
    if "shared.weight" not in state:
        return {
            "num_classes": gain.shape[0], "shared_dim": 0, "skip_z": False, "z_dim": z_width,
        }  # fmt: skip
    classes, shared = state["shared.weight"].shape
    skip = gain.shape[1] > shared
    return {
        "num_classes": classes,
        "shared_dim": shared,
        "skip_z": skip,
        "z_dim": z_width * (blocks + 1) if skip else z_width,
    }


ENTRY = Importer(
    title="BigGAN and BigGAN-deep of BigGAN-PyTorch",
    repository="ajbrock/BigGAN-PyTorch",
    files="linked from its README, and written by its train.py: G_ema.pth, G.pth, D.pth",
    licence="the code is MIT; the weights were trained on ImageNet (research use)",
    parts=("generator", "discriminator"),
    convert=convert,
)
