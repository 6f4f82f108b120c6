"""What a run must remember besides the trainer's own state."""

import math
from dataclasses import dataclass, field
from typing import Any

from ganzoo.training.start import Start


@dataclass
class Diary:
    """Kept with the state, so that a run goes on where it stopped."""

    seconds: float = 0.0
    curve: list[dict[str, Any]] = field(default_factory=list)
    best_score: float = math.inf
    best_kimg: float = 0.0
    best: dict[str, Any] | None = None
    beginning: dict[str, Any] | None = None

    @classmethod
    def after(cls, start: Start) -> "Diary":
        """What a run remembers of the training that it begins with."""
        return cls(
            seconds=start.seconds,
            curve=[point.model_dump() for point in start.curve],
            beginning=start.record.model_dump(),
        )

    def content(self) -> dict[str, Any]:
        return dict(vars(self))
