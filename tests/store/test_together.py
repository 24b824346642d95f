"""Steps of many threads: committed together on SQLite, each whole or not at all."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from domain.errors import Unavailable
from store import numbers
from store.session import Database, Session
from store.tables import counters
from store.together import Together


def add(session: Session, prefix: str) -> str:
    session.execute(sa.insert(counters), {"prefix": prefix, "last": 1})
    return prefix


def prefixes(database: Database) -> set[str]:
    with database.reading() as session:
        return set(session.execute(sa.select(counters.c.prefix)).scalars())


def commits_of(database: Database) -> list[int]:
    counted: list[int] = []
    sa.event.listen(database.engine, "commit", lambda connection: counted.append(1))
    return counted


class Gate:
    """A first step that holds the writer until others are waiting."""

    def __init__(self) -> None:
        self.entered, self.open = threading.Event(), threading.Event()

    def __call__(self, session: Session) -> None:
        self.entered.set()
        assert self.open.wait(20)


def behind_a_gate(writes: Together, *steps: Callable[[Session], object]) -> list[object]:
    """Run steps in threads of their own that all wait for the same writer; what each returned or raised."""
    gate = Gate()

    def outcome(step: Callable[[Session], object]) -> object:
        try:
            return writes.write(step)
        except Exception as error:  # noqa: BLE001 - the test looks at it
            return error

    with ThreadPoolExecutor(len(steps) + 1) as threads:
        first = threads.submit(writes.write, gate)
        assert gate.entered.wait(20)
        others = [threads.submit(outcome, step) for step in steps]
        while len(writes._waiting) < len(steps):
            threading.Event().wait(0.001)
        gate.open.set()
        first.result(20)
        return [other.result(20) for other in others]


def test_steps_that_wait_share_one_transaction(sqlite_database: Database) -> None:
    writes = Together(sqlite_database)
    commits = commits_of(sqlite_database)
    found = behind_a_gate(writes, *(lambda session, n=n: add(session, f"T{n}") for n in range(20)))
    assert len(commits) == 2, "the gate's, and one for all that waited"
    assert set(found) == {f"T{n}" for n in range(20)} == prefixes(sqlite_database)


def test_a_step_that_fails_leaves_nothing_and_the_others_stand(sqlite_database: Database) -> None:
    def bad(session: Session) -> None:
        add(session, "half")
        raise LookupError("no such thing")

    found = behind_a_gate(
        Together(sqlite_database), lambda session: add(session, "A"), bad, lambda session: add(session, "B")
    )
    assert found[0] == "A"
    assert isinstance(found[1], LookupError)
    assert found[2] == "B"
    assert prefixes(sqlite_database) == {"A", "B"}


def test_when_the_database_is_away_nobodys_step_is_kept(sqlite_database: Database) -> None:
    def away(session: Session) -> None:
        raise sa.exc.OperationalError("INSERT", {}, Exception("database or disk is full"))

    found = behind_a_gate(Together(sqlite_database), lambda session: add(session, "A"), away)
    assert all(isinstance(one, Exception) for one in found)
    assert prefixes(sqlite_database) == set()


def test_a_locked_database_is_unavailable_for_each(sqlite_database: Database) -> None:
    other = Database(str(sqlite_database.engine.url))
    with other.transaction(), pytest.raises(Unavailable):
        Together(sqlite_database).write(lambda session: add(session, "A"))
    other.close()
    assert Together(sqlite_database).write(lambda session: add(session, "A")) == "A"


def test_many_threads_lose_nothing(database: Database) -> None:
    with database.transaction() as session:
        numbers.prepare(session, "X-")
    writes = Together(database)
    with ThreadPoolExecutor(16) as threads:
        taken = list(threads.map(lambda _: writes.write(lambda s: numbers.next_number(s, "X-")), range(200)))
    assert sorted(taken) == list(range(1, 201))
