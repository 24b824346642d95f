"""Runs of tickets: the start an opening owes (rule 9), and a claimed start where a run is missing (rule 10)."""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime
from functools import partial

from desk.opening import start_of
from desk.tools import Tools
from domain.errors import Unavailable
from store import tickets
from store.session import Session
from workflows.client import AlreadyRunning
from workflows.messages import TicketStart, workflow_id

log = logging.getLogger(__name__)

_AT_ONCE = 16  # starts under way; more would only queue in Temporal
_MARK_AFTER = 0.05  # seconds: starts that succeed within it are marked in one transaction


class Runs:
    """Starts runs, and remembers which tickets have theirs."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._starting = asyncio.Semaphore(_AT_ONCE)
        self._tasks: set[asyncio.Task[None]] = set()
        self._started: dict[str, int] = {}  # ticket → incarnation, not yet marked
        self._marking: asyncio.Task[None] | None = None

    def start_soon(self, ticket: str, start: TicketStart) -> None:
        """Start the run of a ticket that was just opened, in the background; the sweeper is the safety net."""
        self._keep(asyncio.create_task(self._start_quietly(ticket, start), name=f"start {ticket}"))

    def _keep(self, task: asyncio.Task[None]) -> None:
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def start_owed_soon(self, ticket: str) -> None:
        """Start the first run of a ticket in the background, unless it had one."""
        self._keep(asyncio.create_task(self._start_owed(ticket), name=f"start {ticket}"))

    async def ensure(self, ticket: str) -> None:
        """There is no run, or none is known: start the one that is owed, or claim the ticket for a new one.

        Raises TemporalUnavailable, or Unavailable for the database.
        """
        head = await self._tools.steps.read(lambda session: tickets.head(session, ticket))
        if head is None:
            return
        if head.incarnation == 1 and head.run_started_at is None:
            start = await self._tools.steps.read(lambda session: start_of(session, ticket))
            if start is not None and start.incarnation == 1:
                await self._start_first(ticket, start)
        else:
            await self._claim(ticket, head.incarnation)

    async def take_over(self, ticket: str) -> None:
        """Give up a run that cannot get on and start a new one from the row, whatever made it fail.

        Nothing is lost or done twice: what the old run had not recorded had no effect outside, and the new run
        decides it again from the same row and command log.
        """
        head = await self._tools.steps.read(lambda session: tickets.head(session, ticket))
        if head is not None:
            await self._claim(ticket, head.incarnation)

    async def settle(self) -> None:
        """Wait until every start under way has come to its end and is marked."""
        while self._tasks or self._marking is not None:
            await asyncio.gather(
                *self._tasks, *([self._marking] if self._marking else []), return_exceptions=True
            )

    async def close(self) -> None:
        """Drop the starts under way; they stay owed."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._marking is not None:
            await asyncio.gather(self._marking, return_exceptions=True)

    async def _start_quietly(self, ticket: str, start: TicketStart) -> None:
        try:
            async with self._starting:
                await self._start_first(ticket, start)
        except Unavailable as error:
            log.warning("start stays owed", extra={"ticket": ticket, "reason": str(error)})
        except Exception:  # nobody waits for this task; the start stays owed and the sweeper tries again
            log.exception("start failed", extra={"ticket": ticket})

    async def _start_owed(self, ticket: str) -> None:
        try:
            head = await self._tools.steps.read(lambda session: tickets.head(session, ticket))
            if head is None or head.incarnation != 1 or head.run_started_at is not None:
                return
            start = await self._tools.steps.read(lambda session: start_of(session, ticket))
        except Unavailable as error:
            log.warning("start stays owed", extra={"ticket": ticket, "reason": str(error)})
            return
        if start is not None:
            await self._start_quietly(ticket, start)

    async def _start_first(self, ticket: str, start: TicketStart) -> None:
        try:
            await self._tools.tickets.start(ticket, start, claim=False)
        except AlreadyRunning:  # an earlier attempt came through
            pass
        self._mark_soon(ticket, 1)

    async def _claim(self, ticket: str, incarnation: int) -> None:
        now = self._tools.clock()

        def claim(session: Session) -> TicketStart | None:
            claimed = tickets.claim(session, ticket, incarnation, now)
            return None if claimed is None else start_of(session, ticket)

        start = await self._tools.steps.write(claim)
        if start is None:
            return  # another claim came first
        log.info(
            "run claimed",
            extra={
                "ticket": start.ticket.ref,
                "workflow": workflow_id(ticket),
                "incarnation": start.incarnation,
            },
        )
        try:
            await self._tools.tickets.start(ticket, start, claim=True)
        except AlreadyRunning:
            return  # a newer claim came meanwhile; it marks its own start
        self._mark_soon(ticket, start.incarnation)

    def _mark_soon(self, ticket: str, incarnation: int) -> None:
        self._started[ticket] = incarnation
        if self._marking is None:
            self._marking = asyncio.create_task(self._mark(), name="mark starts")

    async def _mark(self) -> None:
        try:
            while self._started:
                await asyncio.sleep(_MARK_AFTER)
                started, self._started = self._started, {}
                await self._tools.steps.write(partial(_mark_all, started, self._tools.clock()))
        except Unavailable as error:
            log.warning("starts not marked", extra={"reason": str(error)})  # they are found running later
        finally:
            self._marking = None


def _mark_all(started: dict[str, int], now: datetime, session: Session) -> None:
    for ticket, incarnation in started.items():
        tickets.mark_started(session, ticket, incarnation, now)
