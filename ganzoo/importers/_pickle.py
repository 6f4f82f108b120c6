"""Reads the network pickles of NVlabs' StyleGAN2-ADA and StyleGAN3 without running them.

Such a file holds objects and, beside each, the Python source of its class, which a plain load
executes. Here nothing is executed: of each network remain the name of its class, the arguments
that it was made with, and its weights::

    {"G_ema": {"class_name": "Generator", "init_kwargs": {"z_dim": 512, …},
               "state": {"synthesis.b4.const": tensor, …}}, "G": …, "D": …}
"""

import io
import math
import struct
import warnings
from collections.abc import Callable, Iterator, Mapping

import torch
from torch import Tensor

from ganzoo.errors import ImportedError, first_line
from ganzoo.importers._machine import Machine, Name, Plain, Record, expect, hashable

DEPTH = 32  # of modules within modules, of values within values
MODULES, WEIGHTS = 20_000, 100_000
VALUES = 10_000  # in the arguments of one network
DTYPES = frozenset({"float16", "float32", "float64", "bfloat16", "int64", "int32", "uint8", "bool"})
MOVED = {"__builtin__": "builtins", "copy_reg": "copyreg"}
LAYERS = "torch.nn.modules."
NUMBERS = {"f8": "d", "f4": "f", "i8": "q", "i4": "i", "b1": "?"}  # numpy's codes, struct's
LEGACY = b"\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19."  # how a file of torch began


def read(content: bytes) -> dict[str, Plain]:
    """The networks of a file, by the names they are filed under, as the module says.

    Raises:
        ImportedError: if the file is not such a pickle, or names anything but networks of weights.
    """
    try:
        whole = Machine(admit, make, create).run(content)
        filed = _filed(whole) if isinstance(whole, Record) else expect(dict, whole)
        found = {key: _network(one) for key, one in filed.items() if isinstance(one, Record)}
    except ImportedError as error:
        raise ImportedError(f"this is no network pickle of NVlabs: {error}") from None
    if not found:
        raise ImportedError("this is no network pickle of NVlabs: there is no network in it")
    return found


def admit(name: Name) -> Name:
    """A name on the list; an old file may have it from where Python 2 kept it."""
    name = Name(MOVED.get(name.module, name.module), name.name)
    if name.module.startswith("dnnlib.tflib"):
        raise ImportedError(
            f"it was written by TensorFlow ({name}): legacy.py of NVlabs/stylegan3 converts it"
        )
    dtype = name.module == "torch" and name.name in DTYPES
    if not (dtype or name in MADE or name in EMPTY or name.module.startswith(LAYERS)):
        raise ImportedError(f"it names {str(name)[:120]!r}, which is not needed for weights")
    return name


def make(name: Name, arguments: tuple[Plain, ...]) -> Plain:
    """What one of the listed functions would give; it is not called."""
    if name in EMPTY and not arguments:
        return {}
    if name not in MADE:
        raise ImportedError(f"it calls {name}")
    return MADE[name](*arguments)


def create(kind: Name) -> Plain:
    """An empty object of one of the listed classes."""
    if kind in EMPTY:
        return {}
    if not kind.module.startswith(LAYERS):
        raise ImportedError(f"it makes a {kind}")
    return Record(kind.name)


# -- what the listed functions give ---------------------------------------------------------------


def _persistent(meta: Plain) -> Record:
    """NVlabs' own objects: class name, source (dropped) and state."""
    told = expect(dict, meta)
    return Record(expect(str, told["class_name"]), expect(dict, told["state"]))


def _reconstructed(kind: Plain, base: Plain, _: Plain) -> Plain:
    expect(Name, base)
    return create(expect(Name, kind))


def _stored(content: Plain) -> Tensor:
    """Numbers in a row as torch keeps them, read by torch with weights_only."""
    if not expect(bytes, content).startswith(LEGACY):
        raise ImportedError("damaged numbers: not in torch's older format")
    try:
        with warnings.catch_warnings(action="ignore"):  # such files are of the age of this class
            stored = torch.load(io.BytesIO(content), map_location="cpu", weights_only=True)
            row = torch.empty(0, dtype=stored.dtype).set_(stored.untyped())
    except Exception as error:  # whatever torch meets in a file made to deceive it
        raise ImportedError(f"damaged numbers: {first_line(error)}") from None
    return row


def _tensor(
    row: Plain, offset: Plain, size: Plain, stride: Plain, grad: Plain, hooks: Plain, *_: Plain
) -> Tensor:
    """A view of stored numbers: never beyond them, and never larger than they are."""
    shape = [expect(int, side) for side in expect(tuple, size)]
    steps = [expect(int, step) for step in expect(tuple, stride)]
    held = expect(Tensor, row).numel()
    if min(shape, default=0) < 0 or math.prod(shape) > held:
        raise ImportedError(f"damaged: a tensor of {shape} from {held} numbers")
    try:
        return row.as_strided(shape, steps, expect(int, offset))
    except RuntimeError as error:
        raise ImportedError(f"damaged: {first_line(error)}") from None


