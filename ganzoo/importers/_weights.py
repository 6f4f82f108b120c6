"""A file's named tensors, which remember what was taken of them: nothing may be left behind."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

import torch
from torch import Tensor

from ganzoo.errors import ImportedError
from ganzoo.importers import Foreign

Other = TypeVar("Other")
FEW = 4  # names that a message lists
DEEP = 4  # wrappings, one in the other
WRAPPINGS = ("model_state_dict", "state_dict")
FILED = {  # under which names checkpoints file their networks, the better ones first
    "generator": ("G_ema", "g_ema", "avgG", "G", "netG"),
    "discriminator": ("D", "netD"),
}


class Weights(dict[str, Tensor]):
    """Named tensors, in float32; those that were read are known.

    Args:
        content: of a file: what is no tensor is left out, and ``module.`` before a name, from
            parallel training.

    Attributes:
        rounding: the share of itself by which a number of the file may be off.
    """

    def __init__(self, content: Mapping[Any, Any]) -> None:
        kept = {
            str(name).removeprefix("module."): value
            for name, value in content.items()
            if isinstance(value, Tensor)
        }
        super().__init__(
            (name, value.float() if value.is_floating_point() else value)
            for name, value in kept.items()
        )
        kinds = {value.dtype for value in kept.values() if value.is_floating_point()}
        self.rounding = max((torch.finfo(kind).eps for kind in kinds), default=0.0)
        self._taken: set[str] = set()

    def __getitem__(self, name: str) -> Tensor:
        value = super().__getitem__(name)
        self._taken.add(name)
        return value

    def get(self, name: str, default: Other = None) -> Tensor | Other:
        try:
            return self[name]
        except KeyError:
            return default

    def spent(self, idle: str = "") -> None:
        """Sees that all was taken.

        Args:
            idle: an expression for names that pictures do not depend on.

        Raises:
            ImportedError: naming what was not: it belongs to a layer that the file has not all
                of, or to another network.
        """
        left = [name for name in self if name not in self._taken]
        if left := [name for name in left if not (idle and re.search(idle, name))]:
            raise ImportedError(f"no place for {listed(left)}: parts of a layer, or of another net")


def opened(content: Foreign, part: str) -> Foreign:
    """What a checkpoint has of a part, out of its wrapping; of a generator its moving average."""
    for _ in range(DEEP):
        names = (name for name in (*FILED.get(part, ()), *WRAPPINGS) if name in content)
        inner = next((content[name] for name in names if isinstance(content[name], Mapping)), None)
        if inner is None:
            break
        content = inner
    return content


def unwrap(content: Foreign, part: str) -> Weights:
    """The named tensors of a part, out of a checkpoint's wrapping.

    Raises:
        ImportedError: if there are none.
    """
    inner = opened(content, part)
    state = Weights(inner)
    if not state:
        raise ImportedError(f"it holds no {part}, there is no tensor among {listed(inner)}")
    return state


def listed(names: Iterable[str]) -> str:
    """The first few names, quoted."""
    every = [*map(str, names)]
    more = f" and {len(every) - FEW} more" if len(every) > FEW else ""
    return ", ".join(map(repr, every[:FEW])) + more
