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
    scores = np.full((len(kept), len(names)), np.nan)
    table = []
    for column, model in enumerate(names):
        mine = [
            _of_model(judged, model) if _met(person, model) else ([], [])
            for person, judged in zip(kept, rows, strict=True)
        ]
        told = _estimates(mine, resamples, design.seed)
        if told is None:
            continue
        row, scores[:, column] = told
        if design.protocol == "timed":
            row |= _exposures(kept, model, design, resamples)
        table.append({"model": model, **row, **_times(kept, rows, model)})
    return {"models": table, "accuracy": _accuracy(rows), **_tests(design, names, scores)}


def _painters(design: Design, kept: Sequence[Person]) -> list[str]:
    """The names under which the models' pictures are on record, in the design's order."""
    seen = {m: None for one in kept for a in one.main for _, m in a.slots if m is not None}
    by_name = [name.rstrip("/").split("/")[-1].split("@")[0] for name in design.stimuli.models]
    order = {name: i for i, name in enumerate(by_name)}
    return sorted(seen, key=lambda name: (order.get(name, len(order)), name))


def _met(person: Person, model: str) -> bool:
    return any(m == model for answer in person.main for _, m in answer.slots)


Mine = tuple[list[bool], list[bool]]  # of fakes, then of reals: whether each was taken for real


def _of_model(judged: Sequence[Judgement], model: str) -> Mine:
    said = [one for one in judged if one.said_real is not None]
    fakes = [bool(one.said_real) for one in said if one.model == model]
    return fakes, [bool(one.said_real) for one in said if one.real]


def _estimates(
    mine: Sequence[Mine], resamples: int, seed: int
) -> tuple[dict[str, Any], np.ndarray] | None:
    """One model's figures, and each participant's HYPE score of it in %."""
    values = np.full((len(mine), 5), np.nan)
    right = total = 0
    for i, (fakes, reals) in enumerate(mine):
        if not fakes or not reals:
            continue
        on_fakes, on_reals = np.mean(fakes), 1 - np.mean(reals)
        d_prime, bias = statistics.sensitivity(
            len(fakes) - sum(fakes), len(fakes), len(reals) - sum(reals), len(reals)
        )
        values[i] = (50 * (on_fakes + on_reals), 100 * on_fakes, 100 * on_reals, d_prime, bias)
        right += len(fakes) - sum(fakes) + sum(reals)
        total += len(fakes) + len(reals)
    count = int((~np.isnan(values[:, 0])).sum())
    if count < FEWEST:
        return None
    keys = ("hype", "error_fakes", "error_reals", "d_prime", "bias")
    found = dict(zip(keys, bootstrap(values, resamples, seed), strict=True))
    row = {
        "participants": count,
        **{key: _told(interval) for key, interval in found.items()},
        "accuracy": _told(statistics.share(right, total)),
        "judgements": total,
    }
    return row, values[:, 0]


def _exposures(
    kept: Sequence[Person], model: str, design: Design, resamples: int
) -> dict[str, Any]:
    """HYPE-time: of each block the modal exposure, of each participant the mean over blocks."""
    if design.assign == "within" and design.order == "mixed":
        return {}  # one staircase for all models says nothing of one
    values = []
    for person in kept:
        blocks: dict[int, list[float]] = {}
        for answer in person.main:
            if model in _models_of(person, answer.block):
                blocks.setdefault(answer.block, []).append(answer.asked["exposure_ms"])
        if blocks:
            values.append(np.mean([statistics.modal(block) for block in blocks.values()]))
    if len(values) < FEWEST:
        return {}
    (interval,) = bootstrap(np.asarray(values, float)[:, None], resamples, design.seed)
    return {"hype_time_ms": _told(interval)}


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


def _accuracy(rows: Sequence[Sequence[Judgement]]) -> dict[str, Any]:
    said = [one for judged in rows for one in judged if one.said_real is not None]
    if not said:
        return {}
    return _told(statistics.share(sum(one.said_real == one.real for one in said), len(said)))


def _tests(design: Design, names: list[str], scores: np.ndarray) -> dict[str, Any]:
    """Between models: ANOVA and comparisons, where there are enough people."""
    known = ~np.isnan(scores)
    if len(names) < 2:
        return {}
    if design.assign == "between":
        groups = {name: scores[known[:, i], i].tolist() for i, name in enumerate(names)}
        if any(len(group) < FEWEST for group in groups.values()):
            return {}
        test, contrasts = statistics.between(groups)
    else:
        if known.all(1).sum() < FEWEST:
            return {}
        test, contrasts = statistics.within(names, scores)
    return {"test": test._asdict(), "contrasts": [one._asdict() for one in contrasts]}


def _pairs(design: Design, kept: Sequence[Person], resamples: int) -> dict[str, Any]:
    """Pairs: how often each model's fake was taken for the real one, or beat another's."""
    if getattr(design.options, "against", "real") == "model":
        return _matches(design, kept, resamples)
    names = _painters(design, kept)
    values = np.full((len(kept), len(names)), np.nan)
    table = []
    for column, model in enumerate(names):
        fooled = total = 0
        for i, person in enumerate(kept):
            met = [a for a in person.main if a.judged and model in (m for _, m in a.slots)]
            if met:
                wrong = sum(answer.judged - answer.right for answer in met)
                values[i, column] = 100 * wrong / len(met)
                fooled, total = fooled + wrong, total + len(met)
        if (~np.isnan(values[:, column])).sum() < FEWEST:
            continue
        (interval,) = bootstrap(values[:, [column]], resamples, design.seed)
        table.append({
            "model": model,
            "participants": int((~np.isnan(values[:, column])).sum()),
            "fooled": _told(interval),
            "accuracy": _told(statistics.share(total - fooled, total)),
            "judgements": total,
        })  # fmt: skip
    return {"models": table, **_tests(design, names, values)}


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
