"""Features without weights: the means of an 8 x 8 grid of patches.

Always at hand, and blind to everything finer than an eighth of the picture. Scores say ``pixels``.
"""

from torch.nn.functional import adaptive_avg_pool2d

from ganzoo.evaluation.networks import FeatureNetwork, Look
from ganzoo.shapes import Image

SIDE = 8


def pixels() -> FeatureNetwork:
    """64 features of a grey image, 192 of one in colour."""
    return FeatureNetwork(
        name="pixels", sha256="", resize=f"mean of {SIDE}x{SIDE} patches", look=_look
    )


def _look(image: Image) -> Look:
    return Look(adaptive_avg_pool2d(image, SIDE).flatten(1), None)
