"""How to measure: which metrics, on how many images, from which seeds."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ganzoo import processor
from ganzoo.errors import InputError, MetricError
from ganzoo.evaluation.networks import FeatureNetwork
from ganzoo.metrics import Metric, metrics
from ganzoo.record import Score

MOST = 1_000_000  # images of one score
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
        if self.count > MOST:
            raise InputError(f"a score is of at most {MOST:,} images; got {self.count}")
        if self.repeats < 1:
            raise InputError(f"a score needs at least 1 repeat; got {self.repeats}")
        if self.seed < 0:
            raise InputError(f"a seed is 0 or more; got {self.seed}")
        if self.bfloat16 and not processor.has_bfloat16():
            raise InputError(
                "bfloat16 is no faster than float32 on this processor: it would only be less exact"
            )

    @property
    def alone(self) -> bool:
        """Whether a generator is all that is needed: no real images, and nobody's eye.

        Raises:
            UnknownNameError: if there is no metric of a name.
        """
        return bool(self.metrics) and all(metric.alone for metric in self._named().values())

    def chosen(
        self, network: FeatureNetwork, default: Sequence[str] = DEFAULT
    ) -> dict[str, Metric]:
        """The metrics, by name.

        Args:
            default: which, if the plan does not say.

        Raises:
            UnknownNameError: if there is none of a name.
            MetricError: if one was asked for that needs a classifier, and the network is none.
        """
        if self.metrics is None:
            fitting = {name: metrics[name] for name in default}
            return {n: m for n, m in fitting.items() if network.classes or not m.needs_classes}
        named = self._named()
        for name, metric in named.items():
            if metric.needs_classes and not network.classes:
                raise MetricError(f"{name} needs a classifier, and {network.name} is none")
        return named

    def _named(self) -> dict[str, Metric]:
        return {name.replace("-", "_"): metrics[name] for name in self.metrics or ()}


@dataclass(frozen=True)
class Progress:
    """Told as images pass: what they are, how many more were seen, of how many in all."""

    what: str
    more: int
    total: int


Tell = Callable[[Progress], None]


def rank(score: Score) -> int:
    """The place of a score among a bundle's: the leading metric's first, others last."""
    order = [kind for name in DEFAULT for kind in metrics[name].yields]
    return next(
        (place for place, kind in enumerate(order) if score.name.startswith(f"{kind}_")), len(order)
    )
