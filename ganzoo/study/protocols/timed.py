"""One picture for a flash: HYPE-time (Zhou et al. 2019, arXiv:1904.01121).

    3 · 2 · 1 ──▶ picture, t ms ──▶ four masks, 30 ms each ──▶ real / fake ──▶ t changes

    weighted (default)    right: t − 10     wrong: t + 30          settles at 75 % right
    three_up_one_down     three right in a row: t − 30     wrong: t + 10

The score of a block is its modal exposure; a participant's is the mean over the blocks, in ms.

Deviations from the paper: it prints "raised at 10 ms increments and reduced at 30 ms decrements,
3-up/1-down, 75 %", which contradicts itself; ``rule`` offers the two readings that do not stick to
the floor, and only ``weighted`` settles at the 75 % that is asked for. The masks are patches of
the picture itself, shuffled, so that they match it in brightness and contrast. A screen shows
whole frames: what was shown is measured, and recorded beside what was asked.
"""

from collections.abc import Sequence
from typing import Any, ClassVar, Literal

from pydantic import Field, model_validator

from ganzoo.options import Options
from ganzoo.study.protocols._base import Past
from ganzoo.study.protocols.single import Single

Rule = Literal["weighted", "three_up_one_down"]


class TimedOptions(Options):
    """All in milliseconds.

    Attributes:
        fixed: show every picture for ``start`` and never change it.
    """

    rule: Rule = "weighted"
    fixed: bool = False
    start: int = Field(500, ge=10, le=10_000)
    low: int = Field(100, ge=10, le=10_000)
    high: int = Field(1000, ge=10, le=10_000)
    masks: int = Field(4, ge=0, le=20)
    mask: int = Field(30, ge=1, le=1000)
    countdown: int = Field(500, ge=0, le=5000)

    @model_validator(mode="after")
    def _ordered(self) -> "TimedOptions":
        if not self.fixed and not self.low <= self.start <= self.high:
            raise ValueError(f"low <= start <= high; got {self.low}, {self.start} and {self.high}")
        return self


class Timed(Single):
    title = "One picture for a flash"
    options = TimedOptions
    task = (
        "A picture flashes up after a countdown: 3, 2, 1. Then say whether it was real or made by "
        "a computer."
    )
    version: ClassVar = 2
    records: ClassVar = {
        "asked_ms": "exposure that was asked for, in milliseconds",
        "shown_ms": "exposure that was measured, in milliseconds, between two animation frames",
        "frames": "screen frames during which the picture was visible",
        "question_ms": "from the first frame that showed the picture to the first that showed the "
        "question, in milliseconds",
    }

    def says(self, options: Options) -> str:
        assert isinstance(options, TimedOptions)
        if options.fixed:
            return self.task
        return f"{self.task} It gets shorter when you are right, and longer when you are not."

    def asks(self, past: Sequence[Past], options: Options) -> dict[str, Any]:
        assert isinstance(options, TimedOptions)
        return {
            "exposure_ms": exposure([one.right for one in past], options),
            "masks": options.masks,
            "mask_ms": options.mask,
            "countdown_ms": options.countdown,
        }


def exposure(past: Sequence[bool], options: TimedOptions) -> int:
    """The next exposure in ms, after the answers of this block; time's up counts as wrong."""
    now, row = options.start, 0
    for right in past:
        if options.fixed:
            break
        if options.rule == "weighted":
            now += -10 if right else 30
        elif not right:
            now, row = now + 10, 0
        else:
            row += 1
            if row == 3:
                now, row = now - 30, 0
        now = min(max(now, options.low), options.high)
    return now


ENTRY = Timed()
