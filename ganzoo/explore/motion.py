"""Moving a picture through its network's input (Karras et al. 2021, arXiv:2106.12423, Fig. 1).

    moved      the inverse of: turn by an angle, then move; in picture widths
    shifted    the same of a finished picture: f(x - t), by its Fourier series
    slit       one column of each of many pictures, side by side: time goes across

A network that treats its maps as samples of smooth signals gives the moved picture from the moved
input. Where details stick to the pixel grid instead, they draw level streaks through a slit.
"""

import math

import torch
from jaxtyping import Float
from torch import Tensor

from ganzoo.shapes import Image

Number = float | int
Transform = Float[Tensor, "1 3 3"]


def moved(right: Number, down: Number, degrees: Number) -> Transform:
    """What a generator's input is given so that its picture is turned, then moved.

    Args:
        right, down: in widths of the picture.
        degrees: clockwise.
    """
    angle = math.radians(degrees)
    cos, sin = math.cos(angle), math.sin(angle)
    way = torch.tensor([[cos, -sin, right], [sin, cos, down], [0.0, 0.0, 1.0]], dtype=torch.float64)
    return torch.linalg.inv(way).float()[None]


def shifted(image: Image, right: Number, down: Number) -> Image:
    """The finished pictures moved by parts of a pixel, as the smooth signals that they sample.

    Args:
        right, down: in widths of the picture; what leaves on one side comes in at the other.
    """
    height, width = image.shape[2:]
    rows = torch.fft.fftfreq(height, 1 / height, device=image.device)
    columns = torch.fft.rfftfreq(width, 1 / width, device=image.device)
    turns = rows[:, None] * down + columns * right
    waves = torch.fft.rfft2(image) * torch.exp(-2j * math.pi * turns)
    return torch.fft.irfft2(waves, s=(height, width))


def slit(image: Image, column: int | None = None) -> Float[Tensor, "1 c h frames"]:
    """That column of pixels (the middle one) of every picture in turn."""
    place = image.shape[3] // 2 if column is None else column
    return image[:, :, :, place].permute(1, 2, 0)[None]
