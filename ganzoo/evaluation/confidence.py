"""How sure scores are: between which bounds each lies, and which cannot be told from the best.

    t = (a - b) / sqrt(e_a^2 + e_b^2),  e: standard errors    (Welch 1947, doi:10.2307/2332510)
    df = (e_a^2 + e_b^2)^2 / (e_a^4 / df_a + e_b^4 / df_b)

and of shares of images, p that of both together

    z = (a - b) / sqrt(p (1 - p) (1 / n_a + 1 / n_b))

All others of a column are held against its best, so Holm's steps (1979) keep the chance of telling
any apart that are alike at 5 % for the column. That two intervals meet is a weaker sign: they do so
at differences far beyond chance.

Of these real images: what another choice of them would change is in none of it.
"""

from collections.abc import Mapping
from math import hypot
from typing import NamedTuple

from ganzoo.record import Score
from ganzoo.shares import wilson

LEVEL = 0.95  # of intervals, and of a column's comparisons together
COUNTED = {"pictures": "n_fake", "sizes": "n_fake", "images": "n_real"}  # elsewhere in a protocol


class Error(NamedTuple):
    """The standard error of a score, and its degrees of freedom."""

    error: float
    freedom: int


def interval(score: Score) -> tuple[float, float]:
    """Where the score lies with 95 % confidence; just its value if its deviation is not known.

    Value ± t e with Student's t, where it is known over how many parts the deviation is; of a share
    of images Wilson's; else value ± 1.96 e.
    """
    if score.deviation is None:
        return score.value, score.value
    if count := _images(score):
        return wilson(round(score.value * count), count)
    half = 1.96 * score.deviation
    if known := error(score):
        from scipy.stats import t

        half = float(t.ppf((1 + LEVEL) / 2, known.freedom)) * known.error
    return score.value - half, score.value + half


def error(score: Score) -> Error | None:
    """None if the deviation is not known, or over how many parts it is.

    Over repeats s / sqrt(R); over splits of one sample s / sqrt(n - 1), as s divides by n; else the
    deviation is the standard error itself.
    """
    parts = _parts(score)
    if score.deviation is None or parts < 2:
        return None
    over = score.protocol.get("deviation_over")
    root = {"repeats": parts, "splits": parts - 1}.get(str(over), 1) ** 0.5
    return Error(score.deviation / root, parts - 1)


def alike(best: Score, others: Mapping[str, Score]) -> set[str]:
    """The others that cannot be told from the best: by Holm's steps; where it is not known over how
    many parts a deviation is, those whose interval meets the best one's."""
    chances = {name: chance(best, other) for name, other in others.items()}
    found = {name for name, p in chances.items() if p is None and _meet(best, others[name])}
    known = sorted((p, name) for name, p in chances.items() if p is not None)
    for step, (p, _) in enumerate(known):
        if p > (1 - LEVEL) / (len(known) - step):
            return found | {name for _, name in known[step:]}
    return found


def chance(one: Score, other: Score) -> float | None:
    """How often two that are alike differ so much by chance; None if that is not known."""
    from scipy.stats import norm, t

    apart = abs(one.value - other.value)
    if (m := _images(one)) and (n := _images(other)):
        share = (one.value * m + other.value * n) / (m + n)
        spread = (max(share * (1 - share), 0) * (1 / m + 1 / n)) ** 0.5
        return float(2 * norm.sf(apart / spread)) if spread else float(not apart)
    mine, its = error(one), error(other)
    if mine is None or its is None:
        return None
    spread = hypot(mine.error, its.error)
    if not spread:
        return float(not apart)
    freedom = 1 / sum((e / spread) ** 4 / df for e, df in (mine, its))
    return float(2 * t.sf(apart / spread, freedom))


def _meet(one: Score, other: Score) -> bool:
    (low, high), (its_low, its_high) = interval(one), interval(other)
    return low <= its_high and its_low <= high


def _images(score: Score) -> int:
    """Of how many images it is a share; 0 if it is none."""
    return _parts(score) if score.protocol.get("deviation_over") == "images" else 0


def _parts(score: Score) -> int:
    """Over how many parts its deviation is; 0 if that is not known."""
    over = str(score.protocol.get("deviation_over")).partition(" ")[0]  # "blocks" of 20 frames
    parts = score.protocol.get(COUNTED.get(over, over))
    return parts if isinstance(parts, int) else 0
