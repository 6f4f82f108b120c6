"""Writes and reads facts. What is not on the disk is not acknowledged.

One thread writes. It takes all facts that wait and commits them together, so that two hundred
participants cost one flush of the disk and not two hundred; each is told when its own is safe.
"""

import json
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager, nullcontext
from dataclasses import fields
from functools import cache
from queue import SimpleQueue
from threading import Lock, RLock, Thread
from typing import Any, Protocol, TypeAlias, TypeVar, runtime_checkable

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import StaticPool

from ganzoo.errors import StoreError
from ganzoo.study.store import facts
from ganzoo.study.store.facts import Answered, Event, Participant, Registered
from ganzoo.study.store.open import empty_log, open_engine, sentence

Fact: TypeAlias = Registered | Participant | Answered | Event
Result = TypeVar("Result")
TABLES: dict[type[Fact], sa.Table] = {
    Registered: facts.studies,
    Participant: facts.participants,
    Answered: facts.answers,
    Event: facts.events,
}
JSON = ("link", "slots", "answer", "asked", "measured", "detail")
MOST = 256  # facts committed together


@runtime_checkable
class Listener(Protocol):
    """What follows a store, such as a journal."""

    def note(self, facts: Sequence[Fact]) -> None:
        """The store has these now."""
        ...

    def settled(self, participant: str) -> bool:
        """Whether it has all that the store has about somebody."""
        ...

    def hurry(self) -> None:
        """Somebody waits for it."""
        ...

    def status(self) -> dict[str, Any]:
        """How it stands, as plain data."""
        ...


