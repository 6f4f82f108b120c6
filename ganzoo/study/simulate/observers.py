"""An observer of signal detection theory, with lapses, a speed, and a need for time.

evidence of being fake   e ~ N(-d/2, 1) for a real, N(d_m - d/2, 1) for a fake by model m
says "fake"              if e > c;  in a lapse, by lot
in a flash of t ms       right with probability 1/2 + 1/2 sigmoid((t - threshold) / slope)
of two models            prefers i to j with probability sigmoid(s_i - s_j)
reaction time            log-normal around its median
"""

import math
import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ganzoo.study.manifest import Stimulus


@dataclass(frozen=True)
class Observer:
    """What is known of a simulated participant.

    Attributes:
        d_prime: sensitivity d; to a model m that ``d_primes`` names, its own d_m.
        bias: above 0: inclined to say "real".
        lapse: share of answers given blindly.
        speed_ms: median reaction time.
        threshold_ms: exposure at which 75 % are right, in a timed study; slope in ms.
        strengths: log-strength of each model against the others.
    """

    d_prime: float = 1.0
    bias: float = 0.0
    lapse: float = 0.0
    speed_ms: float = 700.0
    threshold_ms: float = 300.0
    slope_ms: float = 80.0
    d_primes: Mapping[str, float] = field(default_factory=dict)
    strengths: Mapping[str, float] = field(default_factory=dict)

    def reaction(self, dice: random.Random) -> float:
        """A time to answer in, ms."""
        return self.speed_ms * math.exp(dice.gauss(0, 0.35))

    def answer(self, step: Mapping[str, Any], seen: Sequence[Stimulus], dice: random.Random) -> Any:
        """The answer to a trial, as the page would send it."""
        if step["check"]:
            return obey(step["check"])
        if step["kind"] == "pair":
            return self._choose(seen, dice)
        if step["kind"] == "grid":
            return [i for i, one in enumerate(seen) if self._calls_fake(one, dice)]
        if step["kind"] == "timed":
            return self._glimpse(seen[0], float(step["asks"]["exposure_ms"]), dice)
        return "fake" if self._calls_fake(seen[0], dice) else "real"

    def _evidence(self, one: Stimulus, dice: random.Random) -> float:
        mean = 0.0 if one.model is None else self.d_primes.get(one.model, self.d_prime)
        return dice.gauss(mean - self.d_prime / 2, 1)

    def _calls_fake(self, one: Stimulus, dice: random.Random) -> bool:
        if dice.random() < self.lapse:
            return dice.random() < 0.5
        return self._evidence(one, dice) > self.bias

    def _glimpse(self, one: Stimulus, exposure: float, dice: random.Random) -> str:
        right = 0.5 + 0.5 * _sigmoid((exposure - self.threshold_ms) / self.slope_ms)
        truly, otherwise = ("real", "fake") if one.real else ("fake", "real")
        return truly if dice.random() < right else otherwise

    def _choose(self, seen: Sequence[Stimulus], dice: random.Random) -> int:
        if dice.random() < self.lapse:
            return dice.randrange(2)
        if not any(one.real for one in seen):
            first, second = (self.strengths.get(one.model or "", 0.0) for one in seen)
            return 0 if dice.random() < _sigmoid(first - second) else 1
        evidence = [self._evidence(one, dice) for one in seen]
        return 0 if evidence[0] < evidence[1] else 1


def obey(sentence: str) -> Any:
    """The answer that an attention check asks for, read as a person would read it."""
    if found := re.search("answer “(real|fake)”", sentence):
        return found[1]
    if found := re.search(r"picture number (\d+)", sentence):
        return [int(found[1]) - 1]
    found = re.search("choose the (left|right)", sentence)
    return 0 if found and found[1] == "left" else 1


def _sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-max(-60.0, min(60.0, x))))
