"""What a view shows or a program is given, as arrays."""

import base64
import io
import re
from pathlib import Path

import numpy as np
from PIL import Image as Pillow


def shown(html: str) -> list[np.ndarray]:
    """Every picture of a piece of HTML, in order."""
    return [decoded(uri) for uri in re.findall(r'<img src="([^"]+)"', html)]


def decoded(uri: str) -> np.ndarray:
    """The picture that a data URI holds."""
    return opened(io.BytesIO(base64.b64decode(uri.partition(",")[2])))


def opened(file: str | Path | io.BytesIO) -> np.ndarray:
    with Pillow.open(file) as picture:
        return np.asarray(picture)


def near(one: np.ndarray, other: np.ndarray, levels: int = 2) -> bool:
    """Whether two pictures are the same but for so many grey levels."""
    one, other = one.squeeze().astype(int), other.squeeze().astype(int)
    return one.shape == other.shape and bool(np.abs(one - other).max() <= levels)
