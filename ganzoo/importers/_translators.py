"""What the public translators' files have in common: layers known by their place in a sequence."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from torch import Tensor

from ganzoo.errors import ImportedError
from ganzoo.importers import Foreign
from ganzoo.importers._told import agree, told_bool
from ganzoo.importers._weights import unwrap

State = dict[str, Tensor]
CHANGE = re.compile(r"(\d+)\.conv_block\.(\d+)\.(\w+)$")
PLACE = re.compile(r"(\d+)\.(conv2d\.)?(\w+)$")  # conv2d: doubled pixels before a convolution
NORMS = ("batch", "instance", "none")
PADDINGS = ("zero", "reflect", "replicate")
COUNTERS = ("running_mean", "running_var", "num_batches_tracked")


def tensors(content: Foreign, part: str) -> State:
    """The weights alone, without a checkpoint's wrapping.

    An old instance norm's running statistics, which the public code drops, are dropped too.
    """
    state = {**unwrap(content, part)}
    statistics = [name for name in state if name.rpartition(".")[2] in COUNTERS]
    for name in statistics:
        layer = name.rpartition(".")[0]
        if f"{layer}.weight" not in state:
            del state[name]
    return dict(sorted(state.items(), key=_in_place))


def _in_place(item: tuple[str, Tensor]) -> list[int | str]:
    """Layers in the order of their numbers: a safetensors file has 11 before 2."""
    return [int(part) if part.isdecimal() else part for part in re.split(r"(\d+)", item[0])]


def under(state: Mapping[str, Tensor], prefix: str) -> State:
    """What lies below a prefix, named without it."""
    return {
        name.removeprefix(prefix): value for name, value in state.items() if name.startswith(prefix)
    }


def convolutions(state: Mapping[str, Tensor]) -> list[str]:
    """The names of the weights of convolutions, in the order of their places."""
    return [name for name, value in state.items() if value.ndim == 4]


def normed(state: Mapping[str, Tensor]) -> bool:
    """Whether norms in it have gains: then they are batch norms."""
    return any(name.endswith("running_mean") for name in state)


def sequence(state: Mapping[str, Tensor], features: str, paint: str | None) -> State:
    """A sequence of stem, halvings, residual blocks and doublings, under our names.

    Args:
        features: our name of all but the last convolution.
        paint: our name of that last one; None if the sequence ends without.
    """
    ours: State = {}
    last = max(_places(state), default=0) if paint else -1
    changes = _changes(state)
    for name, value in state.items():
        if change := CHANGE.match(name):
            block, place, what = int(change[1]), int(change[2]), change[3]
            ours[f"{features}.{block}.change.{changes[place]}.{what}"] = value
        elif place := PLACE.match(name):
            where = f"{paint}.1" if int(place[1]) == last else f"{features}.{place[1]}"
            ours[f"{where}.{'conv.' if place[2] else ''}{place[3]}"] = value
        else:
            raise ImportedError(f"a layer of no known kind: {name!r}")
    return ours


def enlarging(state: Mapping[str, Tensor]) -> str:
    """How the way up doubles the size: newer files hold a convolution of doubled pixels."""
    return "resize" if any(".conv2d." in name for name in state) else "deconv"


def blocks(state: Mapping[str, Tensor]) -> int:
    """How many residual blocks are in a sequence."""
    return len({match[1] for name in state if (match := CHANGE.match(name))})


def block_style(state: Mapping[str, Tensor]) -> tuple[bool, bool]:
    """Whether blocks pad with zeros, and whether they have dropout, from their layers' places."""
    first, second = _pair(state)
    zero = first == 0
    return zero, second - first == (4 if zero else 5)


def padding(zero: bool, options: Mapping[str, Any]) -> str:
    """Of residual blocks: zeros are read off the weights' places, ``replicate`` must be told.

    Raises:
        ImportedError: if the options say otherwise than the weights.
    """
    said = options.get("padding_type", "zero" if zero else "reflect")
    if said not in PADDINGS or (said == "zero") != zero:
        kinds = "zero" if zero else "reflect or replicate"
        raise ImportedError(f"the options say padding_type {said!r}, the weights {kinds}")
    return said


def judge(state: Mapping[str, Tensor], layers: str) -> State:
    """A judge of patches: conv, LeakyReLU, then conv, norm, LeakyReLU again and again, conv."""
    ours: State = {}
    for name, value in state.items():
        match = PLACE.match(name)
        if match is None:
            raise ImportedError(f"a judge's layer of no known kind: {name!r}")
        place = int(match[1])
        group, inside = divmod(place + 1, 3) if place else (0, 0)
        ours[f"{layers}.{group}.{inside}.{match[3]}"] = value
    return ours


def agree_norm(options: Mapping[str, Any], read: str) -> None:
    """Sees that the options name no other norm than the weights show."""
    if options.get("norm") in NORMS:
        agree(options, {"norm": read})


def agree_judged(options: Mapping[str, Any], channels: int) -> None:
    """Sees that a judge of so many channels may follow from the options of both players.

    Raises:
        ImportedError: quoting both.
    """
    if "label_nc" in options:  # more than two numbers make it then
        return
    said = [options[name] for name in ("input_nc", "output_nc") if name in options]
    numbers = [number for number in said if isinstance(number, int)]
    if said and channels not in (*numbers, sum(numbers)):
        raise ImportedError(f"the options say channels {said}, the weights judge {channels}")


def refuse_sigmoid(options: Mapping[str, Any]) -> None:
    """Sees that a judge's verdicts are logits.

    Raises:
        ImportedError: if the options say that it ends in a sigmoid.
    """
    for name in ("use_sigmoid", "no_lsgan"):
        if told_bool(options, name, default=False):
            raise ImportedError(
                f"the options say {name} true: a sigmoid stands behind such verdicts, but "
                "discriminators here return logits; false imports them without it"
            )


def _places(state: Mapping[str, Tensor]) -> Iterator[int]:
    for name in state:
        if not CHANGE.match(name) and (place := PLACE.match(name)):
            yield int(place[1])


def _pair(state: Mapping[str, Tensor]) -> tuple[int, int]:
    """The places of a block's two convolutions."""
    found = {
        int(match[2])
        for name, value in state.items()
        if value.ndim == 4 and (match := CHANGE.match(name))
    }
    if len(found) != 2:
        raise ImportedError(f"a residual block has two convolutions; found {len(found)}")
    return min(found), max(found)


def _changes(state: Mapping[str, Tensor]) -> dict[int, int]:
    """From a layer's place in their residual block to its place in ours."""
    if not blocks(state):
        return {}
    first, second = _pair(state)
    return {first: 1, first + 1: 2, second: 6, second + 1: 7}
