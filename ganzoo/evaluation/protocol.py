"""Scores with their protocol: nothing is measured here without saying how."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import mean, stdev
from tempfile import TemporaryDirectory
from typing import NamedTuple

import torch

from ganzoo import __version__, processor
from ganzoo.bundle import Bundle, Score
from ganzoo.errors import InputError, MetricError
from ganzoo.evaluation.extraction import sample, see
from ganzoo.evaluation.fakes import fakes, generator, probe
from ganzoo.evaluation.networks import FeatureNetwork
from ganzoo.evaluation.reals import Reals, Yardstick
from ganzoo.metrics import Better, Estimate, Metric, Sample, metrics

DEFAULT = (
    "fid",
    "kid",
    "precision_recall",
    "density_coverage",
    "inception_score",
    "modes",
    "ndb",
    "nearest",
    "sharpness",
)
DIGITS = 6  # significant, of every number that is written down

Facts = dict[str, str | int | float | bool | None]
Found = dict[str, Estimate]


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How to measure.

    Attributes:
        metrics: by name; None for all that fit the network.
        count: generated images, in each repeat; and real ones, if the data set has so many.
        repeats: each with other seeds. The score is their mean, beside their deviation.
        seed: of the first generated image, and of the choice of real ones.
        bfloat16: lets the feature network compute in half the bits.

    Raises:
        InputError: if a number is out of range, or bfloat16 would be emulated.
    """

    metrics: tuple[str, ...] | None = None
    count: int = 10_000
    repeats: int = 3
    seed: int = 0
    bfloat16: bool = False

    def __post_init__(self) -> None:
        if self.count < 2:
            raise InputError(f"a score needs at least 2 images; got {self.count}")
        if self.repeats < 1:
            raise InputError(f"a score needs at least 1 repeat; got {self.repeats}")
        if self.seed < 0:
            raise InputError(f"a seed is 0 or more; got {self.seed}")
        if self.bfloat16 and not processor.has_bfloat16():
            raise InputError("this processor has no units for bfloat16: it would only be slower")

    def chosen(self, network: FeatureNetwork) -> dict[str, Metric]:
        """The metrics, by name.

        Raises:
            UnknownNameError: if there is none of a name.
            MetricError: if one was asked for that needs a classifier, and the network is none.
        """
        if self.metrics is None:
            fitting = {name: metrics[name] for name in DEFAULT}
            return {n: m for n, m in fitting.items() if network.classes or not m.needs_classes}
        named = {name.replace("-", "_"): metrics[name] for name in self.metrics}
        for name, metric in named.items():
            if metric.needs_classes and not network.classes:
                raise MetricError(f"{name} needs a classifier, and {network.name} is none")
        return named


@dataclass(frozen=True)
class Progress:
    """Told as images pass: what they are, how many more were seen, of how many in all."""

    what: str
    more: int
    total: int


Tell = Callable[[Progress], None]


def evaluate(
    bundle: Bundle,
    yardstick: Yardstick,
    network: FeatureNetwork,
    plan: Plan,
    tell: Tell = lambda _: None,
) -> tuple[Score, ...]:
    """Scores of a bundle's generator.

    Raises:
        MetricError: if it cannot be judged: too few images, constant ones, NaN, other sizes.
    """
    chosen, recipe = plan.chosen(network), bundle.recipe
    painter = generator(bundle)
    reference = _see_reals(yardstick.reference, network, plan, tell)
    repeats: list[Found] = []
    with TemporaryDirectory(prefix="ganzoo-") as scratch:
        for repeat in range(plan.repeats):
            first, folder = plan.seed + repeat * plan.count, Path(scratch) / str(repeat)
            folder.mkdir()
            what = f"painting {repeat + 1}/{plan.repeats}"
            images = fakes(painter, recipe, plan.count, first)
            see(network, images, plan.count, folder, bfloat16=plan.bfloat16,
                tell=_teller(tell, what, plan.count))  # fmt: skip
            found = _compared(chosen, reference, sample(network, folder))
            for metric in chosen.values():
                if metric.probe:
                    found |= metric.probe(probe(painter, recipe, network), plan.count, first)
            repeats.append(found)
    facts: Facts = {
        "n_real": len(yardstick.reference),
        "n_fake": plan.count,
        "data": yardstick.reference.dataset.name,
        "split": yardstick.reference.split,
        "data_sha256": yardstick.reference.dataset.fingerprint,
        "seed": plan.seed,
        "repeats": plan.repeats,
    }
    left, right = (_see_reals(side, network, plan, tell) for side in yardstick.floor)
    sides = f"{yardstick.floor[0]} against {yardstick.floor[1]}"
    floors = {name: _floor(left, right, metric, sides) for name, metric in chosen.items()}
    return tuple(_Report(plan, network, facts, floors).scores(chosen, repeats))


