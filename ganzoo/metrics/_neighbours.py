"""Nearest neighbours by brute force, in blocks: exact, and in memory that stays small."""

from collections.abc import Iterator
from typing import NamedTuple

import torch
from jaxtyping import Float, Float64, Int64, Num
from torch import Tensor

from ganzoo.errors import MetricError

ROUNDING = 1e-12  # of squared lengths, and of a squared distance: what is nearer is as far
CHUNK = 1024  # distances are made in squares of this side: 8 MB in float64


class Neighbours(NamedTuple):
    """The nearest rows of a bank for each query, nearest first."""

    distance: Float64[Tensor, "q k"]
    row: Int64[Tensor, "q k"]


class Block(NamedTuple):
    """A piece of the table of squared distances, and the rows of each side it belongs to."""

    query: slice
    bank: slice
    squares: Float64[Tensor, "p q"]


def blocks(query: Float[Tensor, "m d"], bank: Num[Tensor, "n d"]) -> Iterator[Block]:
    """Squared Euclidean distances, in float64.

    |x - y|^2 = |x|^2 - 2 <x, y> + |y|^2 loses half the digits of a small distance, which float64
    has to spare and float32 has not; taking the bank's first row as the origin saves some more.
    """
    origin = bank[:1].double()
    for top in range(0, len(query), CHUNK):
        rows = slice(top, top + CHUNK)
        x = query[rows].double() - origin
        for left in range(0, len(bank), CHUNK):
            columns = slice(left, left + CHUNK)
            y = bank[columns].double() - origin
            lengths = x.square().sum(1)[:, None] + y.square().sum(1)
            yield Block(rows, columns, lengths.addmm_(x, y.T, alpha=-2))


def nearest(query: Float[Tensor, "q d"], bank: Num[Tensor, "n d"], k: int = 1) -> Neighbours:
    """The ``k`` nearest rows of the bank for each query, by Euclidean distance.

    Raises:
        MetricError: if the bank has fewer than ``k`` rows.
    """
    if not 1 <= k <= len(bank):
        raise MetricError(f"asked for {k} nearest neighbours among {len(bank)} images")
    best = torch.full((len(query), k), torch.inf, dtype=torch.float64)
    row = torch.zeros(len(query), k, dtype=torch.int64)
    for block in blocks(query, bank):
        near = block.squares.topk(min(k, block.squares.shape[1]), largest=False)
        candidates = torch.cat([best[block.query], near.values], 1)
        found = torch.cat([row[block.query], near.indices + block.bank.start], 1)
        best[block.query], place = candidates.topk(k, largest=False)
        row[block.query] = found.gather(1, place)
    return Neighbours(best.clamp(min=0).sqrt(), row)


def reach(bank: Float[Tensor, "n d"], k: int) -> Float64[Tensor, " n"]:
    """The squared distance from each row to its ``k``-th nearest other row.

    Wider by what rounding may take, so that copies and ties lie within, whatever their place.

    Raises:
        MetricError: if there are not more than ``k`` rows.
    """
    if len(bank) <= k:
        raise MetricError(f"{len(bank)} images have no {k} nearest neighbours each")
    squares = nearest(bank, bank, k + 1).distance[:, k].square()  # the nearest is the row itself
    lengths = (bank.double() - bank[:1].double()).square().sum(1)
    return squares * (1 + ROUNDING) + ROUNDING * lengths.mean()
