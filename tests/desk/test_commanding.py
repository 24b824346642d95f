"""Commands: logged first, refused at once when nothing is before them, guarded by key and revision."""

from __future__ import annotations

import asyncio

import pytest

from desk.desk import Desk
from desk.values import Caller, Pending, Settled
from domain.errors import (
    FormInvalid,
    KeyReused,
    NotPermitted,
    RevisionMissing,
    RevisionStale,
    TicketUnknown,
    TransitionRefused,
)
from store import commands, tickets
from store.session import Database
from tests.desk.desks import a_desk, another_desk, caller, guard, run


def test_a_transition_is_settled_by_the_run_and_stands_in_the_row(database: Database) -> None:
    async def story() -> None:
        here = await a_desk(database)
        await here.open()
        done = await here.move("ann", "SM-0001", "start")
        assert done.ticket.ticket.state == "working"
        assert done.entry.command == 2
        assert done.ticket.assignee_name == "Ann Agent"
        again = await here.move("ann", "sm-0001", "finish", note="It was the plug")
        assert again.ticket.ticket.state == "done"
        await here.close()

    run(story())


def test_what_the_process_refuses_at_once_is_not_kept(database: Database) -> None:
    async def story() -> None:
        here = await a_desk(database)
        await here.open()
        with pytest.raises(NotPermitted):
            await here.move("cora", "SM-0001", "start")
        with pytest.raises(TransitionRefused):
            await here.move("ann", "SM-0001", "finish", note="too early")
        await here.move("ann", "SM-0001", "start")
        with pytest.raises(FormInvalid) as refused:
            await here.move("ann", "SM-0001", "finish")
        assert [error.field for error in refused.value.errors] == ["note"]
        with database.reading() as session:
            head = tickets.head(session, "SM-0001")
            assert head is not None
            assert (head.next_command, head.handled) == (3, 2)
        await here.close()

    run(story())


def test_what_a_reply_says_can_be_read_by_the_process(database: Database) -> None:
    async def story() -> None:
        here = await a_desk(database)
        ref = (await here.open()).ticket.ticket.ref
        for text in ("Hello?", "Please hurry"):
            await here.desk.comment(caller("cora"), ref, text, public=True, guard=guard())
        view = await here.desk.ticket(caller("ann"), ref)
        assert view.ticket.fields["note"] == "cora: Please hurry"
        await here.close()

    run(story())


def test_a_guarded_write_needs_the_revision_its_sender_saw(database: Database) -> None:
    async def story() -> None:
        here = await a_desk(database)
        opened = await here.open()
        ann = caller("ann")
        seen = opened.ticket.revision
        with pytest.raises(RevisionMissing):
            await here.desk.move(ann, "SM-0001", "start", {}, guard=guard())
        await here.desk.move(ann, "SM-0001", "start", {}, guard=guard(revision=seen))
        with pytest.raises(RevisionStale):
            await here.desk.edit(ann, "SM-0001", {"title": "X"}, guard=guard(revision=seen))
        # A comment changes nothing anybody could have missed.
        noted = await here.desk.comment(ann, "SM-0001", "On it", public=True, guard=guard())
        assert isinstance(noted, Settled)
        await here.close()

    run(story())


def test_the_same_key_moves_a_ticket_once_however_concurrently_it_is_sent(database: Database) -> None:
    async def story() -> None:
        here = await a_desk(database)
        there = another_desk(database, clock=here.clock, temporal=here.temporal)
        opened = await here.open()
        ann = caller("ann")

        async def send(number: int) -> Settled | Pending:
            key = guard("poke-1", revision=opened.ticket.revision, body="poke")
            desk = (here, there)[number % 2].desk
            return await desk.move(ann, "SM-0001", "poke", {}, guard=key)

        answers = await asyncio.gather(*(send(number) for number in range(10)))
        settled = [one for one in answers if isinstance(one, Settled)]
        assert len(settled) == 10
        assert {one.command for one in settled} == {2}
        assert sum(not one.replayed for one in settled) == 1
        assert settled[0].ticket.ticket.fields["count"] == 1
        with pytest.raises(KeyReused):
            await here.desk.move(ann, "SM-0001", "start", {}, guard=guard("poke-1", revision=1, body="start"))
        await here.close()
        await there.close()

    run(story())


