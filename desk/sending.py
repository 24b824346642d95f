"""The one sender: per ticket one pump in this process, which sends the lowest pending command until none is left.

Other processes may pump the same ticket at the same time, and crash at any point: every step looks at the row, and
repeating any of them is harmless (architecture.md, rules 2 to 7 and 10).
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, field

from desk.commanding import look
from desk.running import Runs
from desk.tools import Tools
from domain.engine.path import AppendRefusal
from domain.errors import Unavailable
from store.append import Appended, append
from workflows.client import NoRun, SendRejected
from workflows.messages import Answer, Send

log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Pump:
    """One ticket being worked on: who waits for which command, and whether somebody asked again meanwhile."""

    task: asyncio.Task[None] | None = None
    ready: Send | None = None  # the first send, when its facts were just looked up
    asked_again: bool = False
    waiting: dict[int, list[asyncio.Future[bool]]] = field(default_factory=dict)


class Sender:
    """Sends commands and appends what comes back."""

    def __init__(self, tools: Tools, runs: Runs) -> None:
        self._tools = tools
        self._runs = runs
        self._pumps: dict[str, _Pump] = {}

    async def carry_out(self, ticket: str, number: int, send: Send | None = None) -> bool:
        """Have a command carried out, and wait for its outcome to stand in the row: False when that takes longer.

        `send` is that command, ready to go, when it is the lowest pending one.
        """
        waiter: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        pump = self.pump(ticket, send)
        pump.waiting.setdefault(number, []).append(waiter)
        try:
            async with asyncio.timeout(self._tools.patience.outcome.total_seconds()):
                return await waiter
        except TimeoutError:
            return False

    def pump(self, ticket: str, send: Send | None = None) -> _Pump:
        """See to it that all pending commands of a ticket are sent; returns at once."""
        pump = self._pumps.get(ticket)
        if pump is None:
            pump = self._pumps[ticket] = _Pump(ready=send)
            pump.task = asyncio.create_task(self._run(ticket, pump), name=f"pump {ticket}")
        pump.asked_again = True
        return pump

    async def close(self) -> None:
        """Let the pumps finish the step they are in; what is pending stays in the log."""
        tasks = [pump.task for pump in self._pumps.values() if pump.task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _run(self, ticket: str, pump: _Pump) -> None:
        try:
            await self._work(ticket, pump)
        except Unavailable as error:
            log.warning("commands stay pending", extra={"ticket": ticket, "reason": str(error)})
        except Exception:  # whoever waits gets "pending"; the sweeper tries again; the log says why
            log.exception("sending failed", extra={"ticket": ticket})
        finally:
            del self._pumps[ticket]
            for waiters in pump.waiting.values():
                for waiter in waiters:
                    if not waiter.done():
                        waiter.set_result(False)

    async def _work(self, ticket: str, pump: _Pump) -> None:
        patience = self._tools.patience
        pause, waited = patience.first_retry, patience.first_retry * 0
        send, pump.ready = pump.ready, None
        while True:
            pump.asked_again = False
            if send is None:
                send = await self._look(ticket, pump)
            if send is None:
                if pump.asked_again:
                    continue
                return
            pending = await self._try(ticket, send, pump)
            if pending == 0 and not pump.asked_again:
                return
            if pending is not None:
                pause, waited = patience.first_retry, patience.first_retry * 0
            elif waited >= patience.pump:
                log.warning("command not taken", extra={"ticket": ticket, "command": send.command.id})
                return
            else:
                await asyncio.sleep(pause.total_seconds())
                waited += pause
                pause = min(pause * 2, patience.last_retry)
            send = None

    async def _look(self, ticket: str, pump: _Pump) -> Send | None:
        """The lowest pending command; whoever waits for one that is settled is told."""
        now = self._tools.clock()
        due = await self._tools.steps.read(lambda session: look(session, self._tools, ticket, now))
        _tell_waiting(pump, due.handled)
        return due.send

    async def _try(self, ticket: str, send: Send, pump: _Pump) -> int | None:
        """Send one command and append the answer.

        Gives how many commands are pending once its outcome stands in the row; None when it does not yet.
        """
        try:
            answer = await self._tools.tickets.send(ticket, send)
        except NoRun:
            await self._runs.ensure(ticket)
            return None
        except SendRejected as rejected:
            # The run is ahead of the row, or belongs to another incarnation: the row will tell.
            log.info("send rejected", extra={"ticket": ticket, "reason": rejected.reason.value})
            return None
        if not answer.entries:
            return None  # settled before, or the run ends: look at the row
        appended = await self._append(ticket, answer)
        if isinstance(appended, AppendRefusal):
            return None
        _tell_waiting(pump, appended.handled)
        return appended.pending if appended.handled >= send.command.number else None

    async def _append(self, ticket: str, answer: Answer) -> Appended | AppendRefusal:
        now = self._tools.clock()
        return await self._tools.steps.write(
            lambda session: append(
                session,
                self._tools.definitions,
                ticket,
                answer.incarnation,
                answer.entries,
                now,
                gateways=self._tools.gateways,
            )
        )


def _tell_waiting(pump: _Pump, handled: int) -> None:
    for number in [number for number in pump.waiting if number <= handled]:
        for waiter in pump.waiting.pop(number):
            if not waiter.done():
                waiter.set_result(True)
