"""What the kill test found in the workflow, each as a small test that needs no killing."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from temporalio import activity
from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer

from bootstrap.public_holidays import PublicHolidays
from bootstrap.temporal_server import TemporalServer
from bootstrap.worker import a_worker, ticket_runner
from domain.engine.events import Command, Move, Open
from domain.engine.handle import open_ticket
from domain.engine.serialise import ticket_from_json
from domain.language.definition import Definition
from domain.language.loader import load_process
from domain.language.published import publish
from tests.live.chaos.installation import DEFINITIONS
from tests.live.memory_row import MemoryActivities, MemoryRow
from tests.live.spine import ANN, a_spine_ticket, eventually
from workflows.client import TicketClient, connect
from workflows.converter import ticket_data_converter
from workflows.definitions import registry
from workflows.messages import RunTask, Send, TaskResult, TicketStart, workflow_id
from workflows.ticket import TicketWorkflow

pytestmark = pytest.mark.anyio


async def test_a_run_for_a_command_to_a_closed_ticket_waits_for_the_command(temporal: TemporalServer) -> None:
    """It ended at once, being closed; the command found no run, and started the next one, time after time."""
    async with a_spine_ticket(temporal.address) as ticket:
        await ticket.client.start(ticket.id, ticket.open(), claim=False)
        await ticket.do("shut")
        await ticket.handle.result()
        ticket.row.incarnation = 2
        send = ticket.a_send(Move("poke", {"note": "too late"}))
        start = replace(ticket.start_value(), expects=send.command.number)
        await ticket.client.start(ticket.id, start, claim=True)
        await ticket.client.snapshot(ticket.id)  # is answered after the run's first task
        answer = await ticket.client.send(ticket.id, send)
        assert answer.handled
        await ticket.handle.result()
        assert [entry.result for entry in ticket.row.entries] == ["done", "done", "refused"]


class SlowToTell(MemoryActivities):
    """A script whose result arrives long after it was there, as when its worker dies in between."""

    @property
    def all(self) -> list[Callable[..., Any]]:
        return [self.record, self.deliver, self.pick, self.tell_late, self.call_http]

    @activity.defn(name="run_script")
    async def tell_late(self, request: RunTask) -> TaskResult:
        done = datetime.now(UTC)
        while datetime.now(UTC) < done + timedelta(seconds=2.5):
            await asyncio.sleep(0.05)
        return TaskResult(True, done, {"url": "https://meet.example.com/1"})


async def test_what_a_late_result_makes_due_in_the_past_is_done_at_once(
    temporal: TemporalServer, caplog: pytest.LogCaptureFixture
) -> None:
    """It was taken for a deadline that cannot be handled, and left until something else woke the run."""
    definition = _chaos()
    activities = SlowToTell()
    client = await connect(temporal.address, lazy=False, within=timedelta(seconds=30))
    queue = f"late-{uuid.uuid4()}"
    tickets = TicketClient(client, task_queue=queue)
    id, now = str(uuid.uuid4()), datetime.now(UTC)
    request = Open(id, "CH-000001", definition.hashes, {"title": "Late", "severity": "low"})
    opened = open_ticket(definition, Command(1, f"{id}-1", request, now, "ann"), ANN, now)
    row = activities.rows[id] = MemoryRow.opened(opened.ticket, opened.entries)
    async with a_worker(client, activities.all, task_queue=queue):
        await tickets.start(id, TicketStart(opened.ticket, 1, 1, (), row.owed()), claim=False)
        call = Command(2, str(uuid.uuid4()), Move("call"), datetime.now(UTC), "ann")
        answer = await tickets.send(id, Send(call, 1, 1, opened.ticket.revision, ANN))
        assert row.append(answer.incarnation, answer.entries) is None
        await eventually(lambda: "cool_down" in {entry.cause.name for entry in row.entries})
    done = next(entry for entry in row.entries if entry.cause.name == "cool_down")
    result = next(entry for entry in row.entries if entry.cause.name == "open_bridge")
    assert done.handled_at == result.handled_at
    assert "deadline not handled" not in caplog.text


async def test_a_fresh_worker_decides_what_a_replay_decides_again(temporal: TemporalServer) -> None:
    """The first task of a fresh worker may hold an update together with a result from before it; a replay has them
    one after the other. Commands came out in another order, and the ticket stood still for ever.

    The SDK lumps them only when a timer fires between the update and the worker's coming, within the three seconds of
    a sticky queue; what makes both ways the same is that timers come before activities, which is looked at here.
    """
    definition = _chaos()
    activities = MemoryActivities()
    client = await connect(temporal.address, lazy=False, within=timedelta(seconds=30))
    queue = f"fresh-{uuid.uuid4()}"
    tickets = TicketClient(client, task_queue=queue, send_timeout=timedelta(seconds=30))
    id, now = str(uuid.uuid4()), datetime.now(UTC)
    request = Open(id, "CH-000001", definition.hashes, {"title": "Fresh", "severity": "low"})
    opened = open_ticket(definition, Command(1, f"{id}-1", request, now, "ann"), ANN, now)
    row = activities.rows[id] = MemoryRow.opened(opened.ticket, opened.entries)

    async def send(number: int, transition: str, **fields: object) -> None:
        command = Command(number, str(uuid.uuid4()), Move(transition, fields), datetime.now(UTC), "ann")
        ticket = ticket_from_json(row.snapshot)
        answer = await tickets.send(id, Send(command, 1, ticket.seq, ticket.revision, ANN))
        assert answer.handled
        assert row.append(answer.incarnation, answer.entries) is None

    async with a_worker(client, activities.all, task_queue=queue):
        await tickets.start(id, TicketStart(opened.ticket, 1, 1, (), row.owed()), claim=False)
        await send(2, "acknowledge")
        await send(3, "call")
        # The last thing this worker hears is that an entry without effects was recorded: nothing follows from it.
        await eventually(lambda: "cool_down" in {entry.cause.name for entry in row.entries})
        assert (await tickets.snapshot(id)).acked_seq == row.seq
    async with a_worker(client, activities.all, task_queue=queue):
        await send(
            4, "ask", note="when?"
        )  # asks for something to be recorded, and moves the nearest deadline
    replayer = Replayer(
        workflows=[TicketWorkflow], data_converter=ticket_data_converter, workflow_runner=ticket_runner()
    )
    history = await client.get_workflow_handle(workflow_id(id)).fetch_history()
    await replayer.replay_workflow(history)
    assert all(names == sorted(names, reverse=True) for names in _commands_by_task(history)), (
        "timers come first"
    )


def _commands_by_task(history: WorkflowHistory) -> Iterator[list[str]]:
    """`timer` and `activity` for every command of each workflow task, in order."""
    commands: list[str] = []
    for event in history.events:
        what = str(event.WhichOneof("attributes"))
        if what.startswith("workflow_task_completed"):
            yield commands
            commands = []
        elif what.startswith(("timer_started", "timer_canceled", "activity_task_scheduled")):
            commands.append(what.partition("_")[0])
    yield commands


def _chaos() -> Definition:
    loaded = load_process("chaos.yaml", lambda name: (DEFINITIONS / name).read_text())
    definition = Definition.from_published(publish(loaded, PublicHolidays(), date(2026, 1, 1)))
    registry.put(definition)
    return definition
