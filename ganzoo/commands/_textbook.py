"""StyleGAN2 and StyleGAN3 by the letter of their papers, to race against: plain, in eager float32.

This is ganzoo's own rendering of what the public reference paths do on a processor, not their code,
which comes in no package that runs without a compiler and a GPU.

    modulated convolution    a kernel for each image, as one convolution in as many groups; in
                             training, StyleGAN2 scales inputs and outputs instead, as theirs does
    up, filter, down         zeros between the pixels, the whole filter over all of them, then every
                             second value; in two passes, by rows and columns, where theirs has
                             them so (StyleGAN3, but for R's filters that do not separate)

Layers keep their weights and change their ways: :func:`textbook` swaps the class of each module.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn.functional import conv2d, conv_transpose2d, leaky_relu, pad

from ganzoo.allocator import keep_freed_memory
from ganzoo.architectures import architectures, stylegan3
from ganzoo.commands._steps import Acts, steps, trainer_of
from ganzoo.errors import UnknownNameError, suggestion
from ganzoo.layers.filtered import FilteredReLU
from ganzoo.layers.fir import Resample
from ganzoo.layers.modulated_conv import ModulatedConv
from ganzoo.shapes import Features, Image, Latent, Made
from ganzoo.zoo.prepare import prepare

PREFIX = "textbook:"


@dataclass(frozen=True)
class Race:
    """A network of the public size, drawn at random.

    Attributes:
        batches: how many pictures at once are timed; none if a training step is.
        options: of the architecture.
        recipe: of the training step.
    """

    architecture: str
    batches: tuple[int, ...] = ()
    options: dict[str, Any] | None = None
    recipe: dict[str, Any] | None = None


COLOUR = {"image_channels": 3, "num_classes": 0}
RACES = {
    "stylegan2-64": Race(
        "stylegan2", (1, 8), {**COLOUR, "image_size": 64, "g_base": 16384, "d_base": 16384}
    ),
    "stylegan2-256": Race(
        "stylegan2", (1, 8), {**COLOUR, "image_size": 256, "g_base": 16384, "d_base": 16384}
    ),
    "stylegan3-256": Race(
        "stylegan3", (1,), {**COLOUR, "image_size": 256, "g_base": 16384, "d_base": 16384}
    ),
    "stylegan2-32": Race(
        "stylegan2",
        recipe={
            "name": "stylegan2-32",
            "shows": "architectures/stylegan2",
            "architecture": "stylegan2",
            "options": {
                "mapping_layers": 2, "g_base": 4096, "g_most": 128, "d_base": 4096, "d_most": 128,
                "num_classes": 0,
            },
            "game": "style",
            "objective": "non_saturating",
            "data": {"name": "cifar10", "size": 32, "channels": 3},
            "kimg": 1,
            "batch_size": 32,
            "lr": 0.002,
            "betas": [0.0, 0.99],
        },
    ),
}  # fmt: skip


def find(name: str) -> Race:
    """A race by name.

    Raises:
        UnknownNameError: if there is none.
    """
    if name not in RACES:
        raise UnknownNameError(f"no textbook {name!r} to race. {suggestion(name, RACES)}")
    return RACES[name]


def their_acts(name: str) -> Acts:
    """The textbook's way of painting, in a contestant's process."""
    race, network = RACES[name], textbook(_drawn(RACES[name]))
    return _paints(race, torch.inference_mode()(lambda z: network(z)))


def our_acts(name: str) -> Acts:
    """The same weights as ganzoo prepares them, in a contestant's process."""
    keep_freed_memory()
    race = RACES[name]
    fast = prepare(_drawn(race), _latents(2))
    how = {"precision": fast.precision}
    return _paints(race, fast) | {"how": lambda: how}


def their_steps(name: str) -> Acts:
    """A training step with networks as their papers write them, in float32, on noise."""
    trainer = trainer_of((RACES[name].recipe or {}) | {"precision": "float32"})
    textbook(trainer.players.to(memory_format=torch.contiguous_format))
    return steps(trainer)


def _drawn(race: Race) -> nn.Module:
    entry = architectures[race.architecture]
    torch.manual_seed(0)
    network = entry.networks["generator"](entry.options(**race.options or {}))
    return network.eval().requires_grad_(False)


def _latents(count: int) -> Latent:
    return torch.randn(count, 512, generator=torch.Generator().manual_seed(1))


def _paints(race: Race, paint: Callable[[Tensor], Tensor]) -> Acts:
    acts: Acts = {f"paint {n}": partial(paint, _latents(n)) for n in race.batches}
    return acts | {"show": lambda: paint(_latents(race.batches[-1])).float().numpy()}


Matrix = Float[Tensor, "new old"]


def textbook(network: nn.Module) -> nn.Module:
    """The same network with the same weights, in place, its layers as the papers write them."""
    for module in network.modules():
        if (plain := PLAIN.get(type(module))) is not None:
            module.__class__ = plain
    return network


def spread(image: Image, times: int) -> Made:
    """Each pixel, followed by ``times - 1`` zeros in either direction."""
    count, channels, high, wide = image.shape
    image = pad(
        image.reshape(count, channels, high, 1, wide, 1), [0, times - 1, 0, 0, 0, times - 1]
    )
    return image.reshape(count, channels, high * times, wide * times)


def filtered(image: Image, kernel: Float[Tensor, "rows columns"]) -> Made:
    """Each channel with a filter, where it lies within the image; the kernel is not flipped."""
    channels = image.shape[1]
    return conv2d(image, kernel.to(image.dtype).expand(channels, 1, -1, -1), groups=channels)


