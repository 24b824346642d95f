"""Tickets that open by themselves (ADR 0017). What is written down is the command that opened one, under the key of its
schedule and day: so a turn is never taken twice, whoever looks, and never forgotten, whatever was down.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass

from sqlalchemy.exc import IntegrityError

from desk.opening import Asked, Opened, open_in
from desk.running import Runs
from desk.tools import Tools
from desk.values import Guard
from domain.engine.schedules import CHANNEL, Turn, fields_of, latest
from domain.errors import DefinitionUnknown, Refused
from store import commands, definitions
from store.definitions import Version
from store.session import Session

log = logging.getLogger(__name__)

SYSTEM = ""
"""The service identity that opens them: no person, who may open whatever the form lets through."""


@dataclass(frozen=True, slots=True)
class Due:
    """A turn that nobody has taken yet."""

    process: str
    version: int
    turn: Turn

    @property
    def key(self) -> str:
        """The idempotency key of the opening: one for each day of a schedule, however its time of day is changed."""
        return f"schedule/{self.process}/{self.turn.schedule}/{self.turn.day.isoformat()}"

    @property
    def mark(self) -> tuple[str, int]:
        """What a process remembers of a turn it need not look at again; another version may think otherwise."""
        return self.key, self.version


class Scheduler:
    """Opens what is due. Of turns that were missed only the last is taken."""

    def __init__(self, tools: Tools, runs: Runs) -> None:
        self._tools = tools
        self._runs = runs
        self._settled: set[tuple[str, int]] = set()

    async def open_due(self) -> list[str]:
        """Take every turn that has come; the numbers of the tickets. Raises Unavailable."""
        found = []
        for due in await self._tools.steps.read(self._look):
            opened = await self._open(due)
            if opened is not None:
                found.append(opened.ref)
        return found

    def _look(self, session: Session) -> list[Due]:
        now = self._tools.clock()
        found = []
        for version in definitions.active_versions(session):
            definition = self._tools.definitions.get(session, version.hashes)
            for name in definition.process.schedule:
                turn = latest(definition, name, now)
                if turn is None or (due := Due(version.process, version.number, turn)).mark in self._settled:
                    continue
                if not self._promised(session, version, turn) or commands.by_key(session, SYSTEM, due.key):
                    self._settled.add(due.mark)
                else:
                    found.append(due)
        return found

    def _promised(self, session: Session, version: Version, turn: Turn) -> bool:
        """Whether the schedule was there when its turn came: a new one does not begin with a turn of the past."""
        if version.published_at <= turn.due_at:
            return True
        earlier = definitions.versions_of(session, version.process)
        then = next((one for one in earlier if one.published_at <= turn.due_at), None)
        return (
            then is not None
            and turn.schedule in self._tools.definitions.get(session, then.hashes).process.schedule
        )

    async def _open(self, due: Due) -> Opened | None:
        """Open the ticket of a turn; None when another process has, or its process refuses."""
        now = self._tools.clock()

        def step(session: Session) -> Opened:
            _, definition = self._tools.definitions.active(session, due.process)
            fields = fields_of(definition, due.turn)
            return open_in(
                session, self._tools, Asked(SYSTEM, due.process, fields, CHANNEL, Guard(due.key)), now
            )

        try:
            opened = await self._tools.steps.write(step)
        except IntegrityError:  # another process takes the same turn at this moment
            return None
        except (Refused, DefinitionUnknown) as refused:
            # Said once: trying again would be refused again, until somebody publishes another version.
            log.error("not opened by its schedule", extra={"key": due.key, "why": str(refused)})
            self._settled.add(due.mark)
            return None
        self._settled.add(due.mark)
        if opened.start is None:
            return None
        log.info("ticket opened", extra={"ticket": opened.ref, "schedule": due.turn.schedule})
        self._runs.start_soon(opened.ticket, opened.start)
        return opened
