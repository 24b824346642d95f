"""A queue of 50 sorted by the nearest deadline, with 10,000 and 100,000 open tickets, on SQLite and PostgreSQL."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from uuid import UUID

import sqlalchemy as sa

from bench.figures import Figures
from store import queue
from store.session import Database
from store.tables import tickets

SEED = 7
TEAMS = tuple(f"team-{number}" for number in range(40))
BATCH = 5_000


def _rows(
    first: int, count: int, randomness: random.Random, now: datetime, also: Mapping[str, object]
) -> Iterator[dict[str, object]]:
    for number in range(first, first + count):
        due_at = (
            now + timedelta(minutes=randomness.randint(-600, 20_000)) if randomness.random() < 0.9 else None
        )
        opened = now - timedelta(minutes=randomness.randint(0, 40_000))
        yield {
            "id": str(UUID(int=randomness.getrandbits(128), version=4)),
            "ref": f"BEN-{number:07}",
            "process": "incident",
            "state": "in_progress",
            "category": "active",
            "title": f"Something does not work, number {number}",
            "requester": f"person-{randomness.randint(0, 9_999)}",
            "team": randomness.choice(TEAMS),
            "assignee": f"agent-{randomness.randint(0, 399)}",
            "service": "vpn",
            "priority": randomness.choice(("P1", "P2", "P3", "P4")),
            "opened_at": opened,
            "updated_at": opened,
            "next_deadline": due_at,
            "settled": 0,
            "queue_at": due_at or datetime(9999, 1, 1, tzinfo=UTC),
            "due_at": due_at,
            "due_clock": "resolve",
            "due_status": "running",
            "due_from": opened,
            "due_elapsed": 0.0,
            "due_target": 14_400.0,
            "due_calendar": "always",
            "breached": False,
            "incarnation": 1,
            "seq": 1,
            "revision": 1,
            "handled": 1,
            "next_command": 2,
            "run_started_at": opened,
            "process_hash": "0" * 64,
            "calendars_hash": "0" * 64,
            "agreements_hash": "0" * 64,
            "engine": 1,
            **also,
        }


def fill(
    database: Database, first: int, count: int, now: datetime, also: Mapping[str, object] | None = None
) -> None:
    """Insert open tickets numbered from `first`; `also` are columns that all of them have."""
    randomness = random.Random(SEED + first)
    rows = _rows(first, count, randomness, now, also or {})
    done = 0
    while done < count:
        batch = [next(rows) for _ in range(min(BATCH, count - done))]
        with database.transaction() as session:
            session.execute(sa.insert(tickets), batch)
        done += len(batch)
    with database.transaction() as session:
        session.execute(sa.text("ANALYZE"))


def _timed(what: str, calls: int, database: Database, wanted: queue.Wanted, now: datetime) -> Figures:
    times = []
    begun = time.perf_counter()
    for _ in range(calls):
        start = time.perf_counter()
        with database.reading() as session:
            rows, _ = queue.page(session, wanted, now, limit=50)
        times.append(time.perf_counter() - start)
        assert len(rows) == 50
    return Figures(what, calls, time.perf_counter() - begun, tuple(times))


def measure(
    database: Database, name: str, sizes: tuple[int, ...] = (10_000, 100_000), calls: int = 200
) -> list[Figures]:
    """Fill step by step and read the first page: everybody's, and one team's."""
    now = datetime.now(UTC)
    found: list[Figures] = []
    have = 0
    for size in sizes:
        fill(database, have, size - have, now)
        have = size
        _timed("warm-up", 20, database, queue.Wanted(states=("open",)), now)
        found.append(
            _timed(
                f"queue of 50, {size:,} open, {name}", calls, database, queue.Wanted(states=("open",)), now
            )
        )
        wanted = queue.Wanted(states=("open",), team=TEAMS[3])
        found.append(_timed(f"one team's queue, {size:,} open, {name}", calls, database, wanted, now))
    return found
