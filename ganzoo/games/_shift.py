"""Images moved a little at random (He et al. 2015, arXiv:1512.03385, Sec. 4.2)."""

import torch
from torch.nn.functional import pad

from ganzoo.draws import Draws
from ganzoo.errors import RecipeError
from ganzoo.shapes import Image


def check_shift(reach: int, side: int) -> None:
    """Borders can be mirrored only as far as there is a picture.

    Raises:
        RecipeError: if the shift is not less than the side.
    """
    if reach >= side:
        raise RecipeError(f"a shift is less than the picture's {side} pixels; got {reach}")


def shifted(image: Image, reach: int, draws: Draws) -> Image:
    """Each image by up to ``reach`` pixels in each direction; its mirrored borders come in."""
    if not reach:
        return image
    count, _, height, width = image.shape
    top = draws.integers(count, 2 * reach + 1)[:, None] + torch.arange(height, device=image.device)
    left = draws.integers(count, 2 * reach + 1)[:, None] + torch.arange(width, device=image.device)
    padded = pad(image, [reach] * 4, mode="reflect").permute(0, 2, 3, 1)
    each = torch.arange(count, device=image.device)[:, None, None]
    return padded[each, top[:, :, None], left[:, None, :]].permute(0, 3, 1, 2)