class Store:
    """The facts of all studies at one address.

    Args:
        url: ``sqlite:///file``, ``sqlite://`` (gone with the process) or ``postgresql://…``.

    Raises:
        StoreError: if it cannot be opened, is damaged, or was written by a later version.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.journal: Listener | None = None
        self._engine = open_engine(url)
        self._writer = self._engine.execution_options(sqlite_begin="IMMEDIATE")
        self._queue: SimpleQueue[tuple[list[Fact], Future[list[bool]]] | None] = SimpleQueue()
        self._thread: Thread | None = None
        self._lock = Lock()
        self._full = True  # the log may hold deleted answers: a server was perhaps killed
        alone = isinstance(self._engine.pool, StaticPool)  # one connection for everybody
        self._turn = RLock() if alone else nullcontext()

    def close(self) -> None:
        """Writes what waits, and lets go of the database."""
        with self._lock:
            if self._thread is not None:
                self._queue.put(None)
                self._thread.join()
                self._thread = None
        self._engine.dispose()

    def follow(self, journal: Listener) -> None:
        """Tells a journal of every fact from now on, after it is safe here."""
        self.journal = journal

    # -- writing ------------------------------------------------------------------------------

    def add(self, *new: Fact) -> list[bool]:
        """Adds facts, all or none, and returns when they are safe.

        With the request to delete somebody's data these are gone, in the same transaction.

        Returns:
            For each, whether it is new: False if one with its key was there, which stays, or if
            it is about somebody who had their data deleted.

        Raises:
            StoreError: if they could not be written; then none is.
        """
        future: Future[list[bool]] = Future()
        with self._lock:
            if self._thread is None:
                self._thread = Thread(target=self._write, daemon=True, name="study-store")
                self._thread.start()
            self._queue.put((list(new), future))
        return future.result()

    def erase(self, request: Event) -> int:
        """Deletes what a participant left, and keeps the fact that it was asked for.

        Returns:
            How many answers there were.
        """
        mine = sa.select(sa.func.count()).where(facts.answers.c.participant == request.participant)
        with self._reading() as connection:
            there = connection.execute(mine).scalar_one()
        self.add(request)
        return int(there)

    def _write(self) -> None:
        while (first := self._queue.get()) is not None:
            batch = [first]
            while len(batch) < MOST and not self._queue.empty():
                if (more := self._queue.get()) is None:
                    self._queue.put(None)
                    break
                batch.append(more)
            self._commit(batch)

    def _commit(self, batch: list[tuple[list[Fact], Future[list[bool]]]]) -> None:
        """All of a batch together; if that fails, each alone, so that one takes no other along."""
        try:
            with self._writing() as connection:
                gone = _erased(connection, [fact for new, _ in batch for fact in new])
                results = [
                    [_owner(fact) not in gone and _insert(connection, fact) for fact in new]
                    for new, _ in batch
                ]
                _delete(connection, [fact for new, _ in batch for fact in new])
        except Exception as error:
            if len(batch) == 1:
                batch[0][1].set_exception(error)
            else:
                for one in batch:
                    self._commit([one])
            return
        self._empty_log([fact for new, _ in batch for fact in new])
        for (new, future), result in zip(batch, results, strict=True):
            if self.journal is not None:
                self.journal.note([fact for fact, kept in zip(new, result, strict=True) if kept])
            future.set_result(result)

    def _empty_log(self, new: Sequence[Fact]) -> None:
        """After a deletion, once nobody reads what was there before it."""
        self._full |= any(isinstance(one, Event) and one.kind == "deletion" for one in new)
        if self._full:
            with self._turn:
                self._full = not empty_log(self._engine)

    # -- reading ------------------------------------------------------------------------------

    def everything(self) -> Iterator[Fact]:
        """Every fact of every study, what builds on another after it."""
        for kind, table in TABLES.items():
            order = table.c.id if "id" in table.c and kind is not Participant else None
            yield from self._read(kind, order=order)

    def study(self, name: str) -> Registered | None:
        """The study of that name, if it was registered here."""
        found = self._read(Registered, facts.studies.c.name == name)
        return found[0] if found else None

    def studies(self) -> list[Registered]:
        """All studies, the oldest first."""
        return self._read(Registered, order=facts.studies.c.at)

    def participants(self, study: str) -> list[Participant]:
        """Everyone who came, by seat, but for those who had their data deleted."""
        gone = {event.participant for event in self.events(study, "deletion")}
        table = facts.participants
        found = self._read(Participant, table.c.study == study, order=table.c.seat)
        return [one for one in found if one.id not in gone]

    def participant(self, **where: str) -> Participant | None:
        """The one whose ``id``, ``person`` or ``eraser`` it is."""
        columns = facts.participants.c
        found = self._read(Participant, *(columns[key] == value for key, value in where.items()))
        return found[0] if found else None

    def seats(self, study: str) -> int:
        """How many seats were taken, ever."""
        table = facts.participants
        most = sa.select(sa.func.max(table.c.seat)).where(table.c.study == study)
        with self._reading() as connection:
            last = connection.execute(most).scalar()
        return 0 if last is None else int(last) + 1

    def answers(self, study: str, participant: str | None = None) -> list[Answered]:
        """Answers in the order in which they came, of everyone or of one participant."""
        return [answer for _, answer in self.numbered(study, participant)]

    def numbered(
        self, study: str, participant: str | None = None, after: int = 0
    ) -> list[tuple[int, Answered]]:
        """Answers, each with its number in this store, above ``after``."""
        table = facts.answers
        where = [table.c.id > after]
        if participant is not None:
            where.append(table.c.participant == participant)
        else:
            people = sa.select(facts.participants.c.id).where(facts.participants.c.study == study)
            where.append(table.c.participant.in_(people))
        query = sa.select(table).where(*where).order_by(table.c.id)
        with self._reading() as connection:
            rows = [dict(row._mapping) for row in connection.execute(query)]
        return [(row.pop("id"), Answered(**unpacked(row))) for row in rows]

    def events(self, study: str, *kinds: str, participant: str | None = None) -> list[Event]:
        """Events in the order in which they came, of these kinds and one participant if given."""
        columns = facts.events.c
        where = [columns.study == study]
        where += [columns.kind.in_(kinds)] if kinds else []
        where += [columns.participant == participant] if participant else []
        return self._read(Event, *where, order=columns.id)

    @contextmanager
    def _writing(self) -> Iterator[sa.Connection]:
        """One at a time in SQLite, from the first look on: what was read there holds."""
        with self._turn, _plainly(self.url), self._writer.begin() as connection:
            yield connection

    @contextmanager
    def _reading(self) -> Iterator[sa.Connection]:
        with self._turn, _plainly(self.url), self._engine.connect() as connection:
            yield connection

    def _read(self, kind: type[Result], *where: Any, order: Any = None) -> list[Result]:
        table = TABLES[kind]  # type: ignore[index]
        names = [one.name for one in fields(kind)]  # type: ignore[arg-type]
        query = sa.select(*(table.c[name] for name in names)).where(*where)
        with self._reading() as connection:
            rows = connection.execute(query if order is None else query.order_by(order)).all()
        return [kind(**unpacked(row._mapping)) for row in rows]


def _owner(fact: Fact) -> str | None:
    """Whose data a fact belongs to; nobody's if it is the request to delete them."""
    if isinstance(fact, Answered):
        return fact.participant
    return fact.participant if isinstance(fact, Event) and fact.kind != "deletion" else None


