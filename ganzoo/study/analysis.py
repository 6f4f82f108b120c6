"""From the store to results: whoever is left out as pre-registered, every figure with its interval.

What is computed is in :mod:`ganzoo.study.statistics`; here it meets the design.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from ganzoo import __version__
from ganzoo.study import statistics
from ganzoo.study.design import Design
from ganzoo.study.protocols import protocols
from ganzoo.study.records import Judgement, Person, judgements, people
from ganzoo.study.statistics import RESAMPLES, Interval, bootstrap
from ganzoo.study.store import Store

FEWEST = 2  # participants for an interval, and per model for a test


def analyse(store: Store, design: Design, resamples: int = RESAMPLES) -> dict[str, Any]:
    """All results of a study, as plain data.

    Args:
        resamples: of the bootstrap over participants.
    """
    everyone = people(store, design)
    kept = [one for one in everyone if not one.excluded and one.main]
    results: dict[str, Any] = {
        "study": design.name,
        "protocol": design.protocol,
        "protocol_version": protocols[design.protocol].version,
        "ganzoo": __version__,
        "design": design.digest,
        "feedback": design.feedback,
        "share_real": design.share_real,
        "options": design.options.model_dump(mode="json"),
        "resamples": resamples,
        "people": _counts(everyone, kept),
        "exclusions": _exclusions(everyone),
    }
    if not kept:
        return results | {"models": []}
    if design.protocol == "pair":
        return results | _pairs(design, kept, resamples)
    return results | _singles(design, kept, resamples)


def _counts(everyone: Sequence[Person], kept: Sequence[Person]) -> dict[str, int]:
    return {
        "came": len(everyone),
        "consented": sum(one.event("consent") is not None for one in everyone),
        "finished": sum(one.finished for one in everyone),
        "analysed": len(kept),
    }


def _exclusions(everyone: Sequence[Person]) -> dict[str, int]:
    rules = [rule for one in everyone for rule in one.excluded]
    return {rule: rules.count(rule) for rule in dict.fromkeys(rules)}


def _singles(design: Design, kept: Sequence[Person], resamples: int) -> dict[str, Any]:
    """Pictures judged one by one (or in a grid): errors, HYPE, d', times."""
    names = _painters(design, kept)
    rows = [judgements(design, person.main) for person in kept]
    measure = _measure(design)
    scores = np.full((len(kept), len(names)), np.nan)
    table = []
    for column, model in enumerate(names):
        mine = [
            _of_model(judged, model, design) if _met(person, model) else ([], [])
            for person, judged in zip(kept, rows, strict=True)
        ]
        values = _values(mine)
        if (told := _estimates(values, mine, design, resamples)) is None:
            continue
        scores[:, column] = values[:, 0]
        if measure == "hype_time_ms":
            scores[:, column] = times = _exposures(kept, model)
            told["hype_time_ms"] = _interval(times, resamples, design.seed)
        table.append({"model": model, **told, **_times(kept, rows, model)})
    return {
        "models": table,
        "accuracy": _accuracy(rows, resamples, design.seed),
        **_tests(design, names, scores, measure),
    }


def _measure(design: Design) -> str:
    """By which figure the models are compared: HYPE-time's is the exposure at which its staircase
    stays, and not the share of errors, which the staircase holds."""
    if design.protocol != "timed":
        return "hype"
    mixed = design.assign == "within" and design.order == "mixed"
    # One staircase for all models says nothing of one.
    return "error" if mixed or getattr(design.options, "fixed", False) else "hype_time_ms"


def _painters(design: Design, kept: Sequence[Person]) -> list[str]:
    """The names under which the models' pictures are on record, in the design's order."""
    seen = {m: None for one in kept for a in one.main for _, m in a.slots if m is not None}
    by_name = [name.rstrip("/").split("/")[-1].split("@")[0] for name in design.stimuli.models]
    order = {name: i for i, name in enumerate(by_name)}
    return sorted(seen, key=lambda name: (order.get(name, len(order)), name))


def _met(person: Person, model: str) -> bool:
    return any(m == model for answer in person.main for _, m in answer.slots)


Mine = tuple[list[bool], list[bool]]  # of fakes, then of reals: whether each was taken for real


def _of_model(judged: Sequence[Judgement], model: str, design: Design) -> Mine:
    """In a model's own blocks, if it has some: people may judge otherwise from block to block."""
    said = [one for one in judged if one.said_real is not None]
    fakes = [one for one in said if one.model == model]
    reals = [one for one in said if one.real]
    if design.order == "blocked":
        own = {one.answer.block for one in fakes}
        reals = [one for one in reals if one.answer.block in own]
    return [bool(one.said_real) for one in fakes], [bool(one.said_real) for one in reals]


def _values(mine: Sequence[Mine]) -> np.ndarray:
    """Each participant's mean error in %, on fakes, on reals, d', bias and share of right answers;
    of who did not judge both kinds, none."""
    values = np.full((len(mine), 6), np.nan)
    for i, (fakes, reals) in enumerate(mine):
        if not fakes or not reals:
            continue
        on_fakes, on_reals = np.mean(fakes), 1 - np.mean(reals)
        d_prime, bias = statistics.sensitivity(
            len(fakes) - sum(fakes), len(fakes), len(reals) - sum(reals), len(reals)
        )
        right = len(fakes) - sum(fakes) + sum(reals)
        values[i] = (
            50 * (on_fakes + on_reals), 100 * on_fakes, 100 * on_reals, d_prime, bias,
            right / (len(fakes) + len(reals)),
        )  # fmt: skip
    return values


