"""The edge: float [-1, 1] NCHW inside, uint8 HWC pictures outside."""

import math

import numpy as np
import torch
from PIL import Image as Pillow
from torch.nn.functional import interpolate

from ganzoo.errors import InputError
from ganzoo.shapes import PICTURED, Image, Made, Picture, Pictures, Shape, Sheet, shape_of

GAP = 2  # pixels between the pictures of a sheet


def to_pictures(image: Image) -> Pictures:
    """Rounds [-1, 1] to 0..255, clipping: -1 is black and 1 is white.

    Raises:
        InputError: if there is no such picture: it has neither 1 nor 3 channels.
    """
    if image.shape[1] not in PICTURED:
        raise InputError(
            f"pictures have 1 or 3 channels; these images have {image.shape[1]}: numbers that only "
            "their network can be asked for"
        )
    scaled = ((image.detach().float().clamp(-1, 1) + 1) * 127.5).round().to(torch.uint8)
    return scaled.permute(0, 2, 3, 1).contiguous().cpu().numpy()


def from_pictures(pictures: Pictures) -> Image:
    """The inverse of :func:`to_pictures`: 0 becomes -1 and 255 becomes 1."""
    return torch.from_numpy(pictures).permute(0, 3, 1, 2).float() / 127.5 - 1


def to_pillow(picture: Picture) -> Pillow.Image:
    """A grey (one channel) or RGB (three channels) picture."""
    return Pillow.fromarray(picture[:, :, 0] if picture.shape[2] == 1 else picture)


def resized(image: Image, shape: Shape) -> Made:
    """Bicubic, averaging where it shrinks."""
    if shape_of(image) == shape:
        return image
    return interpolate(image, shape, mode="bicubic", align_corners=False, antialias=True)


def enlarge(picture: Picture, factor: int) -> Sheet:
    """Whole-factor enlargement without blur: each pixel becomes a square."""
    return picture.repeat(factor, axis=0).repeat(factor, axis=1)


def grid(pictures: Pictures, columns: int | None = None, gap: int = GAP) -> Sheet:
    """Lays pictures out in rows on white, as square a sheet as they allow.

    Raises:
        InputError: if there is no picture.
    """
    count, height, width, channels = pictures.shape
    if count == 0:
        raise InputError("a grid needs at least one picture; got 0")
    columns = columns or math.ceil(math.sqrt(count))
    rows = math.ceil(count / columns)
    size = (rows * (height + gap) - gap, columns * (width + gap) - gap, channels)
    sheet = np.full(size, 255, np.uint8)
    for index, picture in enumerate(pictures):
        top, left = index // columns * (height + gap), index % columns * (width + gap)
        sheet[top : top + height, left : left + width] = picture
    return sheet
