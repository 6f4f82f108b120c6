"""A network's outline: every name and shape in it, while none of its numbers is held.

What a downloaded config asks for is compared with the weights that came along before any memory
is taken for it: a config of a kilobyte can describe a network of a terabyte.
"""

from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import nn
from torch.overrides import TorchFunctionMode

Shape = tuple[int, ...]
NAMED = 4  # weights that a complaint names
LONGEST = 256  # entries of one option


def outline(build: Callable[[Any], nn.Module], options: Any) -> nn.Module:
    """The network as it would be built, without memory.

    Raises:
        ValueError: if no machine could build it.
    """
    for name, value in options:
        if isinstance(value, tuple) and len(value) > LONGEST:
            raise ValueError(f"{name} has {len(value):,} entries; at most {LONGEST} are built")
    try:
        with torch.device("meta"), _Undrawn():
            return build(options)
    except (RuntimeError, OverflowError, MemoryError) as error:
        raise ValueError(f"no such network can be built: {error}") from None


def misfits(network: nn.Module, given: Mapping[str, Shape]) -> str:
    """What is missing, left over or of another shape; empty if everything fits."""
    own = {name: tuple(value.shape) for name, value in network.state_dict().items()}
    missing = [name for name in own if name not in given]
    extra = [name for name in given if name not in own]
    wrong = [
        f"{name} is {given[name]}, not {own[name]}"
        for name in own
        if name in given and given[name] != own[name]
    ]
    told = [f"missing {', '.join(missing[:NAMED])}"] * bool(missing)
    told += [f"left over {', '.join(extra[:NAMED])}"] * bool(extra)
    return "; ".join([*told, *wrong[:NAMED]])


def parameter_count(network: nn.Module) -> int:
    """How many numbers it learns."""
    return sum(parameter.numel() for parameter in network.parameters())


class _Undrawn(TorchFunctionMode):
    """Leaves out the numbers: draws, and sums and products with a number.

    On the meta device they change nothing, but import hundreds of modules (two seconds).
    """

    def __torch_function__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: Any = None
    ) -> Any:
        given = kwargs or {}
        name = getattr(func, "__name__", "")
        if name in ("normal_", "uniform_"):
            return args[0] if args else given["tensor"]
        if name in ("mul", "sub") and isinstance(args[1], int | float):
            return args[0]
        if func in (torch.rand, torch.randn):
            return torch.empty(*args, **given)
        return func(*args, **given)
