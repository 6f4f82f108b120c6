"""From a trained network to one that paints fast: a frozen copy with the same pictures.

    weights    parametrisations baked, batch norm merged into the layer before it, or, where a
               condition speaks, into the table or the product that its gains come from
    last layer a thin convolution in its faster form
    order      of the weights in memory, as the processor's kernels read them
    layout     channels-last
    numbers    bfloat16 in convolutions and matrix products, where the processor is faster in it;
               float32 stays at the smallest maps if precision asks: their errors travel farthest;
               or eight-bit integers in large convolutions, where only they are faster
    batches    cut so that the largest activation stays in the processor's cache
    calls      on a GPU, a batch like an earlier one replays a recorded pass

Every choice follows from the network, the shapes and the processor's features, never from a
stopwatch: after a restart on the same machine the same seed gives the same bits.
"""

import math
from collections.abc import Callable
from copy import deepcopy
from functools import partial
from typing import Any, Literal

import torch
from torch import Tensor, nn

from ganzoo.errors import InputError
from ganzoo.layers.conditional_norm import ConditionalBatchNorm2d
from ganzoo.layers.dropout import is_drawn
from ganzoo.layers.equalized import EqualConv
from ganzoo.layers.project import Project, ToMap
from ganzoo.layers.resample import DoublingConv2d, HalvingConv2d
from ganzoo.layers.shown import ShownConv2d
from ganzoo.layers.translation import ResizeConv
from ganzoo.processor import has_bfloat16, has_int8
from ganzoo.zoo import _fold, _pack, _phases, _quantise
from ganzoo.zoo._replay import Replays

CHUNK_BYTES = 4 * 2**20  # of the largest activation, counted in float32
PSNR_FLOOR = 40.0  # dB: below it other numbers than float32 are not worth their speed
MARGIN = 1.5  # dB more is asked of integers: their noise differs from picture to picture
KEPT = (  # compute anew, at each call, what follows from their weights
    DoublingConv2d, HalvingConv2d, ResizeConv, EqualConv, ShownConv2d, ConditionalBatchNorm2d,
)  # fmt: skip
EXACT = (0, 1, 4, 8)  # maps up to such a side stay in float32, in the order in which it is tried


Precision = Literal["float32", "bfloat16", "int8"]


class Prepared(nn.Module):
    """Calls a network chunk by chunk, in inference mode; float32 comes in and goes out.

    Attributes:
        chunk: images at a time; None if the network looks at its whole batch.
        precision: of convolutions and matrix products, or of large convolutions if ``int8``.
    """

    def __init__(
        self, network: nn.Module, chunk: int | None, precision: Precision = "float32"
    ) -> None:
        super().__init__()
        self.network, self.chunk, self.precision = network, chunk, precision
        self._replays = Replays()

    def forward(self, *inputs: Tensor, **settings: float) -> Tensor:
        if inputs[0].is_cuda and not is_drawn():
            return self.through(partial(self._replays, self.network), *inputs, **settings)
        return self.through(self.network, *inputs, **settings)

    @torch.inference_mode()
    def through(self, part: Callable[..., Tensor], *inputs: Tensor, **settings: float) -> Tensor:
        """Calls a part of the network in the same way."""
        count = len(inputs[0])
        if self.chunk is None or count <= self.chunk:
            return self._once(part, *inputs, **settings)
        parts = math.ceil(count / self.chunk)
        batches = zip(*(given.chunk(parts) for given in inputs), strict=True)
        return torch.cat([self._once(part, *batch, **settings) for batch in batches])

    def _once(self, part: Callable[..., Tensor], *batch: Tensor, **settings: float) -> Tensor:
        if self.precision != "bfloat16":
            return part(*batch, **settings)
        with torch.autocast(batch[0].device.type, torch.bfloat16):
            return part(*batch, **settings).float()


