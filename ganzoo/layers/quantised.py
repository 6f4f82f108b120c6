"""Convolutions in eight-bit integers (Jacob et al. 2017, arXiv:1712.05877, Secs. 2.1 and 2.3).

    x ~ s (q - zero),   q in 0..255       s for each image: just as far as its values reach
    W ~ t r,            r in -127..127    t for each channel that leaves
    W * x + bias  ~  s t (r * (q - zero)) + bias

Processors with instructions for such products (VNNI) make four of them in the time of one in
float32. What enters and leaves is float32; a convolution keeps some 44 dB of its signal.

A transposed convolution of stride 2 becomes one for each phase of its output (one for all, where
they are of one size),

    out[2 j + r - padding] = sum over m of x[j - m] W[2 m + r],     r in {0, 1}

rows and columns alike: the same sums, and every image is turned into integers once.
"""

import warnings
from functools import cache, lru_cache
from typing import Any

import torch
from jaxtyping import Float, UInt8
from torch import Tensor, nn

from ganzoo.shapes import Image, Made

HIGHEST, LARGEST = 255, 127  # of an image's integers and of a kernel's
TINY = 1e-30  # a scale for what is zero throughout
ORDERS = 8  # of the weights, kept for the shapes met last
OPS = "qconv_prepack", "qconv2d_pointwise"  # of torch.ops.onednn: what ``torch.compile`` calls
PLAIN = 1.0, 0, torch.float32, "none", [], ""  # float32 leaves, nothing fused behind the product
Kernel = Float[Tensor, "wide thin up across"]
Scales = float | Float[Tensor, "b 1 1 1"]
Bias = Float[Tensor, " wide"]
Integers = UInt8[Tensor, "b thin h w"]


@cache
def at_hand() -> bool:
    """Whether torch brings the products, and the way to integers."""
    if not torch.backends.mkldnn.is_available():
        return False
    if not all(hasattr(torch.ops.onednn, name) for name in OPS):
        return False
    with warnings.catch_warnings():  # torch says once that integers with a scale will go
        warnings.simplefilter("ignore", UserWarning)
        try:
            _integers(torch.ones(1, 1, 1, 1), 0)
        except (AttributeError, RuntimeError):
            return False
    return True


class Quantised(nn.Module):
    """What took a layer's place. Whoever asks for its widths or strides gets the layer's.

    Args:
        low, high: how far the values reach that it typically gets; other images may reach farther,
            but the part of the integers that stands for negative values follows from these.
    """

    out_channels: int
    kernel_size: tuple[int, ...]
    padding: tuple[int, ...]
    output_padding: tuple[int, ...]

    def __init__(self, layer: Any, low: float, high: float) -> None:
        super().__init__()
        for name in layer.__constants__:
            setattr(self, name, getattr(layer, name))
        learned = layer.bias
        self.bias = None if learned is None else nn.Parameter(learned.detach(), requires_grad=False)
        self.zero = _zero(low, high)


class QuantisedConv2d(Quantised):
    """``Conv2d`` of one group, padded with zeros."""

    def __init__(self, layer: nn.Conv2d, low: float, high: float) -> None:
        super().__init__(layer, low, high)
        how = [list(layer.stride), list(layer.padding), list(layer.dilation)]
        self._product = _Product(layer.weight, layer.bias, self.zero, how)

    def forward(self, image: Image) -> Made:
        return self._product(*_integers(image, self.zero))


