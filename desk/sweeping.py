"""The sweeper (architecture.md, rule 12): what was left undone by a process or a server that died.

It knows four things: starts that are owed, commands that stay pending, deliveries owed without a run, deadlines that
passed without being handled. A safety net, never a mechanism: on a good day it finds nothing.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from desk.running import Runs
from desk.sending import Sender
from desk.tools import Tools
from domain.errors import Unavailable
from store import commands, ledger, tickets
from store.session import Session
from workflows.client import NoRun

log = logging.getLogger(__name__)

_AT_MOST = 500  # tickets of each kind per sweep; the rest has its turn next time
_AT_ONCE = 16


@dataclass(frozen=True, slots=True)
class SweepReport:
    """How many tickets were found for each reason, and why the sweep ended early ("" when it did not)."""

    starts: int = 0
    commands: int = 0
    deliveries: int = 0
    deadlines: int = 0
    stopped: str = ""

    @property
    def found_nothing(self) -> bool:
        """A good day."""
        return not (self.starts or self.commands or self.deliveries or self.deadlines or self.stopped)


class Sweeper:
    """Looks for what is owed and hands it to who can do it."""

    def __init__(self, tools: Tools, sender: Sender, runs: Runs) -> None:
        self._tools = tools
        self._sender = sender
        self._runs = runs
        self._nudged: dict[str, datetime] = {}  # when, as far as it is not to be done again yet

    async def sweep(self) -> SweepReport:
        """One round. Never raises Unavailable: the report says what was away."""
        try:
            starts, pending, owing, late = await self._tools.steps.read(self._look)
        except Unavailable as error:
            return SweepReport(stopped=str(error))
        report = SweepReport(len(starts), len(pending), len(owing), len(late))
        try:
            for ticket in pending:
                self._sender.pump(ticket)
            await _each(self._runs.ensure, starts)
            await _each(self._replace_failing, dict.fromkeys((*pending, *late)))
            await _each(self._nudge, self._to_nudge((*owing, *late)))
        except Unavailable as error:  # Temporal is away: nothing else would get through either
            report = SweepReport(len(starts), len(pending), len(owing), len(late), stopped=str(error))
        if not report.found_nothing:
            log.warning(
                "sweep",
                extra={
                    "starts": report.starts,
                    "commands": report.commands,
                    "deliveries": report.deliveries,
                    "deadlines": report.deadlines,
                    "stopped": report.stopped,
                },
            )
        return report

    def _look(self, session: Session) -> tuple[list[str], list[str], list[str], list[str]]:
        now, patience = self._tools.clock(), self._tools.patience
        return (
            tickets.starts_owed(session, now - patience.start_owed, _AT_MOST),
            commands.tickets_waiting(session, now - patience.command_pending, _AT_MOST),
            ledger.tickets_owing(session, now - patience.delivery_owed, _AT_MOST),
            tickets.deadlines_past(session, now - patience.deadline_past, _AT_MOST),
        )

    async def _replace_failing(self, ticket: str) -> None:
        """A run that fails again and again (its history does not replay, say) would hold its ticket up for ever."""
        failures = await self._tools.tickets.failures_in_a_row(ticket)
        if failures >= self._tools.patience.failures:
            log.error("run given up", extra={"ticket": ticket, "failures": failures})
            await self._runs.take_over(ticket)

    def _to_nudge(self, found: Iterable[str]) -> list[str]:
        """Those that were not nudged lately: every nudge is an event of the run's history, and while no worker is
        there it changes nothing.
        """
        since = self._tools.clock() - self._tools.patience.nudge_again
        self._nudged = {ticket: at for ticket, at in self._nudged.items() if at > since}
        return [ticket for ticket in dict.fromkeys(found) if ticket not in self._nudged]

    async def _nudge(self, ticket: str) -> None:
        """Wake the run; where there is none, start one that knows what is owed."""
        try:
            await self._tools.tickets.tick(ticket)
        except NoRun:
            await self._runs.ensure(ticket)
        else:
            self._nudged[ticket] = self._tools.clock()


async def _each(work: Callable[[str], Awaitable[None]], tickets: Iterable[str]) -> None:
    """Do it for every ticket, some at once. The first Unavailable ends it, once those under way are through."""
    turn = asyncio.Semaphore(_AT_ONCE)
    away: list[Unavailable] = []

    async def one(ticket: str) -> None:
        async with turn:
            if away:
                return
            try:
                await work(ticket)
            except Unavailable as error:
                away.append(error)
            except Exception:  # one broken ticket must not keep the others from being looked after
                log.exception("sweep of a ticket failed", extra={"ticket": ticket})

    await asyncio.gather(*(one(ticket) for ticket in tickets))
    if away:
        raise away[0]
