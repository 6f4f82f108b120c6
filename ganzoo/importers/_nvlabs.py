"""What the files of NVlabs/stylegan3 have in common: names, arguments, mapping networks, judges.

Sizes, widths and connections follow from the weights' own shapes; only what leaves no trace there
(activations, clamps, learning rates) is asked of the constructor's arguments, or is their default.
"""

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from ganzoo.errors import ImportedError
from ganzoo.importers import Foreign
from ganzoo.importers._told import agree
from ganzoo.importers._weights import Weights, opened, unwrap

State = dict[str, Tensor]
Told = Mapping[str, Any]
CLOSE = 1e-6  # how far taps in float32 may stray
WHOLE = 2**20  # images of a group that is the whole batch


def network(content: Foreign, options: Told, part: str) -> tuple[Weights, Told]:
    """One network's named weights, and the arguments that it was made with.

    A ``.pkl`` holds several networks, of which the generator's moving average is the better one.

    Raises:
        ImportedError: if the file holds no network of that part.
    """
    chosen = opened(content, part)
    if "init_kwargs" not in chosen:
        return unwrap(content, part), options
    filed = (one for one in content.values() if isinstance(one, Mapping))
    made = [one.get("init_kwargs") or {} for one in (chosen, *filed)]
    older = {"synthesis_kwargs": {}} if any("synthesis_kwargs" in one for one in made) else {}
    return Weights(chosen["state"]), {**older, **made[0], **options}


def argument(told: Told, name: str, default: Any, *groups: str) -> Any:
    """A constructor argument: of a part such as ``mapping_kwargs``, of the whole, or else.

    Raises:
        ImportedError: if what should be arguments of a part is something else.
    """
    for group in (*(arguments(told, group) for group in groups), told):
        if name in group:
            return group[name]
    return default


def clamp(told: Told, *groups: str) -> Any:
    """The bound of every convolution's output, ``conv_clamp``.

    StyleGAN2-ADA's code, which had a generator's arguments apart, bounded only when it was told to.
    """
    ada = "synthesis_kwargs" in told or "stylegan2-ada" in str(told.get("source")).lower()
    return argument(told, "conv_clamp", None if ada else 256, *groups)


def arguments(told: Told, group: str) -> Told:
    """The arguments of a part, such as ``mapping_kwargs``."""
    given = told.get(group) or {}
    if not isinstance(given, Mapping):
        raise ImportedError(f"the options say {group} {given!r}; expected keys and values")
    return given


def done(state: Weights, told: Told, options: Mapping[str, Any]) -> None:
    """Sees that every weight was taken, and that the arguments told are not other ones."""
    state.spent()
    names = {"image_size": "img_resolution", "image_channels": "img_channels",
             "num_classes": "c_dim", "z_dim": "z_dim", "w_dim": "w_dim"}  # fmt: skip
    agree(told, {theirs: options[ours] for ours, theirs in names.items() if ours in options})


def sides(state: State, prefix: str) -> list[int]:
    """The resolutions of the blocks ``b4``, ``b8``, …

    Raises:
        ImportedError: if there are none.
    """
    blocks = {
        name.removeprefix(prefix).partition(".")[0] for name in state if name.startswith(prefix)
    }
    found = sorted(int(side) for side in blocks if side.isdecimal())
    if not found or found != [4 << k for k in range(len(found))]:
        raise ImportedError(
            f"this has no blocks {prefix}4, {prefix}8, …: {', '.join([*state][:4])}"
        )
    return found


