"""The entrance test (``qualification``): who took it and did not pass."""

from collections.abc import Sequence

from ganzoo.study.design import Design
from ganzoo.study.protocols import Slot, protocols
from ganzoo.study.store import Answered


def failed_at(design: Design, answers: Sequence[Answered]) -> float | None:
    """The rate that was too low, the lower of two; None of who passed, or has not taken all of it.

    A rate is the share of the reals, or of the fakes, that were told for what they are.
    """
    wanted = design.qualification
    taken = [answer for answer in answers if answer.phase == "qualification"]
    if wanted is None or len(taken) < wanted.trials:
        return None
    lowest = min(_rates(design, taken))
    return lowest if lowest < wanted.passes else None


def _rates(design: Design, taken: Sequence[Answered]) -> list[float]:
    told: dict[bool, list[bool]] = {True: [], False: []}
    for answer in taken:
        slots = [Slot(*slot) for slot in answer.slots]
        said = protocols[design.protocol].judged(answer.answer, slots)
        for slot, one in zip(slots, said, strict=True):
            real = slot.model is None
            told[real].append(one == real)
    return [sum(each) / len(each) for each in told.values() if each]
