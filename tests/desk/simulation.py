"""Bad days in seconds: two API processes, a sweeper, a worker and clients on a virtual clock, driven by one seed.

The desk's real code runs over a real database; only threads and sockets are replaced. Between any two transactions or
calls a process can stand still for a while or die, calls and answers get lost or arrive late and twice, the database
is away, Temporal is away, loses all it had, or is restored from an old copy.
"""

from __future__ import annotations

import asyncio
import copy
import random
import selectors
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar

from desk.desk import Desk
from desk.steps import Step, Steps
from desk.tools import Patience, Tools
from domain.errors import Unavailable
from store.definitions import Definitions
from store.session import Database
from tests.desk.desks import START
from tests.desk.fake_temporal import FakeTemporal, Run
from workflows.client import NoRun, SendRejected, TemporalUnavailable
from workflows.messages import Answer, Record, Send, TicketStart

Result = TypeVar("Result")

PATIENCE = Patience(pump=timedelta(seconds=5))


class Dead(Exception):
    """The process this code ran in was killed."""


class _NoWaiting(selectors.DefaultSelector):
    """Instead of waiting, time jumps."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0

    def select(self, timeout: float | None = None) -> list[Any]:
        if timeout:
            self.now += timeout
        return super().select(0)


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop whose clock jumps to the next thing to do: sleeps cost nothing, and order follows the seed."""

    def __init__(self) -> None:
        self._jumping = _NoWaiting()
        super().__init__(self._jumping)

    def time(self) -> float:
        """Virtual seconds."""
        return self._jumping.now


