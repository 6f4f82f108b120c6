"""One dancer's poses in another's place (Chan et al. 2018, arXiv:1808.07371, Sec. 4, "Global pose
normalization").

Each dancer comes near the viewer and goes far away: the ankle is lowest in the picture where it is
nearest, and the body is largest there. Where the source's ankle is at height a,

    share   = (a - source.far) / (source.near - source.far)
    ankle   = target.far + share * (target.near - target.far)
    scale   = c_far + share * (c_near - c_far),   c = target's height / source's, near and far
    joint'  = ((joint_x - 1/2) * scale + 1/2,  (joint_y - a) * scale + ankle)

Deviations from the paper: the lower of the two ankles counts, not their mean, so that a lifted foot
is no step back; near and far are the extremes themselves, since joints that are known and not
detected have no outliers. The paper says nothing of x: it is scaled about the picture's middle.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from ganzoo.shapes import Poses
from ganzoo.skeleton import ANKLES, joint

CLOSE = 0.1  # share of the way from near to far within which a dancer counts as near, or as far
STILL = 1e-6  # who moves less between near and far stays in one place


@dataclass(frozen=True, kw_only=True)
class Range:
    """Where a dancer's ankle is, and how tall the dancer, at the front and at the back.

    In sides of the picture; heights are from the head to the lower ankle, upright.
    """

    near: float
    far: float
    near_height: float
    far_height: float


def range_of(poses: Poses) -> Range:
    """The extremes of a dance."""
    ankle = lower_ankle(poses)
    tall = ankle - poses[:, joint("head"), 1]
    near, far = float(ankle.max()), float(ankle.min())
    margin = CLOSE * (near - far)
    return Range(
        near=near,
        far=far,
        near_height=float(tall[ankle >= near - margin].max()),
        far_height=float(tall[ankle <= far + margin].max()),
    )


def normalised(poses: Poses, source: Range, target: Range) -> Poses:
    """The source's poses where the target would stand, and as large."""
    ankle = lower_ankle(poses)
    way = source.near - source.far
    share = (ankle - source.far) / way if way > STILL else np.ones_like(ankle)
    place = target.far + share * (target.near - target.far)
    near, far = target.near_height / source.near_height, target.far_height / source.far_height
    scale = far + share * (near - far)
    across = (poses[:, :, 0] - 0.5) * scale[:, None] + 0.5
    down = (poses[:, :, 1] - ankle[:, None]) * scale[:, None] + place[:, None]
    return np.stack([across, down], -1)


def lower_ankle(poses: Poses) -> Float[np.ndarray, " frames"]:
    """The height of the foot that the dancer stands on, from the picture's upper edge."""
    return poses[:, ANKLES, 1].max(1)
