"""What is acknowledged is on the disk, once, and stays; in SQLite and in PostgreSQL."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
import sqlalchemy as sa

from ganzoo.errors import StoreError
from ganzoo.study.store import Answered, Event, Participant, Registered, Store

STUDY = Registered("s", "t", "{}", "{}", "1", "salt", "secret")
ANNA = Participant("anna", "s", 0, "t", "link", "eraser", person="p")
ANSWER = Answered("anna", 0, "attempt-1", "t", "main", 0, (("x", None), ("y", "m")), [1], 2, 2, 3.5)


def begun(store: Store) -> None:
    assert store.add(STUDY, ANNA) == [True, True]


def test_what_was_added_is_read_again_by_another(store, url):
    begun(store)
    assert store.add(ANSWER, Event("s", "note", "t", "anna", detail={"a": 1})) == [True, True]
    other = Store(url)
    assert other.answers("s") == [ANSWER]
    assert other.study("s") == STUDY
    assert other.participant(person="p") == ANNA
    assert other.events("s", "note")[0].detail == {"a": 1}
    assert other.seats("s") == 1
    other.close()


def test_the_first_answer_to_a_trial_stays(store):
    begun(store)
    assert store.add(ANSWER) == [True]
    assert store.add(replace(ANSWER, attempt="attempt-2", answer=[0])) == [False]
    assert store.answers("s") == [ANSWER]


def test_many_at_once_are_each_stored_once(store):
    begun(store)
    with ThreadPoolExecutor(16) as crowd:
        kept = list(crowd.map(lambda i: store.add(replace(ANSWER, trial=i % 50))[0], range(200)))
    assert sum(kept) == 50
    assert len(store.answers("s")) == 50


def test_one_bad_fact_takes_no_other_along(store):
    begun(store)
    with ThreadPoolExecutor(8) as crowd:
        strangers = [replace(ANSWER, participant="nobody", trial=i) for i in range(8)]
        mine = [replace(ANSWER, trial=i) for i in range(8)]
        tried = [crowd.submit(store.add, fact) for fact in strangers + mine]
        errors = [future.exception() for future in tried]
    assert all(isinstance(error, StoreError) for error in errors[:8])
    assert errors[8:] == [None] * 8
    assert len(store.answers("s")) == 8


@pytest.mark.parametrize("table", ["studies", "participants", "answers", "events"])
@pytest.mark.parametrize("order", ["UPDATE {} SET at = 'x'", "DELETE FROM {}"])
def test_the_database_itself_refuses_changes(store, url, table, order):
    begun(store)
    store.add(ANSWER, Event("s", "note", "t", "anna"))
    address = sa.make_url(url)
    if address.drivername == "postgresql":
        address = address.set(drivername="postgresql+psycopg")
    engine = sa.create_engine(address)
    with pytest.raises(sa.exc.DBAPIError, match="never"), engine.begin() as connection:
        connection.exec_driver_sql(order.format(table))
    engine.dispose()


def test_who_asks_is_deleted_and_the_asking_is_kept(store):
    begun(store)
    bert = Participant("bert", "s", 1, "t", "link", "other")
    store.add(bert, ANSWER, replace(ANSWER, participant="bert"), Event("s", "note", "t", "anna"))
    assert store.erase(Event("s", "deletion", "t", "anna", "deletion anna")) == 1
    assert [answer.participant for answer in store.answers("s")] == ["bert"]
    assert [event.kind for event in store.events("s")] == ["deletion"]
    assert store.participants("s") == [bert]


def read(path) -> bytes:
    """All that lies in the files of a database."""
    return b"".join(one.read_bytes() for one in path.parent.glob(f"{path.name}*"))


def test_what_was_deleted_is_in_no_file(tmp_path):
    path = tmp_path / "a.sqlite"
    store = Store(f"sqlite:///{path}")
    begun(store)
    store.add(*(replace(ANSWER, trial=i, attempt=f"MARKER-{i}") for i in range(5)))
    assert b"MARKER-3" in read(path)
    store.erase(Event("s", "deletion", "t", "anna", "deletion anna"))
    assert b"MARKER" not in read(path)
    store.close()


def test_somebody_who_reads_delays_that_and_no_longer(tmp_path, monkeypatch):
    from ganzoo.study.store import open as opening

    monkeypatch.setattr(opening, "PRAGMAS", (*opening.PRAGMAS, "PRAGMA busy_timeout = 50"))
    path = tmp_path / "a.sqlite"
    store = Store(f"sqlite:///{path}")
    begun(store)
    store.add(replace(ANSWER, attempt="MARKER-0"))
    reader = sqlite3.connect(path, isolation_level=None)
    reader.execute("BEGIN")
    assert reader.execute("SELECT count(*) FROM answers").fetchone() == (1,)
    assert store.erase(Event("s", "deletion", "t", "anna", "deletion anna")) == 1
    assert b"MARKER" in read(path)
    reader.close()
    store.add(Event("s", "pause", "t"))
    assert b"MARKER" not in read(path)
    store.close()


def test_a_server_that_was_killed_is_followed_by_one_that_empties_the_log(tmp_path, monkeypatch):
    path = tmp_path / "a.sqlite"
    store = Store(f"sqlite:///{path}")
    begun(store)
    store.add(replace(ANSWER, attempt="MARKER-0"))
    with monkeypatch.context() as patch:
        patch.setattr("ganzoo.study.store.store.empty_log", lambda _: False)
        store.erase(Event("s", "deletion", "t", "anna", "deletion anna"))
    assert b"MARKER" in read(path)
    other = Store(f"sqlite:///{path}")
    other.add(Event("s", "pause", "t"))
    assert b"MARKER" not in read(path)
    other.close()
    store.close()


def test_the_request_and_the_deletion_are_one_transaction(store, monkeypatch):
    begun(store)
    store.add(ANSWER)
    request = Event("s", "deletion", "t", "anna", "deletion anna")
    with monkeypatch.context() as patch:
        patch.setattr("ganzoo.study.store.store._delete", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            store.erase(request)
    assert store.answers("s") == [ANSWER]
    assert store.events("s") == []
    assert store.add(ANSWER, request, replace(ANSWER, trial=9)) == [False, True, True]
    assert store.answers("s") == []


def test_nothing_more_is_stored_of_who_had_their_data_deleted(store, url):
    begun(store)
    other = Store(url)
    other.erase(Event("s", "deletion", "t", "anna", "deletion anna"))
    bert = Participant("bert", "s", 1, "t", "link", "other")
    note = Event("s", "note", "t", "anna")
    added = store.add(bert, ANSWER, note, replace(ANSWER, participant="bert"))
    assert added == [True, False, False, True]
    assert [answer.participant for answer in other.answers("s")] == ["bert"]
    assert [event.kind for event in other.events("s")] == ["deletion"]
    other.close()


def test_answers_and_a_deletion_at_once_leave_nothing(store, url):
    others = [Store(url) for _ in range(3)]
    begun(store)
    request = Event("s", "deletion", "t", "anna", "deletion anna")
    with ThreadPoolExecutor(16) as crowd:
        tasks = [
            crowd.submit(store.erase, request)
            if i == 30
            else crowd.submit(others[i % 3].add, replace(ANSWER, trial=i))
            for i in range(60)
        ]
    assert [task.exception() for task in tasks] == [None] * 60
    assert store.answers("s") == []
    for other in others:
        other.close()


def test_a_full_disk_acknowledges_nothing(tmp_path):
    store = Store(f"sqlite:///{tmp_path / 'a.sqlite'}")
    begun(store)

    @sa.event.listens_for(store._engine, "checkout")
    def _shrink(connection, *_):
        connection.execute("PRAGMA max_page_count = 1")  # to what there is

    kept, full = [], None
    for i in range(2000):
        try:
            store.add(replace(ANSWER, trial=i, measured={"long": "x" * 500}))
            kept.append(i)
        except StoreError as error:
            full = str(error)
            break
    assert full is not None
    assert "the disk is full: nothing was stored" in full
    assert [answer.trial for answer in store.answers("s")] == kept
    store.close()


def test_a_locked_database_says_so_and_goes_on_afterwards(tmp_path, monkeypatch):
    from ganzoo.study.store import open as opening

    monkeypatch.setattr(opening, "PRAGMAS", (*opening.PRAGMAS, "PRAGMA busy_timeout = 50"))
    store = Store(f"sqlite:///{tmp_path / 'a.sqlite'}")
    begun(store)
    holder = sqlite3.connect(tmp_path / "a.sqlite", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match="another program holds it locked: nothing was stored"):
        store.add(ANSWER)
    holder.execute("ROLLBACK")
    holder.close()
    assert store.add(ANSWER) == [True]
    store.close()


def test_a_damaged_database_says_so(tmp_path):
    path = tmp_path / "a.sqlite"
    store = Store(f"sqlite:///{path}")
    begun(store)
    store.add(*(replace(ANSWER, trial=i, measured={"x": "y" * 400}) for i in range(200)))
    store.close()
    content = bytearray(path.read_bytes())
    content[8192:40000] = b"\xff" * (40000 - 8192)
    path.write_bytes(content)
    with pytest.raises(StoreError, match="damaged"):
        Store(f"sqlite:///{path}")
    path.write_bytes(b"no database at all, but long enough to be looked at" * 40)
    with pytest.raises(StoreError, match="not a database, or is damaged"):
        Store(f"sqlite:///{path}")


def test_answers_of_a_later_version_are_refused(store, url):
    address = sa.make_url(url)
    if address.drivername == "postgresql":
        address = address.set(drivername="postgresql+psycopg")
    engine = sa.create_engine(address)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '999'")
    engine.dispose()
    with pytest.raises(StoreError, match="later version"):
        Store(url)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("mysql://a:hidden@b/c", "sqlite or postgresql; got 'mysql'"),
        ("nonsense", "written sqlite:///file or"),
        ("sqlite:////proc/nowhere/a.sqlite", "/proc/nowhere"),
    ],
)
def test_an_address_that_cannot_be_is_quoted_without_its_password(url, said):
    with pytest.raises(StoreError, match=said) as caught:
        Store(url)
    assert "hidden" not in str(caught.value)


def test_the_migrations_make_the_tables_that_the_code_writes(store):
    from ganzoo.study.store.facts import FACTS

    found = sa.inspect(store._engine)
    for table in FACTS.tables.values():
        columns = {one["name"]: one["nullable"] for one in found.get_columns(table.name)}
        assert columns == {one.name: one.nullable for one in table.columns}
