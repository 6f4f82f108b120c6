"""What was measured becomes scores, each with its protocol."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from statistics import mean, stdev
from typing import NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor

from ganzoo import __version__
from ganzoo.bundle import MODEL, Bundle
from ganzoo.data import Dataset
from ganzoo.errors import MetricError
from ganzoo.evaluation.networks import FeatureNetwork
from ganzoo.evaluation.plan import Plan
from ganzoo.metrics import Better, Estimate, Metric, Sample
from ganzoo.record import Score

DIGITS = 6  # significant, of every number that is written down

Facts = dict[str, str | int | float | bool | None]
Found = dict[str, Estimate]


def division(dataset: Dataset) -> Facts:
    """How the pictures that nobody learned from were chosen, where no folder names them."""
    return {"held_out": dataset.drawn} if dataset.drawn else {}


def count_label(count: int) -> str:
    """``10k`` for 10,000, as names of scores say it."""
    return f"{count // 1000}k" if count % 1000 == 0 else str(count)


def weights_of(bundle: Bundle) -> dict[str, str]:
    """Whose pictures they are, and in which numbers they were painted."""
    return {
        "weights_sha256": bundle.config.sha256[MODEL],
        "precision": "float32",
        "ganzoo": __version__,
        "torch": str(torch.__version__),
    }


def score_name(kind: str, metric: Metric, network: FeatureNetwork, count: int) -> str:
    """``fid_mnist_cnn_10k``: what is measured, through which eye, on how many images."""
    parts = [kind, network.name] if metric.uses_network else [kind]
    return "_".join([*parts, count_label(count)])


def floor(left: Sample, right: Sample, metric: Metric, sides: str) -> Facts:
    """Real against real, or why that cannot be measured, for each of a metric's scores."""
    if not metric.measure:
        return {}
    try:
        found = metric.score(left, right)
    except MetricError as error:
        return {"real_vs_real_of": f"not measured: {error}"}
    values: Facts = {kind: rounded(found[kind].value) for kind in metric.yields}
    return {**values, "real_vs_real_of": sides}


@dataclass(frozen=True)
class Report:
    """Turns what was measured into scores that say how."""

    plan: Plan
    network: FeatureNetwork
    facts: Facts
    floors: Mapping[str, Facts]  # by metric

    def scores(self, chosen: Mapping[str, Metric], repeats: Sequence[Found]) -> Iterator[Score]:
        for name, metric in chosen.items():
            explained: Facts = {
                kind: rounded(mean(found[kind].value for found in repeats))
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
        halved = self.plan.bfloat16 and not metric.probe  # what asks a generator asks it in full
        eye: Facts = {
            "network": self.network.name,
            "network_sha256": self.network.sha256,
            "resize": self.network.resize,
            "precision": "bfloat16" if halved else "float32",
        }
        numbers = [summary.value, summary.deviation or 0.0]
        if not all(map(isfinite, numbers)):
            raise MetricError(f"{kind} is no number: {numbers[0]} ± {numbers[1]}")
        return Score(
            name=score_name(kind, metric, self.network, self.plan.count),
            value=rounded(summary.value),
            deviation=None if summary.deviation is None else rounded(summary.deviation),
            better=better,
            protocol={
                **(self._alone() if metric.alone else self.facts),
                "deviation_over": summary.over,
                **({summary.over: summary.parts} if summary.over and summary.parts else {}),
                **metric.protocol,
                **more,
                **(eye if metric.uses_network else {}),
                "ganzoo": __version__,
                "torch": str(torch.__version__),
            },
        )

    def _alone(self) -> Facts:
        """What says something of a generator that was asked by itself."""
        return {key: self.facts[key] for key in ("n_fake", "seed", "repeats")}

    def _floor(self, name: str, kind: str) -> Facts:
        floor = self.floors.get(name, {})
        if not floor:
            return {}
        return {"real_vs_real": floor.get(kind), "real_vs_real_of": floor["real_vs_real_of"]}


class _Summary(NamedTuple):
    value: float
    deviation: float | None
    over: str | None  # what the deviation is over
    parts: int | None = None


def _summary(estimates: Sequence[Estimate]) -> _Summary:
    values = [estimate.value for estimate in estimates]
    if len(values) > 1:
        return _Summary(mean(values), stdev(values), "repeats")
    value, deviation, over, parts = estimates[0]
    if deviation is None:
        return _Summary(value, None, None)
    return _Summary(value, deviation, over, parts)


def standard_error(values: Float[Tensor, " n"]) -> float | None:
    """Of their mean; of one value there is none."""
    if len(values) < 2:
        return None
    return rounded(float(values.double().std() / len(values) ** 0.5))


def rounded(value: float) -> float:
    return float(f"{value:.{DIGITS}g}")