def prepare(network: nn.Module, *example: Tensor, precision: Precision | None = None) -> Prepared:
    """A frozen, fast copy of a network; the original stays as it is.

    Args:
        example: a typical batch of two or more, as the network is called with: the copy is
            checked against the original on it, and takes its chunks from its shapes.
        precision: None: what the processor is fastest in. bfloat16 only if the results agree to
            40 dB with float32; integers on the CPU only, and in so many layers that they do.

    Raises:
        InputError: if what the network makes of the example is no number (NaN or infinity).
    """
    with torch.inference_mode(False), torch.no_grad():
        plain = deepcopy(network).eval().requires_grad_(False)
        _fold.bake(plain)
        wanted = plain(*example)
        if not wanted.isfinite().all():
            raise InputError("what it computes is no number (NaN or infinity)")
        alone = _agree(plain(*(given[:1] for given in example)), wanted[:1])
        fast = deepcopy(plain)
        _fold.settle(fast, *KEPT)
        seen = _fold.watch(fast, *example)
        chunk = max(1, CHUNK_BYTES // seen.largest) if alone else None
        _fold.fold(fast, seen)
        _fold.settle(fast, Project, ToMap)
        _phases.unfold(fast)
        if not _agree(fast(*example), wanted):  # it looks at what lay between two merged layers
            fast = plain
        fast = fast.to(memory_format=torch.channels_last)
        cpu = wanted.device.type == "cpu"
        precision = precision or _fastest(cpu)
        if precision == "bfloat16":
            sides = _sides(fast, *example)
            for side in (side for side in EXACT if side < max(sides.values(), default=1)):
                halved = Prepared(_reduced(fast, sides, side), chunk, precision)
                if psnr(halved(*example), wanted) >= PSNR_FLOOR:
                    return _packed(halved, *example)
        made = Prepared(fast, chunk)
        if precision == "int8" and cpu:
            most = 4 / 10 ** ((PSNR_FLOOR + MARGIN) / 10)
            if _quantise.quantise(made.network, lambda: made(*example), wanted, most):
                made.precision = precision
                made.chunk = chunk and 2 * chunk  # products are quicker, calls are not
        return _packed(made, *example)


def _fastest(cpu: bool) -> Precision:
    if has_bfloat16(cpu):
        return "bfloat16"
    return "int8" if cpu and has_int8() else "float32"


def psnr(image: Tensor, reference: Tensor) -> float:
    """Peak signal-to-noise ratio in dB: 10 log10(2^2 / mean squared difference).

    The peak is 2, the width of [-1, 1]; equal images agree without limit (``inf``).
    """
    error = (image.double() - reference.double()).square().mean().item()
    return 10 * math.log10(4 / error) if error else math.inf


class Exact(nn.Module):
    """A layer that computes in float32 among others that do not, and otherwise is that layer."""

    def __init__(self, layer: nn.Module) -> None:
        super().__init__()
        self.layer = layer

    def __getattr__(self, name: str) -> Any:
        try:
            return super().__getattr__(name)
        except AttributeError:
            return getattr(super().__getattr__("layer"), name)

    def forward(self, given: Tensor) -> Tensor:
        with torch.autocast(given.device.type, enabled=False):
            return self.layer(given.float())


def _sides(network: nn.Module, *example: Tensor) -> dict[str, int]:
    """The side of the largest map that leaves each layer, by the layer's name; 1 if it is none."""
    sides: dict[str, int] = {}
    hooks = []
    for name, module in network.named_modules():
        if isinstance(module, _fold.LAYERS):

            def look(_: nn.Module, __: object, output: Tensor, name: str = name) -> None:
                side = output.shape[-1] if output.ndim == 4 else 1
                sides[name] = max(side, sides.get(name, 1))

            hooks.append(module.register_forward_hook(look))
    try:
        network(*example)
    finally:
        for hook in hooks:
            hook.remove()
    return sides


def _reduced(network: nn.Module, sides: dict[str, int], exact: int) -> nn.Module:
    """A copy in bfloat16, but for the layers of maps up to a side of ``exact``."""
    copy = deepcopy(network)
    for name, module in list(copy.named_modules()):
        if not isinstance(module, _fold.LAYERS):
            continue
        if exact and sides.get(name, exact + 1) <= exact:
            _fold.replace(copy, module, Exact(module))
        else:
            module.to(torch.bfloat16)
    return copy


def _packed(prepared: Prepared, *example: Tensor) -> Prepared:
    """With weights in order; a packed layer keeps to its precision, so that nothing wraps it."""
    batch = [given[: prepared.chunk] for given in example]
    _pack.pack(prepared.network, lambda: prepared(*batch))
    for module in list(prepared.modules()):
        if isinstance(module, Exact) and isinstance(module.layer, _pack.Packed):
            _fold.replace(prepared, module, module.layer)
    return prepared.eval()


def _agree(ours: Tensor, theirs: Tensor) -> bool:
    return torch.allclose(ours, theirs, rtol=1e-3, atol=1e-3)
