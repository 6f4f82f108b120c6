"""Layers as public codes save them, under our names: plain, or spectrally normalised in one of
five ways.

| keys beside the weight | sigma in eval mode |
|---|---|
| none | 1 |
| ``weight_orig``, ``weight_u``, ``weight_v`` (torch) | u . W v |
| ``weight_orig``, ``weight_u``, and the used ``weight`` (torch before 1.0) | as in that one |
| ``u0``, ``sv0`` (BigGAN-PyTorch) or ``sn_u``, ``sn_sigma`` (mimicry) | one more round from u |
| ``parametrizations.weight.original``, ``.0._u``, ``.0._v`` (torch, newer) | u . W v |
"""

import torch
from torch import Tensor
from torch.nn.functional import normalize

from ganzoo.errors import ImportedError

State = dict[str, Tensor]
WEIGHT, U, V = (f"parametrizations.weight.{name}" for name in ("original", "0.u", "0.v"))
TORCH = (
    ("weight_orig", "weight_u", "weight_v"),
    ("parametrizations.weight.original", "parametrizations.weight.0._u",
     "parametrizations.weight.0._v"),
)  # fmt: skip


def get(state: State, name: str) -> Tensor:
    """A tensor that the format must have.

    Raises:
        ImportedError: if it is not there.
    """
    if name not in state:
        raise ImportedError(f"this format has a {name!r}; the file does not: {[*state][:4]}")
    return state[name]


def weight(state: State, name: str) -> Tensor:
    """A layer's free weight.

    Raises:
        ImportedError: if it is not there.
    """
    for keys in (*TORCH, ("weight",)):
        if f"{name}.{keys[0]}" in state:
            return state[f"{name}.{keys[0]}"]
    return get(state, f"{name}.weight")


def has(state: State, name: str) -> bool:
    """Whether there is a layer of that name."""
    return any(f"{name}.{key}" in state for key in ("weight", TORCH[0][0], TORCH[1][0]))


def is_spectral(state: State, name: str) -> bool:
    """Whether a layer of that name is normalised as torch does it."""
    return any(f"{name}.{keys[0]}" in state for keys in TORCH)


def layer(
    state: State,
    theirs: str,
    ours: str,
    rows: Tensor | None = None,
    columns: Tensor | None = None,
) -> State:
    """One layer under our name: its weight, bias and singular vectors, whichever it has.

    Args:
        rows, columns: the order in which ours has its outputs and inputs.
    """
    free, u, v = _parts(state, theirs)
    if rows is not None:
        free, u = free[rows], None if u is None else u[rows]
    if columns is not None:
        free, v = free[:, columns], None if v is None else v[columns]
    found: State = {}
    if u is None:
        found[f"{ours}.weight"] = free
    else:
        if v is None:  # their eval mode takes one more round of the power iteration
            matrix = free.flatten(1)
            v = normalize(matrix.mT @ u, dim=0)
            u = normalize(matrix @ v, dim=0)
        found |= {f"{ours}.{WEIGHT}": free, f"{ours}.{U}": u, f"{ours}.{V}": v}
    if f"{theirs}.bias" in state:
        bias = state[f"{theirs}.bias"]
        found[f"{ours}.bias"] = bias if rows is None else bias[rows]
    return found


def map_rows(channels: int, size: int) -> Tensor:
    """The order of a (channels, size, size) map's rows as (size, size, channels)."""
    return torch.arange(channels * size * size).view(channels, -1).mT.flatten()


def side(places: int) -> int:
    """The side of a square map.

    Raises:
        ImportedError: if it is none.
    """
    root = round(places**0.5)
    if root * root != places:
        raise ImportedError(f"the first map has {places} places, which is no square")
    return root


def count(state: State, pattern: str) -> int:
    """How many layers there are of a numbered name, such as ``blocks.{}.0.conv1``."""
    number = 0
    while has(state, pattern.format(number)):
        number += 1
    return number


def _parts(state: State, name: str) -> tuple[Tensor, Tensor | None, Tensor | None]:
    for free, u, v in TORCH:
        if f"{name}.{free}" in state:
            whole, left = state[f"{name}.{free}"], state[f"{name}.{u}"]
            right, used = state.get(f"{name}.{v}"), state.get(f"{name}.weight")
            if right is None and used is not None:
                right = _aligned(whole, left, used)
            return whole, left, right
    free = get(state, f"{name}.weight")
    for key in ("u0", "sn_u"):
        if f"{name}.{key}" in state:
            return free, state[f"{name}.{key}"].flatten(), None
    return free, None, None


def _aligned(free: Tensor, u: Tensor, used: Tensor) -> Tensor:
    """A v for which u . W v is the sigma that the used weight was divided by."""
    sigma = (free * used).sum() / used.square().sum()
    along = free.flatten(1).mT @ u
    return along * (sigma / along.square().sum())
