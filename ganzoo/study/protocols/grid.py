"""A grid with a box to tick on each picture: the visual Turing test (Salimans et al. 2016,
arXiv:1606.03498).

    examples of both      ┌─┬─┬─┐
    ──▶  tick the fakes ─▶│☐│☑│☐│─▶ Submit ─▶ the truth
                          └─┴─┴─┘

Deviations from the paper: how many of one grid are fake varies by lot around the share, so that
counting does not help; feedback is an option, because it changes the results drastically.
"""

import random
from collections.abc import Sequence
from typing import Any, ClassVar

from pydantic import Field

from ganzoo.errors import InputError
from ganzoo.options import Options
from ganzoo.papers import Paper
from ganzoo.study.protocols._base import Answer, Needs, Past, Protocol, Slot, Supply, mixed


class GridOptions(Options):
    rows: int = Field(3, ge=1, le=6)
    columns: int = Field(3, ge=1, le=6)


class Grid(Protocol):
    title = "A grid: tick the fakes"
    paper = Paper(
        nickname="Visual Turing test",
        title="Improved Techniques for Training GANs",
        authors="Tim Salimans, Ian Goodfellow, Wojciech Zaremba, Vicki Cheung, Alec Radford, "
        "Xi Chen",
        year=2016,
        arxiv="1606.03498",
        venue="NIPS 2016",
        idea="Visitors of a page tick the pictures that they take for generated.",
    )
    options = GridOptions
    task = (
        "Tick every picture that you think was made by a computer, then submit. If you cannot "
        "clearly tell what it shows, it is likely made by a computer."
    )
    records: ClassVar = {"slot": "place in the grid, from the top left, row by row"}

    def lay(
        self, dice: random.Random, supply: Supply, models: Sequence[str], count: int,
        share_real: float, options: Options,
    ) -> list[tuple[Slot, ...]]:  # fmt: skip
        cells = _cells(options)
        slots = supply.mixture(dice, models, count * cells, share_real)
        return [tuple(slots[i : i + cells]) for i in range(0, len(slots), cells)]

    def needs(self, models: int, count: int, share_real: float, options: Options) -> Needs:
        return mixed(models, count * _cells(options), share_real)

    def expected(self, dice: random.Random, options: Options) -> Answer:
        return [dice.randrange(_cells(options))]

    def ask(self, expected: Answer) -> str:
        assert isinstance(expected, list)
        return (
            "This one checks that you are reading along. Whatever you see, tick picture "
            f"number {expected[0] + 1} alone, counted row by row."
        )

    def asks(self, past: Sequence[Past], options: Options) -> dict[str, Any]:
        assert isinstance(options, GridOptions)
        return {"rows": options.rows, "columns": options.columns}

    def read(self, raw: object, slots: Sequence[Slot]) -> Answer:
        if raw is None:
            return None
        whole = isinstance(raw, list) and all(type(i) is int for i in raw)
        if not whole or not set(raw) <= set(range(len(slots))) or len(set(raw)) < len(raw):  # type: ignore[arg-type]
            raise InputError(
                f"an answer is the ticked places, 0 to {len(slots) - 1}; got {str(raw)[:60]}"
            )
        return sorted(raw)  # type: ignore[arg-type]

    def judged(self, answer: Answer, slots: Sequence[Slot]) -> list[bool | None]:
        if not isinstance(answer, list):
            return [None] * len(slots)
        return [i not in answer for i in range(len(slots))]


def _cells(options: Options) -> int:
    assert isinstance(options, GridOptions)
    return options.rows * options.columns


ENTRY = Grid()
