"""The statistics of judgements: pure functions of numbers.

error on fakes   share of fakes called real          error on reals   share of reals called fake
HYPE-infinity    mean of the two, in %: 50 is chance, more is hyper-real
d'               z(H) - z(F)        H: fakes called fake, F: reals called fake
bias        -(z(H) + z(F))/2   above 0: inclined to say "real"
HYPE-time        modal exposure of a staircase, mean over blocks, in ms
Bradley-Terry    P(i beats j) = p_i / (p_i + p_j)
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Int
from scipy.special import ndtri

from ganzoo.shares import wilson

RESAMPLES = 10_000  # HYPE's
AT_ONCE = 2**22  # numbers drawn together
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


def share(successes: int, count: int) -> Interval:
    """A share with its 95 % score interval."""
    return Interval(successes / count, *wilson(successes, count))


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
    wins: Float[np.ndarray, "*r m m"], prior: float = 0.1, steps: int = 500
) -> Float[np.ndarray, "*r m"]:
    """Log-strengths with mean 0, by Hunter's minorise-maximise steps (2004).

    Args:
        wins: how often ``i`` (row) beat ``j`` (column); leading axes are separate problems.
        prior: victories each way added to every pair, so that who never lost is not infinite.
    """
    count = wins.shape[-1]
    played = wins + prior * (1 - np.eye(count))
    total = played + np.swapaxes(played, -1, -2)
    won = played.sum(-1)
    strength = np.ones(wins.shape[:-1])
    for _ in range(steps):
        pairs = strength[..., :, None] + strength[..., None, :]
        strength = won / (total / pairs).sum(-1)
        strength /= np.exp(np.log(strength).mean(-1, keepdims=True))
    return np.log(strength)


def bradley_terry_intervals(
    wins: Float[np.ndarray, "n m m"], resamples: int = RESAMPLES, seed: int = 0
) -> list[Interval]:
    """Log-strengths, with 95 % intervals over resampled participants (the first axis)."""
    count, models = len(wins), wins.shape[-1]
    dice = np.random.default_rng(seed)
    times = dice.multinomial(count, np.full(count, 1 / count), size=resamples)
    drawn = (times @ wins.reshape(count, -1)).reshape(-1, models, models)
    low, high = np.percentile(bradley_terry(drawn, steps=100), [2.5, 97.5], axis=0)
    values = bradley_terry(wins.sum(0))
    return [Interval(*map(float, one)) for one in zip(values, low, high, strict=True)]


class Test(NamedTuple):
    """A test between all models."""

    name: str
    statistic: float
    df: tuple[float, float]
    p: float


class Contrast(NamedTuple):
    """Two models compared; ``p`` is adjusted for all comparisons."""

    first: str
    second: str
    difference: float
    low: float
    high: float
    p: float


def between(groups: dict[str, Sequence[float]]) -> tuple[Test, list[Contrast]]:
    """One-way ANOVA between models that different people judged, and Tukey's comparisons."""
    from scipy import stats

    names, values = list(groups), [np.asarray(one, float) for one in groups.values()]
    f, p = stats.f_oneway(*values)
    degrees = (len(values) - 1.0, float(sum(map(len, values)) - len(values)))
    tukey = stats.tukey_hsd(*values)
    bounds = tukey.confidence_interval(0.95)
    contrasts = [
        Contrast(
            names[i], names[j], float(tukey.statistic[i, j]), float(bounds.low[i, j]),
            float(bounds.high[i, j]), float(tukey.pvalue[i, j]),
        )
        for i in range(len(names)) for j in range(i + 1, len(names))
    ]  # fmt: skip
    return Test("one-way ANOVA", float(f), degrees, float(p)), contrasts


def within(names: list[str], values: Values) -> tuple[Test, list[Contrast]]:
    """Repeated-measures ANOVA over people who judged every model, and paired t tests (Holm)."""
    import pandas as pd
    from scipy import stats
    from statsmodels.stats.anova import AnovaRM
    from statsmodels.stats.multitest import multipletests

    whole = values[~np.isnan(values).any(1)]
    rows = [
        {"person": i, "model": names[j], "score": whole[i, j]}
        for i in range(len(whole)) for j in range(len(names))
    ]  # fmt: skip
    table = AnovaRM(pd.DataFrame(rows), "score", "person", within=["model"]).fit().anova_table
    f, first, second, p = (float(table[key].iloc[0]) for key in table.columns)
    pairs = [(i, j) for i in range(len(names)) for j in range(i + 1, len(names))]
    tests = [stats.ttest_rel(whole[:, i], whole[:, j]) for i, j in pairs]
    adjusted = np.asarray(multipletests([test.pvalue for test in tests], method="holm")[1])
    contrasts = []
    for (i, j), test, q in zip(pairs, tests, adjusted.tolist(), strict=True):
        bounds = test.confidence_interval(0.95)
        mean = float((whole[:, i] - whole[:, j]).mean())
        contrasts.append(
            Contrast(names[i], names[j], mean, float(bounds.low), float(bounds.high), q)
        )
    return Test("repeated-measures ANOVA", f, (first, second), p), contrasts


def wins_of(
    people: Int[np.ndarray, " n"], first: Int[np.ndarray, " n"], second: Int[np.ndarray, " n"],
    count: int, models: int,
) -> Float[np.ndarray, "p m m"]:  # fmt: skip
    """Victories by participant: ``first`` was preferred to ``second``, decision by decision."""
    wins = np.zeros((count, models, models))
    np.add.at(wins, (people, first, second), 1.0)
    return wins
