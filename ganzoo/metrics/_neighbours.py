"""Nearest neighbours by brute force, in blocks: exact, and in memory that stays small."""

from collections.abc import Iterator
from typing import NamedTuple

import torch
from jaxtyping import Float, Float64, Int64
from torch import Tensor

from ganzoo.errors import MetricError

CHUNK = 2048  # distances are made in squares of this side: 32 MB in float64


class Neighbours(NamedTuple):
    """The nearest rows of a bank for each query, nearest first."""

    distance: Float64[Tensor, "q k"]
    row: Int64[Tensor, "q k"]


def distances(x: Float[Tensor, "m d"], y: Float[Tensor, "n d"]) -> Float64[Tensor, "m n"]:
    """Euclidean distances, in float64.

    |x - y|^2 = |x|^2 - 2 <x, y> + |y|^2 loses half the digits of a small distance, which float64
    has to spare and float32 has not; taking a common origin among the rows saves some more.
    """
    origin = y[:1].double()
    x, y = x.double() - origin, y.double() - origin
    squares = x.square().sum(1)[:, None] + y.square().sum(1)[None]
    return squares.addmm_(x, y.T, alpha=-2).clamp_(min=0).sqrt_()


def blocks(
    x: Float[Tensor, "m d"], y: Float[Tensor, "n d"]
) -> Iterator[tuple[slice, slice, Float64[Tensor, "p q"]]]:
    """Every block of the table of distances, with the rows of each side it belongs to."""
    for top in range(0, len(x), CHUNK):
        for left in range(0, len(y), CHUNK):
            rows, columns = slice(top, top + CHUNK), slice(left, left + CHUNK)
            yield rows, columns, distances(x[rows], y[columns])


def nearest(query: Float[Tensor, "q d"], bank: Float[Tensor, "n d"], k: int = 1) -> Neighbours:
    """The ``k`` nearest rows of the bank for each query.

    Raises:
        MetricError: if the bank has fewer than ``k`` rows.
    """
    if not 1 <= k <= len(bank):
        raise MetricError(f"asked for {k} nearest neighbours among {len(bank)} images")
    best = torch.full((len(query), k), torch.inf, dtype=torch.float64)
    row = torch.zeros(len(query), k, dtype=torch.int64)
    for rows, columns, block in blocks(query, bank):
        found = torch.arange(columns.start, columns.start + block.shape[1]).expand_as(block)
        candidates = torch.cat([best[rows], block], 1)
        best[rows], place = candidates.topk(k, largest=False)
        row[rows] = torch.cat([row[rows], found], 1).gather(1, place)
    return Neighbours(best, row)


def radii(bank: Float[Tensor, "n d"], k: int) -> Float64[Tensor, " n"]:
    """The distance from each row to its ``k``-th nearest other row.

    Raises:
        MetricError: if there are not more than ``k`` rows.
    """
    if len(bank) <= k:
        raise MetricError(f"{len(bank)} images have no {k} nearest neighbours each")
    return nearest(bank, bank, k + 1).distance[:, k]  # the nearest of all is the row itself
