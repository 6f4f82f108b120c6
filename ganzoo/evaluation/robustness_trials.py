"""Measures what is left of a classifier's accuracy as an attack's radius grows.

The attacked pictures are made in the network's own precision and judged in float32.

    bounded      accuracy under the attack at each radius. A picture that was fooled within a
                 smaller ball is fooled within a larger one, so those of attacks that look at the
                 whole ball (PGD, iterated FGSM) need not be asked again; the curves fall.
    minimal      one attack finds each picture's smallest change, and the curve is the share of
                 pictures whose change is longer than each radius.
    universal    one change, learned on 128 training pictures, tried on the test pictures.
    transfer     PGD pictures made for a sibling network.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import isfinite, sqrt
from typing import Any

import torch
from jaxtyping import Bool
from torch import Tensor

from ganzoo import __version__
from ganzoo.attacks import Goal, Norm, Victim, attack, attacks, undisturbed
from ganzoo.attacks.universal import UniversalOptions, perturbation
from ganzoo.bundle import MODEL, Bundle
from ganzoo.data import Dataset
from ganzoo.errors import MetricError
from ganzoo.evaluation.robustness import Curve, Robustness
from ganzoo.explore.fooled import victim
from ganzoo.shapes import Labels, Pixels, Verdicts

CHUNK = 64  # pictures attacked at once: their activations fit a cache
LESSONS = 128  # training pictures that a universal change is learned on
NESTED = ("ifgsm", "pgd")
Tell = Callable[[str, int, int], None]  # what, how many more pictures, of how many


@dataclass(frozen=True)
class Trial:
    """One attack, to be tried at several radii.

    Attributes:
        share: of the pictures that the others see, for attacks that take long.
    """

    attack: str
    norm: Norm
    epsilon: tuple[float, ...]
    options: tuple[tuple[str, Any], ...] = ()
    share: float = 1.0
    transfer: bool = False


def trials(radius: float, size: int) -> tuple[Trial, ...]:
    """What every classifier goes through, up to twice the radius that is usual for its data.

    Args:
        size: numbers in a picture, from which the Euclidean radii follow: a change that is epsilon
            in a sixteenth of the pixels is as long as one of sqrt(size) / 4 * epsilon.
    """
    linf = tuple(round(radius * share, 6) for share in (0.0, 0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0))
    longer = sqrt(size) / 4
    l2 = tuple(round(longer * epsilon, 4) for epsilon in linf)
    usual = longer * radius  # Carlini and Wagner weigh the margin against its square
    search = (
        ("rounds", 5),
        ("steps", 100),
        ("lr", round(usual / 40, 4)),
        ("c", round(usual**2, 2)),
    )
    return (
        Trial("fgsm", "linf", linf),
        Trial("ifgsm", "linf", linf, (("steps", 10),)),
        Trial("pgd", "linf", linf, (("steps", 20),)),
        Trial("pgd", "linf", linf, (("steps", 10),), transfer=True),
        Trial("universal", "linf", linf, (("steps", 15),)),
        Trial("smallest_fgsm", "linf", linf, (("most", linf[-1]),)),
        Trial("pgd", "l2", l2, (("steps", 20),)),
        Trial("deepfool", "l2", l2),
        Trial("carlini_wagner", "l2", l2, search, share=0.1),
    )


def measure(
    bundle: Bundle,
    test: Dataset,
    train: Dataset,
    plan: tuple[Trial, ...],
    *,
    count: int,
    seed: int = 0,
    sibling: Bundle | None = None,
    split: str = "test",
    tell: Tell = lambda *_: None,
) -> Robustness:
    """Every curve of a classifier, on ``count`` test pictures drawn by ``seed``.

    Args:
        split: what the pictures are, where a source keeps no test pictures apart.
        train: what universal changes are learned on.
        sibling: for whom transferred pictures are made; none without it.

    Raises:
        MetricError: if the pictures have no labels, or are fewer than ``count``.
    """
    image, y = drawn(test, count, seed)
    learned = drawn(train, min(LESSONS, len(train)), seed)
    subject = victim(bundle)
    curves = []
    for trial in plan:
        if trial.transfer and sibling is None:
            continue
        some = max(1, round(trial.share * count))
        maker = sibling if trial.transfer else None
        run = _Run(subject, trial, image[:some], y[:some], seed, tell, maker and victim(maker))
        curves.append(
            Curve(
                attack=trial.attack,
                norm=trial.norm,
                options=dict(trial.options),
                count=some,
                epsilon=trial.epsilon,
                crafted_on=maker.name if maker else None,
                crafted_on_sha256=maker.config.sha256[MODEL] if maker else None,
                **run.found(learned),
            )
        )
    return Robustness(
        network=bundle.name,
        network_sha256=bundle.config.sha256[MODEL],
        data=test.name,
        data_sha256=test.fingerprint,
        split=split,
        seed=seed,
        ganzoo=__version__,
        torch=str(torch.__version__),
        curves=tuple(curves),
    )


def drawn(dataset: Dataset, count: int, seed: int) -> tuple[Pixels, Labels]:
    """Some pictures in [0, 1] with their labels, drawn without replacement.

    Raises:
        MetricError: if there are no labels, or too few pictures.
    """
    if dataset.labels is None:
        raise MetricError(f"{dataset.name} has no labels: nobody can tell whether it is fooled")
    if not 1 <= count <= len(dataset):
        raise MetricError(
            f"{dataset.name} has 1 to {len(dataset):,} pictures to attack; got {count}"
        )
    order = torch.randperm(len(dataset), generator=torch.Generator().manual_seed(seed))
    rows = order[:count].numpy()
    return (dataset.images(rows) + 1) / 2, torch.from_numpy(dataset.labels[rows])


@dataclass(frozen=True)
class _Run:
    victim: Victim
    trial: Trial
    image: Pixels
    y: Labels
    seed: int
    tell: Tell
    crafted_on: Victim | None = None

    def found(self, learned: tuple[Pixels, Labels]) -> dict[str, Any]:
        """Accuracy at each radius of the trial; and how long the smallest changes are."""
        if self.trial.attack == "universal":
            shares = [self._universal(epsilon, *learned) for epsilon in self.trial.epsilon]
            return {"accuracy": _rounded(shares)}
        if not attacks[self.trial.attack].minimal:
            return {"accuracy": _rounded(self._bounded())}
        length = self._lengths()
        shares = [(length > epsilon).float().mean().item() for epsilon in self.trial.epsilon]
        median = length.median().item()
        return {
            "accuracy": _rounded(shares),
            "median": round(median, 6) if isfinite(median) else None,
        }

    def _bounded(self) -> list[float]:
        right = torch.ones(len(self.y), dtype=torch.bool)
        shares = []
        for epsilon in self.trial.epsilon:
            nested = self.trial.attack in NESTED and self.crafted_on is None
            asked = right.nonzero()[:, 0] if nested else torch.arange(len(self.y))
            right = right.clone() if nested else torch.zeros_like(right)
            right[asked] = self._right(asked, epsilon)
            shares.append(right.float().mean().item())
        return shares

    def _right(self, rows: Tensor, epsilon: float) -> Bool[Tensor, " some"]:
        """Which of some pictures are still named right."""
        parts = [torch.zeros(0, dtype=torch.bool)]
        for part in rows.split(CHUNK) if len(rows) else ():
            done = self._attack(part, epsilon=epsilon)
            parts.append(done.after.argmax(1) == self.y[part])
            self.tell(self._what, len(part), len(self.y) * len(self.trial.epsilon))
        return torch.cat(parts)

    def _lengths(self) -> Verdicts:
        """Of each picture's smallest change; infinite where none was found."""
        lengths = []
        for part in torch.arange(len(self.y)).split(CHUNK):
            done = self._attack(part)
            found = torch.where(done.reached, done.length(self.trial.norm), torch.inf)
            lengths.append(found)
            self.tell(self._what, len(part), len(self.y))
        return torch.cat(lengths)

    def _universal(self, epsilon: float, image: Pixels, y: Labels) -> float:
        options = UniversalOptions.read(
            {**dict(self.trial.options), "epsilon": epsilon, "norm": self.trial.norm}, "universal"
        )
        with undisturbed(self.victim.network), torch.no_grad():
            change = 0 * image[:1]
            if epsilon:
                change = perturbation(self.victim, image, Goal(y), options)
            parts = self.image.split(CHUNK)
            named = [self.victim(self.victim.clip(part + change)).argmax(1) for part in parts]
        self.tell(self._what, len(self.y), len(self.y) * len(self.trial.epsilon))
        return (torch.cat(named) == self.y).float().mean().item()

    def _attack(self, rows: Tensor, **options: Any) -> Any:
        return attack(
            self.trial.attack,
            self.victim,
            self.image[rows],
            self.y[rows],
            crafted_on=self.crafted_on,
            norm=self.trial.norm,
            seed=self.seed,
            **dict(self.trial.options),
            **options,
        )

    @property
    def _what(self) -> str:
        how = f"{self.trial.attack} {self.trial.norm}"
        return f"{how} transferred" if self.crafted_on else how


def _rounded(shares: list[float]) -> tuple[float, ...]:
    return tuple(round(share, 6) for share in shares)
