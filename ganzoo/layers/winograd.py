"""3x3 convolutions with a quarter of the products (Lavin and Gray 2016, arXiv:1509.09308, Sec. 4).

    Y = A^T [(G g G^T) * (B^T d B)] A        F(4x4, 3x3), * place by place

A tile of 4x4 places of the output takes 6x6 of the input and 144 products for each pair of
channels; seen at six points of a line instead, both ways, 36. What is added is the way there (B)
and back (A), small products that do not grow with the other side's channels.

    tiles    overlapping windows of the padded image, one copy
    there    a 36x36 matrix times all of them
    product  36 products of matrices, places times channels
    back     a 16x36 matrix, then each tile to its place

Tiles pass through in portions that stay in the processor's cache. In float32 the result is some
three times as far from the exact one as the direct sum's, a few millionths of its size; bfloat16 is
too coarse.
"""

from collections.abc import Sequence

import torch
from jaxtyping import Float
from torch import Tensor

from ganzoo.shapes import Image, Made

POINTS, PLACES, TAPS = 6, 4, 3  # of a tile, in one direction: looked at, made, of the kernel
PORTION = 4 * 2**20  # bytes of tiles at a time, as they are multiplied
B = (
    (4.0, 0.0, -5.0, 0.0, 1.0, 0.0),
    (0.0, -4.0, -4.0, 1.0, 1.0, 0.0),
    (0.0, 4.0, -4.0, -1.0, 1.0, 0.0),
    (0.0, -2.0, -1.0, 2.0, 1.0, 0.0),
    (0.0, 2.0, -1.0, -2.0, 1.0, 0.0),
    (0.0, 4.0, 0.0, -5.0, 0.0, 1.0),
)  # transposed, as is A
A = (
    (1.0, 1.0, 1.0, 1.0, 1.0, 0.0),
    (0.0, 1.0, -1.0, 2.0, -2.0, 0.0),
    (0.0, 1.0, 1.0, 4.0, 4.0, 0.0),
    (0.0, 1.0, -1.0, 8.0, -8.0, 1.0),
)
G = (
    (1 / 4, 0.0, 0.0),
    (-1 / 6, -1 / 6, -1 / 6),
    (-1 / 6, 1 / 6, -1 / 6),
    (1 / 24, 1 / 12, 1 / 6),
    (1 / 24, -1 / 12, 1 / 6),
    (0.0, 0.0, 1.0),
)
Seen = Float[Tensor, "points thin wide"]


def _both_ways(rows: Sequence[Sequence[float]]) -> Tensor:
    """Of a tile as one column: the matrix that does to it what ``rows`` do from both sides."""
    one = torch.tensor(rows, dtype=torch.float64)
    return torch.kron(one, one)


THERE, BACK, KERNEL = _both_ways(B).float(), _both_ways(A).float(), _both_ways(G)


def transformed(kernel: Float[Tensor, "wide thin 3 3"]) -> Seen:
    """G g G^T of each pair of channels, as :func:`winograd` takes it; reckoned in float64."""
    wide, thin = kernel.shape[:2]
    seen = KERNEL.to(kernel.device) @ kernel.detach().double().reshape(wide * thin, -1).T
    return seen.view(-1, wide, thin).mT.to(kernel.dtype).contiguous()


def tiles(size: int) -> int:
    """How many it takes for so many places of the output, in one direction."""
    return -(-size // PLACES)


def winograd(
    image: Image, kernel: Seen, bias: Float[Tensor, " wide"] | None = None, padding: int = 1
) -> Made:
    """Convolves with a 3x3 kernel at stride 1; no gradients.

    Args:
        image: (b, thin, h, w) float32, best channels-last.
        kernel: what :func:`transformed` made of it.
        padding: zeros on each side.

    Returns:
        (b, wide, h + 2 padding - 2, w + 2 padding - 2), channels-last.
    """
    (count, thin, height, width), wide = image.shape, kernel.shape[2]
    high, across = height + 2 * padding - TAPS + 1, width + 2 * padding - TAPS + 1
    down, along = tiles(high), tiles(across)
    padded = image.new_zeros(count, PLACES * down + 2, PLACES * along + 2, thin)
    padded[:, padding : padding + height, padding : padding + width] = image.permute(0, 2, 3, 1)
    windows = padded.unfold(1, POINTS, PLACES).unfold(2, POINTS, PLACES).permute(4, 5, 0, 1, 2, 3)
    made = image.new_empty(count, down, PLACES, along, PLACES, wide)
    there, back = THERE.to(image), BACK.to(image)
    for images, rows in _portions(count, down, along, POINTS**2 * 4 * max(thin, wide)):
        part = windows[:, :, images, rows]
        seen = (there @ part.reshape(len(there), -1)).view(len(there), -1, thin)
        told = back @ (seen @ kernel).view(len(there), -1)
        tile = told.view(PLACES, PLACES, *part.shape[2:5], wide).permute(2, 3, 0, 4, 1, 5)
        target = made[images, rows]
        target.copy_(tile) if bias is None else torch.add(tile, bias, out=target)
    made = made.view(count, PLACES * down, PLACES * along, wide)[:, :high, :across]
    return made.permute(0, 3, 1, 2).contiguous(memory_format=torch.channels_last)


def _portions(count: int, down: int, along: int, each: int) -> list[tuple[slice, slice]]:
    """Images, and rows of tiles in them, so that a portion's tiles fit; ``each`` bytes a tile."""
    fit = max(1, PORTION // each)
    images, rows = max(1, fit // (down * along)), max(1, min(down, fit // along))
    return [
        (slice(i, i + images), slice(r, r + rows))
        for i in range(0, count, images)
        for r in range(0, down, rows)
    ]
