"""Scores of several bundles side by side, wherever the same protocol made them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from ganzoo.bundle import Bundle
from ganzoo.evaluation.confidence import alike
from ganzoo.evaluation.wording import plain
from ganzoo.metrics import metrics
from ganzoo.record import Score

CONDITIONS = (
    "n_real",
    "n_fake",
    "data",
    "split",
    "data_sha256",
    "network_sha256",
    "classifier_sha256",
    "resize",
    "precision",
    "cross_term",
    "seed",
    "repeats",
    "steps",
    "processor",
    "threads",
)  # what must be equal for two numbers to compare; library versions may differ

Conditions = tuple[tuple[str, object], ...]


@dataclass(frozen=True)
class Column:
    """Scores of one name that one protocol made, by bundle.

    Attributes:
        title: the score's name; where several protocols bear it, with what sets this one apart.
    """

    title: str
    scores: dict[str, Score]

    @property
    def words(self) -> str:
        """What it measures, in plain English."""
        return plain(next(iter(self.scores.values())).name)

    @property
    def better(self) -> str:
        return next(iter(self.scores.values())).better

    @property
    def best(self) -> str:
        """The bundle that leads."""
        pick = min if self.better == "lower" else max
        return pick(self.scores, key=lambda name: self.scores[name].value)

    def tied(self, name: str) -> bool:
        """Whether this bundle cannot be told from the best one (:func:`confidence.alike`)."""
        return name == self.best or name in self._alike

    @cached_property
    def _alike(self) -> set[str]:
        others = {name: score for name, score in self.scores.items() if name != self.best}
        return alike(self.scores[self.best], others)


def conditions(score: Score) -> Conditions:
    """What makes a score comparable with another of its name.

    The weights of the network that looks must be the same; where none is named, as in an accuracy,
    the network is the one that is judged. So must the seed that chose some of the real pictures,
    since another choice moves a distance by as much as its deviation; where they are all of their
    split, or none were asked for, any seed will do.
    """
    told = dict(score.protocol)
    if told.get("n_real") == told.get("n_split"):
        told.pop("seed", None)
    if "network" not in told:
        told.pop("network_sha256", None)
    return tuple((key, told.get(key)) for key in CONDITIONS)


def columns(bundles: Iterable[Bundle], kinds: Sequence[str] = ()) -> list[Column]:
    """Every score that some bundle has, one column per protocol, in the order they are met.

    Args:
        kinds: beginnings of names to keep, such as ``fid``, or metrics; all if there are none.
    """
    found: dict[tuple[str, Conditions], dict[str, Score]] = {}
    for bundle in bundles:
        for score in bundle.config.metrics:
            if not kinds or any(_is(score.name, kind) for kind in kinds):
                found.setdefault((score.name, conditions(score)), {})[bundle.name] = score
    return [
        Column(_title(name, mine, [other for same, other in found if same == name]), scores)
        for (name, mine), scores in found.items()
    ]


def _is(name: str, kind: str) -> bool:
    """Whether a score is of a kind: the beginning of its name, or the metric that yields it."""
    kind = kind.replace("-", "_")
    kinds = (kind, *(metrics[kind].yields if kind in metrics else ()))
    return any(name == one or name.startswith(f"{one}_") for one in kinds)


def _title(name: str, mine: Conditions, all_of_name: Sequence[Conditions]) -> str:
    told = [
        f"{key} {str(value)[:12]}"
        for key, value in mine
        if any(dict(other)[key] != value for other in all_of_name)
    ]
    return f"{name} ({', '.join(told)})" if told else name
