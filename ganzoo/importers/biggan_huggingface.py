"""BigGAN-deep as Hugging Face converted it: ``pytorch_model.bin`` with ``config.json`` beside it.

    embeddings, generator.gen_z, generator.layers.i (bn_0, conv_0, ..., bn_3, conv_3; or attention),
    generator.bn, generator.conv_to_rgb

Its norms keep statistics for many truncations (``n_stats``), its last convolution has more outputs
than are shown, and its classes come as one-hot vectors; ours come as numbers. Which blocks double
their maps is not in the weights: it is read from the options, else from the released networks'
pattern, where blocks take turns.
"""

from collections.abc import Mapping
from typing import Any

from ganzoo.errors import ImportedError
from ganzoo.importers import Converted, Foreign, Importer
from ganzoo.importers import _layers as layers
from ganzoo.importers._layers import State
from ganzoo.importers._told import agree, told_number
from ganzoo.importers._weights import unwrap

NAMES = {"theta": "theta", "phi": "phi", "g": "g", "o": "o_conv"}
SHOWN = 3  # colours
EPS = 1e-4


def convert(content: Foreign, options: Mapping[str, Any], part: str) -> Converted:
    state = unwrap(content, part)
    if not (layers.has(state, "embeddings") and layers.has(state, "generator.gen_z")):
        raise ImportedError(
            "this is no BigGAN of pytorch-pretrained-BigGAN, which has embeddings and "
            f"generator.gen_z: {', '.join([*state][:4])}"
        )
    embed = layers.weight(state, "embeddings")
    shared, classes = embed.shape
    last = layers.weight(state, "generator.conv_to_rgb")
    blocks, attention = _places(state)
    unit, first = last.shape[1], layers.weight(state, "generator.layers.0.conv_0").shape[1]
    bottom = layers.side(layers.weight(state, "generator.gen_z").shape[0] // first)
    statistics = layers.get(state, "generator.bn.running_means").shape[0]
    eps = told_number(options, "eps", EPS)
    doubling = _doubling(options, len(blocks))
    told = {
        "image_size": bottom << sum(doubling),
        "bottom": bottom,
        "z_dim": layers.weight(state, "generator.gen_z").shape[1] - shared,
        "num_classes": classes,
        "shared_dim": shared,
        "g_channels": unit,
        "g_blocks": tuple(
            (bool(up), *_widths(state, place, unit))
            for up, place in zip(doubling, blocks, strict=True)
        ),
        "g_attention": attention,
        "g_spectral": layers.is_spectral(state, "generator.gen_z"),
        "g_eps": eps,
        "g_last_eps": eps,
        "statistics": statistics,
        "spare_outputs": last.shape[0] - SHOWN,
    }
    names = {"output_dim": "image_size", "z_dim": "z_dim", "num_classes": "num_classes",
             "class_embed_dim": "shared_dim", "channel_width": "g_channels",
             "n_stats": "statistics"}  # fmt: skip
    agree(options, {theirs: told[ours] for theirs, ours in names.items()})
    ours = layers.layer(state, "generator.gen_z", "project") | {"embed.weight": embed.mT}
    for i, place in enumerate(blocks):
        ours |= _block(state, f"generator.layers.{place}", f"blocks.{i}")
        if i in attention:
            ours |= _attention(state, f"generator.layers.{place + 1}", f"attention.{i}")
    ours |= layers.layer(state, "generator.conv_to_rgb", "to_image")
    for name in ("weight", "bias", "running_means", "running_vars"):
        ours[f"norm.{name}"] = layers.get(state, f"generator.bn.{name}")
    state.spent()
    return Converted(
        architecture="biggan_deep",
        options=told,
        state=ours,
        size=told["image_size"],
        assumed={"d_attention": ()},
    )


def _places(state: State) -> tuple[list[int], tuple[int, ...]]:
    """Where blocks stand among the layers, and the blocks behind which attention does."""
    blocks: list[int] = []
    attention: list[int] = []
    place = 0
    while True:
        name = f"generator.layers.{place}"
        if layers.has(state, f"{name}.conv_0"):
            blocks.append(place)
        elif f"{name}.gamma" in state:
            if not blocks:
                raise ImportedError(
                    f"attention stands before the first block ({name!r}; attention_layer_position "
                    "0); here it stands behind one"
                )
            attention.append(len(blocks) - 1)
        else:
            return blocks, tuple(attention)
        place += 1


def _widths(state: State, place: int, unit: int) -> tuple[int, int]:
    name = f"generator.layers.{place}"
    before = layers.weight(state, f"{name}.conv_0").shape[1]
    behind = layers.weight(state, f"{name}.conv_3").shape[0]
    return before // unit, behind // unit


def _doubling(options: Mapping[str, Any], count: int) -> list[bool]:
    told = options.get("layers")
    if told is None:
        return [i % 2 == 1 for i in range(count)]
    if not isinstance(told, list) or not all(isinstance(one, list) and one for one in told):
        raise ImportedError(f"the options say layers {told!r}; expected a list of lists")
    if len(told) != count:
        raise ImportedError(f"the options name {len(told)} layers, the weights have {count}")
    return [bool(layer[0]) for layer in told]


def _block(state: State, theirs: str, ours: str) -> State:
    found: State = {}
    for k in range(4):
        found |= layers.layer(state, f"{theirs}.conv_{k}", f"{ours}.conv{k + 1}")
        norm, here = f"{theirs}.bn_{k}", f"{ours}.norm{k + 1}"
        found |= layers.layer(state, f"{norm}.scale", f"{here}.gain")
        found |= layers.layer(state, f"{norm}.offset", f"{here}.bias")
        for name in ("running_means", "running_vars"):
            found[f"{here}.norm.{name}"] = layers.get(state, f"{norm}.{name}")
    return found


def _attention(state: State, theirs: str, ours: str) -> State:
    found: State = {f"{ours}.gamma": layers.get(state, f"{theirs}.gamma").reshape(())}
    for name, there in NAMES.items():
        found |= layers.layer(state, f"{theirs}.snconv1x1_{there}", f"{ours}.{name}")
    return found


ENTRY = Importer(
    title="BigGAN-deep of pytorch-pretrained-BigGAN",
    repository="huggingface/pytorch-pretrained-BigGAN",
    files="biggan-deep-{128,256,512}-pytorch_model.bin and -config.json, named in its model.py",
    licence="the code is MIT; the weights are DeepMind's, trained on ImageNet (Apache-2.0)",
    convert=convert,
)