def _erased(connection: sa.Connection, new: Sequence[Fact]) -> set[str | None]:
    """Who of these had their data deleted, perhaps on another server a moment ago.

    A deletion waits until whoever writes about the same participant is done, and the other way
    round: SQLite has one writer at a time, in PostgreSQL the participant's row is locked.
    """
    owners = {owner for fact in new if (owner := _owner(fact))}
    if connection.dialect.name == "postgresql":
        _lock(connection, owners, new)
    events = facts.events.c
    asked = sa.select(events.participant).where(
        events.participant.in_(owners), events.kind == "deletion"
    )
    return set(connection.execute(asked).scalars()) if owners else set()


def _lock(connection: sa.Connection, owners: set[str], new: Sequence[Fact]) -> None:
    people = facts.participants.c.id
    leaving = {one.participant for one in new if isinstance(one, Event) and one.kind == "deletion"}
    for ids, shared in ((leaving, False), (owners - leaving, True)):
        if ids:
            rows = sa.select(people).where(people.in_(ids)).order_by(people)
            connection.execute(rows.with_for_update(read=shared)).all()


def _delete(connection: sa.Connection, new: Sequence[Fact]) -> None:
    """What those left who ask, among these facts, to have their data deleted."""
    asked = [one.participant for one in new if isinstance(one, Event) and one.kind == "deletion"]
    if asked:
        answers, events = facts.answers, facts.events.c
        connection.execute(sa.delete(answers).where(answers.c.participant.in_(asked)))
        theirs = events.participant.in_(asked), events.kind != "deletion"
        connection.execute(sa.delete(facts.events).where(*theirs))


def _insert(connection: sa.Connection, fact: Fact) -> bool:
    statement = _statement(connection.dialect.name, type(fact))
    return connection.execute(statement, packed(fact)).first() is not None


@cache
def _statement(dialect: str, kind: type[Fact]) -> sa.Insert:
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    table = TABLES[kind]
    return insert(table).on_conflict_do_nothing().returning(*table.primary_key)


def packed(fact: Fact) -> dict[str, Any]:
    """A fact as a row: what has parts becomes JSON."""
    row = vars(fact)
    return {k: json.dumps(v, sort_keys=True) if k in JSON else v for k, v in row.items()}


def unpacked(row: Any) -> dict[str, Any]:
    """A row as the fields of a fact."""
    read = {key: json.loads(value) if key in JSON else value for key, value in row.items()}
    if "slots" in read:
        read["slots"] = tuple((name, model) for name, model in read["slots"])
    return read


@contextmanager
def _plainly(url: str) -> Iterator[None]:
    """Turns what the database raises into one sentence."""
    try:
        yield
    except DBAPIError as error:
        raise StoreError(sentence(url, error)) from error
