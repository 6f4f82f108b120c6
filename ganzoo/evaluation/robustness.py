"""What a robustness curve is, how it is kept beside its weights, and what a card says of it.

How accuracy falls as an attack's radius grows. Every curve of a classifier is measured on the same
test pictures, and says which, how many, and how.
"""

from math import sqrt
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from ganzoo.attacks import Norm, attacks
from ganzoo.bundle import Bundle
from ganzoo.evaluation import beside
from ganzoo.record import Score

FILE = "robustness.json"
SCORE = "robust_accuracy"


class Curve(BaseModel):
    """Accuracy at each radius of one attack."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    attack: str
    norm: Norm
    options: dict[str, Any]
    count: int
    epsilon: tuple[float, ...]
    accuracy: tuple[float, ...]
    median: float | None = None  # length of the smallest change, of an attack that finds it
    crafted_on: str | None = None  # another bundle, by name
    crafted_on_sha256: str | None = None

    @property
    def title(self) -> str:
        """As it is called in a legend."""
        name = attacks[self.attack].paper.nickname
        return f"{name} made for {self.crafted_on}" if self.crafted_on else name

    @property
    def usual(self) -> int:
        """Where the radius stands that is usual for the data: half of the largest, but rounded."""
        half = self.epsilon[-1] / 2
        return min(range(len(self.epsilon)), key=lambda i: abs(self.epsilon[i] - half))


class Robustness(beside.Finding):
    """Every curve of one classifier, and the protocol that they share."""

    network: str
    data: str
    data_sha256: str
    split: str
    seed: int
    ganzoo: str
    torch: str
    curves: tuple[Curve, ...]


def write(bundle: Bundle, found: Robustness) -> Path:
    """Keeps the curves beside the weights that they were measured on."""
    return beside.write(bundle, FILE, found)


def load(bundle: Bundle) -> Robustness | None:
    """A bundle's curves; None if there are none, or they were measured on other weights.

    Raises:
        BundleError: if the file is damaged.
    """
    return beside.load(bundle, FILE, Robustness, "robustness curves")


def scores(found: Robustness, radius: float) -> tuple[Score, ...]:
    """What goes on the card: accuracy under PGD at the radius that is usual for the data."""
    made = []
    for curve in found.curves:
        if curve.attack == "pgd" and curve.norm == "linf" and curve.crafted_on is None:
            at = curve.epsilon.index(min(curve.epsilon, key=lambda e: abs(e - radius)))
            share = curve.accuracy[at]
            made.append(
                Score(
                    name=f"{SCORE}_pgd_{curve.epsilon[at]:.3g}_{found.split}",
                    value=share,
                    deviation=round(sqrt(share * (1 - share) / curve.count), 6),
                    better="higher",
                    protocol={
                        "n_real": curve.count,
                        "data": found.data,
                        "split": found.split,
                        "data_sha256": found.data_sha256,
                        "seed": found.seed,
                        "attack": "pgd",
                        "norm": curve.norm,
                        "epsilon": curve.epsilon[at],
                        **curve.options,
                        "deviation_over": "images",
                        "network_sha256": found.network_sha256,
                        "precision": "float32",
                        "ganzoo": found.ganzoo,
                        "torch": found.torch,
                    },
                )
            )
    return tuple(made)
