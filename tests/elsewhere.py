"""A device that is not the processor, pretended: for machines without a GPU.

Tensors there are computed here, but refuse to meet tensors that are here, as those of a GPU do,
and know no float64, as Apple's do not. What differs only in speed or digits is not pretended:
there is no autocast to bfloat16, and threads that a test starts itself stay outside.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_flatten, tree_map, tree_unflatten

from ganzoo import processor
from ganzoo.training import trainer

DEVICE = torch.device("lazy", 0)  # of all that exist on no machine, the one autograd lets pass
aten = torch.ops.aten
BETWEEN = {aten._to_copy.default, aten.copy_.default}  # the ways from one device to the other
PICKS = {aten.index.Tensor, aten.index_put_.default}  # their places may be told from here


class There(Tensor):
    """A tensor that is elsewhere; what it holds is ``inner``."""

    inner: Tensor

    @staticmethod
    def __new__(cls, inner: Tensor) -> "There":
        with torch.inference_mode(False):
            made = Tensor._make_wrapper_subclass(
                cls, inner.size(), strides=inner.stride(), storage_offset=inner.storage_offset(),
                dtype=inner.dtype, device=DEVICE, requires_grad=inner.requires_grad,
            )  # fmt: skip
        made.inner = inner
        return made

    def __deepcopy__(self, memo: dict[int, Any]) -> Tensor:
        if id(self) not in memo:
            made: Tensor = There(self.inner.detach().clone())
            if isinstance(self, nn.Parameter):
                made = nn.Parameter(made, self.requires_grad)
            memo[id(self)] = made
        return memo[id(self)]

    def tolist(self) -> Any:
        return self.inner.tolist()

    def new_tensor(self, data: Any, **_: Any) -> Tensor:
        return torch.tensor(data, dtype=self.dtype).to(self.device)

    @classmethod
    def __torch_dispatch__(cls, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        return _compute(func, args, kwargs or {})


class _Operations(TorchDispatchMode):
    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = kwargs or {}
        if _is_there(kwargs.get("device")) or any(issubclass(kind, There) for kind in types):
            return _compute(func, args, kwargs)
        return func(*args, **kwargs)


class _Functions(TorchFunctionMode):
    """``torch.tensor`` asks a device for memory before any operation is dispatched."""

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = kwargs or {}
        if func is torch.tensor and _is_there(kwargs.get("device")):
            where = kwargs.pop("device")
            return func(*args, **kwargs).to(where)
        return func(*args, **kwargs)


class _Autocast(torch.autocast):
    def __init__(self, device_type: str, *args: Any, **kwargs: Any) -> None:
        super().__init__("cpu" if device_type == DEVICE.type else device_type, *args, **kwargs)


@contextmanager
def elsewhere() -> Iterator[torch.device]:
    """Trainings, models and scores run on the pretended device."""
    with pytest.MonkeyPatch.context() as patch, _Functions(), _Operations():
        for module in list(sys.modules.values()):
            if getattr(module, "device", None) is processor.device:
                patch.setattr(module, "device", lambda: DEVICE)
        patch.setattr(trainer.Accelerator, "device", DEVICE)
        patch.setattr(trainer, "Adam", _unfused(trainer.Adam))
        patch.setattr(torch, "autocast", _Autocast)
        patch.setattr(torch.__future__, "get_overwrite_module_params_on_conversion", lambda: True)
        yield DEVICE


def _unfused(kind: Callable[..., Any]) -> Callable[..., Any]:
    return lambda *args, fused, **kwargs: kind(*args, **kwargs)


def _is_there(device: Any) -> bool:
    return device is not None and torch.device(device).type == DEVICE.type


def _compute(func: Any, args: Any, kwargs: dict[str, Any]) -> Any:
    """One operation, computed here; its results are where its tensors are, or ``device`` is.

    Raises:
        RuntimeError: if tensors from here and there meet.
    """
    if func is aten._has_compatible_shallow_copy_type.default:
        return False
    flat, spec = tree_flatten((args, kwargs))
    there = [one for one in flat if isinstance(one, There)]
    if there and func not in BETWEEN:
        _refuse_strangers(func, args, flat)
    wanted = kwargs.get("device")
    if func is aten.copy_.default:
        arrives = isinstance(args[0], There)
    else:
        arrives = bool(there) if wanted is None else _is_there(wanted)
    given, named = tree_unflatten([_here(one) for one in flat], spec)
    result = func(*given, **named)
    known = {id(one.inner): one for one in there}

    def placed(one: Any) -> Any:
        if isinstance(one, Tensor) and arrives:
            return known[id(one)] if id(one) in known else There(one)
        return one

    return tree_map(placed, result)


def _here(one: Any) -> Any:
    if isinstance(one, There):
        return one.inner
    return torch.device("cpu") if isinstance(one, torch.device) and _is_there(one) else one


def _refuse_strangers(func: Any, args: Any, flat: list[Any]) -> None:
    strangers = [one for one in flat if isinstance(one, Tensor) and not isinstance(one, There)]
    if func in PICKS and isinstance(args[0], There):
        strangers = []
    joins = func in (aten.cat.default, aten.stack.default)
    if strange := [tuple(one.shape) for one in strangers if one.ndim or joins]:
        raise RuntimeError(f"{func}: all tensors must be on {DEVICE}; here are those of {strange}")