class PlainResample(Resample):
    """Up, filter and down, one after the other."""

    def blur(self, image: Image, before: int, after: int, gain: float = 1.0) -> Made:
        image = pad(image, [before, after, before, after])
        return filtered(image, self.kernel.flip((0, 1)) * gain)

    def halve(self, image: Image) -> Made:
        before = (self.size - 1) // 2
        return self.blur(image, before, self.size - 2 - before)[:, :, ::2, ::2]

    def twice(self, image: Image) -> Made:
        before = (self.size + 1) // 2
        return self.blur(spread(image, 2), before, self.size - 1 - before, gain=4.0)


class PlainModulatedConv(ModulatedConv):
    """A kernel for each image, unless it trains."""

    def forward(
        self, image: Image, w: Features, bias: Float[Tensor, " wide"] | None = None
    ) -> Made:
        made = super().forward(image, w) if self.training else self._each(image, w)
        return made if bias is None else made + bias[:, None, None]

    def _each(self, image: Image, w: Features) -> Made:
        style = self.affine(w) * self.shrink
        kernel = self.conv.weight  # of a transposed convolution: inputs first
        shape = (1, -1, 1, 1) if self.resample is None else (-1, 1, 1, 1)
        kernels = kernel * style.view(len(image), *shape)
        if self.demodulate:
            axis = 2 if self.resample is None else 1
            size = kernels.square().sum((axis, 3, 4), keepdim=True)
            kernels = kernels * (self.gain * (size + 1e-8).rsqrt())
        made = grouped(image, kernels, self.conv.weight.shape[-1] // 2, self.resample is not None)
        if self.resample is None:
            return made
        size = self.resample.size
        return self.resample.blur(made, (size - 1) // 2, (size - 2) // 2, gain=4.0)


def grouped(image: Image, kernels: Float[Tensor, "b o i k k"], padding: int, up: bool) -> Made:
    """Each image with kernels of its own, as one convolution in groups."""
    count = len(image)
    row = image.reshape(1, -1, *image.shape[2:])
    flat = kernels.flatten(0, 1)
    if up:
        made = conv_transpose2d(row, flat, stride=2, groups=count)
    else:
        made = conv2d(row, flat, padding=padding, groups=count)
    return made.reshape(count, -1, *made.shape[2:])


class PlainLayer(stylegan3.Layer):
    """StyleGAN3's layer with a kernel for each image."""

    def forward(self, image: Image, w: Features) -> Made:
        if self.training:
            with torch.no_grad():
                self.magnitude.lerp_(image.square().mean(), 1 - stylegan3.MEMORY)
        style, kernel = self.affine(w), self.weight
        if self.last:
            style = style / kernel[0].numel() ** 0.5
        else:
            kernel = kernel * kernel.square().mean((1, 2, 3), keepdim=True).rsqrt()
            style = style * style.square().mean(1, keepdim=True).rsqrt()
        kernels = kernel * style[:, None, :, None, None]
        if not self.last:
            size = kernels.square().sum((2, 3, 4), keepdim=True)
            kernels = kernels * (size + 1e-8).rsqrt()
        made = grouped(image, kernels * self.magnitude.rsqrt(), self.kernel - 1, up=False)
        return self.bend(made * self.gain + (self.bias * self.gain)[:, None, None])


@dataclass(frozen=True)
class Line:
    """A filter in one direction, as the rows of a matrix repeat it: each ``step`` further."""

    taps: Float[Tensor, " taps"]
    start: int
    step: int


def line(matrix: Float[Tensor, "rows columns"]) -> Line:
    """Reads the filter off a matrix that applies it."""
    middle = len(matrix) // 2
    first, last = (matrix[middle].nonzero()[place].item() for place in (0, -1))
    step = matrix[middle + 1].nonzero()[0].item() - first
    taps = matrix[middle, int(first) : int(last) + 1]
    return Line(taps, int(first - middle * step), int(step))


class PlainReLU(FilteredReLU):
    """Zeros, a filter, the activation, a filter, fewer pixels."""

    def forward(self, image: Image) -> Made:
        fine = leaky_relu(self._finer(image), self.slope)
        if self.clamp is not None:
            fine = fine.clamp(-self.clamp, self.clamp)
        lines = [line(one) for one in self.down]
        if len(lines) == 1:
            made = both(fine, lines[0].taps)
        else:
            kernels = [
                v * torch.outer(one.taps, one.taps)
                for v, one in zip(self.factors, lines, strict=True)
            ]
            made = filtered(fine, torch.stack(kernels).sum(0))
        start, step = lines[0].start, lines[0].step
        return made[:, :, start::step, start::step]

    def _finer(self, image: Image) -> Made:
        up = line(self.up.mT)
        size, side = len(up.taps), image.shape[3] * up.step
        before = size - 1 + up.start
        after = len(self.up) - side - up.start
        return both(pad(spread(image, up.step), [before, after, before, after]), up.taps.flip(0))


def both(image: Image, taps: Float[Tensor, " taps"]) -> Made:
    """One filter for rows, then for columns."""
    if len(taps) == 1:
        return image * taps.square()
    return filtered(filtered(image, taps[None]), taps[:, None])


PLAIN: dict[type[nn.Module], type[nn.Module]] = {
    Resample: PlainResample,
    ModulatedConv: PlainModulatedConv,
    stylegan3.Layer: PlainLayer,
    FilteredReLU: PlainReLU,
}
