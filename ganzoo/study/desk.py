"""The desk at which participants report: what each sees next, and which answers are taken.

    enter ─▶ consent ─▶ check ─▶ instructions ─▶ trial ─▶ … ─▶ debriefing
                                                   │ answer: stored, then acknowledged
                                                   ▼
                            forged, repeated, late, out of order: refused, and recorded

The desk holds nothing that the store does not hold too, but for the answers of visitors who did
not want them kept; it can be struck down at any moment and goes on where everybody was.
"""

import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from ganzoo.errors import InputError, RecipeError, RefusedError, StudyError
from ganzoo.study import erasure, identity, register
from ganzoo.study.identity import Identity
from ganzoo.study.intake import Intake
from ganzoo.study.ledger import Ledger
from ganzoo.study.manifest import Prepared
from ganzoo.study.seated import REASONS, Screen, Seated
from ganzoo.study.seats import OVER, Seats
from ganzoo.study.standing import Standing
from ganzoo.study.store import Participant, Store

FRESH_S = 1.0  # how long the study's state (open, paused, closed) is believed


class Desk:
    """One study at work. Safe to use from several threads, and from several servers at once.

    Args:
        now: the time, for the record; nothing is decided by it.
        ticks: seconds that only ever grow, by which an answer is late.

    Raises:
        StudyError: if the study was registered under its name with another design or pictures.
        StoreError: if the store cannot be written.
    """

    def __init__(
        self,
        study: Prepared,
        store: Store,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        self.study, self.store, self.design = study, store, study.design
        self._now, self._ticks = now, ticks
        self.registered = register.register(study, store, self.time())
        self.identity = Identity(self.registered.secret, self.registered.salt)
        self.standing = Standing(store, study.design)
        self._seats = Seats(study, store, self.identity)
        self._state: tuple[float, str] = (-FRESH_S, "open")
        self._ledger = Ledger(self.design.name, store, self._seats, self.time)
        self._intake = Intake(
            self.design,
            store,
            self._seats,
            self.identity,
            self._ledger,
            self.state,
            self.time,
            ticks,
        )

    def time(self) -> str:
        """Now, as it stands in the record: UTC, to the millisecond."""
        return self._now().astimezone(UTC).isoformat(timespec="milliseconds")

    # -- the study's own state ----------------------------------------------------------------

    def state(self) -> str:
        """``open``, ``paused`` or ``closed``, whoever decided so."""
        read_at, state = self._state
        if self._ticks() - read_at >= FRESH_S:
            state = register.state_of(self.store, self.design.name)
            self._state = (self._ticks(), state)
        return state

    def decide(self, kind: str) -> None:
        """``pause``, ``resume`` or ``close`` the study; what is closed stays closed.

        Raises:
            StudyError: if it is closed, or that is no decision.
        """
        register.decide(self.store, self.design.name, kind, self.time())
        self._state = (-FRESH_S, "open")

    def told(self) -> dict[str, Any]:
        """How the models and the visitors do so far; of a panel's study nobody is told.

        Raises:
            StudyError: if it is one.
        """
        if self.design.audience != "visitors":
            raise StudyError(f"how {self.design.name!r} stands is for its researcher")
        models, reasons = self.standing.models(), self.standing.reasons()
        return {"models": models, "reasons": reasons, "rounds": self.standing.finished()}

    # -- arriving -----------------------------------------------------------------------------

    def enter(
        self,
        link: Mapping[str, str],
        token: str | None = None,
        keep: bool = True,
        deck: int | None = None,
    ) -> dict[str, Any]:
        """Seats a participant, or finds their seat again.

        Args:
            link: the parameters of the address that they came by.
            token: what their browser kept, if it did.
            keep: whether a visitor wants their answers kept; a panel's always are.
            deck: the pictures of a friend's play, for visitors.

        Returns:
            The token to come back with, and what to show.
        """
        if link.get("assignmentId") == identity.PREVIEW:
            return {"step": {"step": "preview", "consent": self.design.consent.text}}
        source = identity.source(link)
        person = self.identity.person(source, link)
        seated = self._here_still(self._seats.known(token, person))
        if seated is None:
            if (closed := self._closed_to_newcomers(source, person)) is not None:
                return {"step": {"step": closed}}
            seated = self._seat(source, person, link, keep, deck)
        return {"token": self.identity.token(seated.id), "step": self.step(seated, anew=True)}

    def seated(self, token: str) -> Seated:
        """Whoever has that token.

        Raises:
            RefusedError: if this study never gave it out, or the play it belongs to is over.
        """
        owner = self.identity.owner(token)
        if owner is None:
            raise self._ledger.refuse(None, "forged", "this browser's pass was not given out here")
        seated = self._seats.find(owner)
        if seated is None:
            raise RefusedError(OVER)
        return seated

    def _here_still(self, seated: Seated | None) -> Seated | None:
        if seated is not None:
            try:
                with seated.lock:
                    self._seats.refresh(seated)
            except RefusedError:
                return None
        return seated

    def _closed_to_newcomers(self, source: str, person: str | None) -> str | None:
        if person and self._seats.of(person) is not None:
            return "erased"  # who had their data deleted does not come again
        if (state := self.state()) != "open":
            return state
        if self.design.stop_when_full:
            finished = self.standing.finished(simulated=source == "simulated")
            return "full" if finished >= self.design.planned else None
        return None

    def _seat(
        self,
        source: str,
        person: str | None,
        link: Mapping[str, str],
        keep: bool,
        deck: int | None,
    ) -> Seated:
        visitor = self.design.audience == "visitors"
        new = identity.random_id()
        if visitor and deck is None:
            deck = int(new[:7], 16)
        participant = Participant(
            id=new, study=self.design.name, seat=0, at=self.time(), source=source, person=person,
            link=self.identity.link(link), deck=deck if visitor else None,
            eraser=self.identity.hashed("eraser", self.identity.eraser(new)),
        )  # fmt: skip
        if visitor and not keep:
            return self._seats.lend(participant)
        seated = self._seats.take(participant)
        if visitor:
            self._done(seated, "consent", version=self.design.consent.version)
        return seated

    # -- going on -----------------------------------------------------------------------------

    def step(self, seated: Seated, now: bool = True, anew: bool = False) -> dict[str, Any]:
        """What a participant is to be shown now; never the truth of anything unanswered.

        Args:
            now: False if they have something to read first: a trial's time does not run yet.
            anew: a page was loaded, and shows a trial once more.
        """
        if (state := self.state()) != "open" and not seated.over:
            return {"step": state, **seated.code()}
        with seated.lock:
            if seated.reached_end and "completion" not in seated.done:
                self._done(seated, "completion")
            if seated.reached_end and self._waits_for_journal(seated):
                return {"step": "storing"}
            told = seated.step(self.standing, self._ticks() if now else None)
            if told["step"] == "trial" and (now or not told["limit_s"]):
                seated.look(told["trial"], anew)
            return told

    def _waits_for_journal(self, seated: Seated) -> bool:
        """A panel's code is handed out when the answers are wherever they are to last."""
        journal = self.store.journal
        if journal is None or self.design.audience == "visitors" or journal.settled(seated.id):
            return False
        journal.hurry()
        return True

    def tell(self, token: str, kind: str, detail: Mapping[str, Any]) -> dict[str, Any]:
        """A participant consents (or not), passes the browser check, or has read the instructions.

        Raises:
            RefusedError: if that is not what they were asked.
        """
        seated = self.seated(token)
        with seated.lock:
            asked = seated.step(self.standing, None)["step"]
            if kind != asked:
                self._seats.refresh(seated)
                asked = seated.step(self.standing, None)["step"]
            if kind == asked or (kind == "refusal" and asked == "consent"):
                self._done(seated, kind, **self._said(seated, kind, detail))
        return self.step(seated)

    def _said(self, seated: Seated, kind: str, detail: Mapping[str, Any]) -> dict[str, Any]:
        """What is kept of what a page tells: nothing that was not asked for."""
        if kind == "consent":
            return {"version": self.design.consent.version}
        if kind != "check":
            return {}
        try:
            return Screen.read(detail, "check").model_dump(exclude_none=True)
        except RecipeError as error:
            raise self._ledger.refuse(seated.id, "malformed", str(error)) from None

    def _done(self, seated: Seated, kind: str, **detail: Any) -> None:
        if seated.kept:
            self._ledger.event(kind, seated.id, once=kind, **detail)
        seated.done[kind] = detail
        if kind == "completion":
            self.standing.forget_finished()

    def answer(self, token: str, raw: Mapping[str, Any]) -> dict[str, Any]:
        """Takes an answer: when this returns, it is on the disk.

        Returns:
            What was right, where the design tells, and what to show next.

        Raises:
            RefusedError: if it is forged, repeated, late or out of order; that is recorded.
            StoreError: if it could not be stored; the page sends it again.
        """
        seated = self.seated(token)
        stored = self._intake.take(seated, raw)
        feedback = seated.feedback(stored)
        return {
            "stored": True,
            "trial": stored.trial,
            "feedback": feedback,
            "step": self.step(seated, now=feedback is None),
        }

    def note(self, token: str, trial: int, words: str) -> None:
        """What gave a picture away, in one of the words that are offered.

        Raises:
            InputError: if it is none of them.
            RefusedError: if that trial was not answered.
        """
        if words not in REASONS:  # everybody will read it
            raise InputError(f"what gives a picture away is one of {REASONS}; got {words[:40]!r}")
        seated = self.seated(token)
        if trial >= len(seated.answers):
            self._seats.refresh(seated)
        if not 0 <= trial < len(seated.answers):
            raise RefusedError(f"trial {trial} was not answered yet")
        if seated.kept:
            self._ledger.event("note", seated.id, once=f"note {trial}", trial=trial, words=words)
        else:
            seated.notes.setdefault(trial, words)

    def keep(self, token: str) -> dict[str, Any]:
        """A visitor wants their round kept after all: all of it is stored, together.

        Raises:
            StoreError: if it could not be stored; then nothing is.
        """
        seated = self.seated(token)
        with seated.lock:
            if not seated.kept:
                self._seats.keep(seated, self.time())
                self.standing.forget_finished()
        return self.step(seated)

    def picture(self, participant: str, trial: int, slot: int, ticket: str) -> bytes:
        """A picture of the trial that a participant has come to, or of the one after it.

        Raises:
            RefusedError: if the ticket does not fit, or the trial is not reached.
        """
        if not self.identity.fits(ticket, participant, trial):
            raise RefusedError("there is no such picture")
        seated = self._seats.find(participant)
        if seated is not None and trial > len(seated.answers) + 1:
            self._seats.refresh(seated)
        if seated is None or (name := seated.reachable(trial, slot)) is None:
            raise RefusedError("there is no such picture")
        return self.study.picture(name)

    def erase(self, code: str) -> int:
        """Deletes all that a participant left; how many answers that was.

        Raises:
            RefusedError: if the code is nobody's.
        """
        name = self.design.name
        who, gone = erasure.erase(self.store, name, self.identity, code, self.time())
        self._seats.drop(who)
        self.standing.forget()
        return gone
