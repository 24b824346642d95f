"""The sweeper finishes what dead processes left, and on a good day finds nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from domain.errors import Unavailable
from store import ledger, tickets
from store.session import Database
from store.tables import snapshots
from store.tables import tickets as tickets_table
from tests.desk.desks import a_desk, another_desk, caller, guard, run
from workflows.messages import TicketStart


def test_a_good_day(database: Database) -> None:
    async def story() -> None:
        here = await a_desk(database)
        await here.open()
        await here.desk.settle()
        here.temporal.turn_all()
        here.clock.pass_(minutes=14)
        assert (await here.desk.sweep()).found_nothing
        await here.close()

    run(story())


def test_a_start_that_was_never_made_is_made_with_what_is_owed(database: Database) -> None:
    async def story() -> None:
        here = await a_desk(database)
        here.temporal.down = True
        opened = await here.open()
        await here.desk.settle()
        here.temporal.down = False
        ticket = opened.ticket.ticket.id
        assert ticket not in here.temporal.runs
        here.clock.pass_(seconds=6)
        assert (await here.desk.sweep()).starts == 1
        assert len(here.temporal.runs[ticket].undelivered) == 2
        here.temporal.turn_all()
        with database.reading() as session:
            assert ledger.owed(session, ticket) == []
        await here.desk.settle()
        assert (await here.desk.sweep()).found_nothing
        await here.close()

    run(story())


def test_deliveries_and_deadlines_without_a_run_get_a_new_one(database: Database) -> None:
    async def story() -> None:
        here = await a_desk(database)
        opened = await here.open()
        await here.desk.settle()
        here.temporal.lose_everything()
        here.clock.pass_(minutes=17)
        report = await here.desk.sweep()
        assert (report.deliveries, report.deadlines) == (1, 1)
        here.temporal.turn_all()
        story = await here.desk.timeline(caller("ann"), "SM-0001")
        late = [line.entry for line in story if line.entry.late_by]
        assert [entry.cause.name for entry in late] == ["answer 50%"]
        with database.reading() as session:
            head = tickets.head(session, "SM-0001")
            assert head is not None
            assert head.incarnation == 2
            assert ledger.owed(session, opened.ticket.ticket.id) == []
        await here.close()

    run(story())


def test_a_claim_whose_process_died_before_the_start_is_made_again(database: Database) -> None:
    async def story() -> None:
        here = await a_desk(database)
        opened = await here.open()
        await here.desk.settle()
        here.temporal.lose_everything()
        with database.transaction() as session:
            assert tickets.claim(session, opened.ticket.ticket.id, 1, here.clock()) is not None
        here.clock.pass_(seconds=6)
        assert (await here.desk.sweep()).starts == 1
        assert here.temporal.runs[opened.ticket.ticket.id].incarnation == 3
        await here.close()

    run(story())


def test_a_command_whose_sender_died_is_sent_by_another_process(database: Database) -> None:
    async def story() -> None:
        here = await a_desk(database)
        await here.open()
        await here.desk.settle()
        here.temporal.down = True
        await here.desk.comment(caller("ann"), "SM-0001", "On it", public=True, guard=guard())
        await here.close()
        here.temporal.down = False
        there = another_desk(database, clock=here.clock, temporal=here.temporal)
        here.clock.pass_(seconds=9)
        assert (await there.desk.sweep()).commands == 0
        here.clock.pass_(seconds=2)
        assert (await there.desk.sweep()).commands == 1
        await there.desk.comment(caller("ann"), "SM-0001", "And done", public=True, guard=guard())
        notes = await there.desk.comments(caller("ann"), "SM-0001")
        assert [note.text for note in notes] == ["On it", "And done"]
        await there.close()

    run(story())


def test_a_sweep_without_temporal_or_database_says_so_and_goes_on_living(database: Database) -> None:
    async def story() -> None:
        here = await a_desk(database)
        here.temporal.down = True
        await here.open()
        await here.desk.settle()
        here.clock.pass_(minutes=2)
        assert "away" in (await here.desk.sweep()).stopped

        async def locked(*_: object) -> None:
            raise Unavailable("the database is locked")

        here.tools.steps.read = locked  # type: ignore[method-assign,assignment]  # for this test
        assert "locked" in (await here.desk.sweep()).stopped
        await here.close()

    run(story())


def test_a_start_that_arrives_after_a_claim_changes_nothing(database: Database) -> None:
    async def story() -> None:
        here = await a_desk(database)
        late: list[TicketStart] = []
        start = here.temporal.start

        async def slow(ticket_id: str, given: TicketStart, *, claim: bool) -> None:
            late.append(given)
            raise Unavailable("the answer was lost on the way, the call was not")

        here.temporal.start = slow  # type: ignore[method-assign,assignment]  # for this test
        opened = await here.open()
        ticket = opened.ticket.ticket.id
        await here.desk.settle()
        here.temporal.start = start  # type: ignore[method-assign]  # and back
        await here.move("ann", "SM-0001", "start")
        here.temporal.lose_everything()
        await here.move("ann", "SM-0001", "finish", note="Found")
        here.temporal.lose_everything()
        here.temporal.start_now(ticket, late[0], claim=False)  # of incarnation 1, from long ago
        done = await here.move("ann", "SM-0001", "close")
        assert done.ticket.ticket.state == "closed"
        here.clock.pass_(hours=3)
        here.temporal.turn_all()
        assert [line.entry.seq for line in await here.desk.timeline(caller("ann"), "SM-0001")] == [1, 2, 3, 4]
        assert here.clock() > opened.ticket.ticket.opened_at + timedelta(hours=2)
        await here.close()

    run(story())


def test_one_broken_ticket_does_not_keep_the_others_from_being_looked_after(database: Database) -> None:
    async def story() -> None:
        here = await a_desk(database)
        here.temporal.down = True
        await here.open()
        await here.open()
        await here.desk.settle()
        here.temporal.down = False
        with database.transaction() as session:
            broken = sa.update(snapshots).values(snapshot={"not": "a ticket"})
            session.execute(
                broken.where(
                    snapshots.c.ticket
                    == sa.select(tickets_table.c.id).where(tickets_table.c.ref == "SM-0001").scalar_subquery()
                )
            )
        here.clock.pass_(seconds=6)
        assert (await here.desk.sweep()).starts == 2
        assert [run.ticket.ref for run in here.temporal.runs.values()] == ["SM-0002"]
        await here.close()

    run(story())


@pytest.mark.parametrize(("failures", "incarnation"), [(0, 1), (1, 2)])
def test_a_run_that_fails_again_and_again_is_given_up_for_a_new_one(
    database: Database, failures: int, incarnation: int
) -> None:
    async def story() -> None:
        here = await a_desk(database)
        ticket = (await here.open()).ticket.ticket.id
        await here.desk.settle()
        here.clock.pass_(minutes=17)
        here.temporal.failing[ticket] = failures
        await here.desk.sweep()
        with database.reading() as session:
            head = tickets.head(session, ticket)
        assert head is not None
        assert head.incarnation == incarnation
        await here.close()

    run(story())


def test_a_run_nobody_works_on_is_not_nudged_with_every_sweep(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each nudge stays in the run's history; a worker that is away for a weekend must not fill it."""
    nudged: list[str] = []

    async def tick(ticket_id: str) -> None:
        nudged.append(ticket_id)  # and no worker hears it

    async def story() -> None:
        here = await a_desk(database)
        ticket = (await here.open()).ticket.ticket.id
        await here.desk.settle()
        monkeypatch.setattr(here.temporal, "tick", tick)
        here.clock.pass_(minutes=17)
        for _ in range(70):  # almost six minutes
            await here.desk.sweep()
            here.clock.pass_(seconds=5)
        assert nudged == [ticket, ticket]
        await here.close()

    run(story())
