"""How everybody does: scores so far, and which model fools people. Reads only what is new."""

from collections import Counter, defaultdict
from threading import RLock
from time import monotonic
from typing import Any

from ganzoo.study.design import Design
from ganzoo.study.protocols import Slot, protocols
from ganzoo.study.store import Answered, Store

FRESH_S = 2.0
LATE = 1000  # answers back from the last one: with several servers a smaller number may come later


class Standing:
    """Sums over the kept answers of a study's main part."""

    def __init__(self, store: Store, design: Design) -> None:
        self._store, self._design = store, design
        self._lock = RLock()
        self.forget()

    def forget(self) -> None:
        """Starts over: something that was counted is gone."""
        with self._lock:
            self._last, self._read_at = 0, -FRESH_S
            self._counted: set[int] = set()
            self._finished: set[str] = set()
            self._simulated: set[str] = set()
            self._reasons: Counter[str] = Counter()
            self._scores: dict[str, list[int]] = defaultdict(lambda: [0, 0])
            self._models: dict[str, list[int]] = defaultdict(lambda: [0, 0])

    def forget_finished(self) -> None:
        """Somebody has just finished: look again."""
        self._read_at = -FRESH_S

    def finished(self, simulated: bool = False) -> int:
        """How many participants have finished; a rehearsal's take nobody's place, and have their
        own."""
        with self._lock:
            self._look()
            theirs, all_of_them = self._simulated, self._finished
            return len(all_of_them & theirs if simulated else all_of_them - theirs)

    def compare(self, score: float, mine: str) -> dict[str, Any]:
        """A participant's score against those of everyone else who finished.

        Returns:
            ``others``, how many they are, their ``mean``, and which share of them did worse
            (``above``; who did as well counts half).
        """
        with self._lock:
            self._look()
            others = self._finished - {mine}
            scores = [r / j for who, (r, j) in self._scores.items() if j and who in others]
        if not scores:
            return {"others": 0}
        above = sum((score > s) + 0.5 * (score == s) for s in scores) / len(scores)
        return {"others": len(scores), "mean": sum(scores) / len(scores), "above": above}

    def models(self) -> list[dict[str, Any]]:
        """Each model, and how often its fakes were taken for real; the best deceiver first."""
        with self._lock:
            self._look()
            told = [
                {"model": model, "fooled": fooled / shown, "shown": shown}
                for model, (fooled, shown) in self._models.items()
            ]
        return sorted(told, key=lambda one: -one["fooled"])

    def reasons(self) -> list[dict[str, Any]]:
        """What gave fakes away, the most frequent first."""
        with self._lock:
            self._look()
            most = self._reasons.most_common()
        return [{"words": words, "times": times} for words, times in most]

    def _look(self) -> None:
        """Brings the sums up to date; the lock is held."""
        if monotonic() - self._read_at < FRESH_S:
            return
        name = self._design.name
        for number, answer in self._store.numbered(name, after=self._last - LATE):
            if number in self._counted:
                continue
            self._counted.add(number)
            if answer.phase == "main":
                self._count(answer)
        self._last = max(self._counted, default=0)
        self._counted = {number for number in self._counted if number > self._last - LATE}
        ended = self._store.events(name, "completion")
        self._finished = {e.participant for e in ended if e.participant is not None}
        came = self._store.participants(name)
        self._simulated = {one.id for one in came if one.source == "simulated"}
        notes = self._store.events(name, "note")
        self._reasons = Counter(str(event.detail["words"]) for event in notes)
        self._read_at = monotonic()

    def _count(self, answer: Answered) -> None:
        score = self._scores[answer.participant]
        score[0], score[1] = score[0] + answer.right, score[1] + answer.judged
        slots = [Slot(*slot) for slot in answer.slots]
        judged = protocols[self._design.protocol].judged(answer.answer, slots)
        for slot, said_real in zip(slots, judged, strict=True):
            if slot.model is not None and said_real is not None:
                count = self._models[slot.model]
                count[0], count[1] = count[0] + said_real, count[1] + 1
