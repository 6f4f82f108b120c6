"""The statistics of judgements: pure functions of numbers.

error on fakes   share of fakes called real          error on reals   share of reals called fake
HYPE-infinity    mean of the two, in %: 50 is chance, more is hyper-real
d'               z(H) - z(F)        H: fakes called fake, F: reals called fake
bias        -(z(H) + z(F))/2   above 0: inclined to say "real"
HYPE-time        modal exposure of a staircase, mean over blocks, in ms
Bradley-Terry    P(i beats j) = p_i / (p_i + p_j)
"""

from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

import numpy as np
from jaxtyping import Float, Int
from scipy.special import ndtri

RESAMPLES = 10_000  # HYPE's
AT_ONCE = 2**22  # numbers drawn together
LEVEL = 0.95  # of intervals
CLOSE = 1e-6  # a step of all log-strengths at which they stand still
Values = Float[np.ndarray, "n k"]


class Interval(NamedTuple):
    """A value between its 95 % bounds."""

    value: float
    low: float
    high: float


def bootstrap(values: Values, resamples: int = RESAMPLES, seed: int = 0) -> list[Interval]:
    """Mean of each column, with its 95 % percentile interval over resampled rows.

    Rows are participants, drawn with replacement; every column sees the same draws. A value that
    is not a number counts in no mean.
    """
    dice = np.random.default_rng(seed)
    known = ~np.isnan(values)
    filled = np.where(known, values, 0.0)
    count = len(values)
    means: list[np.ndarray] = []
    for start in range(0, resamples, step := max(1, AT_ONCE // max(count, 1))):
        size = min(step, resamples - start)
        times = dice.multinomial(count, np.full(count, 1 / count), size=size)
        with np.errstate(invalid="ignore", divide="ignore"):
            means.append((times @ filled) / (times @ known))
    drawn = np.concatenate(means)
    found = []
    for column in range(values.shape[1]):
        mean = float(filled[:, column].sum() / known[:, column].sum())
        one = drawn[:, column]
        low, high = np.percentile(one[~np.isnan(one)], [2.5, 97.5])
        found.append(Interval(mean, float(low), float(high)))
    return found


class Sensitivity(NamedTuple):
    """What signal detection theory makes of two rates."""

    d_prime: float
    bias: float


def sensitivity(hits: int, fakes: int, alarms: int, reals: int) -> Sensitivity:
    """d' and bias, with the log-linear correction (Hautus 1995), so that none is infinite.

    Args:
        hits: fakes called fake.
        alarms: reals called fake.
    """
    h = float(ndtri((hits + 0.5) / (fakes + 1)))
    f = float(ndtri((alarms + 0.5) / (reals + 1)))
    return Sensitivity(h - f, -(h + f) / 2)


def modal(exposures: Sequence[float | int]) -> float:
    """The most frequent exposure; of several, their mean."""
    levels, counts = np.unique(np.asarray(exposures, float), return_counts=True)
    return float(levels[counts == counts.max()].mean())


def bradley_terry(
    wins: Float[np.ndarray, "*r m m"], prior: float = 0.1, steps: int = 10_000
) -> Float[np.ndarray, "*r m"]:
    """Log-strengths with mean 0, by Hunter's minorise-maximise steps (2004) until they stand still.

    Args:
        wins: how often ``i`` (row) beat ``j`` (column); leading axes are separate problems.
        prior: victories each way added to every pair, so that who never lost is not infinite.
    """
    count = wins.shape[-1]
    played = wins + prior * (1 - np.eye(count))
    total = played + np.swapaxes(played, -1, -2)
    won = played.sum(-1)
    logs = np.zeros(wins.shape[:-1])
    for _ in range(steps):
        before, strength = logs, np.exp(logs)
        pairs = strength[..., :, None] + strength[..., None, :]
        logs = np.log(won / (total / pairs).sum(-1))
        logs -= logs.mean(-1, keepdims=True)
        if np.abs(logs - before).max() < CLOSE:
            break
    return logs


def bradley_terry_intervals(
    wins: Float[np.ndarray, "n m m"], resamples: int = RESAMPLES, seed: int = 0
) -> list[Interval]:
    """Log-strengths, with 95 % intervals over resampled participants (the first axis)."""
    count, models = len(wins), wins.shape[-1]
    dice = np.random.default_rng(seed)
    times = dice.multinomial(count, np.full(count, 1 / count), size=resamples)
    drawn = (times @ wins.reshape(count, -1)).reshape(-1, models, models)
    low, high = np.percentile(bradley_terry(drawn), [2.5, 97.5], axis=0)
    values = bradley_terry(wins.sum(0))
    return [Interval(*map(float, one)) for one in zip(values, low, high, strict=True)]


class Test(NamedTuple):
    """A test between all models."""

    name: str
    statistic: float
    df: tuple[float, float]
    p: float


class Contrast(NamedTuple):
    """Two models compared; ``p`` and the interval are adjusted for all comparisons."""

    first: str
    second: str
    difference: float
    low: float
    high: float
    p: float


Tested: TypeAlias = tuple[Test, list[Contrast]]


def between(groups: dict[str, Sequence[float]]) -> Tested | None:
    """One-way ANOVA between models that different people judged, and Tukey's comparisons.

    None where nobody differs from the others of their group: there is nothing to test against.
    """
    from scipy import stats

    names, values = list(groups), [np.asarray(one, float) for one in groups.values()]
    if all(np.allclose(one, one.mean()) for one in values):
        return None
    f, p = stats.f_oneway(*values)
    degrees = (len(values) - 1.0, float(sum(map(len, values)) - len(values)))
    tukey = stats.tukey_hsd(*values)
    bounds = tukey.confidence_interval(LEVEL)
    contrasts = [
        Contrast(
            names[i], names[j], float(tukey.statistic[i, j]), float(bounds.low[i, j]),
            float(bounds.high[i, j]), float(tukey.pvalue[i, j]),
        )
        for i in range(len(names)) for j in range(i + 1, len(names))
    ]  # fmt: skip
    return Test("one-way ANOVA", float(f), degrees, float(p)), contrasts


def within(names: list[str], values: Values) -> Tested | None:
    """Repeated-measures ANOVA over people who judged every model, and paired t tests.

    Differences between models need not vary alike: the degrees of freedom are multiplied by
    Greenhouse and Geisser's estimate (1959), which is 1 where they do and for two models. Of the
    comparisons, p is Holm's and the intervals are Bonferroni's. None where all people see the same
    differences: there is nothing to test against.
    """
    from scipy import stats
    from statsmodels.stats.multitest import multipletests

    whole = values[~np.isnan(values).any(1)]
    people, models = whole.shape
    centred = whole - whole.mean(1, keepdims=True)
    means = centred.mean(0)
    left = centred - means
    if np.allclose(left, 0):
        return None
    first, second = models - 1.0, (models - 1.0) * (people - 1.0)
    f = float(people * (means**2).sum() / first / ((left**2).sum() / second))
    spread = left.T @ left
    epsilon = float(np.trace(spread) ** 2 / (first * (spread**2).sum()))
    degrees = (epsilon * first, epsilon * second)
    pairs = [(i, j) for i in range(models) for j in range(i + 1, models)]
    found = [_paired(whole[:, i] - whole[:, j], len(pairs)) for i, j in pairs]
    adjusted = np.asarray(multipletests([one[3] for one in found], method="holm")[1]).tolist()
    contrasts = [
        Contrast(names[i], names[j], *one[:3], q)
        for (i, j), one, q in zip(pairs, found, adjusted, strict=True)
    ]
    name = "repeated-measures ANOVA (Greenhouse–Geisser)"
    return Test(name, f, degrees, float(stats.f.sf(f, *degrees))), contrasts


def _paired(gap: Float[np.ndarray, " n"], tests: int) -> tuple[float, float, float, float]:
    """Mean difference with its interval, adjusted for so many tests, and its own p."""
    from scipy import stats

    mean, free = float(gap.mean()), len(gap) - 1
    if np.allclose(gap, mean):
        return mean, mean, mean, float(np.isclose(mean, 0))
    error = float(gap.std(ddof=1) / np.sqrt(len(gap)))
    reach = float(stats.t.isf((1 - LEVEL) / 2 / tests, free)) * error
    return mean, mean - reach, mean + reach, float(2 * stats.t.sf(abs(mean) / error, free))


def wins_of(
    people: Int[np.ndarray, " n"], first: Int[np.ndarray, " n"], second: Int[np.ndarray, " n"],
    count: int, models: int,
) -> Float[np.ndarray, "p m m"]:  # fmt: skip
    """Victories by participant: ``first`` was preferred to ``second``, decision by decision."""
    wins = np.zeros((count, models, models))
    np.add.at(wins, (people, first, second), 1.0)
    return wins