def _parameter(data: Plain, grad: Plain, hooks: Plain) -> Tensor:
    return expect(Tensor, data)


def _paired(pairs: Plain) -> dict[str | int, Plain]:
    return {hashable(key): value for key, value in map(tuple, expect(list, pairs))}


def _dtype(code: Plain, *_: Plain) -> Record:
    return Record(expect(str, code))


def _scalar(dtype: Plain, content: Plain) -> Plain:
    """A number of numpy's, such as a gain that a layer keeps; one of rarer kinds is let go."""
    code, order = NUMBERS.get(expect(Record, dtype).kind), expect(tuple, dtype.state)[1]
    if code is None:
        return None
    try:
        return struct.unpack(f"{'>' if order == '>' else '<'}{code}", expect(bytes, content))[0]
    except struct.error as error:
        raise ImportedError(f"damaged: a number of numpy's: {error}") from None


def _array(*_: Plain) -> Record:
    """An array of numpy's: no weight is one."""
    return Record("ndarray")


MADE: Mapping[Name, Callable[..., Plain]] = {
    Name("torch_utils.persistence", "_reconstruct_persistent_obj"): _persistent,
    Name("torch._utils", "_rebuild_parameter"): _parameter,
    Name("torch._utils", "_rebuild_tensor_v2"): _tensor,
    Name("torch.storage", "_load_from_bytes"): _stored,
    Name("torch", "Size"): lambda sides: expect(tuple, sides),
    Name("torch", "device"): lambda *_: None,
    Name("_codecs", "encode"): lambda text, _: expect(str, text).encode("latin1"),
    Name("copyreg", "_reconstructor"): _reconstructed,
    Name("collections", "OrderedDict"): _paired,
    Name("builtins", "set"): lambda values: set(map(hashable, expect(list, values))),
    Name("builtins", "object"): lambda: None,
    Name("numpy", "dtype"): _dtype,
    Name("numpy", "ndarray"): _array,
    **{
        Name(f"{home}.{place}", name): made
        for home in ("numpy.core", "numpy._core")  # before numpy 2, and since
        for place, name, made in (
            ("multiarray", "scalar", _scalar),
            ("multiarray", "_reconstruct", _array),
            ("numeric", "_frombuffer", _array),
        )
    },
}
EMPTY = frozenset({Name("collections", "OrderedDict"), Name("dnnlib.util", "EasyDict")})

# -- from objects to named weights ----------------------------------------------------------------


def _filed(network: Record) -> dict[str, Plain]:
    """A network that lies in a file alone, under the name that it would have among others."""
    return {"D" if network.kind.endswith("Discriminator") else "G_ema": network}


def _network(root: Record) -> dict[str, Plain]:
    state: dict[str, Tensor] = {}
    for count, (path, module) in enumerate(_modules(root, "", 0)):
        if count > MODULES:
            raise ImportedError(f"more than {MODULES:,} modules")
        state |= _weights(path, module)
        if len(state) > WEIGHTS:
            raise ImportedError(f"more than {WEIGHTS:,} weights")
    own = _table(root, "_init_kwargs")
    budget = iter(range(VALUES))
    arguments = {str(key): _value(value, budget, 0) for key, value in own.items()}
    return {"class_name": root.kind, "init_kwargs": arguments, "state": state}


def _modules(module: Record, path: str, depth: int) -> Iterator[tuple[str, Record]]:
    """A module and all that are in it, with their paths."""
    if depth > DEPTH:
        raise ImportedError(f"modules lie more than {DEPTH} deep")
    yield path, module
    for name, inner in _table(module, "_modules").items():
        if inner is not None:
            yield from _modules(expect(Record, inner), f"{path}{name}.", depth + 1)


def _weights(path: str, module: Record) -> dict[str, Tensor]:
    passing = expect(dict, module.state).get("_non_persistent_buffers_set") or ()
    named = {**_table(module, "_parameters"), **_table(module, "_buffers")}
    return {
        f"{path}{name}": expect(Tensor, value)
        for name, value in named.items()
        if value is not None and name not in passing
    }


def _table(module: Record, name: str) -> dict[str, Plain]:
    return expect(dict, expect(dict, module.state).get(name, {}))


def _value(value: Plain, budget: Iterator[int], depth: int) -> Plain:
    """Plain data as it is; what stands for an object becomes its name."""
    if next(budget, None) is None or depth > DEPTH:
        raise ImportedError("the arguments of a network are without end")
    if isinstance(value, dict):
        return {str(key): _value(one, budget, depth + 1) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_value(one, budget, depth + 1) for one in value]
    if value is None or isinstance(value, bool | int | float | str):
        return value
    return str(value) if isinstance(value, Name) else type(value).__name__
