"""The ticket workflow on a real server, with a row in memory: commands, timers, records, runs and their ends."""

from __future__ import annotations

import asyncio
import copy
import threading
import uuid
from dataclasses import replace
from datetime import timedelta

import pytest

from bootstrap.temporal_server import TemporalServer
from domain.engine.events import Move
from domain.engine.path import Rejection
from domain.language.published import Hashes
from tests.live.spine import SpineTicket, a_spine_ticket, eventually
from workflows.client import AlreadyRunning, NoRun, SendRejected
from workflows.definitions import registry

pytestmark = pytest.mark.anyio


async def test_a_command_is_answered_with_its_entry(temporal: TemporalServer) -> None:
    async with a_spine_ticket(temporal.address) as ticket:
        await ticket.client.start(ticket.id, ticket.open(), claim=False)
        answer = await ticket.do("poke", note="hello")
        assert answer.handled
        assert [(entry.command, entry.result) for entry in answer.entries] == [(2, "done")]
        assert ticket.ticket.fields["note"] == "hello"
        await ticket.recorded_whole()


async def test_what_the_process_forbids_is_refused_and_settled(temporal: TemporalServer) -> None:
    async with a_spine_ticket(temporal.address) as ticket:
        await ticket.client.start(ticket.id, ticket.open(), claim=False)
        answer = await ticket.do("no_such_transition")
        assert [entry.result for entry in answer.entries] == ["refused"]
        assert (await ticket.do("poke", note="and on")).entries[0].result == "done"


async def test_deadlines_are_handled_recorded_and_delivered_without_any_command(
    temporal: TemporalServer,
) -> None:
    async with a_spine_ticket(temporal.address) as ticket:
        await ticket.client.start(ticket.id, ticket.open(), claim=False)
        await ticket.pass_time(timedelta(minutes=5, seconds=1))
        await eventually(lambda: "person:ben" in {key.recipient for key in ticket.row.ledger})
        await ticket.pass_time(timedelta(minutes=5))
        await ticket.recorded_whole()
        causes = [(entry.cause.kind, entry.cause.name) for entry in ticket.row.entries]
        assert causes == [("command", "open"), ("clock", "answer 50%"), ("clock", "answer 100%")]
        opened = ticket.row.entries[0].at
        assert [entry.at - opened for entry in ticket.row.entries[1:]] == [
            timedelta(minutes=5),
            timedelta(minutes=10),
        ]
        assert set(ticket.row.ledger.values()) == {"sent"}


async def test_the_run_ends_when_the_ticket_is_closed_and_everything_is_recorded(
    temporal: TemporalServer,
) -> None:
    async with a_spine_ticket(temporal.address) as ticket:
        await ticket.client.start(ticket.id, ticket.open(), claim=False)
        await ticket.pass_time(timedelta(hours=1, seconds=1))
        await ticket.handle.result()
        assert ticket.ticket.state == "shut"
        assert not ticket.row.owed()
        with pytest.raises(NoRun):
            await ticket.do("poke", note="too late")


async def test_a_closing_command_is_recorded_even_if_its_sender_dies(temporal: TemporalServer) -> None:
    async with a_spine_ticket(temporal.address) as ticket:
        await ticket.client.start(ticket.id, ticket.open(), claim=False)
        await ticket.client.send(ticket.id, ticket.a_send(Move("shut")))  # and the answer is never appended
        await ticket.handle.result()
        assert ticket.ticket.state == "shut"


async def test_sends_that_must_not_be_taken_leave_no_trace(temporal: TemporalServer) -> None:
    async with a_spine_ticket(temporal.address) as ticket:
        await ticket.client.start(ticket.id, ticket.open(), claim=False)
        good = ticket.a_send(Move("poke", {"note": "x"}))
        wrong = {
            Rejection.OUT_OF_TURN: replace(good, command=replace(good.command, number=3)),
            Rejection.OTHER_REVISION: replace(good, revision=good.revision + 1),
            Rejection.OTHER_INCARNATION: replace(good, incarnation=0),
        }
        for reason, send in wrong.items():
            with pytest.raises(SendRejected) as caught:
                await ticket.client.send(ticket.id, send)
            assert caught.value.reason is reason
        answer = await ticket.client.send(ticket.id, good)  # with the same id as the rejected ones
        assert answer.handled and answer.entries[-1].command == 2
        updates = [
            event.workflow_execution_update_accepted_event_attributes.protocol_instance_id
            async for event in ticket.handle.fetch_history_events()
            if event.HasField("workflow_execution_update_accepted_event_attributes")
        ]
        assert updates == [good.command.id]


async def test_a_command_sent_again_is_handled_once(temporal: TemporalServer) -> None:
    async with a_spine_ticket(temporal.address) as ticket:
        await ticket.client.start(ticket.id, ticket.open(), claim=False)
        send = ticket.a_send(Move("poke", {"note": "x"}))
        first = await ticket.client.send(ticket.id, send)
        assert await ticket.client.send(ticket.id, send) == first
        other_id = replace(send, command=replace(send.command, id=str(uuid.uuid4())))
        settled = await ticket.client.send(ticket.id, other_id)
        assert not settled.handled
        assert settled.entries == first.entries  # the row has not got them: its sender may have died


async def test_a_run_of_an_older_incarnation_ends_itself(temporal: TemporalServer) -> None:
    async with a_spine_ticket(temporal.address) as ticket:
        await ticket.client.start(ticket.id, ticket.open(), claim=False)
        ticket.row.incarnation = 2
        answer = await ticket.client.send(ticket.id, ticket.a_send(Move("poke", {"note": "x"})))
        assert answer.run_ends and not answer.entries
        await ticket.handle.result()
        assert ticket.row.seq == 1


