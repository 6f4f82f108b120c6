"""Dances by the clock: joint angles as sums of sinusoids, and the body that they bend.

    angle(t) = low + (high - low) * s(sum_k a_k sin(2 pi f_k t + phi_k)),   s(u) = (1 + tanh u) / 2

So no angle leaves its limits, and nothing jumps. The pelvis is hung so high that the lower foot
stands on the floor.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from ganzoo.shapes import Joints, Poses
from ganzoo.skeleton import ARM, JOINTS, LEG, SIDES, joint

BEAT = 14  # frames
TEMPI = (1 / 6, 1 / 4, 1 / 2, 1.0)  # of a wave, in beats; the slow ones carry it far
LIMITS = {  # radians: 0 hangs down; outwards is positive
    "lean": (-0.22, 0.22),
    "nod": (-0.3, 0.3),
    "arm": (0.15, 2.75),
    "elbow": (-0.15, 2.0),
    "thigh": (0.04, 0.5),
    "knee": (0.0, 0.75),
}
LIFTED = 0.8, 1.25  # radians by which thigh and knee of a lifted leg bend more
SWAY = 0.1  # sides of the picture, to the left and right of the middle
STEP_BEATS = 4  # a leg is lifted this often, at most

Curve = Float[np.ndarray, " frames"]


@dataclass(frozen=True, kw_only=True)
class Body:
    """Lengths of bones in sides of the picture, nearest to the viewer, and where it dances.

    Attributes:
        shoulder: from the neck outwards; ``hip``: from the pelvis.
        far: how large it is at the back, in terms of the front.
        floor: height of the soles at the front and at the back.
    """

    head: float
    torso: float
    shoulder: float
    hip: float
    arm: tuple[float, float]
    leg: tuple[float, float]
    foot: float
    far: float
    floor: tuple[float, float]


def choreography(body: Body, seed: int, count: int) -> Poses:
    """``count`` poses of a body that dances to a seed: the same ones every time."""
    dice = np.random.default_rng(seed)
    time = np.arange(count, dtype=np.float64)
    tilt = {name: _within(name, _wave(dice, time)) for name in ("lean", "nod")}
    lift = np.sin(2 * np.pi * time / (STEP_BEATS * BEAT) + dice.uniform(0, 2 * np.pi))
    lift = lift * _share(_wave(dice, time) + 0.5)
    bent = {
        side: {name: _within(name, _wave(dice, time)) for name in ("arm", "elbow", "thigh", "knee")}
        for side in SIDES
    }
    for side, raised in zip(SIDES, (lift, -lift), strict=True):
        high = np.clip(raised, 0, None) ** 2  # squared: it begins gently
        bent[side]["thigh"] = bent[side]["thigh"] + LIFTED[0] * high
        bent[side]["knee"] = bent[side]["knee"] + LIFTED[1] * high
    across = 0.5 + SWAY * np.tanh(_wave(dice, time))
    near = _share(_wave(dice, time))
    return np.stack(
        [
            _pose(
                body,
                {name: curve[t] for name, curve in tilt.items()},
                {side: {name: curve[t] for name, curve in bent[side].items()} for side in SIDES},
                across[t],
                near[t],
            )
            for t in range(count)
        ]
    )


def _pose(
    body: Body,
    tilt: dict[str, float],
    bent: dict[str, dict[str, float]],
    across: float,
    near: float,
) -> Joints:
    """Bone by bone, from the pelvis at the origin; then the feet are put on the floor."""
    place = np.zeros((len(JOINTS), 2))
    lean = tilt["lean"]
    place[joint("neck")] = _towards(np.pi + lean, body.torso)
    place[joint("head")] = place[joint("neck")] + _towards(np.pi + lean + tilt["nod"], body.head)
    for side, out in zip(SIDES, (-1, 1), strict=True):
        angles = bent[side]
        shoulder = place[joint("neck")] + _towards(np.pi / 2 * out + lean, body.shoulder)
        upper = out * angles["arm"] + lean
        limbs = _chain(shoulder, body.arm, (upper, upper + out * angles["elbow"]))
        for part, end in zip(ARM, limbs, strict=True):
            place[joint(f"{side} {part}")] = end
        hip = _towards(np.pi / 2 * out, body.hip)
        thigh = out * angles["thigh"]
        shin = thigh - out * angles["knee"]
        limbs = _chain(hip, (*body.leg, body.foot), (thigh, shin, shin + out * 1.25))
        for part, end in zip(LEG, limbs, strict=True):
            place[joint(f"{side} {part}")] = end
    front, back = body.floor
    place *= body.far + (1 - body.far) * near
    lowest = max(place[joint(f"{side} ankle"), 1] for side in SIDES)
    return place + np.array([across, back + (front - back) * near - lowest])


def _chain(
    start: Float[np.ndarray, "2"], lengths: tuple[float, ...], angles: tuple[float, ...]
) -> list[Float[np.ndarray, "2"]]:
    ends = [start]
    for length, angle in zip(lengths, angles, strict=True):
        ends.append(ends[-1] + _towards(angle, length))
    return ends


def _towards(angle: float, length: float) -> Float[np.ndarray, "2"]:
    """0 hangs down, a quarter turn points to the right."""
    return length * np.array([np.sin(angle), np.cos(angle)])


def _wave(dice: np.random.Generator, time: Curve) -> Curve:
    """A sum of sinusoids in time with the beat, each of a strength and phase of its own."""
    phases, strengths = dice.uniform(0, 2 * np.pi, len(TEMPI)), dice.uniform(0.4, 1.0, len(TEMPI))
    return sum(
        (a * np.sin(2 * np.pi * (f * (1 + 0.03 * i) * time / BEAT) + phi)
         for i, (a, f, phi) in enumerate(zip(strengths, TEMPI, phases, strict=True))),
        np.zeros_like(time),
    )  # fmt: skip


def _share(wave: Curve) -> Curve:
    return (1 + np.tanh(wave)) / 2


def _within(name: str, wave: Curve) -> Curve:
    low, high = LIMITS[name]
    return low + (high - low) * _share(wave)
