"""A whole real desk in a temporary home: own Temporal with time skipping, own database, a worker in this process.

For `evertick tour`, for definition tests on a real server, and for other tests. Its clock stands still until it is
moved, and a ticket's time jumps with `jump_to`: nothing of this exists on a desk that serves people.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from temporalio import activity
from temporalio.client import Client, WorkflowHandle
from temporalio.testing import TimeSkipper, TimeSkippingConfig

from activities.mail import Mailer
from activities.people import People
from bootstrap.definition_files import content_of, process_files
from bootstrap.ports import a_free_port
from bootstrap.prepare import migrate
from bootstrap.public_holidays import PublicHolidays
from bootstrap.settings import SHIPPED_DEFINITIONS, Settings
from bootstrap.shipped import organisation_of
from bootstrap.temporal_server import TemporalServer, TemporalServerSettings
from bootstrap.wiring import DeskParts, WorkerTools, a_prompter, activities_of, worker_tools
from bootstrap.worker import a_worker
from desk.desk import Desk
from desk.organisation import Organisation, organisation_from_world
from domain.engine.advance import next_deadline
from domain.engine.approvers import errand_of
from domain.engine.entries import Effect
from domain.engine.events import ApproversFound
from domain.errors import DefinitionInvalid
from domain.language.loader import load_process
from domain.language.models_tests import World
from domain.language.published import publish
from domain.rehearsal.world import WorldDirectory
from store import errands, tickets
from store.session import Database
from store.together import Together
from workflows.client import TicketClient, connect
from workflows.messages import FindApprovers, RunTask, TaskResult, TicketStart, workflow_id

_LOOK_AGAIN = 0.01  # seconds
_IN_TURN = 3.0  # seconds a result waits for the one asked for before it (which may have been overtaken)
_STARTING = timedelta(seconds=30)  # for a server that was just started
_PATIENCE = 30.0  # seconds of real time until a ticket that does not come to rest is a failure


class MovableClock:
    """A clock that stands still until it is set; it never goes back."""

    def __init__(self, at: datetime) -> None:
        self._at = at

    def __call__(self) -> datetime:
        return self._at

    def set(self, at: datetime) -> None:
        """Go forward to an instant; one that has passed changes nothing."""
        self._at = max(self._at, at)


@dataclass(frozen=True)
class TemporaryWorld:
    """What a temporary desk is made of. Left out: the shipped definitions and organisation, servers of its own."""

    starts: datetime | None = None  # None: now
    definitions: Path = SHIPPED_DEFINITIONS
    processes: tuple[str, ...] = ()  # files to publish; none: all of the folder
    organisation: Organisation | None = None
    given: World | None = None  # of a test file: the organisation, and what automatic tasks are answered
    temporal: str = ""  # address of a server with time skipping
    database_url: str = ""
    mailer: Mailer | None = None


@dataclass(frozen=True)
class TemporaryDesk:
    """A desk and the way to move its time."""

    desk: Desk
    clock: MovableClock
    tickets: TicketClient
    database: Database
    settings: Settings
    client: Client
    _skipper: TimeSkipper
    _shift: timedelta

    async def jump_to(self, ticket: str, at: datetime) -> None:
        """Let a ticket's time pass until an instant, and wait until everything due by then is done.

        `ticket` is its id. Raises TimeoutError when the ticket does not come to rest.
        """
        await self.at_rest(ticket)
        handle = self._handle(ticket)
        now = await self._skipper.get_current_time(handle) + self._shift
        if at > now and await self.tickets.is_running(ticket):
            async with asyncio.timeout(_PATIENCE):
                await self._skipper.fast_forward(handle, at - now)
        self.clock.set(at)
        await self.at_rest(ticket)

    async def at_rest(self, ticket: str) -> TicketStart:
        """Wait until a ticket's run and row are the same, nothing is under way and nothing is due."""
        async with asyncio.timeout(_PATIENCE):
            await self.desk.settle()
            while True:
                state = await self.tickets.snapshot(ticket)
                if self._rests(state):
                    return state
                await asyncio.sleep(_LOOK_AGAIN)

    def _rests(self, state: TicketStart) -> bool:
        if state.undelivered or state.unresolved:
            return False
        deadline = next_deadline(state.ticket)
        if deadline is not None and deadline <= self.clock():
            return False
        with self.database.reading() as session:
            head = tickets.head(session, state.ticket.id)
        return head is not None and head.seq == state.ticket.seq and not head.pending

    def _handle(self, ticket: str) -> WorkflowHandle[object, object]:
        return self.client.get_workflow_handle(workflow_id(ticket))


