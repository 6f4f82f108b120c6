"""A journal of facts in a private data set on the Hub, for a server whose disk does not last.

    fact ──▶ store: acknowledged ──▶ waits here ──▶ every few minutes: one commit of one new file
    start: store ◀── every line of every file ◀── the data set

What is acknowledged is in the store; what was pushed is in the data set as well. If the disk goes
with the server, and the server gets no chance to say goodbye, what waits here is lost: at most the
facts of one interval. Nobody is told otherwise: a participant of a panel gets their completion code
when their answers are in the data set, and the researcher's page says how many facts wait.

One server writes a journal. Several servers share PostgreSQL, and need none.
"""

import atexit
import json
import os
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from threading import Event as Flag
from threading import Lock, Thread
from typing import Any, TypeGuard

from ganzoo.errors import GanzooError, StoreError
from ganzoo.study import identity
from ganzoo.study.store import Answered, Event, Participant, Registered, Store
from ganzoo.study.store.store import TABLES, Fact, packed, unpacked

FOLDER = "facts"
EVERY_S = 300.0
GAP_S = 20.0  # between two pushes, however great the hurry
AT_ONCE = 200  # facts restored together
KINDS = {table.name: kind for kind, table in TABLES.items()}  # in the order in which they build


class Journal:
    """Follows a store into a data set.

    Args:
        repo: ``user/name`` of the data set.
        every_s: seconds between two pushes.
        gap_s: the least, if somebody waits for one.

    Raises:
        HubError: if the name is malformed.
    """

    def __init__(self, repo: str, every_s: float = EVERY_S, gap_s: float = GAP_S) -> None:
        from ganzoo.hub.ledger import Ledger  # and with it PyTorch: only for who keeps a journal

        self.every_s, self.gap_s = every_s, gap_s
        self._ledger = Ledger(repo, FOLDER)
        self._waiting: list[Fact] = []
        self._owners: dict[str, set[str]] = {}  # file -> whose answers and events are in it
        self._forget: set[str] = set()
        self._lock, self._pushing = Lock(), Lock()
        self._wake, self._ended = Flag(), Flag()
        self._thread: Thread | None = None
        self._pushed_at, self._error = "", ""

    # -- from the data set ----------------------------------------------------------------------

    def restore(self, store: Store) -> int:
        """Brings what the data set holds into a store, and follows the store from then on.

        Returns:
            How many facts the store did not have.

        Raises:
            HubError: if the data set cannot be read, or everybody can read it.
            StoreError: if a line of it is damaged, or it contradicts the store.
        """
        files = {path: list(_read(path, text)) for path, text in self._ledger.open().items()}
        there = [fact for facts in files.values() for fact in facts]
        here = list(store.everything())
        gone = {f.participant for f in (*there, *here) if _is_deletion(f) and f.participant}
        missing = [fact for fact in _minus(there, here) if not _is_of(fact, gone)]
        order = list(TABLES)
        missing.sort(key=lambda fact: order.index(type(fact)))
        for start in range(0, len(missing), AT_ONCE):
            some = missing[start : start + AT_ONCE]
            if not all(store.add(*some)):
                raise StoreError(
                    f"the journal {self._ledger.repo} and {store.url} contradict each other: "
                    "one of them belongs to another server"
                )
        self._owners = {path: _owners(facts) for path, facts in files.items()}
        self._forget = {one for owners in self._owners.values() for one in owners & gone}
        self._waiting = _minus(here, there)
        store.follow(self)
        return len(missing)

    # -- to the data set ------------------------------------------------------------------------

    def note(self, facts: Sequence[Fact]) -> None:
        """The store has these now."""
        gone = {fact.participant for fact in facts if _is_deletion(fact) and fact.participant}
        with self._lock:
            self._waiting += facts
            if gone:
                self._waiting = [fact for fact in self._waiting if not _is_of(fact, gone)]
                self._forget |= gone
        if gone or any(isinstance(fact, Registered) for fact in facts):
            self.hurry()  # a study's secrets, and wishes to be forgotten, do not wait

    def settled(self, participant: str) -> bool:
        """Whether all facts about somebody are in the data set."""
        with self._lock:
            return not any(_about(fact) == participant for fact in self._waiting)

    def hurry(self) -> None:
        """Somebody waits for the next push."""
        self._wake.set()

    def push(self) -> None:
        """Sends what waits, and forgets whom it is to forget.

        Raises:
            HubError: if the Hub refuses or is out of reach; everything waits on.
        """
        with self._pushing:
            with self._lock:
                sent = list(self._waiting)
            if sent:
                stamp = f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}"
                path = f"{FOLDER}/{stamp}-{identity.random_id()[:8]}.jsonl"
                self._ledger.append(path, "".join(map(_line, sent)).encode())
                done = set(map(id, sent))
                with self._lock:
                    self._owners[path] = _owners(sent)
                    self._waiting = [fact for fact in self._waiting if id(fact) not in done]
            self._erase()
            self._pushed_at, self._error = datetime.now(UTC).isoformat(timespec="seconds"), ""

    def _erase(self) -> None:
        with self._lock:
            gone = set(self._forget)
        held = [path for path, owners in self._owners.items() if owners & gone]
        if held:
            old = {path: list(_read(path, self._ledger.read(path))) for path in held}
            kept = {path: [f for f in facts if not _is_of(f, gone)] for path, facts in old.items()}
            self._ledger.rewrite({p: "".join(map(_line, f)).encode() for p, f in kept.items()})
        with self._lock:
            for path in held:
                self._owners[path] -= gone
            self._forget -= gone

    # -- by the clock ---------------------------------------------------------------------------

    def start(self) -> None:
        """Pushes by the clock from now on, and once more when the process ends."""
        if self._waiting or self._forget:
            self.hurry()
        self._thread = Thread(target=self._run, daemon=True, name="study-journal")
        self._thread.start()
        atexit.register(self.close)

    def close(self) -> None:
        """Pushes what waits, and ends; what cannot be pushed is said by ``status``."""
        self._ended.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None
            atexit.unregister(self.close)
            self._try()

    def _run(self) -> None:
        last = -self.gap_s
        while not self._ended.is_set():
            if self._wake.wait(self.every_s):
                self._ended.wait(max(0.0, last + self.gap_s - time.monotonic()))
            if self._ended.is_set():
                return
            self._wake.clear()
            if not self._try():
                self._wake.set()  # and again after the gap
            last = time.monotonic()

    def _try(self) -> bool:
        try:
            self.push()
        except GanzooError as error:
            self._error = str(error)
        return not self._error

    def status(self) -> dict[str, Any]:
        """How it stands, as plain data."""
        with self._lock:
            waiting = len(self._waiting)
        return {
            "repo": self._ledger.repo,
            "waiting": waiting,
            "pushed": self._pushed_at or None,
            "every_s": self.every_s,
            "error": self._error or None,
        }


