"""Who sits where: seats given out in the order of arrival, and found again by token or panel id."""

from collections import OrderedDict
from contextlib import suppress
from dataclasses import replace
from threading import Lock

from ganzoo.errors import RefusedError, StoreError, StudyError
from ganzoo.study.identity import Identity
from ganzoo.study.manifest import Prepared
from ganzoo.study.seated import Seated
from ganzoo.study.store import Event, Participant, Store
from ganzoo.study.trials import examples, plan

OVER = "this round is over, or its data were deleted: start anew"
SKIPPED = 50  # seats in a row without pictures enough
REMEMBERED = 4000  # participants whose state is kept at hand; of others it is read again


class Seats:
    """The participants of one study. Safe to use from several threads and servers."""

    def __init__(self, study: Prepared, store: Store, identity: Identity) -> None:
        self._study, self._store, self._identity = study, store, identity
        self._examples = examples(study.design, study.manifest)
        self._here: OrderedDict[str, Seated] = OrderedDict()
        self._lock, self._arrivals = Lock(), Lock()

    def known(self, token: str | None, person: str | None) -> Seated | None:
        """Whoever has that token or that panel id; if they disagree, the panel is right."""
        owner = self._identity.owner(token) if token else None
        seated = self.find(owner) if owner else None
        if person is None or (seated is not None and seated.participant.person == person):
            return seated
        found = self.of(person)
        return self.find(found.id) if found else None

    def of(self, person: str) -> Participant | None:
        """Whoever came with that panel id, even if their data were deleted since."""
        return self._store.participant(study=self._study.design.name, person=person)

    def find(self, participant: str) -> Seated | None:
        """A participant's state; None if there is none, or it was deleted."""
        with self._lock:
            if participant in self._here:
                self._here.move_to_end(participant)
                return self._here[participant]
        seated = self._read(participant)
        return None if seated is None else self._remember(seated)

    def take(self, newcomer: Participant) -> Seated:
        """Gives the next seat to a newcomer, or finds the one they took by another door.

        Raises:
            StudyError: if there are too few pictures for any seat.
            StoreError: if the store cannot be written.
        """
        with self._arrivals:
            while True:
                if self._store.add(self._with_seat(newcomer))[0]:
                    mine = newcomer.id
                    break
                if newcomer.person and (found := self.of(newcomer.person)):
                    mine = found.id
                    break
        if (seated := self.find(mine)) is None:
            raise StoreError("the seat that was just taken is gone")
        return seated

    def _with_seat(self, newcomer: Participant) -> Participant:
        """With the next seat, or one after it: a study that was prepared by an earlier version may
        have too few pictures for some, and who takes such a seat is lost."""
        first = self._store.seats(newcomer.study)
        for seat in range(first, first + SKIPPED):
            seated = replace(newcomer, seat=seat)
            with suppress(StudyError):
                self._sit(seated)
                return seated
        raise StudyError("there are too few pictures for one more participant")

    def lend(self, visitor: Participant) -> Seated:
        """A seat that no store knows of, for who does not want to be remembered."""
        return self._remember(self._sit(visitor, kept=False))

    def keep(self, seated: Seated, at: str) -> None:
        """Stores a lent seat with all that was done in it; after a failure, once more is enough.

        Raises:
            StoreError: if the store cannot be written.
        """
        name, version = seated.design.name, seated.design.consent.version
        done = {"consent": {"version": version}, **seated.done}
        events = [
            Event(name, kind, at, seated.id, f"{kind} {seated.id}", detail)
            for kind, detail in done.items()
        ]
        events += [
            Event(
                name, "note", at, seated.id, f"note {trial} {seated.id}",
                {"trial": trial, "words": words},
            )
            for trial, words in seated.notes.items()
        ]  # fmt: skip
        with self._arrivals:
            seat = self._store.seats(name)
            while self._store.participant(id=seated.id) is None:
                self._store.add(replace(seated.participant, seat=seat))
                seat += 1  # if another server gave it out meanwhile
            self._store.add(*seated.answers, *events)
        seated.done, seated.kept = done, True

    def refresh(self, seated: Seated) -> None:
        """Reads again: another server may have taken answers meanwhile.

        Raises:
            RefusedError: if it deleted them.
        """
        if seated.kept:
            name = seated.design.name
            events = self._store.events(name, participant=seated.id)
            if any(event.kind == "deletion" for event in events):
                self.drop(seated.id)
                raise RefusedError(OVER)
            seated.take(events, self._store.answers(name, seated.id))

    def drop(self, participant: str) -> None:
        """Forgets what is at hand of someone."""
        with self._lock:
            self._here.pop(participant, None)

    def _read(self, participant: str) -> Seated | None:
        name = self._study.design.name
        found = self._store.participant(study=name, id=participant)
        if found is None:
            return None
        seated = self._sit(found)
        try:
            self.refresh(seated)
        except RefusedError:
            return None
        return seated

    def _sit(self, participant: Participant, kept: bool = True) -> Seated:
        design = self._study.design
        trials = plan(design, self._study.manifest, participant.seat, participant.deck)
        return Seated(participant, trials, self._examples, design, self._identity, kept)

    def _remember(self, seated: Seated) -> Seated:
        with self._lock:
            seated = self._here.setdefault(seated.id, seated)
            while len(self._here) > REMEMBERED:
                del self._here[self._least_missed(seated)]
        return seated

    def _least_missed(self, newcomer: Seated) -> str:
        """Whose answers are stored, or who gave none yet: a crowd of newcomers ends no round."""
        others = [one for one in self._here.values() if one is not newcomer]
        return next((one.id for one in others if one.kept or not one.answers), others[0].id)
