"""What sticks to the screen while a picture changes (Karras et al. 2021, arXiv:2106.12423, Fig. 1).

    slit       one column of each of many pictures, side by side: time goes across

A network that treats its maps as samples of smooth signals moves its details with what they belong
to. Where they stick to the pixel grid instead, they draw level streaks through a slit.
"""

from jaxtyping import Float
from torch import Tensor

from ganzoo.shapes import Image


def slit(image: Image, column: int | None = None) -> Float[Tensor, "1 c h frames"]:
    """That column of pixels (the middle one) of every picture in turn."""
    place = image.shape[3] // 2 if column is None else column
    return image[:, :, :, place].permute(1, 2, 0)[None]
