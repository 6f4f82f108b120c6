"""What happens in a study, as it enters the record: who did what, and what was refused."""

from collections.abc import Callable
from threading import Lock
from typing import Any

from ganzoo.errors import RefusedError
from ganzoo.study.seats import Seats
from ganzoo.study.store import Event, Store

MOST_REFUSALS = 200  # recorded of one participant, and of strangers in one hour


class Ledger:
    """One study's events. Safe to use from several threads.

    Args:
        study: its name.
        time: now, as it stands in the record.
    """

    def __init__(self, study: str, store: Store, seats: Seats, time: Callable[[], str]) -> None:
        self._study, self._store, self._seats, self._time = study, store, seats, time
        self._lock = Lock()
        self._refusals: dict[str | None, int] = {}
        self._hour = ""  # in which the strangers were counted

    def event(self, kind: str, participant: str | None, once: str | None, **detail: Any) -> None:
        """Stores that something happened; with ``once`` a second time of the same is none."""
        key = f"{once} {participant or self._study}" if once else None
        self._store.add(Event(self._study, kind, self._time(), participant, key, detail))

    def refuse(self, participant: str | None, why: str, said: str) -> RefusedError:
        """Records a refusal, and makes the error to raise."""
        with self._lock:
            if participant is None and self._hour != (hour := self._time()[:13]):  # 2026-01-31T09
                self._hour = hour
                self._refusals.pop(None, None)
            before = self._refusals.get(participant, 0)
            self._refusals[participant] = before + 1
        seated = self._seats.find(participant) if participant else None
        kept = seated is None or seated.kept
        if before < MOST_REFUSALS and kept:
            self.event("refused", participant, None, why=why, said=said[:300])
        return RefusedError(f"{why}: {said}")