def configured() -> Journal | None:
    """The journal that the environment names, if it does.

    ``GANZOO_STUDY_JOURNAL`` is ``user/name`` of a data set, ``GANZOO_STUDY_JOURNAL_MINUTES`` the
    time between two pushes.

    Raises:
        HubError: if the name is malformed.
        StoreError: if the time is none.
    """
    repo = os.environ.get("GANZOO_STUDY_JOURNAL", "")
    if not repo:
        return None
    minutes = os.environ.get("GANZOO_STUDY_JOURNAL_MINUTES", "") or f"{EVERY_S / 60:g}"
    try:
        every = float(minutes) * 60
    except ValueError:
        every = -1.0
    if not 30 <= every <= 86_400:
        raise StoreError(
            f"GANZOO_STUDY_JOURNAL_MINUTES is a number from 0.5 to 1440; got {minutes[:40]!r}"
        )
    return Journal(repo, every)


def _line(fact: Fact) -> str:
    table = TABLES[type(fact)].name
    return json.dumps({"fact": table, **packed(fact)}, sort_keys=True, ensure_ascii=False) + "\n"


def _read(path: str, text: bytes) -> Iterator[Fact]:
    """The facts of a file.

    Raises:
        StoreError: naming the line that is none.
    """
    for number, line in enumerate(text.decode("utf-8", "replace").splitlines(), 1):
        try:
            row = json.loads(line)
            yield KINDS[row.pop("fact")](**unpacked(row))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise StoreError(
                f"line {number} of {path} in the journal is no fact ({error}): {line[:80]!r}"
            ) from None


def _minus(some: Sequence[Fact], others: Sequence[Fact]) -> list[Fact]:
    """Those of some that are not among the others; what is twice must be there twice."""
    counts, left = Counter(map(_line, others)), []
    for fact in some:
        line = _line(fact)
        if counts[line]:
            counts[line] -= 1
        else:
            left.append(fact)
    return left


def _about(fact: Fact) -> str | None:
    if isinstance(fact, Registered):
        return None
    return fact.id if isinstance(fact, Participant) else fact.participant


def _is_deletion(fact: Fact) -> TypeGuard[Event]:
    return isinstance(fact, Event) and fact.kind == "deletion"


def _is_of(fact: Fact, people: set[str]) -> bool:
    """Whether it goes when these people have their data deleted."""
    return (
        isinstance(fact, Answered | Event)
        and not _is_deletion(fact)
        and (fact.participant in people)
    )


def _owners(facts: Sequence[Fact]) -> set[str]:
    return {
        fact.participant
        for fact in facts
        if isinstance(fact, Answered | Event) and fact.participant and not _is_deletion(fact)
    }
