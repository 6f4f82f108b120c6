"""What becomes of an answer: stored, then acknowledged, or refused, and that recorded."""

from collections.abc import Callable, Mapping
from typing import Any

from ganzoo.errors import InputError, RecipeError, RefusedError
from ganzoo.study.design import Design
from ganzoo.study.identity import Identity
from ganzoo.study.ledger import Ledger
from ganzoo.study.seated import Seated, Submission
from ganzoo.study.seats import Seats
from ganzoo.study.store import Answered, Store

GRACE_S = 3.0  # for the way from the page to here, where an answer has a time limit


class Intake:
    """Takes the answers of one study.

    Args:
        state: whether the study is ``open``, and what else it is.
        time: now, as it stands in the record.
        ticks: seconds that only ever grow, by which an answer is late.
    """

    def __init__(
        self,
        design: Design,
        store: Store,
        seats: Seats,
        identity: Identity,
        ledger: Ledger,
        state: Callable[[], str],
        time: Callable[[], str],
        ticks: Callable[[], float],
    ) -> None:
        self._design, self._store, self._seats = design, store, seats
        self._identity, self._ledger = identity, ledger
        self._state, self._time, self._ticks = state, time, ticks

    def take(self, seated: Seated, raw: Mapping[str, Any]) -> Answered:
        """Stores an answer; sent again because a line broke, it is the one that was stored.

        Raises:
            RefusedError: if it is forged, repeated, late or out of order; that is recorded.
            StoreError: if it could not be stored; the page sends it again.
        """
        try:
            given = Submission.read(raw, "answer")
        except RecipeError as error:
            raise self._ledger.refuse(seated.id, "malformed", str(error)) from None
        with seated.lock:
            if given.trial != seated.asked:
                self._seats.refresh(seated)
            return self._earlier(seated, given) or self._new(seated, given)

    def _earlier(self, seated: Seated, given: Submission) -> Answered | None:
        """The answer that this one repeats, if it was acknowledged on a line that broke."""
        if given.trial >= len(seated.answers):
            return None
        earlier = seated.answers[given.trial]
        if earlier.attempt == given.attempt:
            return earlier
        raise self._ledger.refuse(seated.id, "repeated", f"trial {given.trial} was answered before")

    def _new(self, seated: Seated, given: Submission) -> Answered:
        self._check_turn(seated, given)
        trial = seated.trials[given.trial]
        protocol = seated.protocol
        try:
            answer = protocol.read(given.answer, trial.slots)
        except InputError as error:
            raise self._ledger.refuse(seated.id, "malformed", str(error)) from None
        late = self._late(seated, given.trial)
        if late and answer is not None:
            answer = None
            self._ledger.refuse(seated.id, "late", f"trial {given.trial}: {given.answer!r}"[:200])
        right, judged = protocol.score(answer, trial.slots)
        stored = Answered(
            participant=seated.id, trial=trial.index, attempt=given.attempt, at=self._time(),
            phase=trial.phase, block=trial.block, slots=tuple(map(tuple, trial.slots)),  # type: ignore[arg-type]
            answer=answer, right=right, judged=judged,
            rt_ms=None if answer is None else given.rt_ms,
            asked=seated.asks(trial),
            measured={**given.measured, "looks": seated.looks.get(trial.index, 1)},
        )  # fmt: skip
        if seated.kept and not self._store.add(stored)[0]:
            self._seats.refresh(seated)
            earlier = self._earlier(seated, given)
            if earlier is None:
                raise RefusedError("the answer before this one is not here yet: send it again")
            return earlier
        seated.answers.append(stored)
        return stored

    def _check_turn(self, seated: Seated, given: Submission) -> None:
        if self._state() != "open":
            raise self._ledger.refuse(seated.id, "late", f"the study is {self._state()}")
        if given.trial != seated.asked:
            raise self._ledger.refuse(
                seated.id, "out of order", f"trial {given.trial} is not asked now"
            )
        if not self._identity.fits(given.ticket, seated.id, given.trial):
            raise self._ledger.refuse(
                seated.id, "forged", f"that is not the ticket of trial {given.trial}"
            )

    def _late(self, seated: Seated, trial: int) -> bool:
        """By this process's own steady clock; who was shown it before a restart is not late."""
        limit, shown = self._design.time_limit_s, seated.shown.get(trial)
        return bool(limit and shown is not None and self._ticks() - shown > limit + GRACE_S)
