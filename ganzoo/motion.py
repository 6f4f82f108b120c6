"""Pictures moved and turned, as the smooth signals that they sample (Karras et al. 2021, App. E).

    moved      the inverse of: turn by an angle, then move; in picture widths
    carried    what a finished picture becomes:  out(p) = sum over q of image(q) K(T p - q)
    softened   what a picture keeps of itself when it is turned:  T = 1 with the same K

A picture that was only moved is read between its pixels with Lanczos' kernel, K = L(x) L(y) with
L(x) = sinc(x) sinc(x / 3). A turned one holds frequencies in its corners that the grid beneath
cannot: K is then alike in all directions, a windowed disc of frequencies, and what is compared with
the turned picture goes through the same K. Whoever asks outside of the picture gets a zero, and is
told so by the mask.

    errors     sum over both pictures' pixels of (T[g(z)] - g(T[z]))^2, and how many there are
"""

import math
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

import torch
from jaxtyping import Bool, Float
from torch import Tensor
from torch.special import bessel_j1

from ganzoo.shapes import Image

Number = float | int
Transform = Float[Tensor, "b 3 3"]
Places = Float[Tensor, "b n"]
Kernel = Callable[[Tensor, Tensor], Tensor]

LOBES = 3  # of Lanczos' kernel to either side, in pixels
DISC = 4  # pixels that the kernel of turned pictures reaches: it agrees with itself to 60 dB
CUTOFF, STEEP = 0.4, 4.0  # cycles per pixel that it lets through; its window's beta
FINE = 1024  # steps per pixel in which it is kept
SMALL = 1e-4  # a share of weights that may fall outside of a picture


class Carried(NamedTuple):
    """Pictures, and which of their pixels are made of nothing but pixels."""

    image: Image
    mask: Bool[Tensor, "b 1 h w"]


def moved(right: Number, down: Number, degrees: Number) -> Float[Tensor, "1 3 3"]:
    """What a generator's input is given so that its picture is turned, then moved.

    Args:
        right, down: in widths of the picture.
        degrees: clockwise.
    """
    angle = math.radians(degrees)
    cos, sin = math.cos(angle), math.sin(angle)
    way = torch.tensor([[cos, -sin, right], [sin, cos, down], [0.0, 0.0, 1.0]], dtype=torch.float64)
    return torch.linalg.inv(way).float()[None]


def carried(image: Image, transform: Transform, turned: bool) -> Carried:
    """The finished pictures, moved and turned each by its own inverse transform.

    Args:
        turned: whether to read them with the kernel that is alike in all directions.
    """
    side = image.shape[3]
    line = (torch.arange(side, dtype=torch.float64, device=image.device) + 0.5) / side - 0.5
    down, right = torch.meshgrid(line, line, indexing="ij")
    places = torch.stack([right.flatten(), down.flatten(), torch.ones_like(right.flatten())])
    across, along, _ = ((transform.double() @ places + 0.5) * side - 0.5).unbind(1)
    kernel, reach = (_disc, DISC) if turned else (_lanczos, LOBES)
    return _read(image, across, along, kernel, reach)


def softened(image: Image) -> Carried:
    """The pictures as they stand, without what a turned grid cannot hold."""
    here = torch.eye(3, device=image.device).expand(len(image), 3, 3)
    return carried(image, here, turned=True)


def errors(
    still: Image, after: Image, transform: Transform, turned: bool
) -> tuple[Float[Tensor, " b"], Float[Tensor, " b"]]:
    """How far each picture from a moved input is from the still one, carried as far.

    Returns:
        Squared errors, summed over the pixels that both pictures show; and the number of these.
    """
    wanted, mask = carried(still, transform, turned)
    if turned:
        after, also = softened(after)
        mask = mask & also
    error = (after - wanted).double().square() * mask
    return error.flatten(1).sum(1), mask.flatten(1).sum(1).double() * after.shape[1]


def _read(image: Image, across: Places, along: Places, kernel: Kernel, reach: int) -> Carried:
    """Weighted means of the pixels around places, in a square of ``2 reach`` by ``2 reach``."""
    high, wide = image.shape[2:]
    left, top = across.floor(), along.floor()
    flat = image.flatten(2)
    read = torch.zeros_like(flat)
    total, lost = torch.zeros_like(flat[:, 0]), torch.zeros_like(flat[:, 0])
    for row in range(1 - reach, reach + 1):
        for column in range(1 - reach, reach + 1):
            x, y = left + column, top + row
            weight = kernel((across - x).float(), (along - y).float())
            inside = (x >= 0) & (x < wide) & (y >= 0) & (y < high)
            total += weight
            lost += weight.abs() * ~inside
            which = (y.clamp(0, high - 1) * wide + x.clamp(0, wide - 1)).long()
            pixels = flat.gather(2, which[:, None].expand_as(flat))
            read += pixels * (weight * inside)[:, None]
    read = read / total[:, None]
    return Carried(read.view_as(image), (lost < SMALL).view(len(image), 1, high, wide))


def _lanczos(x: Places, y: Places) -> Places:
    line = [torch.sinc(d) * torch.sinc(d / LOBES) * (d.abs() < LOBES) for d in (x, y)]
    return line[0] * line[1]


def _disc(x: Places, y: Places) -> Places:
    """A jinc, for the disc of frequencies that fits into every turned grid, in Kaiser's window."""
    place = (x.square() + y.square()).sqrt().clamp_max(DISC) * FINE
    below = place.floor()
    values = _disc_values().to(place)
    inner, outer = values[below.long()], values[below.long() + 1]
    return torch.lerp(inner, outer, place - below)


@lru_cache
def _disc_values() -> Float[Tensor, " radii"]:
    radius = torch.arange(DISC * FINE + 2, dtype=torch.float64) / FINE
    angle = 2 * math.pi * CUTOFF * radius.clamp_min(1e-6)
    window = torch.i0(STEEP * (1 - (radius / DISC).square()).clamp_min(0).sqrt())
    return bessel_j1(angle) / angle * window * (radius < DISC)
