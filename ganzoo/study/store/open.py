"""Opens the database: makes it, brings it up to date, and says plainly why it cannot."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.pool import StaticPool

from ganzoo.errors import StoreError

PATIENCE_MS = 5000  # for another program that holds the database locked
PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",  # a commit is on the disk, not in its cache
    "PRAGMA secure_delete = ON",  # what is deleted is overwritten
    "PRAGMA foreign_keys = ON",
    f"PRAGMA busy_timeout = {PATIENCE_MS}",
)


def open_engine(url: str) -> sa.Engine:
    """An engine whose database has today's tables.

    Raises:
        StoreError: if it cannot be opened, is damaged, or was written by a later version.
    """
    try:
        address = sa.make_url(url)
    except ArgumentError:
        raise StoreError(
            "GANZOO_DATABASE_URL is written sqlite:///file or "
            "postgresql://user:password@host/name; got one that is neither"
        ) from None
    kind = address.get_backend_name()
    if kind not in ("sqlite", "postgresql"):
        raise StoreError(f"answers are kept in sqlite or postgresql; got {kind!r}")
    try:
        engine = _sqlite(address) if kind == "sqlite" else _postgresql(address)
        with _closed_on_failure(engine):
            _upgrade(engine)
    except (DBAPIError, OSError) as error:
        raise StoreError(sentence(url, error)) from error
    return engine


@contextmanager
def _closed_on_failure(engine: sa.Engine) -> Iterator[None]:
    try:
        yield
    except BaseException:
        engine.dispose()
        raise


def empty_log(engine: sa.Engine) -> bool:
    """Empties SQLite's write-ahead log into the database: what was deleted is still read in it.

    Returns:
        False if somebody who reads is in the way; then it is to be tried again.
    """
    if engine.dialect.name != "sqlite":
        return True
    connection = engine.raw_connection()  # no transaction: none may be open
    try:
        cursor = connection.cursor()
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (busy, *_) = cursor.fetchone() or (1,)
    except sqlite3.Error:
        return False
    finally:
        connection.close()
    return not busy


def sentence(url: str, error: Exception) -> str:
    """What went wrong with the database, in words, without any password in its address."""
    where = sa.make_url(url).render_as_string(hide_password=True)
    cause = str(getattr(error, "orig", None) or error).strip()
    for sign, said in (
        ("disk is full", "the disk is full"),
        ("No space left", "the disk is full"),
        ("is locked", "another program holds it locked"),
        ("malformed", "the database is damaged; restore it from a copy or rebuild it"),
        ("not a database", "that file is not a database, or is damaged"),
        ("readonly", "it cannot be written to"),
        ("unable to open", "the file cannot be opened"),
    ):
        if sign in cause:
            return f"{where}: {said}: nothing was stored ({cause.splitlines()[0]})"
    return f"{where}: {cause.splitlines()[0] if cause else type(error).__name__}"


def _sqlite(address: sa.URL) -> sa.Engine:
    options: dict[str, Any] = {"connect_args": {"check_same_thread": False}}
    if address.database in (None, "", ":memory:"):
        options["poolclass"] = StaticPool
    else:
        Path(str(address.database)).expanduser().parent.mkdir(parents=True, exist_ok=True)
        options["pool_size"], options["max_overflow"] = 8, 32
    engine = sa.create_engine(address, **options)

    @event.listens_for(engine, "connect")
    def _settle(connection: Any, _: Any) -> None:
        connection.isolation_level = None  # transactions begin where we say so
        for pragma in PRAGMAS:
            connection.execute(pragma)

    @event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        kind = connection.get_execution_options().get("sqlite_begin", "")
        connection.exec_driver_sql(f"BEGIN {kind}")

    with _closed_on_failure(engine), engine.connect() as connection:
        (found,) = connection.execute(sa.text("PRAGMA quick_check(1)")).scalars()
    if found != "ok":
        raise StoreError(f"{address}: the database is damaged: {found}")
    return engine


def _postgresql(address: sa.URL) -> sa.Engine:
    try:
        return sa.create_engine(
            address.set(drivername="postgresql+psycopg"),
            pool_pre_ping=True, pool_size=8, max_overflow=32,
        )  # fmt: skip
    except ModuleNotFoundError:
        raise StoreError("PostgreSQL needs psycopg: pip install 'psycopg[binary]'") from None


def _upgrade(engine: sa.Engine) -> None:
    """Runs the migrations that this database has not seen, one server at a time."""
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    settings = Config()
    settings.set_main_option("script_location", "ganzoo.study.store:migrations")
    with engine.connect().execution_options(sqlite_begin="IMMEDIATE") as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(sa.text("SELECT pg_advisory_xact_lock(7104)"))
        settings.attributes["connection"] = connection
        try:
            command.upgrade(settings, "head")
            connection.commit()
        except CommandError as error:
            raise StoreError(f"these answers were written by a later version: {error}") from None
