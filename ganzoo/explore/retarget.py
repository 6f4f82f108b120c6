"""The picture that a model knows, as it grows (Shocher et al. 2018, arXiv:1812.00231, Fig. 1).

Deviations from the paper: it grows in one direction, beside the same picture stretched.
"""

import numpy as np

from ganzoo.errors import InputError
from ganzoo.images import to_pictures
from ganzoo.shapes import Pictures
from ganzoo.zoo import Retargeter

FROM, TO = 0.5, 2.0  # widths, in terms of the picture's
GAP = 6  # pixels between the two


def broader(retargeter: Retargeter, frames: int) -> Pictures:
    """From half to twice its width on white: remade above, plainly stretched below.

    Raises:
        InputError: if there is no frame.
    """
    if frames < 1:
        raise InputError(f"a film has at least one frame; got {frames}")
    widths = np.linspace(FROM, TO, frames)
    rows, columns = retargeter.shape(1.0, TO)
    film = np.full(
        (frames, 2 * rows + GAP, columns, retargeter.model.image_channels), 255, np.uint8
    )
    for frame, wide in zip(film, widths.tolist(), strict=True):
        above = to_pictures(retargeter.remake(wide=wide))[0]
        below = to_pictures(retargeter.stretched(wide=wide))[0]
        frame[:rows, : above.shape[1]] = above
        frame[rows + GAP :, : below.shape[1]] = below
    return film