def play(story: Callable[[], Coroutine[Any, Any, Result]]) -> Result:
    """Run a story on a virtual clock."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(story())


@dataclass
class Weather:
    """How bad the day is: probabilities per call."""

    kill: float = 0.004
    pause: float = 0.02
    database: float = 0.01
    lost_call: float = 0.02
    lost_answer: float = 0.06
    doubled: float = 0.05


class World:
    """What all processes share: the database, Temporal, time, chance."""

    def __init__(self, database: Database, seed: int, weather: Weather | None = None) -> None:
        self.chance = random.Random(seed)
        self.database = database
        self.definitions = Definitions()
        self.weather: Weather | None = weather or Weather()
        self.temporal = Temporal(self)
        self.restored = False
        self.late: set[asyncio.Task[None]] = set()

    def clock(self) -> datetime:
        """The time everywhere."""
        return START + timedelta(seconds=asyncio.get_running_loop().time())

    def happens(self, what: str) -> bool:
        """Whether something bad happens now."""
        return self.weather is not None and self.chance.random() < getattr(self.weather, what)

    async def a_while(self) -> None:
        """Time for others to come between."""
        delay = self.chance.choice((0.0, 0.0, 0.001, 0.005, 0.02))
        if self.happens("pause"):
            delay = self.chance.choice((0.5, 4.0, 30.0, 90.0))
        await asyncio.sleep(delay)

    def later(self, work: Callable[[], object]) -> None:
        """Do something again some time later, whatever comes of it."""

        async def do() -> None:
            await asyncio.sleep(self.chance.choice((0.01, 1.0, 20.0, 70.0)))
            try:
                work()
            except (NoRun, SendRejected, Unavailable):
                pass

        task = asyncio.get_running_loop().create_task(do())
        self.late.add(task)
        task.add_done_callback(self.late.discard)

    def good_weather(self) -> None:
        """From here on nothing bad happens."""
        self.weather = None
        self.temporal.down = False


class Temporal(FakeTemporal):
    """The server: what arrives is carried out at once and stays, whoever dies."""

    def __init__(self, world: World) -> None:
        super().__init__(world.database, world.definitions, world.clock)
        self.world = world
        self.backup: dict[str, Run] = {}

    def back_up(self) -> None:
        """Copy everything, to be restored some day."""
        self.backup = {ticket: _copy(run) for ticket, run in self.runs.items()}

    def restore(self) -> None:
        """Everything as it was: what happened since is forgotten."""
        self.runs = {ticket: _copy(run) for ticket, run in self.backup.items()}

    def continue_as_new(self, ticket_id: str) -> None:
        """The next run of the chain: it knows no update ids."""
        run = self.runs[ticket_id]
        start = TicketStart(
            run.ticket,
            run.incarnation,
            run.backlog.floor,
            run.backlog.entries,
            tuple(run.undelivered),
            tuple(run.unresolved),
            run.expects,
        )
        self.runs[ticket_id] = Run.of(start)

    def continue_all_as_new(self) -> None:
        """The same for every run."""
        for ticket_id in list(self.runs):
            self.continue_as_new(ticket_id)

    async def work(self) -> None:
        """A worker: turns run after run, one thing at a time."""
        chance = self.world.chance
        while True:
            busy = False
            for ticket_id in chance.sample(sorted(self.runs), len(self.runs)):
                await asyncio.sleep(chance.choice((0.001, 0.01, 0.05)))
                run = self.runs.get(ticket_id)
                if run is None or self.down or self.world.happens("database"):
                    continue  # an activity that failed is tried again
                busy = self.turn_once(ticket_id, run) or busy
                if (
                    busy
                    and self.world.weather is not None
                    and chance.random() < 0.1
                    and ticket_id in self.runs
                ):
                    self.continue_as_new(ticket_id)
            await asyncio.sleep(0.01 if busy else chance.choice((0.2, 2.0)))

    def record(self, ticket_id: str, run: Run) -> None:
        """The record activity; now and then it is carried out twice, the second time late."""
        request = Record(ticket_id, run.incarnation, run.backlog.unrecorded(), run.backlog.floor)
        if self.world.happens("doubled"):
            self.world.later(lambda: self.records.record(request))
        if self.world.happens("lost_answer"):
            self.records.record(request)
            return  # the worker died before it told; the activity is tried again
        self.recorded(ticket_id, run, request)


def _copy(run: Run) -> Run:
    made = copy.copy(run)
    made.backlog = copy.deepcopy(run.backlog)
    made.undelivered = list(run.undelivered)
    made.unresolved = list(run.unresolved)
    made.answers = dict(run.answers)
    return made


@dataclass
class Process:
    """One API process: a desk that can be killed."""

    world: World
    name: str
    dead: bool = False
    desk: Desk = field(init=False)

    def __post_init__(self) -> None:
        tools = Tools(SimulatedSteps(self), self.world.definitions, _Client(self), self.world.clock, PATIENCE)
        self.desk = Desk(tools)

    async def between(self) -> None:
        """Between any two transactions or calls: others may come, or the end."""
        await self.world.a_while()
        if self.dead or self.world.happens("kill"):
            self.dead = True
            raise Dead(self.name)


class SimulatedSteps(Steps):
    """Database steps without threads; the database may be away, or go away just after a commit."""

    def __init__(self, process: Process) -> None:
        self.database = process.world.database
        self._process = process

    async def write(self, step: Step[Result]) -> Result:
        """One transaction."""
        await self._process.between()
        self._maybe_away()
        with self.database.transaction() as session:
            result = step(session)
        await self._process.between()
        self._maybe_away()
        return result

    async def read(self, step: Step[Result]) -> Result:
        """One transaction that only reads."""
        await self._process.between()
        self._maybe_away()
        with self.database.reading() as session:
            result = step(session)
        await self._process.between()
        return result

    def close(self) -> None:
        """Nothing to close."""

    def _maybe_away(self) -> None:
        if self._process.world.happens("database"):
            raise Unavailable("the database is away")


class _Client:
    """TicketClient as one process has it: its calls and answers can get lost."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self._world = process.world

    async def start(self, ticket_id: str, start: TicketStart, *, claim: bool) -> None:
        def call() -> None:
            self._world.temporal.start_now(ticket_id, start, claim=claim)

        await self._call(call)

    async def send(self, ticket_id: str, send: Send) -> Answer:
        return await self._call(lambda: self._world.temporal.send_now(ticket_id, send))

    async def tick(self, ticket_id: str) -> None:
        def call() -> None:
            if ticket_id not in self._world.temporal.runs:
                raise NoRun(ticket_id)

        await self._call(call)

    async def snapshot(self, ticket_id: str) -> TicketStart:
        return await self._world.temporal.snapshot(ticket_id)

    async def is_reachable(self) -> bool:
        return not self._world.temporal.down

    async def failures_in_a_row(self, ticket_id: str) -> int:
        return 0

    async def has_workers(self) -> bool:
        return await self._world.temporal.has_workers()

    async def _call(self, call: Callable[[], Result]) -> Result:
        world = self._world
        await self._process.between()
        if world.temporal.down or world.happens("lost_call"):
            raise TemporalUnavailable("lost on the way")
        if world.happens("doubled"):
            world.later(call)
        result = call()
        await self._process.between()
        if world.happens("lost_answer"):
            if world.chance.random() < 0.5:  # the same update id will reach the next run of the chain
                world.temporal.continue_all_as_new()
            raise TemporalUnavailable("the answer was lost")
        return result
