"""Tickets that open by themselves: once for each turn, whoever looks, however late."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from domain.language.published import Published
from store import tickets
from store.session import Database
from tests.desk.desks import FILES, TestDesk, a_desk, another_desk, caller, published, run

BEFORE = datetime(2026, 11, 24, 1, tzinfo=UTC)
TURN = datetime(2026, 11, 25, 6, tzinfo=UTC)  # Wednesday 14:00 in Shanghai


async def a_weekly_desk(database: Database) -> TestDesk:
    here = await a_desk(database)
    here.clock.now = BEFORE
    await here.desk.publish(published("weekly.yaml", FILES))
    return here


async def titles(here: TestDesk, refs: list[str]) -> list[object]:
    return [(await here.desk.ticket(caller("ann"), ref)).ticket.fields["title"] for ref in refs]


def test_a_turn_is_taken_once_by_whoever_looks_first(database: Database) -> None:
    async def story() -> None:
        here = await a_weekly_desk(database)
        there = another_desk(database, clock=here.clock, temporal=here.temporal)
        assert await here.desk.open_scheduled() == [], "the turns before it was published are not taken"
        here.clock.now = TURN
        found = await asyncio.gather(here.desk.open_scheduled(), there.desk.open_scheduled())
        refs = [ref for some in found for ref in some]
        assert len(refs) == 1
        assert await titles(here, refs) == ["Board of 2026-11-25"]
        assert (await here.desk.ticket(caller("ann"), refs[0])).ticket.fields["channel"] == "schedule"
        here.clock.pass_(minutes=1)
        again = another_desk(database, clock=here.clock, temporal=here.temporal)
        for desk in (here, there, again):
            assert await desk.desk.open_scheduled() == []
        await asyncio.gather(here.desk.settle(), there.desk.settle())
        with database.reading() as session:
            head = tickets.head(session, refs[0])
        assert head is not None and head.run_started_at is not None
        for desk in (here, there, again):
            await desk.close()

    run(story())


def test_of_the_turns_that_were_missed_only_the_last_is_taken(sqlite_database: Database) -> None:
    async def story() -> None:
        here = await a_weekly_desk(sqlite_database)
        here.clock.now = TURN
        here.clock.pass_(days=15)
        refs = await here.desk.open_scheduled()
        assert await titles(here, refs) == ["Board of 2026-12-09"]
        here.clock.pass_(days=6)
        assert await titles(here, await here.desk.open_scheduled()) == ["Board of 2026-12-16"]
        await here.close()

    run(story())


def changed(folder: Path, old: str, new: str) -> Published:
    """The weekly process with something of its text replaced."""
    text = (FILES / "weekly.yaml").read_text("utf-8")
    assert old in text
    made = folder / str(len(list(folder.iterdir())))  # what was published from a folder is kept
    made.mkdir()
    (made / "weekly.yaml").write_text(text.replace(old, new), "utf-8")
    return published("weekly.yaml", made)


def test_a_version_published_after_its_turn_takes_what_the_one_before_promised_and_nothing_twice(
    sqlite_database: Database, tmp_path: Path
) -> None:
    async def story() -> None:
        here = await a_weekly_desk(sqlite_database)
        here.clock.now = TURN
        here.clock.pass_(seconds=2)
        await here.desk.publish(changed(tmp_path, "at: 14:00", "at: 13:30"))
        assert len(await here.desk.open_scheduled()) == 1
        here.clock.pass_(minutes=10)
        await here.desk.publish(changed(tmp_path, "at: 14:00", "at: 14:05"))
        here.clock.pass_(minutes=10)
        assert await here.desk.open_scheduled() == [], "it is the same day's"
        await here.close()

    run(story())


def test_what_its_process_refuses_is_said_and_tried_again_with_the_next_version(
    sqlite_database: Database, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def story() -> None:
        here = await a_weekly_desk(sqlite_database)
        closed = "create: {if: false, otherwise: Not now}\nforms:"
        await here.desk.publish(changed(tmp_path, "forms:", closed))
        here.clock.now = TURN
        assert await here.desk.open_scheduled() == []
        assert await here.desk.open_scheduled() == []
        assert [one.message for one in caplog.records].count("not opened by its schedule") == 1
        await here.desk.publish(published("weekly.yaml", FILES))
        assert len(await here.desk.open_scheduled()) == 1
        await here.close()

    run(story())
