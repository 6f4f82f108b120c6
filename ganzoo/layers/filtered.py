"""Alias-free non-linearity (Karras et al. 2021, arXiv:2106.12423, Sec. 3.2 and App. C).

    image --up x m--> LeakyReLU, clamp --low-pass, down x n--> image

A non-linearity makes frequencies that the grid cannot hold, and they come back as false low ones
that stick to the pixels. So it acts on a finer grid, and a low-pass filter takes the new ones away
before the grid is made coarse again.

    U image U^T,    sum over r of D_r image D_r^T

Filter, padding and change of grid are linear, alike for rows and columns: they are one matrix, made
once. As a product of matrices they cost little beside the convolutions, forwards and backwards.
A filter that is alike in all directions is the sum of a few that separate (its eigenvectors).
"""

import math
from collections.abc import Sequence

import numpy as np
import scipy  # whose parts are imported when they are needed
import torch
from jaxtyping import Float
from torch import Tensor, nn

from ganzoo.layers.activations import SLOPE
from ganzoo.shapes import Image, Made

Taps = Float[np.ndarray, " taps"]
EXACT = 1e-8  # share of a filter that may be lost when it is taken apart


def low_pass(taps: int, cutoff: float, width: float, rate: int) -> Taps:
    """One direction of a separable filter (App. C.1): a sinc in a Kaiser window.

    Args:
        cutoff: what passes lies below; in cycles per picture, as all frequencies here.
        width: of the band in which it fades.
        rate: samples per picture, of the grid that the filter works on.
    """
    if taps == 1:
        return np.ones(1)
    return np.asarray(scipy.signal.firwin(numtaps=taps, cutoff=cutoff, width=width, fs=rate))


def radial_low_pass(
    taps: int, cutoff: float, width: float, rate: int
) -> Float[np.ndarray, "taps taps"]:
    """The same alike in all directions (App. C.2): a jinc instead of the sinc."""
    place = (np.arange(taps) - (taps - 1) / 2) / rate
    radius = np.hypot(*np.meshgrid(place, place))
    jinc = scipy.special.j1(2 * cutoff * (math.pi * radius)) / (math.pi * radius)
    damped = scipy.signal.kaiser_atten(taps, width / (rate / 2))
    window = np.kaiser(taps, scipy.signal.kaiser_beta(damped))
    kernel = jinc * np.outer(window, window)
    return kernel / kernel.sum()


def separated(kernel: Float[np.ndarray, "taps taps"]) -> list[tuple[float, Taps]]:
    """A symmetric filter as a sum of separable ones: a factor, and the taps of both directions."""
    values, vectors = np.linalg.eigh(kernel)
    kept = np.abs(values) > EXACT * np.abs(values).max()
    return [(float(v), q) for v, q in zip(values[kept], vectors.T[kept], strict=True)]


def sketched() -> bool:
    """Whether only shapes are asked for: arithmetic without numbers is slow to import."""
    return torch.get_default_device().type == "meta"


def finer(taps: Taps, side: int, times: int, before: int, after: int) -> Float[Tensor, "fine side"]:
    """The matrix of: ``times - 1`` zeros after each pixel, padding (or cropping), the filter."""
    fine = side * times + before + after - len(taps) + 1
    if sketched():
        return torch.empty(fine, side)
    t = torch.arange(side) * times + before - torch.arange(fine)[:, None]
    inside = (t >= 0) & (t < len(taps))
    reversed_taps = torch.tensor(taps[::-1].copy(), dtype=torch.float64)
    return times * torch.where(inside, reversed_taps[t.clamp(0, len(taps) - 1)], 0.0)


def coarser(taps: Taps, fine: int, times: int) -> Float[Tensor, "side fine"]:
    """The matrix of: the filter, where it lies wholly within; every ``times``-th of its values."""
    side = (fine - len(taps)) // times + 1
    if sketched():
        return torch.empty(side, fine)
    t = torch.arange(fine) - times * torch.arange(side)[:, None]
    inside = (t >= 0) & (t < len(taps))
    reversed_taps = torch.tensor(taps[::-1].copy(), dtype=torch.float64)
    return torch.where(inside, reversed_taps[t.clamp(0, len(taps) - 1)], 0.0)


class FilteredReLU(nn.Module):
    """LeakyReLU on a finer grid, between two filters.

    Args:
        up: the matrix to the finer grid.
        down: matrices back, each with its factor; their results are added.
        slope: below zero; 1 for none.
        clamp: bound of the activations.
    """

    up: Tensor
    down: Tensor

    def __init__(
        self,
        up: Float[Tensor, "fine side"],
        down: Sequence[tuple[float, Float[Tensor, "back wide"]]],
        slope: float = SLOPE,
        clamp: float | None = None,
    ) -> None:
        super().__init__()
        self.slope, self.clamp = slope, clamp
        matrices = torch.empty(len(down), *down[0][1].shape)
        for i, (_, matrix) in enumerate(down):
            matrices[i] = matrix
        self.register_buffer("up", up.float(), persistent=False)
        self.register_buffer("down", matrices, persistent=False)
        self.factors = [factor for factor, _ in down]

    def forward(self, image: Image) -> Made:
        up, down = self.up.to(image.dtype), self.down.to(image.dtype)
        fine = nn.functional.leaky_relu(_both(up, image.contiguous()), self.slope)
        if self.clamp is not None:
            fine = fine.clamp(-self.clamp, self.clamp)
        image = _both(down[0], fine) * self.factors[0] if len(down) > 1 else _both(down[0], fine)
        for factor, matrix in zip(self.factors[1:], down[1:], strict=True):
            image = image + factor * _both(matrix, fine)
        return image


def _both(matrix: Float[Tensor, "new old"], image: Image) -> Made:
    """Rows and columns alike."""
    return matrix @ (image @ matrix.T)
