"""What more training would buy, read off a bundle's own learning curve."""

from ganzoo.bundle import Bundle
from ganzoo.evaluation.curve import RISING, deciding
from ganzoo.record import CurvePoint

TELLING = ("fid", "l1", "kid", *RISING)
STILL = 0.03  # a score that moved by less over the last quarter of the budget has settled
LOST = 0.2  # one that lay so much farther off in its last two points than at its best got worse


def prospects(bundle: Bundle) -> str:
    """One sentence on whether a longer training would have helped."""
    cost, curve = bundle.config.cost, bundle.config.curve
    name = deciding(curve, TELLING)
    if name is None or cost is None:
        return "Its training was not watched by a score, so what more would buy is not known."
    before, after = _best(curve, name, 0.75 * cost.kimg), _best(curve, name, cost.kimg)
    last = [point.values[name] for point in curve if name in point.values][-2:]
    if all(_left(value, name) > (1 + LOST) * _left(after, name) for value in last):
        return (
            f"`{name}` was best at {cost.best_kimg:,.3g} thousand images, {after:.3g}, and "
            f"{last[-1]:.3g} in the end: more of the same would not help, other settings might."
        )
    told = f"`{name}` went from {before:.3g} to {after:.3g} over the last quarter of the budget"
    if abs(before - after) > STILL * _left(before, name):
        return f"{told}: more training would still {_gain(name)} it."
    if cost.best_kimg < 0.75 * cost.kimg:
        return (
            f"{told}, its best moment was at {cost.best_kimg:,.3g} thousand images: more of the "
            "same would not help, other settings might."
        )
    return f"{told}: it has all but settled, and more training would buy little."


def _left(value: float, name: str) -> float:
    """What is still to be gained."""
    return 1.0 - value if name.startswith(RISING) else abs(value)


def _gain(name: str) -> str:
    return "sharpen" if name.startswith("fid") else "improve"


def _best(curve: tuple[CurvePoint, ...], name: str, until: float) -> float:
    """The best value so far; of the first point, if the curve begins later."""
    measured = [point for point in curve if name in point.values]
    seen = [point.values[name] for point in measured if point.kimg <= until]
    best = max if name.startswith(RISING) else min
    return best(seen or [measured[0].values[name]])
