"""Two pictures, which one is real: two-alternative forced choice (Isola et al. 2017,
arXiv:1611.07004).

    real | fake, 1 s ──▶ left / right        fooled = share that took the fake for the real one
    fake | fake         ──▶ left / right        model against model: Bradley-Terry

Deviations from the paper: both pictures are shown at once, side by side, not one after the other.
"""

import itertools
import math
import random
from collections.abc import Sequence
from typing import Any, ClassVar, Literal

from pydantic import Field

from ganzoo.errors import InputError, StudyError
from ganzoo.options import Options
from ganzoo.papers import Paper
from ganzoo.study.protocols._base import Answer, Needs, Past, Protocol, Slot, Supply, turns


class PairOptions(Options):
    """How two pictures meet.

    Attributes:
        against: ``real``: a fake beside a real one; ``model``: fakes of two models.
        exposure: how long both are to be seen, in milliseconds; 0 for as long as one likes.
    """

    against: Literal["real", "model"] = "real"
    exposure: int = Field(1000, ge=0, le=60_000)


class Pair(Protocol):
    title = "Two pictures: which one is real?"
    paper = Paper(
        nickname="2AFC",
        title="Image-to-Image Translation with Conditional Adversarial Networks",
        authors="Phillip Isola, Jun-Yan Zhu, Tinghui Zhou, Alexei A. Efros",
        year=2017,
        arxiv="1611.07004",
        venue="CVPR 2017",
        idea="A real and a made picture side by side: which one is real?",
    )
    options = PairOptions
    mixes = False
    task = "You see two pictures side by side. Choose the one that looks more real to you."
    records: ClassVar = {
        "slot": "0 left, 1 right",
        "shown_ms": "exposure that was measured, in milliseconds; empty without a limit",
    }

    def judges(self, options: Options) -> bool:
        assert isinstance(options, PairOptions)
        return options.against == "real"

    def lay(
        self, dice: random.Random, supply: Supply, models: Sequence[str], count: int,
        share_real: float, options: Options,
    ) -> list[tuple[Slot, ...]]:  # fmt: skip
        assert isinstance(options, PairOptions)
        if options.against == "real":
            met = [supply.pair(m) for m in turns(dice, models, count)]
        else:
            met = [[supply.fake(a), supply.fake(b)] for a, b in _rounds(dice, models, count)]
        dice.shuffle(met)
        return [tuple(dice.sample(pair, 2)) for pair in met]

    def needs(self, models: int, count: int, share_real: float, options: Options) -> Needs:
        assert isinstance(options, PairOptions)
        if options.against == "real":
            return Needs(count, math.ceil(count / models), matched=True)
        rounds, left = divmod(count, max(1, math.comb(models, 2)))
        return Needs(0, rounds * (models - 1) + min(left, models - 1))

    def expected(self, dice: random.Random, options: Options) -> Answer:
        return dice.randrange(2)

    def ask(self, expected: Answer) -> str:
        side = "right" if expected else "left"
        return f"This one checks that you are reading along. Whatever you see, choose the {side}."

    def asks(self, past: Sequence[Past], options: Options) -> dict[str, Any]:
        assert isinstance(options, PairOptions)
        return {"exposure_ms": options.exposure}

    def read(self, raw: object, slots: Sequence[Slot]) -> Answer:
        if raw is None or (type(raw) is int and raw in (0, 1)):
            return raw
        raise InputError(f"an answer is 0 (left) or 1 (right); got {str(raw)[:40]!r}")

    def judged(self, answer: Answer, slots: Sequence[Slot]) -> list[bool | None]:
        return [None if answer is None else i == answer for i in range(2)]

    def score(self, answer: Answer, slots: Sequence[Slot]) -> tuple[int, int]:
        """One decision, which nobody can get wrong between two fakes."""
        if answer is None or all(slot.model is not None for slot in slots):
            return 0, 0
        return int(slots[answer].model is None), 1  # type: ignore[index]


def _rounds(dice: random.Random, models: Sequence[str], count: int) -> list[tuple[str, str]]:
    """Every two models meet as often as any other two, give or take once."""
    matches = list(itertools.combinations(models, 2))
    if not matches:
        raise StudyError("model against model needs at least two models in one trial list: within")
    dice.shuffle(matches)
    return [matches[i % len(matches)] for i in range(count)]


ENTRY = Pair()
