"""One picture, as long as you like: HYPE-infinity (Zhou et al. 2019, arXiv:1904.01121).

    picture ──▶ real / fake          score = share judged wrong, 50 % is chance

Deviations from the paper: the share of reals, the number of trials and feedback are options.
"""

import random
from collections.abc import Sequence

from ganzoo.options import Options
from ganzoo.study.protocols._base import (
    HYPE,
    Answer,
    Needs,
    Protocol,
    Slot,
    Supply,
    mixed,
    one_word,
)


class Single(Protocol):
    title = "One picture, as long as you like"
    paper = HYPE
    task = "You see one picture at a time. Say whether it is real or was made by a computer."

    def lay(
        self, dice: random.Random, supply: Supply, models: Sequence[str], count: int,
        share_real: float, options: Options,
    ) -> list[tuple[Slot, ...]]:  # fmt: skip
        return [(slot,) for slot in supply.mixture(dice, models, count, share_real)]

    def needs(self, models: int, count: int, share_real: float, options: Options) -> Needs:
        return mixed(models, count, share_real)

    def expected(self, dice: random.Random, options: Options) -> Answer:
        return dice.choice(("real", "fake"))

    def ask(self, expected: Answer) -> str:
        return f"This one checks that you are reading along. Whatever you see, answer “{expected}”."

    def read(self, raw: object, slots: Sequence[Slot]) -> Answer:
        return one_word(raw)

    def judged(self, answer: Answer, slots: Sequence[Slot]) -> list[bool | None]:
        return [None if answer is None else answer == "real"]


ENTRY = Single()