def test_many_commands_at_once_are_carried_out_once_each_in_order(database: Database) -> None:
    async def story() -> None:
        here = await a_desk(database)
        there = another_desk(database, clock=here.clock, temporal=here.temporal)
        await here.open()

        async def note(number: int) -> Settled | Pending:
            desk = (here, there)[number % 2].desk
            return await desk.comment(
                caller("ann"), "SM-0001", f"note {number}", public=False, guard=guard(f"n{number}")
            )

        answers = await asyncio.gather(*(note(number) for number in range(24)))
        assert all(isinstance(answer, Settled) for answer in answers)
        notes = await here.desk.comments(caller("ben"), "SM-0001")
        assert sorted(one.text for one in notes) == sorted(f"note {number}" for number in range(24))
        story = await here.desk.timeline(caller("ben"), "SM-0001")
        assert [line.entry.seq for line in story] == list(range(1, 26))
        assert sorted(line.entry.command or 0 for line in story) == list(range(1, 26))
        await here.close()
        await there.close()

    run(story())


def test_a_ticket_that_may_not_be_seen_is_not_there(database: Database) -> None:
    async def story() -> None:
        here = await a_desk(database)
        await here.open("cora")
        carl = caller("carl")
        with pytest.raises(TicketUnknown):
            await here.desk.ticket(carl, "SM-0001")
        with pytest.raises(TicketUnknown):
            await here.desk.comment(carl, "SM-0001", "hello", public=True, guard=guard())
        for nonsense in (
            "SM-9999",
            "",
            "x" * 5000,
            "SM-\x00",
            "'; --",
            "00000000-0000-0000-0000-000000000000",
        ):
            with pytest.raises(TicketUnknown):
                await here.desk.ticket(caller("ann"), nonsense)
        await here.close()

    run(story())


def test_without_temporal_tickets_are_taken_in_and_commands_wait_in_order(database: Database) -> None:
    async def story() -> None:
        here = await a_desk(database)
        here.temporal.down = True
        opened = await here.open()
        await here.desk.settle()
        ann = caller("ann")
        first = await here.desk.move(ann, "SM-0001", "start", {}, guard=guard("a", revision=1))
        assert isinstance(first, Pending)
        second = await here.desk.comment(ann, "SM-0001", "On it", public=True, guard=guard("b"))
        assert isinstance(second, Pending)
        # Nothing may be told of a command that is not lowest: this one will be refused by the run, not before.
        third = await here.desk.move(ann, "SM-0001", "start", {}, guard=guard("c", revision=1))
        assert isinstance(third, Pending)
        assert await here.desk.comments(ann, "SM-0001") == ()
        assert (await here.desk.ticket(ann, "SM-0001")).pending_commands == 3
        here.temporal.down = False
        here.clock.pass_(seconds=11)
        report = await here.desk.sweep()
        assert (report.starts, report.commands) == (1, 1)
        await _settled(here.desk, ann, second.operation)
        done = await here.desk.operation(ann, first.operation)
        assert isinstance(done, Settled)
        assert done.ticket.ticket.state == "working"
        assert [one.text for one in await here.desk.comments(ann, "SM-0001")] == ["On it"]
        with pytest.raises(TransitionRefused):
            await _settled(here.desk, ann, third.operation)
        with pytest.raises(TransitionRefused):  # the same key, the same refusal
            await here.desk.move(ann, "SM-0001", "start", {}, guard=guard("c", revision=1))
        with pytest.raises(TicketUnknown):
            await here.desk.operation(caller("ben"), third.operation)
        assert opened.ticket.ticket.id in here.temporal.runs
        await here.close()

    run(story())


def test_a_run_that_is_lost_is_started_again_from_the_row(database: Database) -> None:
    async def story() -> None:
        here = await a_desk(database)
        await here.open()
        await here.desk.settle()
        await here.move("ann", "SM-0001", "start")
        here.temporal.lose_everything()
        done = await here.move("ann", "SM-0001", "finish", note="Found")
        assert done.ticket.ticket.state == "done"
        with database.reading() as session:
            head = tickets.head(session, "SM-0001")
            assert head is not None
            assert head.incarnation == 2
            logged = commands.by_number(session, head.id, 3)
        assert logged is not None
        assert logged.entry_seq is not None
        await here.close()

    run(story())


async def _settled(desk: Desk, who: Caller, operation: str) -> Settled:
    """Wait for an operation; raises its refusal."""
    async with asyncio.timeout(5):
        while True:
            found = await desk.operation(who, operation)
            if isinstance(found, Settled):
                return found
            await asyncio.sleep(0.005)
