"""Facts as tables: who took part, what was judged, and who is left out as was said beforehand."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from ganzoo.errors import StudyError, suggestion
from ganzoo.study.design import Design
from ganzoo.study.entrance import failed_at
from ganzoo.study.protocols import Slot, protocols
from ganzoo.study.store import Answered, Event, Participant, Store


@dataclass
class Person:
    """A participant with all that they did.

    Attributes:
        unqualified: the rate with which they failed the entrance test, if they did.
        excluded: why the analysis leaves them out, by the rule's name; empty if it does not.
    """

    participant: Participant
    answers: list[Answered] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    checks_failed: int = 0
    unqualified: float | None = None
    excluded: dict[str, Any] = field(default_factory=dict)

    @property
    def main(self) -> list[Answered]:
        return [answer for answer in self.answers if answer.phase == "main"]

    @property
    def finished(self) -> bool:
        return any(event.kind == "completion" for event in self.events)

    def event(self, kind: str) -> Event | None:
        """The first of that kind."""
        return next((event for event in self.events if event.kind == kind), None)


@dataclass(frozen=True)
class Judgement:
    """What was said of one picture.

    Attributes:
        real: whether it is; ``said_real``: whether it was called so, None if nothing was said.
    """

    answer: Answered
    slot: int
    picture: str
    model: str | None
    said_real: bool | None

    @property
    def real(self) -> bool:
        return self.model is None


def design_of(store: Store, study: str) -> Design:
    """The design that the store has on record.

    Raises:
        StudyError: if it has none.
    """
    found = store.study(study)
    if found is None:
        known = [one.name for one in store.studies()]
        if not known:
            raise StudyError(f"nobody was asked anything yet: ganzoo study run {study}")
        raise StudyError(
            f"no study {study!r} is on record: nobody was asked yet (ganzoo study run), or it has "
            f"another name. {suggestion(study, known)}"
        )
    return Design.recorded(found.design)


def people(store: Store, design: Design) -> list[Person]:
    """Everyone who came, in order, with what they did and why they are left out."""
    found = {one.id: Person(one) for one in store.participants(design.name)}
    for answer in store.answers(design.name):
        if answer.participant in found:
            found[answer.participant].answers.append(answer)
    for event in store.events(design.name):
        if event.participant in found:
            found[event.participant].events.append(event)
    for person in found.values():
        person.answers.sort(key=lambda answer: answer.trial)
        person.checks_failed = _failed(person)
        person.unqualified = failed_at(design, person.answers)
        person.excluded = _excluded(person, design)
    return _without_rehearsal(list(found.values()))


def _without_rehearsal(everyone: list[Person]) -> list[Person]:
    """Simulated participants count only as long as nobody else has come."""
    simulated = [one for one in everyone if one.participant.source == "simulated"]
    if len(simulated) < len(everyone):
        for one in simulated:
            one.excluded["simulated"] = True
    return everyone


def judgements(design: Design, answers: Sequence[Answered]) -> list[Judgement]:
    """One row for each picture that was shown."""
    protocol = protocols[design.protocol]
    rows = []
    for answer in answers:
        slots = [Slot(*slot) for slot in answer.slots]
        said = protocol.judged(answer.answer, slots)
        rows += [Judgement(answer, i, *slots[i], said[i]) for i in range(len(slots))]
    return rows


def _failed(person: Person) -> int:
    checks = [answer for answer in person.answers if answer.phase == "check"]
    return sum(answer.answer != answer.asked.get("expected") for answer in checks)


def _excluded(person: Person, design: Design) -> dict[str, Any]:
    """By the rules and today's answers: what was on record of somebody in mid-study may pass."""
    rules, main = design.exclude, person.main
    found: dict[str, Any] = {}
    if person.unqualified is not None:
        found["unqualified"] = person.unqualified
    elif rules.incomplete and not person.finished:
        found["incomplete"] = len(main)
    if rules.failed_checks is not None and person.checks_failed > rules.failed_checks:
        found["failed_checks"] = person.checks_failed
    times = [ms for answer in main if (ms := since_question(answer)) is not None]
    if rules.fastest_ms is not None and times and median(times) < rules.fastest_ms:
        found["fastest_ms"] = median(times)
    return found | (_habits(main, design) if main else {})


def _habits(main: Sequence[Answered], design: Design) -> dict[str, Any]:
    rules, found = design.exclude, {}
    said = [repr(answer.answer) for answer in main]
    most = max(map(said.count, set(said))) / len(said)
    if rules.one_answer is not None and most > rules.one_answer:
        found["one_answer"] = most
    away = sum(bool(answer.measured.get("focus_lost")) for answer in main) / len(main)
    if rules.focus_lost is not None and away > rules.focus_lost:
        found["focus_lost"] = away
    again = sum(_looks(answer) > 1 for answer in main) / len(main)
    if rules.looked_again is not None and again > rules.looked_again:
        found["looked_again"] = again
    return found


def _looks(answer: Answered) -> int:
    looks = answer.measured.get("looks")
    return looks if isinstance(looks, int) else 1


def since_question(answer: Answered) -> float | None:
    """The reaction time from when the question was there: after a flash that is later, ms."""
    waited = answer.measured.get("question_ms")
    if answer.rt_ms is None or not isinstance(waited, float | int):
        return answer.rt_ms
    return round(max(0.0, answer.rt_ms - waited), 1)
