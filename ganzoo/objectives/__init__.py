"""One file per adversarial objective: pure functions of logits; no networks, no optimisers."""

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from ganzoo.papers import Paper
from ganzoo.registry import Folder
from ganzoo.shapes import Logits, Scalar


@runtime_checkable
class DiscriminatorLoss(Protocol):
    def __call__(self, real: Logits, fake: Logits, smoothing: float = 0.0) -> Scalar: ...


@runtime_checkable
class GeneratorLoss(Protocol):
    def __call__(self, fake: Logits) -> Scalar: ...


@dataclass(frozen=True, kw_only=True)
class Objective:
    """Both sides of the game, each minimised by its own player.

    Attributes:
        has_labels: whether reals and fakes have target labels, which one-sided label smoothing
            (Salimans 2016) can soften: a real's label becomes ``1 - smoothing``.
    """

    paper: Paper
    d_loss: DiscriminatorLoss
    g_loss: GeneratorLoss
    has_labels: bool = False


objectives: Folder[Objective] = Folder(__name__, Objective)
