"""Pictures of any size for a network that wants certain sides: padded, cut into tiles, cropped.

    small    padded at the right and the bottom by what lies at its border, and cropped back
    large    cut into tiles that overlap; where they do, one fades into the next

Fading weights are a tent over each tile, so that the sum of all is the picture without a seam.
"""

from collections.abc import Callable, Iterator

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn.functional import pad

Paint = Callable[[Tensor], Tensor]
OVERLAP = 4  # a quarter of a tile is shared with each neighbour


def padded(image: Tensor, multiple: int, paint: Paint) -> Tensor:
    """Paints a picture whose sides are brought to multiples, and crops what comes out."""
    height, width = image.shape[2:]
    below, right = -height % multiple, -width % multiple
    if below or right:
        image = pad(image, (0, right, 0, below), mode="replicate")
    return paint(image)[:, :, :height, :width]


def tiled(image: Tensor, tile: int, paint: Paint) -> Tensor:
    """Paints tile by tile where a side is longer than a tile.

    Args:
        tile: side of a tile in pixels.
    """
    height, width = image.shape[2:]
    if max(height, width) <= tile:
        return paint(image)
    total: Tensor | None = None
    weights = torch.zeros(1, 1, height, width)
    for top in _starts(height, tile):
        for left in _starts(width, tile):
            where = slice(top, top + tile), slice(left, left + tile)
            painted = paint(image[:, :, where[0], where[1]])
            tent = _tent(painted.shape[2])[:, None] * _tent(painted.shape[3])
            if total is None:
                total = torch.zeros(len(image), painted.shape[1], height, width)
            total[:, :, where[0], where[1]] += painted * tent
            weights[:, :, where[0], where[1]] += tent
    assert total is not None
    return total / weights


def _starts(length: int, tile: int) -> Iterator[int]:
    """Where tiles begin: evenly spread, the last one ending with the picture."""
    step = tile - tile // OVERLAP
    count = max(1, -(-(length - tile) // step) + 1)
    for number in range(count):
        yield round(number * (length - tile) / (count - 1)) if count > 1 else 0


def _tent(length: int) -> Float[Tensor, " n"]:
    place = torch.arange(length) + 0.5
    return torch.minimum(place, length - place)
