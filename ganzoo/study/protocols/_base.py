"""What a protocol declares: how trials are laid, shown, read and scored."""

import math
import random
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, NamedTuple, TypeAlias

from ganzoo.errors import InputError, StudyError
from ganzoo.options import Options
from ganzoo.papers import Paper

Answer: TypeAlias = str | int | list[int] | None  # None: the time was up


class Slot(NamedTuple):
    """One picture of a trial: its name, and who painted it (None: it is real)."""

    name: str
    model: str | None


class Past(NamedTuple):
    """An answered trial of the same block, as far as the next one may depend on it."""

    right: bool
    asked: Mapping[str, Any]


class Needs(NamedTuple):
    """What trials take at most, however the lot falls: real pictures, and fakes of one model.

    Attributes:
        matched: whether a fake that answers an input takes the real answer to the same one.
    """

    reals: int
    fakes: int
    matched: bool = False


class Supply:
    """Hands out a study's pictures in an order drawn by lot, none twice to the same person.

    Args:
        partners: of a fake that answers an input, the real answer to the same one.

    Raises:
        StudyError: when there are no more.
    """

    def __init__(
        self,
        dice: random.Random,
        reals: Sequence[str],
        fakes: Mapping[str, Sequence[str]],
        partners: Mapping[str, str] | None = None,
    ) -> None:
        self._partners = partners or {}
        self._decks = {model: list(names) for model, names in fakes.items()}
        self._reals = list(reals)
        for deck in (self._reals, *self._decks.values()):
            dice.shuffle(deck)

    def real(self) -> Slot:
        return Slot(self._take(self._reals, "real ones"), None)

    def fake(self, model: str) -> Slot:
        return Slot(self._take(self._decks[model], f"fakes by {model}"), model)

    def pair(self, model: str) -> list[Slot]:
        """A real picture and a fake; of a translator both answer the same input."""
        deck = self._decks[model]
        if not any(name in self._partners for name in deck):
            return [self.real(), self.fake(model)]
        for name in reversed(deck):
            partner = self._partners.get(name)
            if partner is not None and partner in self._reals:
                deck.remove(name)
                self._reals.remove(partner)
                return [Slot(partner, None), Slot(name, model)]
        raise StudyError(f"too few pictures: one participant sees more pairs of {model}")

    def mixture(
        self, dice: random.Random, models: Sequence[str], count: int, share_real: float
    ) -> list[Slot]:
        """``count`` pictures, that share of them real, the others by the models in equal parts."""
        reals = round(count * share_real)
        slots = [self.real() for _ in range(reals)]
        slots += [self.fake(model) for model in turns(dice, models, count - reals)]
        dice.shuffle(slots)
        return slots

    @staticmethod
    def _take(deck: list[str], what: str) -> str:
        if not deck:
            raise StudyError(f"too few pictures: one participant sees more {what} than there are")
        return deck.pop()


def mixed(models: int, count: int, share_real: float) -> Needs:
    """What a mixture of ``count`` pictures may take."""
    reals = round(count * share_real)
    return Needs(reals, math.ceil((count - reals) / models))


def turns(dice: random.Random, models: Sequence[str], count: int) -> list[str]:
    """Each model as often as the others, give or take one; who is left over falls by lot."""
    order = dice.sample(list(models), len(models))
    return [order[i % len(order)] for i in range(count)]


class Protocol(ABC):
    """One way of asking.

    Attributes:
        title: for people.
        paper: where it comes from.
        version: goes up when what is shown or recorded changes.
        options: what a design may set.
        task: what the instructions say is to be done.
        mixes: whether the design's share of reals decides what is laid.
        records: of every answer, beside the common columns: for the codebook.
    """

    title: ClassVar[str]
    paper: ClassVar[Paper]
    version: ClassVar[int] = 1
    options: ClassVar[type[Options]] = Options
    task: ClassVar[str]
    mixes: ClassVar[bool] = True
    records: ClassVar[Mapping[str, str]] = {}

    def says(self, options: Options) -> str:
        """The task, as these options make it."""
        return self.task

    @abstractmethod
    def needs(self, models: int, count: int, share_real: float, options: Options) -> Needs:
        """What ``count`` trials with so many models may take."""

    def judges(self, options: Options) -> bool:
        """Whether an answer can be right or wrong."""
        return True

    @abstractmethod
    def lay(
        self, dice: random.Random, supply: Supply, models: Sequence[str], count: int,
        share_real: float, options: Options,
    ) -> list[tuple[Slot, ...]]:  # fmt: skip
        """The pictures of ``count`` trials, in order."""

    @abstractmethod
    def expected(self, dice: random.Random, options: Options) -> Answer:
        """An answer for an attention check to ask for."""

    @abstractmethod
    def ask(self, expected: Answer) -> str:
        """The sentence with which an attention check asks for it."""

    def asks(self, past: Sequence[Past], options: Options) -> dict[str, Any]:
        """How the page is to show the next trial, after those of its block."""
        return {}

    @abstractmethod
    def read(self, raw: object, slots: Sequence[Slot]) -> Answer:
        """An answer as it came, checked.

        Raises:
            InputError: quoting what was received and what was expected.
        """

    @abstractmethod
    def judged(self, answer: Answer, slots: Sequence[Slot]) -> list[bool | None]:
        """Of each picture, whether it was called real; None if nothing was said of it."""

    def score(self, answer: Answer, slots: Sequence[Slot]) -> tuple[int, int]:
        """How many decisions were right, of how many; nothing can be wrong if time was up."""
        said = self.judged(answer, slots)
        told = [(s, slot.model is None) for s, slot in zip(said, slots, strict=True)]
        return sum(s == real for s, real in told), sum(s is not None for s, _ in told)


def one_word(raw: object) -> str | None:
    """``real``, ``fake``, or None for time's up.

    Raises:
        InputError: if it is anything else.
    """
    if raw is None or raw in ("real", "fake"):
        return raw
    raise InputError(f"an answer is 'real' or 'fake'; got {str(raw)[:40]!r}")


HYPE = Paper(
    nickname="HYPE",
    title="HYPE: A Benchmark for Human eYe Perceptual Evaluation of Generative Models",
    authors="Sharon Zhou, Mitchell L. Gordon, Ranjay Krishna, Austin Narcomey, Li Fei-Fei, "
    "Michael S. Bernstein",
    year=2019,
    arxiv="1904.01121",
    venue="NeurIPS 2019",
    idea="People judge pictures one at a time, for as long as they like or for a flash.",
)
