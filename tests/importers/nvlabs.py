"""Files as NVlabs' code writes them: its persistence, written down here once more.

An object's class is remembered as source text; pickling replaces the object by a call of
``torch_utils.persistence._reconstruct_persistent_obj`` with source, class name and state.
"""

import io
import pickle
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

import numpy as np
import torch
from torch import nn

SOURCE = "import os\nos.environ['GANZOO_WAS_HACKED'] = '1'\n" * 3


class EasyDict(dict):
    __module__ = "dnnlib.util"


def _reconstruct_persistent_obj(meta: dict[str, Any]) -> Any:
    raise AssertionError("this is what must not be called")


_reconstruct_persistent_obj.__module__ = "torch_utils.persistence"


class Persistent(nn.Module):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__()
        self._init_args, self._init_kwargs = (), EasyDict(kwargs)

    def __reduce__(self):
        meta = {
            "type": "class", "version": 6, "module_src": SOURCE,
            "class_name": type(self).__name__, "state": self.__dict__,
        }  # fmt: skip
        return _reconstruct_persistent_obj, (meta,)


class Layer(Persistent):
    def __init__(self, wide: int) -> None:
        super().__init__(wide=wide)
        self.weight = nn.Parameter(torch.randn(wide, 4).to(memory_format=torch.contiguous_format))
        self.register_buffer("noise", torch.randn(3, 3).half().t())
        self.register_buffer("passing", torch.ones(9), persistent=False)
        self.weight_gain, self.rows = 1 / np.sqrt(wide), np.eye(wide)  # theirs has numpy's too


class Discriminator(Layer):
    pass


class Generator(Persistent):
    def __init__(self, z_dim: int, gain: object = np.float64(0.5)) -> None:
        super().__init__(
            z_dim=z_dim, layers=[1, 2], activation="lrelu", dtype=torch.float16, gain=gain
        )
        self.b4, self.b8 = Layer(z_dim), nn.Sequential(Layer(2), nn.ReLU())
        self.register_buffer("w_avg", torch.arange(5))


@contextmanager
def theirs() -> Iterator[None]:
    """Their modules, only while a file is written."""
    made = {"torch_utils.persistence": _reconstruct_persistent_obj, "dnnlib.util": EasyDict}
    for name, thing in made.items():
        module = ModuleType(name)
        setattr(module, thing.__name__, thing)
        sys.modules[name.partition(".")[0]] = ModuleType(name.partition(".")[0])
        sys.modules[name] = module
    try:
        yield
    finally:
        for name in made:
            del sys.modules[name], sys.modules[name.partition(".")[0]]


def snapshot(protocol: int = 4, **more: Any) -> tuple[bytes, Generator]:
    """A file with two networks, and one of them."""
    kept = Generator(6)
    content = {"G": None, "D": Layer(3), "G_ema": kept, "training_set_kwargs": EasyDict(path="x")}
    file = io.BytesIO()
    with theirs():
        pickle.dump(content | more, file, protocol=protocol)
    return file.getvalue(), kept