async def test_a_run_that_cannot_record_because_the_row_was_claimed_ends_itself(
    temporal: TemporalServer,
) -> None:
    async with a_spine_ticket(temporal.address) as ticket:
        await ticket.client.start(ticket.id, ticket.open(), claim=False)
        ticket.row.incarnation = 2
        await ticket.pass_time(timedelta(minutes=6))
        await ticket.handle.result()
        assert ticket.row.seq == 1


async def test_a_claimed_start_replaces_an_older_run_and_yields_to_a_newer_one(
    temporal: TemporalServer,
) -> None:
    async with a_spine_ticket(temporal.address) as ticket:
        await ticket.client.start(ticket.id, ticket.open(), claim=False)
        with pytest.raises(AlreadyRunning):
            await ticket.client.start(ticket.id, ticket.start_value(1), claim=False)
        ticket.row.incarnation = 3
        await ticket.client.start(ticket.id, ticket.start_value(3), claim=True)
        assert (await ticket.client.snapshot(ticket.id)).incarnation == 3
        await ticket.client.start(ticket.id, ticket.start_value(3), claim=True)  # its own earlier attempt
        with pytest.raises(AlreadyRunning):
            await ticket.client.start(ticket.id, ticket.start_value(2), claim=True)
        assert (await ticket.do("poke", note="x")).handled


async def test_continuing_as_new_keeps_everything(temporal: TemporalServer) -> None:
    async with a_spine_ticket(temporal.address) as ticket:
        await ticket.client.start(ticket.id, ticket.open(), claim=False)
        first_run = (await ticket.handle.describe()).run_id
        await ticket.client.send(ticket.id, send := ticket.a_send(Move("poke", {"note": "unrecorded"})))
        await ticket.client.roll(ticket.id)
        await _other_run(ticket, first_run)
        assert ticket.ticket.fields["note"] == "unrecorded"  # recorded before the run continued
        again = await ticket.client.send(ticket.id, send)  # the update id is forgotten, the number is not
        assert not again.handled
        await ticket.pass_time(timedelta(minutes=6))
        await ticket.recorded_whole()
        assert [entry.cause.kind for entry in ticket.row.entries] == ["command", "command", "clock"]
        assert (await ticket.do("poke", note="y")).handled


async def test_a_long_run_continues_as_new_by_itself(temporal: TemporalServer) -> None:
    async with a_spine_ticket(temporal.address) as ticket:
        await ticket.client.start(ticket.id, ticket.open(), claim=False)
        first_run = (await ticket.handle.describe()).run_id
        for number in range(90):  # five events each
            await ticket.do("poke", note=str(number))
        await _other_run(ticket, first_run)
        await ticket.recorded_whole()
        assert ticket.ticket.handled == 91


async def test_without_a_database_time_goes_on_and_is_recorded_later(temporal: TemporalServer) -> None:
    async with a_spine_ticket(temporal.address) as ticket:
        await ticket.client.start(ticket.id, ticket.open(), claim=False)
        ticket.activities.broken = True
        await ticket.pass_time(timedelta(minutes=5, seconds=1))
        state = await ticket.client.snapshot(ticket.id)
        assert (state.ticket.seq, ticket.row.seq) == (2, 1)
        ticket.activities.broken = False
        await ticket.recorded_whole()
        assert [entry.seq for entry in ticket.row.entries] == [1, 2]


async def test_a_hanging_delivery_delays_nothing(temporal: TemporalServer) -> None:
    async with a_spine_ticket(temporal.address) as ticket:
        activities = ticket.activities
        activities.hangs_for = "person:ann"  # who is paged at the opening
        await ticket.client.start(ticket.id, ticket.open(), claim=False)
        assert (await ticket.do("poke", note="still here")).handled
        first_run = (await ticket.handle.describe()).run_id
        await activities.hanging.wait()
        activities.hangs_for = ""
        await ticket.client.send(ticket.id, ticket.a_send(Move("shut")))
        await eventually(lambda: ticket.row.snapshot["state"] == "shut")
        assert list(ticket.row.ledger.values()) == ["pending"]
        assert (await ticket.handle.describe()).run_id == first_run, (
            "the run waits for its delivery, and only it does"
        )
        activities.released.set()
        await ticket.handle.result()
        assert list(ticket.row.ledger.values()) == ["sent"]


async def test_a_definition_that_is_not_loaded_is_waited_for(temporal: TemporalServer) -> None:
    async with a_spine_ticket(temporal.address) as ticket:
        start = ticket.open()
        asked: list[Hashes] = []
        unknown = Hashes("another", ticket.definition.hashes.calendars, ticket.definition.hashes.agreements)
        definition = copy.copy(ticket.definition)
        definition.hashes = unknown

        def load(hashes: Hashes) -> None:
            asked.append(hashes)
            if len(asked) == 2:  # the first time the loader takes too long
                threading.Timer(0.1, registry.put, (definition,)).start()

        remove = registry.on_missing(load)
        try:
            moved = replace(start, ticket=replace(start.ticket, hashes=unknown))
            await ticket.client.start(ticket.id, moved, claim=False)
            answer = await ticket.client.send(ticket.id, ticket.a_send(Move("poke", {"note": "x"})))
        finally:
            remove()
        assert answer.handled
        assert set(asked) == {unknown}


async def _other_run(ticket: SpineTicket, first: str) -> None:
    async with asyncio.timeout(20):
        while (await ticket.handle.describe()).run_id == first:
            await asyncio.sleep(0.02)
