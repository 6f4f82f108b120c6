"""What a learning curve tells: where a training fell apart, and where it forgot."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ganzoo.record import CurvePoint

WORSE = 2.0  # times the best score so far: diverged
NARROW = 0.2  # of the reals' variance: collapsed, if there was more before
FALLING, RISING = ("fid", "kid", "l1"), ("accuracy", "pixel_accuracy")
LOST = 0.5  # of the most modes so far: collapsed


@dataclass(frozen=True)
class Mark:
    """Where something went wrong for the first time in a row, and what."""

    kimg: float
    kind: Literal["diverged", "collapsed"]
    sentence: str

    def __str__(self) -> str:
        return f"{self.kind} at {self.kimg:g} thousand images: {self.sentence}"


def deciding(curve: Sequence[CurvePoint], among: tuple[str, ...] = ("",)) -> str | None:
    """The score by which the moment was chosen that was kept: of its points' first, the latest
    (one that goes on may be looked at by other eyes). None if none begins like these.
    """
    return next(
        (key for point in reversed(curve) for key in point.values if key.startswith(among)), None
    )


def marks(curve: Sequence[CurvePoint]) -> tuple[Mark, ...]:
    """Divergence and mode collapse, in order; one mark where several points in a row show it.

    Diverged: a Fréchet distance or a mean difference is twice its best so far, an accuracy half.
    Collapsed: half of the modes that there were are gone, or the variety is below a fifth of the
    reals' after it had been above.
    """
    found: list[Mark] = []
    best: dict[str, float] = {}
    before: set[str] = set()
    for point in curve:
        now = {mark.kind: mark for mark in _wrong(point, best)}
        found += [mark for kind, mark in now.items() if kind not in before]
        before = set(now)
        for key, value in point.values.items():
            better = min if key.startswith(FALLING) else max
            best[key] = better(best.get(key, value), value)
    return tuple(found)


def _wrong(point: CurvePoint, best: dict[str, float]) -> list[Mark]:
    wrong = []
    for key, value in point.values.items():
        if key not in best:
            continue
        risen = key.startswith(("fid", "l1")) and value > WORSE * best[key]
        if risen or (key.startswith(RISING) and value < best[key] / WORSE):
            told = f"{key} is {value:.4g} after it had been {best[key]:.4g}"
            wrong.append(Mark(point.kimg, "diverged", told))
        elif key.startswith("modes") and value <= LOST * best[key]:
            told = f"{value:.0f} modes are left of {best[key]:.0f}"
            wrong.append(Mark(point.kimg, "collapsed", told))
        elif key.startswith("variety") and value < NARROW < best[key]:
            told = f"its images vary by {value:.0%} of what the reals do"
            wrong.append(Mark(point.kimg, "collapsed", told))
    return wrong