class AgreedAnswers:
    """Automatic tasks that do nothing, and end as a test file's world says; without one they succeed.

    Those of one ticket end in the order they were asked for, as on the virtual clock: two journals of the same case
    can be compared.
    """

    def __init__(self, given: World | None, clock: MovableClock, database: Database) -> None:
        self._given = WorldDirectory(given or World())
        self._clock = clock
        self._database = database

    @activity.defn(name="run_script")
    def run_script(self, request: RunTask) -> TaskResult:
        """Answer for the script of a task."""
        return self._answer(request)

    @activity.defn(name="call_http")
    def call_http(self, request: RunTask) -> TaskResult:
        """Answer for the service a task calls."""
        return self._answer(request)

    def _answer(self, request: RunTask) -> TaskResult:
        until = time.monotonic() + _IN_TURN
        while self._is_behind_another(request) and time.monotonic() < until:
            time.sleep(_LOOK_AGAIN)
        ok, response, error = self._given.answer(Effect(request.index, request.kind, data=request.data))
        return TaskResult(ok, self._clock(), response, error)

    def _is_behind_another(self, request: RunTask) -> bool:
        with self._database.reading() as session:
            return errands.first(session, request.ticket_id) != (request.seq, request.index)


class PeopleInTurn(People):
    """Approvers of stages that run together are found in the order they were asked for, as on the virtual clock."""

    def __init__(self, database: Database, clock: MovableClock) -> None:
        super().__init__(Together(database), clock)
        self._database = database

    @activity.defn(name="find_approvers")
    def find_approvers(self, request: FindApprovers) -> ApproversFound:
        """Who the selectors of a stage stand for, once the questions before have their answers."""
        mine = errand_of(str(request.data["approval"]), request.data["lookup"])
        until = time.monotonic() + _IN_TURN
        while self._asked_first(request.ticket_id) != mine and time.monotonic() < until:
            time.sleep(_LOOK_AGAIN)
        return super().find_approvers(request)

    def _asked_first(self, ticket: str) -> str | None:
        with self._database.reading() as session:
            return errands.first_question(session, ticket)


@asynccontextmanager
async def temporary_desk(world: TemporaryWorld | None = None) -> AsyncIterator[TemporaryDesk]:
    """A real desk that is gone afterwards, with everything it stored. Raises DefinitionInvalid."""
    world = world or TemporaryWorld()
    starts = world.starts or datetime.now(UTC)
    clock = MovableClock(starts)
    shift = starts - datetime.now(UTC)
    async with AsyncExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="evertick-")))
        address = world.temporal or _own_server(stack, home)
        settings = Settings(
            home=home,
            database_url=world.database_url,
            temporal_address=address,
            task_queue=f"tickets-{uuid.uuid4()}",
            definitions=world.definitions,
            worker_threads=8,
            worker_effects_threads=8,
        )
        connection = await connect(address, lazy=False, within=_STARTING)
        # A ticket's time passes as everybody's until it is told to jump.
        skipper = TimeSkipper(connection, config=TimeSkippingConfig(enabled=False))
        tools = stack.enter_context(worker_tools(settings, clock=clock))
        migrate(tools.database)
        parts = DeskParts.build(settings, skipper.client, clock=clock, time_shift=shift, mailer=world.mailer)
        stack.push_async_callback(parts.close)
        await _fill(parts.desk, world, starts.date())
        tools.loader.load_all()
        await stack.enter_async_context(_worker(tools, skipper.client, world, clock))
        client = TicketClient(skipper.client, task_queue=settings.task_queue)
        yield TemporaryDesk(
            parts.desk, clock, client, parts.database, settings, skipper.client, skipper, shift
        )


def _own_server(stack: AsyncExitStack, home: Path) -> str:
    log = home / "temporal.log"
    server = TemporalServer(
        TemporalServerSettings(home / "temporal.db", a_free_port(), time_skipping=True, log=log, sync="OFF")
    )
    stack.callback(server.stop)
    server.start()
    return server.address


@asynccontextmanager
async def _worker(
    tools: WorkerTools, client: Client, world: TemporaryWorld, clock: MovableClock
) -> AsyncIterator[None]:
    settings = tools.settings
    automation = AgreedAnswers(world.given, clock, tools.database)
    people = PeopleInTurn(tools.database, clock)
    async with (
        a_prompter(tools, client, mailer=world.mailer) as prompter,
        a_worker(
            client,
            activities_of(tools, prompter, automation=automation, mailer=world.mailer, people=people),
            task_queue=settings.task_queue,
            executor=tools.threads,
            effects_executor=tools.effects_threads,
            threads=settings.worker_threads,
            effects_threads=settings.worker_effects_threads,
        ),
    ):
        yield


async def _fill(desk: Desk, world: TemporaryWorld, first: date) -> None:
    """Publish the definitions and load the organisation."""
    files = process_files(world.definitions)
    holidays = PublicHolidays()
    for name in world.processes or files:
        loaded = load_process(
            name, lambda file: content_of(world.definitions / file), known_processes=frozenset(files.values())
        )
        if not loaded.ok:
            raise DefinitionInvalid(loaded.problems)
        if loaded.process is not None and loaded.process.abstract:
            continue  # nobody opens it: others extend it
        await desk.publish(publish(loaded, holidays, first.replace(month=1, day=1)))
    organisation = world.organisation or _given_organisation(world) or organisation_of(world.definitions)
    if organisation is not None:
        await desk.seed(organisation)


def _given_organisation(world: TemporaryWorld) -> Organisation | None:
    return organisation_from_world(world.given) if world.given is not None else None
