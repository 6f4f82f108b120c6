"""3x3 convolutions with a quarter of the products (Lavin and Gray 2016, arXiv:1509.09308, Sec. 4).

    Y = A^T [(G g G^T) * (B^T d B)] A        F(4x4, 3x3), * place by place

A tile of 4x4 places of the output takes 6x6 of the input and 144 products for each pair of
channels; seen at six points of a line instead, both ways, 36. What is added is the way there (B)
and back (A), small products that do not grow with the other side's channels.

    tiles    overlapping windows of the padded image, one copy
    there    a matrix times all of them
    product  at each point a product of matrices, places times channels
    back     a matrix again, then each tile to its place

Where every value of the input stands twice before it is convolved, a window holds 4x4 values, and
nothing is seen at the point -1, where neighbours cancel: 25 products do the work of 144, or of 64
where the doubling is fused into the kernel. Its adjoint, halving after a convolution, as well.

Tiles pass through in portions that stay in the processor's cache. In float32 the result is some
three times as far from the exact one as the direct sum's, a few millionths of its size; bfloat16 is
too coarse.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn.functional import pad

from ganzoo.shapes import Image, Made

PLACES, TAPS = 4, 3  # of a tile and of the kernel, in one direction
PORTION = 4 * 2**20  # bytes of tiles at a time, as they are multiplied
ENOUGH = 48  # thin * wide / (thin + wide) channels, where the kernel stands still
ENOUGH_LEARNING = 64  # where it is transformed at each call, and for the gradients
ENOUGH_TILES = 16
Kernel = Float[Tensor, "wide thin 3 3"]
Matrix = Float[Tensor, "new old"]
Seen = Float[Tensor, "points thin wide"]
Bias = Float[Tensor, " channels"]


def _matrix(*rows: Sequence[float]) -> Matrix:
    return torch.tensor(rows, dtype=torch.float64)


B = _matrix(
    (4.0, 0.0, -5.0, 0.0, 1.0, 0.0),
    (0.0, -4.0, -4.0, 1.0, 1.0, 0.0),
    (0.0, 4.0, -4.0, -1.0, 1.0, 0.0),
    (0.0, -2.0, -1.0, 2.0, 1.0, 0.0),
    (0.0, 2.0, -1.0, -2.0, 1.0, 0.0),
    (0.0, 4.0, 0.0, -5.0, 0.0, 1.0),
)  # transposed, as is A; the points are 0, 1, -1, 2, -2 and infinity
A = _matrix(
    (1.0, 1.0, 1.0, 1.0, 1.0, 0.0),
    (0.0, 1.0, -1.0, 2.0, -2.0, 0.0),
    (0.0, 1.0, 1.0, 4.0, 4.0, 0.0),
    (0.0, 1.0, -1.0, 8.0, -8.0, 1.0),
)
G = _matrix(
    (1 / 4, 0.0, 0.0),
    (-1 / 6, -1 / 6, -1 / 6),
    (-1 / 6, 1 / 6, -1 / 6),
    (1 / 24, 1 / 12, 1 / 6),
    (1 / 24, -1 / 12, 1 / 6),
    (0.0, 0.0, 1.0),
)


@dataclass(frozen=True, eq=False)
class Scheme:
    """What is done to a tile, as a column of its places, from both sides at once.

    Attributes:
        there: from a window of the input to what is seen of it at the points.
        back: from the points to the places.
        kernel: from the taps to the points.
        turned: the same for the kernel turned around, where that gives the adjoint.
        window: places of the input that a tile takes, in one direction.
        step: from one window to the next.
    """

    there: Float[Tensor, "points window"]
    back: Float[Tensor, "places points"]
    kernel: Float[Tensor, "points taps"]
    turned: Float[Tensor, "points taps"] | None
    window: int
    step: int

    def tiles(self, sides: Sequence[int], padding: int) -> tuple[int, int]:
        """How many an image of these sides takes, down and along."""
        high, across = self.sides(sides, padding)
        return -(-high // PLACES), -(-across // PLACES)

    def sides(self, sides: Sequence[int], padding: int) -> tuple[int, int]:
        """Of what becomes of an image."""
        times, lost = PLACES // self.step, TAPS - 1 - 2 * padding
        return (sides[0] - lost) * times, (sides[1] - lost) * times


def _scheme(
    b: Float[Tensor, "points window"],
    a: Float[Tensor, "places points"],
    g: Float[Tensor, "points taps"],
    step: int,
) -> Scheme:
    kernel = torch.kron(g, g)
    turned = kernel.flip(1) if step == PLACES else None
    there, back = torch.kron(b, b), torch.kron(a, a)
    return Scheme(there, back, kernel, turned, window=b.shape[1], step=step)


REPEATED = torch.eye(4, dtype=torch.float64)[[0, 1, 1, 2, 2, 3]]
LEFT = [0, 1, 3, 4, 5]  # of the points, where repeated values are looked at
PLAIN = _scheme(B, A, G, step=4)
DOUBLING = _scheme((B @ REPEATED)[LEFT], A[:, LEFT], G[LEFT], step=2)


def pays(thin: int, wide: int, tiles: int, enough: int = ENOUGH) -> bool:
    """Whether so many tiles are quicker so, going by their shapes.

    With few channels the way there and back costs more than is saved; of few tiles, the kernel
    takes longer to read than they take to multiply.
    """
    return thin * wide >= enough * (thin + wide) and tiles >= ENOUGH_TILES


def suits(image: Image, kernel: Kernel, padding: int = 1, scheme: Scheme = PLAIN) -> bool:
    """Whether it pays to convolve these so from the kernel itself, in float32 on a processor."""
    if image.device.type != "cpu" or torch.is_autocast_enabled("cpu"):
        return False
    if (image.dtype, kernel.dtype) != (torch.float32, torch.float32):
        return False
    down, along = scheme.tiles(image.shape[2:], padding)
    wide, thin = kernel.shape[:2]
    return pays(thin, wide, len(image) * down * along, ENOUGH_LEARNING)


def transformed(kernel: Kernel) -> Seen:
    """G g G^T of each pair of channels, as :func:`winograd` takes it; reckoned in float64."""
    return _seen(kernel.detach().double(), PLAIN.kernel).to(kernel.dtype).contiguous()


def winograd(
    image: Image,
    kernel: Seen,
    bias: Bias | None = None,
    padding: int = 1,
    scheme: Scheme = PLAIN,
) -> Made:
    """Convolves with a 3x3 kernel at stride 1; no gradients.

    Args:
        image: (b, thin, h, w) float32, best channels-last.
        kernel: what :func:`transformed` made of it.
        padding: zeros on each side.

    Returns:
        (b, wide, h + 2 padding - 2, w + 2 padding - 2), channels-last.
    """
    (count, thin, *sides), wide = image.shape, kernel.shape[2]
    down, along = scheme.tiles(sides, padding)
    windows = _windows(image, padding, scheme)
    shape = count, wide, PLACES * down, PLACES * along
    made = torch.empty(
        shape, dtype=image.dtype, device=image.device, memory_format=torch.channels_last
    )
    targets = made.permute(0, 2, 3, 1).view(count, down, PLACES, along, PLACES, wide)
    there, back = scheme.there.to(image), scheme.back.to(image)
    for images, rows in _portions(count, down, along, max(thin, wide)):
        part = windows[:, :, images, rows]
        seen = (there @ part.reshape(scheme.window**2, -1)).view(len(there), -1, thin)
        told = back @ (seen @ kernel).view(len(there), -1)
        tile = told.view(PLACES, PLACES, *part.shape[2:5], wide).permute(2, 3, 0, 4, 1, 5)
        target = targets[images, rows]
        target.copy_(tile) if bias is None else torch.add(tile, bias, out=target)
    high, across = scheme.sides(sides, padding)
    if made.shape[2:] == (high, across):
        return made
    return made[:, :, :high, :across].clone(memory_format=torch.channels_last)


def convolve(image: Image, kernel: Kernel, bias: Bias | None = None, padding: int = 1) -> Made:
    """The same from the kernel itself, with gradients of every order."""
    return _Convolve.apply(image, kernel, bias, padding, PLAIN, False)


def doubled(image: Image, kernel: Kernel, bias: Bias | None = None) -> Made:
    """Every value twice in each direction, then the convolution; zeros around."""
    return _Convolve.apply(image, kernel, bias, 1, DOUBLING, False)


def halved(image: Image, kernel: Kernel, bias: Bias | None = None) -> Made:
    """The convolution, then the mean of every four neighbours; sides are even.

    Of the kernel that is turned around, with its channels exchanged, that is the adjoint.
    """
    adjoint = kernel.flip((2, 3)).transpose(0, 1) / 4
    return _Convolve.apply(image, adjoint, bias, 1, DOUBLING, True)


class _Convolve(torch.autograd.Function):
    """Convolves, or does the adjoint: the image's gradient.

    Both are linear in the image and in the kernel, and each is the other's adjoint.
    """

    @staticmethod
    def forward(
        ctx: Any,
        image: Image,
        kernel: Kernel,
        bias: Bias | None,
        padding: int,
        scheme: Scheme,
        adjoint: bool,
    ) -> Made:
        ctx.save_for_backward(image, kernel)
        ctx.how = padding, scheme, adjoint
        if not adjoint:
            return winograd(image, _seen(kernel, scheme.kernel), bias, padding, scheme)
        if scheme.turned is None:
            return _adjoint(image, _seen(kernel, scheme.kernel), bias, padding, scheme)
        seen = _seen(kernel, scheme.turned).mT
        return winograd(image, seen, bias, TAPS - 1 - padding, scheme)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> Any:
        (image, kernel), (gradient,) = ctx.saved_tensors, gradients
        wanted, (padding, scheme, adjoint) = ctx.needs_input_grad, ctx.how
        how = padding, scheme
        before, after = (gradient, image) if adjoint else (image, gradient)
        return (
            _Convolve.apply(gradient, kernel, None, *how, not adjoint) if wanted[0] else None,
            _Correlate.apply(before, after, *how) if wanted[1] else None,
            gradient.sum((0, 2, 3)) if wanted[2] else None,
            None,
            None,
            None,
        )


class _Correlate(torch.autograd.Function):
    """The kernel's gradient: what comes before a convolution against what is wanted after it.

    G^T [sum over tiles of (B^T d B) * (A y A^T)] G, for each pair of channels.
    """

    @staticmethod
    def forward(ctx: Any, before: Image, after: Made, padding: int, scheme: Scheme) -> Kernel:
        ctx.save_for_backward(before, after)
        ctx.how = padding, scheme
        (count, thin, *sides), wide = before.shape, after.shape[1]
        windows, wanted = _windows(before, padding, scheme), _tiled(after)
        there, back = scheme.there.to(before), scheme.back.T.to(before)
        total = before.new_zeros(len(there), thin, wide)
        tiles = scheme.tiles(sides, padding)
        for images, rows in _portions(count, *tiles, max(thin, wide)):
            seen = there @ windows[:, :, images, rows].reshape(scheme.window**2, -1)
            told = back @ wanted[:, :, images, rows].reshape(PLACES**2, -1)
            seen, told = (one.view(len(there), -1, c) for one, c in ((seen, thin), (told, wide)))
            total.baddbmm_(seen.mT, told)
        kernel = scheme.kernel.T.to(before) @ total.view(len(there), -1)
        return kernel.view(TAPS, TAPS, thin, wide).permute(3, 2, 0, 1).contiguous()

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> Any:
        (before, after), (kernel,) = ctx.saved_tensors, gradients
        wanted = ctx.needs_input_grad
        return (
            _Convolve.apply(after, kernel, None, *ctx.how, True) if wanted[0] else None,
            _Convolve.apply(before, kernel, None, *ctx.how, False) if wanted[1] else None,
            None,
            None,
        )


def _adjoint(image: Made, kernel: Seen, bias: Bias | None, padding: int, scheme: Scheme) -> Image:
    """Each step transposed, from the last to the first; where windows overlap, they add up."""
    (count, wide, *sides), thin = image.shape, kernel.shape[1]
    window, step = scheme.window, scheme.step
    tiles = _tiled(image)
    down, along = tiles.shape[3:5]
    overlap = -(-window // step)  # windows in which a place lies
    high, across = (step * (many - 1 + overlap) for many in (down, along))
    padded = image.new_zeros(count, high, across, thin)
    there, back = scheme.there.T.to(image), scheme.back.T.to(image)
    for images, rows in _portions(count, down, along, max(thin, wide)):
        part = tiles[:, :, images, rows]
        told = (back @ part.reshape(PLACES**2, -1)).view(len(back), -1, wide)
        seen = there @ (told @ kernel.mT).view(len(back), -1)
        given = seen.view(window, window, *part.shape[2:5], thin).permute(2, 3, 0, 4, 1, 5)
        first, many = rows.start * step, part.shape[3] * step
        for a in range(0, window, step):
            for b in range(0, window, step):
                block = given[:, :, a : a + step, :, b : b + step]
                place = padded[images, first + a : first + a + many, b : b + along * step]
                place = place.unflatten(1, (-1, step)).unflatten(3, (along, step))
                place[:, :, : block.shape[2], :, : block.shape[4]] += block
    height, width = (one * step // PLACES + TAPS - 1 - 2 * padding for one in sides)
    made = padded[:, padding : padding + height, padding : padding + width].permute(0, 3, 1, 2)
    made = made.clone(memory_format=torch.channels_last)
    return made if bias is None else made.add_(bias[:, None, None])


def _seen(kernel: Kernel, points: Matrix) -> Seen:
    wide, thin = kernel.shape[:2]
    return (points.to(kernel) @ kernel.reshape(wide * thin, -1).T).view(-1, wide, thin).mT


def _windows(image: Image, padding: int, scheme: Scheme) -> Float[Tensor, "r r b down along c"]:
    """The input of each tile: a view of the padded image, whose windows overlap."""
    count, channels, height, width = image.shape
    window, step = scheme.window, scheme.step
    down, along = (step * (n - 1) + window for n in scheme.tiles((height, width), padding))
    padded = image.new_empty(count, down, along, channels)
    rows, columns = slice(padding, padding + height), slice(padding, padding + width)
    padded[:, rows, columns] = image.permute(0, 2, 3, 1)
    padded[:, :padding] = padded[:, padding + height :] = 0
    padded[:, rows, :padding] = padded[:, rows, padding + width :] = 0
    return padded.unfold(1, window, step).unfold(2, window, step).permute(4, 5, 0, 1, 2, 3)


def _tiled(image: Made) -> Float[Tensor, "r r b down along c"]:
    """An output, tile by tile."""
    *_, height, width = image.shape
    whole = pad(image.permute(0, 2, 3, 1), (0, 0, 0, -width % PLACES, 0, -height % PLACES))
    return whole.unfold(1, PLACES, PLACES).unfold(2, PLACES, PLACES).permute(4, 5, 0, 1, 2, 3)


def _portions(count: int, down: int, along: int, channels: int) -> Iterator[tuple[slice, slice]]:
    """Images, and rows of tiles in them, so that a portion's tiles fit."""
    fit = max(1, PORTION // (len(PLAIN.there) * 4 * channels))
    images, rows = max(1, fit // (down * along)), max(1, min(down, fit // along))
    for i in range(0, count, images):
        for r in range(0, down, rows):
            yield slice(i, i + images), slice(r, r + rows)
