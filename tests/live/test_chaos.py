"""kill -9 of the worker, of Temporal, of the API, or of all three, at any moment, on both databases.

The smoke form kills 12 times, the tenth with a long outage; EVERTICK_CHAOS_KILLS=200 (`make chaos`) is the long form.
A run prints its seed, and EVERTICK_CHAOS_SEED takes the same decisions again (not the same microseconds: processes are
real).

What it found, kept as small tests, by seed: 1 (SQLite) a command to a closed ticket started run after run, and a late
result left a deadline unhandled (test_found_by_chaos.py); 2 (PostgreSQL) who waited for a ticket's row got its newest
head with an older snapshot, and folded onto that (tests/store/test_tickets.py); 11 (PostgreSQL) a fresh worker ordered
commands otherwise than every replay after it (test_found_by_chaos.py).
"""

from __future__ import annotations

import faulthandler
import os
import secrets
from pathlib import Path

import pytest

from tests.live.chaos.killer import LONG_FORM
from tests.live.chaos.story import run_chaos

pytestmark = [pytest.mark.anyio, pytest.mark.chaos]

KILLS = int(os.environ.get("EVERTICK_CHAOS_KILLS", "12"))
SEED = int(os.environ.get("EVERTICK_CHAOS_SEED", "0")) or secrets.randbelow(1_000_000)


async def test_whatever_is_killed_nothing_is_lost_and_nothing_happens_twice(
    database_url: str, tmp_path: Path
) -> None:
    print(f"\nseed {SEED}: repeat it with EVERTICK_CHAOS_SEED={SEED}; {KILLS} kills")
    if KILLS >= LONG_FORM:
        faulthandler.cancel_dump_traceback_later()  # it does not hang; it takes half an hour
    chaos = await run_chaos(tmp_path / "home", database_url, KILLS, SEED)
    print(chaos.figures())
    assert not chaos.report.wrong, "\n".join(chaos.report.wrong[:40])
    assert chaos.killer.kills >= KILLS
