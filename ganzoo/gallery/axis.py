"""An axis of a drawing: where a number lies on it, and which numbers are written beside it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

STEPS = ((1,), (1, 2, 5), (1, 1.5, 2, 3, 4, 5, 6, 8))  # of a logarithmic axis, ever finer
ENOUGH = 4  # ticks


@dataclass(frozen=True)
class LogAxis:
    """A logarithmic scale between two places of the drawing."""

    low: float
    high: float
    start: float
    end: float

    @classmethod
    def over(cls, values: Sequence[float], start: float, end: float) -> "LogAxis":
        """With a tenth of its length to spare at both ends, and never shorter than a factor 2."""
        positive = [value for value in values if value > 0]
        low, high = math.log10(min(positive)), math.log10(max(positive))
        spare = max(0.1 * (high - low), (math.log10(2) - (high - low)) / 2, 0.02)
        return cls(low - spare, high + spare, start, end)

    def at(self, value: float) -> float:
        share = (math.log10(max(value, 10**self.low)) - self.low) / (self.high - self.low)
        return self.start + share * (self.end - self.start)

    @property
    def ticks(self) -> list[float]:
        """Round numbers: powers of ten, and finer steps where those are few."""
        powers = range(math.floor(self.low), math.ceil(self.high) + 1)
        inside: list[float] = []
        for steps in STEPS:
            found = [step * 10.0**power for power in powers for step in steps]
            inside = [tick for tick in found if self.low <= math.log10(tick) <= self.high]
            if len(inside) >= ENOUGH:
                break
        return inside


@dataclass(frozen=True)
class Axis:
    """An even scale between two places of the drawing."""

    low: float
    high: float
    start: float
    end: float

    @classmethod
    def over(cls, values: Sequence[float], start: float, end: float) -> "Axis":
        """From the least to the greatest value, or a tenth around the only one."""
        low, high = min(values), max(values)
        spare = 0.0 if high > low else abs(high) / 10 or 1.0
        return cls(low - spare, high + spare, start, end)

    def at(self, value: float) -> float:
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)

    @property
    def ticks(self) -> list[float]:
        """Round numbers, evenly apart: two to five of them."""
        raw = (self.high - self.low) / ENOUGH
        unit = 10.0 ** math.floor(math.log10(raw))
        step = next(unit * k for k in (1, 2, 5, 10) if unit * k >= raw)
        first, last = math.ceil(self.low / step), math.floor(self.high / step)
        return [round(k * step, 12) for k in range(first, last + 1)]