def _estimates(
    values: np.ndarray, mine: Sequence[Mine], design: Design, resamples: int
) -> dict[str, Any] | None:
    """One model's figures; None if too few participants judged it."""
    known = ~np.isnan(values[:, 0])
    if known.sum() < FEWEST:
        return None
    # HYPE-infinity is what people say who have all the time they want.
    wrong = "error" if design.protocol == "timed" else "hype"
    keys = (wrong, "error_fakes", "error_reals", "d_prime", "bias", "accuracy")
    found = dict(zip(keys, bootstrap(values, resamples, design.seed), strict=True))
    return {
        "participants": int(known.sum()),
        **{key: _told(interval) for key, interval in found.items()},
        "judgements": sum(
            len(fakes) + len(reals) for (fakes, reals), one in zip(mine, known, strict=True) if one
        ),
    }


def _interval(values: np.ndarray, resamples: int, seed: int) -> dict[str, float]:
    (interval,) = bootstrap(values[:, None], resamples, seed)
    return _told(interval)


def _exposures(kept: Sequence[Person], model: str) -> np.ndarray:
    """HYPE-time: of each block the modal exposure, of each participant the mean over blocks."""
    values = np.full(len(kept), np.nan)
    for i, person in enumerate(kept):
        blocks: dict[int, list[float]] = {}
        for answer in person.main:
            if model in _models_of(person, answer.block):
                blocks.setdefault(answer.block, []).append(answer.asked["exposure_ms"])
        if blocks:
            values[i] = np.mean([statistics.modal(block) for block in blocks.values()])
    return values


def _models_of(person: Person, block: int) -> set[str]:
    answers = (answer for answer in person.main if answer.block == block)
    return {m for answer in answers for _, m in answer.slots if m is not None}


def _times(
    kept: Sequence[Person], rows: Sequence[Sequence[Judgement]], model: str
) -> dict[str, Any]:
    times = [
        one.answer.rt_ms
        for judged in rows
        for one in judged
        if one.model == model and one.answer.rt_ms is not None
    ]
    if not times:
        return {}
    low, middle, high = np.percentile(times, [25, 50, 75])
    return {"rt_ms": {"median": middle, "q1": low, "q3": high}}


def _accuracy(rows: Sequence[Sequence[Judgement]], resamples: int, seed: int) -> dict[str, float]:
    """Over all models: the mean over participants of their share of right answers."""
    said = [[one for one in judged if one.said_real is not None] for judged in rows]
    shares = [np.mean([one.said_real == one.real for one in each]) for each in said if each]
    return _interval(np.asarray(shares), resamples, seed) if len(shares) >= FEWEST else {}


def _tests(design: Design, names: list[str], scores: np.ndarray, measure: str) -> dict[str, Any]:
    """Between models: ANOVA and comparisons, where there are enough people."""
    known = ~np.isnan(scores)
    if len(names) < 2:
        return {}
    if design.assign == "between":
        groups = {name: scores[known[:, i], i].tolist() for i, name in enumerate(names)}
        if any(len(group) < FEWEST for group in groups.values()):
            return {}
        found = statistics.between(groups)
    else:
        if known.all(1).sum() < FEWEST:
            return {}
        found = statistics.within(names, scores)
    if found is None:
        return {}
    test, contrasts = found
    return {
        "test": {"measure": measure, **test._asdict()},
        "contrasts": [one._asdict() for one in contrasts],
    }


def _pairs(design: Design, kept: Sequence[Person], resamples: int) -> dict[str, Any]:
    """Pairs: how often each model's fake was taken for the real one, or beat another's."""
    if getattr(design.options, "against", "real") == "model":
        return _matches(design, kept, resamples)
    names = _painters(design, kept)
    values = np.full((len(kept), len(names)), np.nan)
    table = []
    for column, model in enumerate(names):
        total = 0
        for i, person in enumerate(kept):
            met = [a for a in person.main if a.judged and model in (m for _, m in a.slots)]
            if met:
                wrong = sum(answer.judged - answer.right for answer in met)
                values[i, column] = 100 * wrong / len(met)
                total += len(met)
        if (~np.isnan(values[:, column])).sum() < FEWEST:
            continue
        table.append({
            "model": model,
            "participants": int((~np.isnan(values[:, column])).sum()),
            "fooled": _interval(values[:, column], resamples, design.seed),
            "accuracy": _interval(1 - values[:, column] / 100, resamples, design.seed),
            "judgements": total,
        })  # fmt: skip
    return {"models": table, **_tests(design, names, values, "fooled")}


def _matches(design: Design, kept: Sequence[Person], resamples: int) -> dict[str, Any]:
    names = _painters(design, kept)
    place = {name: i for i, name in enumerate(names)}
    who, won, lost = [], [], []
    for i, person in enumerate(kept):
        for answer in person.main:
            models = [model for _, model in answer.slots]
            if answer.answer in (0, 1) and None not in models:
                who.append(i)
                won.append(place[models[answer.answer]])  # type: ignore[index]
                lost.append(place[models[1 - answer.answer]])  # type: ignore[index]
    if len(kept) < FEWEST or not who:
        return {"models": []}
    wins = statistics.wins_of(
        np.asarray(who), np.asarray(won), np.asarray(lost), len(kept), len(names)
    )
    strengths = statistics.bradley_terry_intervals(wins, resamples, design.seed)
    total = wins.sum(0)
    table = [
        {
            "model": name,
            "participants": len(kept),
            "strength": _told(strengths[i]),
            "won": int(total[i].sum()),
            "judgements": int(total[i].sum() + total[:, i].sum()),
        }
        for i, name in enumerate(names)
    ]
    return {"models": table, "wins": {"models": names, "matrix": total.astype(int).tolist()}}


def _told(interval: Interval) -> dict[str, float]:
    return interval._asdict()
