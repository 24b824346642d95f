"""Transactions: what a database that is locked, full or away looks like, and that nothing is half-written."""

from __future__ import annotations

import logging
import sqlite3
import threading

import pytest
import sqlalchemy as sa

from domain.errors import Unavailable
from store.session import Database, insert_if_absent
from store.tables import counters


def test_a_locked_database_is_unavailable_says_why_and_keeps_nothing(
    sqlite_database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    path = sqlite_database.engine.url.database
    assert path
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with (
        caplog.at_level(logging.WARNING),
        pytest.raises(Unavailable, match="locked"),
        sqlite_database.transaction(),
    ):
        raise AssertionError("never gets here")
    assert "database unavailable" in caplog.text
    other.execute("ROLLBACK")
    other.close()
    with sqlite_database.transaction() as session:
        insert_if_absent(session, counters, {"prefix": "A-", "last": 0})


def test_a_row_somebody_else_holds_is_unavailable_after_a_while(database_url: str) -> None:
    holder, waiter = Database(database_url), Database(database_url, lock_timeout_ms=200)
    with holder.transaction() as session:
        insert_if_absent(session, counters, {"prefix": "D-", "last": 0})
    up = sa.update(counters).values(last=counters.c.last + 1)
    with holder.transaction() as session:
        session.execute(up)
        with pytest.raises(Unavailable), waiter.transaction() as other:
            other.execute(up)
    with waiter.transaction() as session:
        assert session.execute(sa.select(counters.c.last)).scalar() == 1
    holder.close()
    waiter.close()


def test_reading_goes_on_while_another_process_writes(sqlite_database: Database) -> None:
    path = sqlite_database.engine.url.database
    assert path
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with sqlite_database.reading() as session:
        assert session.execute(sa.select(sa.func.count()).select_from(counters)).scalar() == 0
    other.execute("ROLLBACK")
    other.close()


def test_a_full_disk_is_unavailable_and_nothing_is_half_written(sqlite_database: Database) -> None:
    with sqlite_database.engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    limit = f"PRAGMA max_page_count={pages}"
    sa.event.listen(sqlite_database.engine, "connect", lambda made, _: made.execute(limit))
    sqlite_database.engine.dispose()
    rows = [{"prefix": f"{number}-{'x' * 150}", "last": 0} for number in range(500)]
    with pytest.raises(Unavailable, match="full"), sqlite_database.transaction() as session:
        session.execute(sa.insert(counters), rows)
    with sqlite_database.reading() as session:
        assert session.execute(sa.select(sa.func.count()).select_from(counters)).scalar() == 0


def test_a_server_that_is_gone_is_unavailable() -> None:
    database = Database("postgresql+psycopg://nobody@127.0.0.1:1/none?connect_timeout=1")
    with pytest.raises(Unavailable), database.reading():
        raise AssertionError("never gets here")


def test_a_mistake_of_ours_is_not_dressed_up_as_an_outage(database: Database) -> None:
    with pytest.raises(sa.exc.DBAPIError), database.transaction() as session:
        session.exec_driver_sql("SELECT nonsense FROM nowhere")


def test_what_fails_leaves_nothing(database: Database) -> None:
    with pytest.raises(RuntimeError):
        _half_way(database)
    with database.reading() as session:
        assert session.execute(sa.select(sa.func.count()).select_from(counters)).scalar() == 0


def _half_way(database: Database) -> None:
    with database.transaction() as session:
        insert_if_absent(session, counters, {"prefix": "B-", "last": 0})
        raise RuntimeError("half-way")


def test_writers_take_turns(database: Database) -> None:
    with database.transaction() as session:
        insert_if_absent(session, counters, {"prefix": "C-", "last": 0})

    def count() -> None:
        for _ in range(20):
            with database.transaction() as session:
                session.execute(sa.update(counters).values(last=counters.c.last + 1))

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading() as session:
        assert session.execute(sa.select(counters.c.last)).scalar() == 80
