"""One database, SQLite or PostgreSQL: its engine, its transactions, and what its being away looks like.

Sync SQLAlchemy Core, no ORM: a `Session` is the connection of one transaction. `transaction()` is for writing
(`BEGIN IMMEDIATE` on SQLite, so that a lock is never upgraded half-way), `reading()` for one consistent look.
"""

from __future__ import annotations

import json
import logging
import sqlite3
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import sqlalchemy
from sqlalchemy import Connection, Engine, Table, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url

from domain.errors import Unavailable

log = logging.getLogger(__name__)

Session = Connection
"""The connection of one transaction; nobody but `Database` commits it."""

_LOCK_TIMEOUT_MS = 5_000

# What SQLite says when it is the world's fault and not the statement's.
_SQLITE_AWAY = (
    "database is locked",
    "database table is locked",
    "database or disk is full",
    "disk i/o error",
    "unable to open database file",
    "attempt to write a readonly database",
)


class Database:
    """The engine of one database, and its transactions."""

    def __init__(self, url: str, *, pool_size: int = 8, lock_timeout_ms: int = _LOCK_TIMEOUT_MS) -> None:
        self.engine = create_engine(url, pool_size=pool_size, lock_timeout_ms=lock_timeout_ms)
        self._lock_timeout = lock_timeout_ms / 1000
        # SQLite has one writer. Its busy handler sleeps up to 100 ms at a time; writers of one process
        # queue here instead and are woken at once.
        self._writer = threading.Lock() if self.is_sqlite else None

    @property
    def is_sqlite(self) -> bool:
        """SQLite, not PostgreSQL."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """One writing transaction: committed at the end, rolled back by any exception.

        Raises Unavailable when the database is locked, full or away.
        """
        with _named(), self._turn(), self.engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """One transaction that only reads. Raises Unavailable as `transaction` does."""
        how: dict[str, Any] = {"evertick_reading": True}
        if not self.is_sqlite:  # its default would look again at every statement
            how |= {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        with _named(), self.engine.connect().execution_options(**how) as connection, connection.begin():
            yield connection

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if self._writer is None:
            yield
            return
        if not self._writer.acquire(timeout=self._lock_timeout):
            raise _away("another writer of this process holds the database", None)
        try:
            yield
        finally:
            self._writer.release()


def insert_if_absent(session: Session, table: Table, row: Mapping[str, object]) -> bool:
    """Insert a row unless one with its key exists; whether it was inserted."""
    insert = sqlite.insert if session.dialect.name == "sqlite" else postgresql.insert
    return bool(session.execute(insert(table).values(**row).on_conflict_do_nothing()).rowcount)


def create_engine(url: str, *, pool_size: int = 8, lock_timeout_ms: int = _LOCK_TIMEOUT_MS) -> Engine:
    """The engine for a database URL (`sqlite:///path`, `postgresql+psycopg://…`), set up the same way everywhere."""
    options: dict[str, Any] = {"json_serializer": _to_json, "json_deserializer": json.loads}
    if make_url(url).get_backend_name() != "sqlite":
        return sqlalchemy.create_engine(
            url,
            pool_size=pool_size,
            max_overflow=pool_size,
            pool_timeout=lock_timeout_ms / 1000,
            pool_pre_ping=True,
            connect_args={"connect_timeout": 5, "options": f"-c lock_timeout={lock_timeout_ms}"},
            **options,
        )
    engine = sqlalchemy.create_engine(
        url,
        poolclass=sqlalchemy.QueuePool,
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_timeout=lock_timeout_ms / 1000,
        connect_args={"timeout": lock_timeout_ms / 1000, "check_same_thread": False},
        **options,
    )
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _to_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _set_up_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # the driver begins nothing by itself; see _begin_sqlite
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    reads = connection.get_execution_options().get("evertick_reading", False)
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


@contextmanager
def _named() -> Iterator[None]:
    """Give a database that is away its name in our tree; anything else is a mistake of ours and passes."""
    try:
        yield
    except sqlalchemy.exc.TimeoutError as error:
        raise _away("no free database connection", error) from error
    except sqlalchemy.exc.DBAPIError as error:
        if not _is_away(error):
            raise
        raise _away(str(error.orig).strip().splitlines()[0], error) from error


def _is_away(error: sqlalchemy.exc.DBAPIError) -> bool:
    if error.connection_invalidated:
        return True
    if isinstance(error.orig, sqlite3.Error):
        text = str(error.orig).lower()
        return any(reason in text for reason in _SQLITE_AWAY)
    # psycopg raises OperationalError for the server's state (gone, full, locked, deadlock), never for SQL.
    return isinstance(error, sqlalchemy.exc.OperationalError)


def _away(reason: str, error: BaseException | None) -> Unavailable:
    log.warning("database unavailable", extra={"reason": reason, "error": type(error).__name__})
    return Unavailable(
        f"the database is not available now ({reason}); nothing was changed, try again in a moment"
    )