class QuantisedConvTranspose2d(Quantised):
    """``ConvTranspose2d`` of stride 2, of one group and not dilated."""

    def __init__(self, layer: nn.ConvTranspose2d, low: float, high: float) -> None:
        super().__init__(layer, low, high)
        kernel = layer.weight.detach().transpose(0, 1)
        phases = [(row, column) for row in (0, 1) for column in (0, 1)]
        taps = {at: kernel[:, :, at[0] :: 2, at[1] :: 2].flip(2, 3) for at in phases}
        self._products = []
        for size in dict.fromkeys(one.shape[2:] for one in taps.values()):
            alike = [at for at, one in taps.items() if one.shape[2:] == size]
            weight = torch.cat([taps[at] for at in alike])
            bias = None if layer.bias is None else layer.bias.detach().repeat(len(alike))
            how = [[1, 1], [side - 1 for side in size], [1, 1]]
            product = _Product(weight, bias, self.zero, how)
            self._products.append((alike, product))

    def forward(self, image: Image) -> Made:
        given = _integers(image, self.zero)
        made = torch.empty(self._shape(image.shape), memory_format=torch.channels_last)
        if any(self.output_padding):  # no product may reach there
            made.zero_() if self.bias is None else made.copy_(self.bias[:, None, None])
        for phases, product in self._products:
            for at, phase in zip(phases, product(*given).chunk(len(phases), 1), strict=True):
                self._put(made, at, phase)
        return made

    def _shape(self, given: torch.Size) -> tuple[int, ...]:
        high, wide = (
            2 * (side - 1) + tall - 2 * lost + more
            for side, tall, lost, more in zip(
                given[2:], self.kernel_size, self.padding, self.output_padding, strict=True
            )
        )
        return given[0], self.out_channels, high, wide

    def _put(self, made: Tensor, at: tuple[int, int], phase: Tensor) -> None:
        """Every second row and column of the output is one phase, but for what padding takes."""
        first = [(one - lost) % 2 for one, lost in zip(at, self.padding, strict=True)]
        skip = [(one + lost) // 2 for one, lost in zip(first, self.padding, strict=True)]
        place = made[:, :, first[0] :: 2, first[1] :: 2]
        part = phase[:, :, skip[0] :, skip[1] :]
        down, along = (min(place.shape[i], part.shape[i]) for i in (2, 3))
        place[:, :, :down, :along] = part[:, :, :down, :along]


def _zero(low: float, high: float) -> int:
    """The integer that stands for zero."""
    if low >= 0:
        return 0
    return min(max(round(HIGHEST * -low / (max(high, 0) - low)), 1), HIGHEST - 1)


def _integers(image: Image, zero: int) -> tuple[Integers, Scales]:
    """An image's values as integers, and what one step of them is worth, for each image."""
    image = image.contiguous(memory_format=torch.channels_last)
    if len(image) == 1:  # plain numbers: a tensor of one is slow to reckon with
        step = max(image.amax().item() / (HIGHEST - zero), TINY)
        if zero:
            step = max(step, image.amin().item() / -zero)
        return _rounded(image, step, zero), step
    values = image.permute(0, 2, 3, 1).reshape(len(image), -1)
    steps = values.amax(1) / (HIGHEST - zero)
    if zero:
        steps = torch.maximum(steps, values.amin(1) / -zero)
    steps.clamp_(min=TINY)
    each = zip(image.split(1), steps.tolist(), strict=True)
    found = torch.cat([_rounded(one, step, zero) for one, step in each])
    return found, steps[:, None, None, None]


def _rounded(image: Image, step: float, zero: int) -> Integers:
    found = torch.quantize_per_tensor(image, step, zero, torch.quint8)
    plain = torch.empty(0, dtype=torch.uint8)  # the same memory, without a copy
    return plain.set_(found.untyped_storage(), 0, found.shape, found.stride())


class _Product:
    """The convolution of integers, its result in float32.

    Each shape of a batch has its own order of the weights: to reorder them at a call would take
    far longer than the products.
    """

    def __init__(self, weight: Kernel, bias: Bias | None, zero: int, how: list[list[int]]) -> None:
        weight = weight.detach()
        self._worth = weight.abs().amax((1, 2, 3)).clamp(min=TINY) / LARGEST
        self._weight = (weight / self._worth[:, None, None, None]).round().to(torch.int8)
        self._nothing = torch.zeros(len(weight), dtype=torch.int32)
        self._bias = None if bias is None else bias.detach()
        self._zero, self._how = zero, how
        self._ordered = lru_cache(ORDERS)(self._order)

    def __call__(self, given: Integers, scales: Scales) -> Tensor:
        if isinstance(scales, Tensor):
            made = self._made(given, 1.0, None)
            if self._bias is None:
                return made.mul_(scales)
            return torch.addcmul(self._bias[:, None, None], made, scales, out=made)
        return self._made(given, scales, self._bias)

    def _made(self, given: Integers, step: float, added: Tensor | None) -> Tensor:
        return torch.ops.onednn.qconv2d_pointwise(
            given, step, self._zero, self._ordered(given.shape), self._worth, self._nothing,
            added, *self._how, 1, *PLAIN,
        )  # fmt: skip

    def _order(self, shape: torch.Size) -> Tensor:
        given = self._weight, self._worth, 1.0, self._zero
        return torch.ops.onednn.qconv_prepack(*given, *self._how, 1, list(shape))
