"""What one participant sees, from first to last: a function of design, pictures and seat.

    practice → training → qualification → main part (blocks, with attention checks)

A seat is a participant's number, from 0 in the order of arrival. Nothing is drawn later: a
participant who comes back finds the same trials, on any server.
"""

import itertools
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

from ganzoo.study.design import Design
from ganzoo.study.manifest import Manifest
from ganzoo.study.protocols import Answer, Slot, Supply, protocols, turns

Phase: TypeAlias = Literal["practice", "training", "qualification", "main", "check"]
PHASES: tuple[Phase, ...] = get_args(Phase)


@dataclass(frozen=True)
class Trial:
    """One question.

    Attributes:
        index: from 0, over all phases.
        block: within the phase.
        feedback: whether the page tells what was right.
        expected: what an attention check asks for.
    """

    index: int
    phase: Phase
    block: int
    slots: tuple[Slot, ...]
    feedback: bool
    expected: Answer = None

    @property
    def models(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(s.model for s in self.slots if s.model is not None))


def condition(design: Design, models: Sequence[str], seat: int) -> tuple[str, ...]:
    """The models that a participant meets, in order.

    Between subjects each is met by every ``n``-th participant; within, the order of the blocks
    runs through a Williams design: every model comes first as often, and follows every other
    model as often.
    """
    if design.assign == "between":
        return (models[seat % len(models)],)
    if design.order == "mixed":
        return tuple(models)
    square = williams(len(models))
    return tuple(models[i] for i in square[seat % len(square)])


def williams(count: int) -> list[list[int]]:
    """A Latin square balanced for first-order carry-over; two of them if ``count`` is odd."""
    first = [0]
    low, high = 1, count - 1
    while low <= high:
        first.append(low)
        if low < high:
            first.append(high)
        low, high = low + 1, high - 1
    rows = [[(i + shift) % count for i in first] for shift in range(count)]
    return rows if count % 2 == 0 else rows + [row[::-1] for row in rows]


def examples(design: Design, manifest: Manifest) -> tuple[Slot, ...]:
    """What the instructions show, the same for everyone: real ones, then as many fakes."""
    dice = random.Random(f"{design.seed} examples")
    supply = Supply(dice, manifest.reals, manifest.fakes)
    reals = [supply.real() for _ in range(design.examples)]
    painters = turns(dice, tuple(manifest.fakes), design.examples)
    return (*reals, *(supply.fake(model) for model in painters))


def plan(design: Design, manifest: Manifest, seat: int, deck: int | None = None) -> list[Trial]:
    """All trials of a seat.

    Args:
        deck: lets visitors play the same pictures as a friend; None: each seat its own.

    Raises:
        StudyError: if there are too few pictures.
    """
    lot = f"seat {seat}" if deck is None else f"deck {deck}"
    dice = random.Random(f"{design.seed} {lot}")
    shown = {slot.name for slot in examples(design, manifest)}
    supply = Supply(
        dice,
        [name for name in manifest.reals if name not in shown],
        {m: [n for n in names if n not in shown] for m, names in manifest.fakes.items()},
        manifest.partners,
    )
    met = condition(design, tuple(manifest.fakes), seat if deck is None else deck)
    laid = list(_laid(design, supply, dice, met, tuple(manifest.fakes)))
    return [
        Trial(index, phase, block, slots, feedback, expected)
        for index, (phase, block, slots, feedback, expected) in enumerate(laid)
    ]


_Laid: TypeAlias = tuple[Phase, int, tuple[Slot, ...], bool, Answer]


def _laid(
    design: Design, supply: Supply, dice: random.Random, met: Sequence[str], every: Sequence[str]
) -> Iterator[_Laid]:
    protocol = protocols[design.protocol]

    def lay(models: Sequence[str], count: int) -> list[tuple[Slot, ...]]:
        return protocol.lay(dice, supply, models, count, design.share_real, design.options)

    entrance = design.qualification.trials if design.qualification else 0
    before: list[tuple[Phase, Sequence[str], int, bool]] = [
        ("practice", met, design.practice, design.judges),
        ("training", met, design.training, True),
        ("qualification", every, entrance, False),
    ]
    for phase, models, count, feedback in before:
        for slots in lay(models, count):
            yield phase, 0, slots, feedback, None
    among = stretches(design.checks, design.trials * design.blocks)
    checked = {dice.randrange(low, high) for low, high in among}
    for block in range(design.blocks):
        models = (met[block],) if design.order == "blocked" else met
        for i, slots in enumerate(lay(models, design.trials)):
            if block * design.trials + i in checked:
                (extra,) = lay(models, 1)
                yield "check", block, extra, False, protocol.expected(dice, design.options)
            yield "main", block, slots, design.feedback, None


def stretches(count: int, among: int) -> list[tuple[int, int]]:
    """``count`` equal stretches of ``among`` trials, in each of which one check comes."""
    edges = [round(i * among / count) for i in range(count + 1)] if count else []
    return list(itertools.pairwise(edges))
