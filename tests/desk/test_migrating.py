"""Open tickets move to a newer version by their own commands: one, all, again, and nothing is lost on the way."""

from __future__ import annotations

import asyncio
from datetime import date

import pytest

from bootstrap.public_holidays import PublicHolidays
from desk.desk import Desk
from desk.migrating import Moved
from domain.errors import DefinitionInvalid, DefinitionUnknown, Refused, TicketUnknown
from domain.language.loader import load_process
from domain.language.published import Published, publish
from store import ledger
from store.session import Database
from tests.desk.desks import FILES, TestDesk, a_desk, caller, run

SMALL = (FILES / "small.yaml").read_text(encoding="utf-8")


def second(*pairs: tuple[str, str], migrate: str = "[{from: 1}]", version: int = 2) -> Published:
    """The second version of the small process, with these changes."""
    text = SMALL.replace("version: 1", f"version: {version}")
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new)
    text += f"\nmigrate: {migrate}\n"
    loaded = load_process("small.yaml", lambda name: text.encode() if name == "small.yaml" else None)
    assert loaded.ok, loaded.problems
    return publish(loaded, PublicHolidays(), date(2026, 1, 1))


RENAMED = second(
    ("working", "in_work"),
    migrate="[{from: 1, states: {working: in_work}, note: {en: Better words., zh-CN: 用词更好。}}]",
)


async def moves(desk: Desk, number: int | None = None, **options: object) -> list[Moved]:
    _, found = await desk.migrate("small", number, **options)  # type: ignore[arg-type]  # of migrate
    return [one async for one in found]


async def three(here: TestDesk) -> None:
    for _ in range(3):
        await here.open()
    await here.move("ann", "SM-0002", "start")


def test_all_open_tickets_move_and_go_on_under_the_new_version(database: Database) -> None:
    async def story() -> None:
        here = await a_desk(database)
        await three(here)
        version = (await here.desk.publish(RENAMED)).version
        planned = await moves(here.desk, dry_run=True)
        assert {(one.ref, one.what) for one in planned} == {(f"SM-000{n}", "moved") for n in (1, 2, 3)}
        assert (await here.desk.ticket(caller("ann"), "SM-0002")).ticket.state == "working", "only a report"
        moved = await moves(here.desk)
        assert {(one.ref, one.what, one.from_number) for one in moved} == {
            (f"SM-000{n}", "moved", 1) for n in (1, 2, 3)
        }
        view = await here.desk.ticket(caller("ann"), "SM-0002")
        assert (view.ticket.state, view.ticket.hashes) == ("in_work", version.hashes)
        done = await here.move("ann", "SM-0002", "finish", note="It was the plug")
        assert done.ticket.ticket.state == "done"
        told = await here.desk.timeline(caller("ann"), "SM-0002")
        words = [sentence for line in told for sentence in line.words]
        assert {
            "en": "Moved to version 2 of the process: Better words.",
            "zh-CN": "迁移至流程版本 2：用词更好。",
        } in words
        assert await moves(here.desk) == [], "who repeats it changes nothing"
        await here.close()

    run(story())


def test_a_ticket_that_cannot_move_is_told_and_stays_while_the_others_go(sqlite_database: Database) -> None:
    async def story() -> None:
        here = await a_desk(sqlite_database)
        await three(here)
        await here.desk.publish(second(("working", "in_work"), migrate="[]"))
        found = await moves(here.desk)
        assert {(one.ref, one.what, one.why) for one in found} == {
            ("SM-0001", "moved", ""),
            ("SM-0002", "refused", "there is no state for tickets in working"),
            ("SM-0003", "moved", ""),
        }
        await here.move("ann", "SM-0002", "finish", note="It was the plug")
        await here.close()

    run(story())


def test_one_ticket_can_be_moved_alone_and_to_a_version_by_its_number(sqlite_database: Database) -> None:
    async def story() -> None:
        here = await a_desk(sqlite_database)
        await three(here)
        await here.desk.publish(RENAMED)
        await here.desk.publish(second(("working", "at_work"), migrate="[]", version=3))
        (moved,) = await moves(here.desk, 2, ticket="sm-0002")
        assert (moved.ref, moved.what) == ("SM-0002", "moved")
        assert (await here.desk.ticket(caller("ann"), "SM-0002")).ticket.state == "in_work"
        (stays,) = await moves(here.desk, 1, ticket="SM-0002")
        assert (stays.what, stays.why) == ("refused", "tickets only move to newer versions than theirs")
        with pytest.raises(TicketUnknown):
            await moves(here.desk, ticket="SM-0009")
        with pytest.raises(DefinitionUnknown, match="no version 7; there are: 1, 2, 3"):
            await moves(here.desk, 7)
        with pytest.raises(DefinitionUnknown):
            await here.desk.migrate("smal")
        await here.close()

    run(story())


def test_a_ticket_of_another_process_is_refused(sqlite_database: Database) -> None:
    async def story() -> None:
        here = await a_desk(sqlite_database, processes=("small.yaml", "yearly.yaml"))
        await here.open()
        _, found = await here.desk.migrate("yearly", ticket="SM-0001")
        with pytest.raises(Refused):
            _ = [one async for one in found]
        await here.close()

    run(story())


def test_people_press_buttons_meanwhile_and_every_command_counts_once(sqlite_database: Database) -> None:
    async def story() -> None:
        here = await a_desk(sqlite_database)
        await three(here)
        await here.desk.publish(RENAMED)
        here.temporal.down = True
        _, found = await here.desk.migrate("small", ticket="SM-0003")
        (waiting,) = [one async for one in found]
        assert waiting.what == "pending"
        here.temporal.down = False
        here.clock.pass_(minutes=1)
        await here.desk.sweep()
        while (await here.desk.ticket(caller("ann"), "SM-0003")).ticket.handled < 2:
            await asyncio.sleep(0.01)  # whoever sends it has a task of their own
        await here.move("ann", "SM-0003", "start")
        view = await here.desk.ticket(caller("ann"), "SM-0003")
        assert view.ticket.state == "in_work", (
            "the move came first, and was carried out by whoever looked next"
        )
        await here.close()

    run(story())


def test_what_an_old_version_sent_is_said_in_its_own_words(sqlite_database: Database) -> None:
    """A deadline and the move in one answer: the notification of the first exists in the old version only."""

    async def story() -> None:
        here = await a_desk(sqlite_database)
        await here.open()
        await here.move("ann", "SM-0001", "start")
        await here.desk.publish(second(("received", "accepted")))
        here.clock.pass_(minutes=61)  # `forget` is due, and nobody has looked yet
        (moved,) = await moves(here.desk)
        assert moved.what == "moved"
        with here.database.reading() as session:
            ticket = (await here.desk.ticket(caller("ann"), "SM-0001")).ticket
            rows = [row for row in ledger.of_ticket(session, ticket.id) if row.key.channel == "email"]
        assert [row.subject for row in rows] == ["SM-0001：VPN unusable"] * 2
        assert ticket.state == "new"
        await here.close()

    run(story())


def test_a_line_of_migrate_that_leaves_a_state_open_is_not_published(sqlite_database: Database) -> None:
    async def story() -> None:
        here = await a_desk(sqlite_database)
        with pytest.raises(DefinitionInvalid) as refused:
            await here.desk.publish(
                second(("working", "in_work"), migrate="[{from: 1, states: {workin: in_work}}]")
            )
        assert [problem.message for problem in refused.value.problems] == [
            'version 1 has no state "workin"; did you mean "working"?',
            'version 1 has a state "working"; say under `states` where its tickets go',
        ]
        await here.close()

    run(story())