def between(
    first: Reals, second: Reals, network: FeatureNetwork, plan: Plan, tell: Tell = lambda _: None
) -> tuple[Score, ...]:
    """Scores of the second set of pictures, as if it were generated to be like the first.

    Raises:
        MetricError: as :func:`evaluate`; also if a metric judges generators.
    """
    chosen = plan.chosen(network)
    if probing := [name for name, metric in chosen.items() if metric.probe]:
        raise MetricError(f"{', '.join(probing)} judges a generator, not its pictures")
    sides = [_see_reals(side, network, plan, tell) for side in (first, second)]
    facts: Facts = {
        "n_real": len(first),
        "n_fake": len(second),
        "data": first.dataset.name,
        "data_sha256": first.dataset.fingerprint,
        "against": second.dataset.name,
        "against_sha256": second.dataset.fingerprint,
        "seed": plan.seed,
        "repeats": 1,
    }
    report = _Report(replace(plan, count=len(second)), network, facts, {})
    return tuple(report.scores(chosen, [_compared(chosen, *sides)]))


def rank(score: Score) -> int:
    """The place of a score among a bundle's: the leading metric's first, others last."""
    order = [kind for name in DEFAULT for kind in metrics[name].yields]
    return next(
        (place for place, kind in enumerate(order) if score.name.startswith(f"{kind}_")), len(order)
    )


def count_label(count: int) -> str:
    """``10k`` for 10,000, as names of scores say it."""
    return f"{count // 1000}k" if count % 1000 == 0 else str(count)


def score_name(kind: str, metric: Metric, network: FeatureNetwork, count: int) -> str:
    """``fid_mnist_cnn_10k``: what is measured, through which eye, on how many images."""
    parts = [kind, network.name] if metric.uses_network else [kind]
    return "_".join([*parts, count_label(count)])


def _see_reals(reals: Reals, network: FeatureNetwork, plan: Plan, tell: Tell) -> Sample:
    what = f"looking at {reals.dataset.name} {reals}"
    return reals.seen(network, bfloat16=plan.bfloat16, tell=_teller(tell, what, len(reals)))


def _teller(tell: Tell, what: str, total: int) -> Callable[[int], None]:
    return lambda more: tell(Progress(what, more, total))


def _compared(chosen: Mapping[str, Metric], real: Sample, fake: Sample) -> Found:
    found: Found = {}
    for metric in chosen.values():
        if metric.measure:
            found |= metric.score(real, fake)
    return found


def _floor(left: Sample, right: Sample, metric: Metric, sides: str) -> Facts:
    """Real against real, or why that cannot be measured, for each of a metric's scores."""
    if not metric.measure:
        return {}
    try:
        found = metric.score(left, right)
    except MetricError as error:
        return {"real_vs_real_of": f"not measured: {error}"}
    values: Facts = {kind: _rounded(found[kind].value) for kind in metric.yields}
    return {**values, "real_vs_real_of": sides}


@dataclass(frozen=True)
class _Report:
    """Turns what was measured into scores that say how."""

    plan: Plan
    network: FeatureNetwork
    facts: Facts
    floors: Mapping[str, Facts]  # by metric

    def scores(self, chosen: Mapping[str, Metric], repeats: Sequence[Found]) -> Iterator[Score]:
        for name, metric in chosen.items():
            explained: Facts = {
                kind: _rounded(mean(found[kind].value for found in repeats))
                for kind in metric.explains
            }
            for kind, better in metric.yields.items():
                if kind in repeats[0]:
                    summary = _summary([found[kind] for found in repeats])
                    floor = self._floor(name, kind)
                    yield self._score(kind, better, metric, summary, {**floor, **explained})

    def _score(
        self, kind: str, better: Better, metric: Metric, summary: "_Summary", more: Facts
    ) -> Score:
        eye: Facts = {
            "network": self.network.name,
            "network_sha256": self.network.sha256,
            "resize": self.network.resize,
            "precision": "bfloat16" if self.plan.bfloat16 else "float32",
        }
        return Score(
            name=score_name(kind, metric, self.network, self.plan.count),
            value=_rounded(summary.value),
            deviation=None if summary.deviation is None else _rounded(summary.deviation),
            better=better,
            protocol={
                **self.facts,
                "deviation_over": summary.over,
                **more,
                **(eye if metric.uses_network else {}),
                "ganzoo": __version__,
                "torch": str(torch.__version__),
            },
        )

    def _floor(self, name: str, kind: str) -> Facts:
        floor = self.floors.get(name, {})
        if not floor:
            return {}
        return {"real_vs_real": floor.get(kind), "real_vs_real_of": floor["real_vs_real_of"]}


class _Summary(NamedTuple):
    value: float
    deviation: float | None
    over: str | None  # what the deviation is over


def _summary(estimates: Sequence[Estimate]) -> _Summary:
    values = [estimate.value for estimate in estimates]
    if len(values) > 1:
        return _Summary(mean(values), stdev(values), "repeats")
    deviation = estimates[0].deviation
    return _Summary(values[0], deviation, None if deviation is None else "parts of the sample")


def _rounded(value: float) -> float:
    return float(f"{value:.{DIGITS}g}")
