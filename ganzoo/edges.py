"""From a photograph to the lines of a drawing: Canny's edge filter, thinned of what is short.

    1  smooth luma with a Gaussian of width ``sigma``
    2  keep pixels whose gradient is the largest across the edge: lines one pixel wide
    3  keep lines that reach ``high`` somewhere and stay above ``low`` (hysteresis)
    4  drop lines of fewer than ``shortest`` pixels: a pencil would not have drawn them

Canny 1986, "A computational approach to edge detection". Black lines on white come out.
"""

from typing import cast

import numpy as np
import scipy  # whose parts are imported when they are needed
from jaxtyping import Bool, Float, UInt8

from ganzoo.shapes import Picture

SIGMA, LOW, HIGH, SHORTEST = 2.0, 4.0, 11.0, 14  # for faces of 128 pixels
LUMA = np.array([0.299, 0.587, 0.114], np.float32)
AROUND = np.ones((3, 3), bool)  # a line goes on diagonally too


def draw_edges(
    picture: Picture,
    sigma: float = SIGMA,
    low: float = LOW,
    high: float = HIGH,
    shortest: int = SHORTEST,
) -> UInt8[np.ndarray, "h w 1"]:
    """Black lines on white, one pixel wide.

    Args:
        sigma: pixels; the finer, the more fur and wrinkles are drawn.
        low: steepness, in grey levels per pixel, at which a line that was found goes on.
        high: steepness at which a line begins.
    """
    grey = picture[:, :, 0].astype(np.float32) if picture.shape[2] == 1 else picture @ LUMA
    down, right = np.gradient(np.asarray(scipy.ndimage.gaussian_filter(grey, sigma)))
    ridge = _ridge(np.asarray(down), np.asarray(right))
    lines = _long(ridge > low, shortest)
    kept = lines * np.isin(lines, np.unique(lines[ridge > high]))
    return np.where(kept > 0, 0, 255).astype(np.uint8)[:, :, None]


def _ridge(down: Float[np.ndarray, "h w"], right: Float[np.ndarray, "h w"]) -> np.ndarray:
    """The gradient's length where it is the largest along its own direction, else 0."""
    steep = np.hypot(down, right)
    safe = np.maximum(steep, 1e-6)
    rows, columns = np.indices(steep.shape)
    ahead, behind = (
        scipy.ndimage.map_coordinates(
            steep, [rows + sign * down / safe, columns + sign * right / safe], order=1
        )
        for sign in (1, -1)
    )
    return np.where((steep >= ahead) & (steep > behind), steep, 0)


def _long(found: Bool[np.ndarray, "h w"], shortest: int) -> np.ndarray:
    """Each line's number where it has enough pixels, else 0."""
    lines, count = cast(tuple[np.ndarray, int], scipy.ndimage.label(found, AROUND))
    sizes = np.bincount(lines.ravel(), minlength=count + 1)
    return lines * (sizes[lines] >= shortest)
