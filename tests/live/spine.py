"""The two-state process of the spine tests, and one of its tickets on a real server with a row in memory."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from temporalio.client import Client, WorkflowHandle
from temporalio.testing import TimeSkipper, TimeSkippingConfig

from bootstrap.public_holidays import PublicHolidays
from bootstrap.worker import a_worker
from domain.engine.events import Actor, Command, Facts, Move, Open, Request
from domain.engine.handle import open_ticket
from domain.engine.serialise import ticket_from_json
from domain.engine.ticket import Hashes, Ticket
from domain.language.definition import Definition
from domain.language.loader import load_process
from domain.language.published import publish
from tests.live.memory_row import MemoryActivities, MemoryRow
from workflows.client import TicketClient, connect
from workflows.definitions import registry
from workflows.messages import Answer, Send, TicketStart, workflow_id

FOLDER = Path(__file__).parent / "processes"
ANN = Facts(actor=Actor(id="ann", teams=("desk",)), things={"person:ann": {"id": "ann"}})


def spine_definition() -> Definition:
    loaded = load_process("spine.yaml", lambda name: (FOLDER / name).read_text())
    assert not loaded.problems, loaded.problems
    definition = Definition.from_published(publish(loaded, PublicHolidays(), date(2026, 1, 1)))
    registry.put(definition)
    return definition


async def eventually(holds: Callable[[], bool], within: float = 20.0) -> None:
    """Wait until a condition holds; a failing assertion otherwise."""
    async with asyncio.timeout(within):
        while not holds():
            await asyncio.sleep(0.01)


@dataclass
class SpineTicket:
    """One ticket of the spine: its row in memory, its run on the server."""

    id: str
    definition: Definition
    client: TicketClient
    temporal: Client
    skipper: TimeSkipper
    activities: MemoryActivities
    numbers: int = 1
    row: MemoryRow = field(init=False)

    def open(self, at: datetime | None = None) -> TicketStart:
        now = at or datetime.now(UTC)
        hashes = Hashes(
            self.definition.hashes.process,
            self.definition.hashes.calendars,
            self.definition.hashes.agreements,
        )
        request = Open(self.id, "SP-000001", hashes, {"title": "Spine", "requester": "ann"})
        outcome = open_ticket(self.definition, Command(1, f"{self.id}-1", request, now, "ann"), ANN, now)
        self.row = self.activities.rows[self.id] = MemoryRow.opened(outcome.ticket, outcome.entries)
        return self.start_value()

    def start_value(self, incarnation: int | None = None) -> TicketStart:
        ticket = self.ticket
        return TicketStart(ticket, incarnation or self.row.incarnation, ticket.seq, (), self.row.owed(), ())

    @property
    def ticket(self) -> Ticket:
        return ticket_from_json(self.row.snapshot)

    def a_send(self, request: Request, *, number: int | None = None, id: str | None = None) -> Send:
        ticket = self.ticket
        if number is None:
            self.numbers += 1
            number = self.numbers
        command = Command(number, id or str(uuid.uuid4()), request, datetime.now(UTC), "ann")
        return Send(command, self.row.incarnation, self.row.seq, ticket.revision, ANN)

    async def do(self, transition: str, **fields: object) -> Answer:
        """Send a command as the desk does, and append its answer."""
        answer = await self.client.send(self.id, self.a_send(Move(transition, fields)))
        if not answer.run_ends:
            assert self.row.append(answer.incarnation, answer.entries) is None
        return answer

    @property
    def handle(self) -> WorkflowHandle[object, object]:
        return self.temporal.get_workflow_handle(workflow_id(self.id))

    async def pass_time(self, duration: timedelta) -> None:
        """Let this ticket's own time pass."""
        await self.skipper.fast_forward(self.handle, duration)

    async def recorded_whole(self) -> None:
        """Wait until the run and the row are the same."""
        async with asyncio.timeout(20):
            while True:
                state = await self.client.snapshot(self.id)
                if state.ticket.seq == self.row.seq and not self.row.owed():
                    break
                await asyncio.sleep(0.01)
        assert state.ticket == self.ticket


@asynccontextmanager
async def a_spine_ticket(address: str) -> AsyncIterator[SpineTicket]:
    """A worker with in-memory activities on a task queue of its own, and a ticket that is not open yet."""
    definition = spine_definition()
    skipper = TimeSkipper(
        await connect(address, lazy=False, within=timedelta(seconds=30)),
        config=TimeSkippingConfig(enabled=False),
    )
    queue = f"spine-{uuid.uuid4()}"
    activities = MemoryActivities()
    tickets = TicketClient(skipper.client, task_queue=queue)
    ticket = SpineTicket(str(uuid.uuid4()), definition, tickets, skipper.client, skipper, activities)
    async with a_worker(skipper.client, activities.all, task_queue=queue):
        yield ticket