def base(widths: Mapping[int, int]) -> int:
    """The smallest ``channel_base`` of which such channels at each side follow.

    Raises:
        ImportedError: if they follow of none.
    """
    least, most = max(side * wide for side, wide in widths.items()), max(widths.values())
    if any(wide != min(least // side, most) for side, wide in widths.items()):
        raise ImportedError(f"channels that follow from no channel_base: {dict(widths)}")
    return least


def agree_widths(told: Told, widths: Mapping[int, int], *groups: str) -> None:
    """Sees that the options do not bound the channels otherwise than the weights.

    Raises:
        ImportedError: quoting both.
    """
    least = argument(told, "channel_base", base(widths), *groups)
    most = argument(told, "channel_max", max(widths.values()), *groups)
    if any(wide != min(least // side, most) for side, wide in widths.items()):
        raise ImportedError(
            f"the options say channel_base {least!r} and channel_max {most!r}, of which the "
            f"channels {dict(widths)} do not follow"
        )


def agree_connection(told: Told, found: list[int], read: str, *groups: str) -> None:
    """Sees that the options name the connection that the weights show; one block shows none."""
    said = argument(told, "architecture", read, *groups)
    if len(found) > 1:
        agree({"architecture": said}, {"architecture": read})


def taps(state: State, top: str, *layers: str) -> list[float]:
    """The filter's taps in one direction, from the block that has one in any case.

    Args:
        layers: of each block those that use theirs.

    Raises:
        ImportedError: if one of these has another filter, or it is not alike in both directions.
    """
    kernel = state[f"{top}.resample_filter"]
    for name in (name for name in state if name.endswith(".resample_filter")):
        value, layer = state[name], name.split(".")[-2]
        if layer in layers and not torch.equal(value, kernel):
            raise ImportedError(f"{name!r} is another filter than {f'{top}.resample_filter'!r}")
    row = kernel if kernel.ndim == 1 else kernel.sum(0)
    made = row if kernel.ndim == 1 else torch.outer(row, row)
    whole = abs(float(kernel.sum()) - 1) < CLOSE
    if not (whole and made.shape == kernel.shape and torch.allclose(made, kernel, atol=CLOSE)):
        raise ImportedError(
            f"{f'{top}.resample_filter'!r} is no product of one row of taps with itself, of a sum "
            f"of 1: {kernel.tolist()}"
        )
    # one tap alone stands behind the place that it is for: a row of two is the same filter
    return [0.0] * (len(row) == 1) + row.tolist()


def mapping(state: State, told: Told, prefix: str = "") -> dict[str, Any]:
    """The options of a mapping network."""
    names = [name for name in state if name.startswith("mapping.fc") and name.endswith(".weight")]
    depth = len(names)
    if not depth:
        raise ImportedError(f"this has no mapping network: {', '.join([*state][:4])}")
    for name in names:
        if state[name].ndim != 2:
            raise ImportedError(f"{name!r} is no matrix: {tuple(state[name].shape)}")
    agree(arguments(told, "mapping_kwargs"), {"num_layers": depth})
    embed = state.get("mapping.embed.weight")
    return {
        f"{prefix}mapping_layers": depth,
        f"{prefix}mapping_width": state["mapping.fc0.weight"].shape[0] if depth > 1 else None,
        f"{prefix}mapping_embed": None if embed is None else embed.shape[0],
        f"{prefix}mapping_rate": argument(told, "lr_multiplier", 0.01, "mapping_kwargs"),
        f"{prefix}mapping_activation": arguments(told, "mapping_kwargs").get("activation", "lrelu"),
    }


def styles(state: State, told: Told) -> dict[str, Any]:
    """The options that every generator with a mapping network has."""
    options = mapping(state, told)
    embed, first = state.get("mapping.embed.weight"), state["mapping.fc0.weight"]
    last = state[f"mapping.fc{options['mapping_layers'] - 1}.weight"]
    return options | {
        "z_dim": first.shape[1] - (0 if embed is None else embed.shape[0]),
        "w_dim": last.shape[0],
        "num_classes": 0 if embed is None else embed.shape[1],
    }


def renamed_mapping(state: State, ours: str) -> State:
    """The weights of a mapping network, under our name for it."""
    named = {}
    for name in state:
        if name.startswith("mapping."):
            short = name.removeprefix("mapping.").replace("w_avg", "mean")
            short = f"layers.{short[2:]}" if short.startswith("fc") else short
            named[f"{ours}.{short}"] = state[name]
    return named


def renamed_generator(state: State, told: Told) -> State:
    """The weights outside of the synthesis network."""
    named = renamed_mapping(state, "mapping")
    if "mapping.mean" not in named:  # it was not followed: nothing is known to truncate towards
        if argument(told, "w_avg_beta", 0.998, "mapping_kwargs") is not None:
            raise ImportedError("this has no 'mapping.w_avg': only w_avg_beta null leaves it out")
        layers = [name for name in named if name.startswith("mapping.layers.")]
        last = max(int(name.split(".")[2]) for name in layers)
        named["mapping.mean"] = torch.zeros_like(named[f"mapping.layers.{last}.bias"])
    return named | {"path": torch.zeros(())}


def judge(state: State, told: Told) -> tuple[dict[str, Any], State]:
    """Options and weights of the discriminator that StyleGAN2 and StyleGAN3 share."""
    found = sides(state, "b")
    size = found[-1]
    widths = {side: state[f"b{side}.conv0.weight"].shape[0] for side in found[1:]}
    widths[4] = state["b4.conv.weight"].shape[0]
    wanted = state.get("mapping.embed.weight")
    group = argument(told, "mbstd_group_size", 4, "epilogue_kwargs")
    connection = "orig"
    if f"b{size}.skip.weight" in state:
        connection = "resnet"
    elif "b4.fromrgb.weight" in state:
        connection = "skip"
    agree_widths(told, widths)
    agree_connection(told, found, connection, "block_kwargs")
    options = {
        "image_size": size,
        "image_channels": state[f"b{size}.fromrgb.weight"].shape[1],
        "num_classes": 0 if wanted is None else wanted.shape[1],
        "d_base": base(widths),
        "d_most": max(widths.values()),
        "d_connection": connection,
        "d_activation": argument(told, "activation", "lrelu", "block_kwargs"),
        "d_last_activation": argument(told, "activation", "lrelu", "epilogue_kwargs"),
        "d_taps": taps(state, f"b{size}", "conv1", "skip"),
        "d_clamp": clamp(told, "block_kwargs"),
        "d_group": WHOLE if group is None else group,
        "d_std_channels": state["b4.conv.weight"].shape[1] - widths[4],
        "d_class_width": None if wanted is None else state["b4.out.weight"].shape[0],
    }
    if wanted is not None:
        options |= mapping(state, told, "d_")
    return options, _renamed_judge(state, found) | renamed_mapping(state, "wanted")


def _renamed_judge(state: State, found: list[int]) -> State:
    parts = {
        "b4.fromrgb": "read.conv",
        "b4.conv": "conv.conv",
        "b4.fc": "dense",
        "b4.out": "verdict",
    }
    for place, side in enumerate(found[:0:-1]):
        for theirs, ours in JUDGE_LAYERS.items():
            parts[f"b{side}.{theirs}"] = f"blocks.{place}.{ours}.conv"
    named = {}
    for name in state:
        part, _, last = name.rpartition(".")
        if part in parts and last != "resample_filter":
            named[f"{parts[part]}.{last}"] = state[name]
    return named


JUDGE_LAYERS = {"fromrgb": "read", "conv0": "first", "conv1": "second", "skip": "short"}
