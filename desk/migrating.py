"""Moving open tickets to another published version of their process: by their own commands, batch by batch.

Repeating it is harmless: a ticket that is there already is not looked at. What is under way when it is interrupted is
finished by the sweeper, and the next call goes on with the rest.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Literal

from desk.commanding import Asked, Placed, onto_of, place
from desk.facts import facts_for
from desk.refusals import exception_of
from desk.sending import Sender
from desk.telling import SYSTEM
from desk.tools import Tools
from desk.values import Guard
from domain.engine.events import Command, Migrate
from domain.engine.handle import handle
from domain.engine.serialise import ticket_from_json
from domain.errors import DefinitionUnknown, EngineFault, Refused, TicketUnknown
from store import commands, definitions, directory, journal, tickets
from store.definitions import Version
from store.session import Session

log = logging.getLogger(__name__)

BATCH = 20
"""So many tickets are under way at a time: people's commands go on between them."""


@dataclass(frozen=True, slots=True)
class Target:
    """The version tickets are to move to, and whether what has no place there may stay behind."""

    version: Version
    leave_behind: bool = False

    @property
    def request(self) -> Migrate:
        """What each ticket is sent."""
        return Migrate(self.version.hashes, self.leave_behind)


@dataclass(frozen=True, slots=True)
class Moved:
    """What became of one ticket. `pending`: it is under way, and will be finished without us.

    from_number: the version it was on; None for one that is not numbered here.
    """

    ref: str
    what: Literal["moved", "refused", "pending"]
    from_number: int | None
    why: str = ""


class Migrator:
    """Moves tickets, one or all of a process."""

    def __init__(self, tools: Tools, sender: Sender) -> None:
        self._tools = tools
        self._sender = sender

    async def target(self, process: str, number: int | None, *, leave_behind: bool) -> Target:
        """A version by its number; without one the active version. Raises DefinitionUnknown."""
        return await self._tools.steps.read(
            lambda session: Target(_version(session, process, number), leave_behind)
        )

    async def all(self, target: Target, *, dry_run: bool = False) -> AsyncIterator[Moved]:
        """Every open ticket of the process that is on an older version, in batches, by id."""
        after = ""
        while batch := await self._batch(target, after):
            for found in await asyncio.gather(*(self.one(one, target, dry_run=dry_run) for one in batch)):
                if found is not None:
                    yield found
            after = batch[-1]

    async def only(self, ref: str, target: Target, *, dry_run: bool = False) -> AsyncIterator[Moved]:
        """The same for one ticket."""
        found = await self.one(ref, target, dry_run=dry_run)
        if found is not None:
            yield found

    async def one(self, ref: str, target: Target, *, dry_run: bool = False) -> Moved | None:
        """Move one ticket; None when it is on this version. Raises TicketUnknown, Refused, Unavailable."""
        older = await self._tools.steps.read(lambda session: _older(session, ref, target.version))
        if older is None:
            return None
        ref, number = older
        if number is not None and number > target.version.number:
            return Moved(ref, "refused", number, "tickets only move to newer versions than theirs")
        try:
            if dry_run:
                await self._tools.steps.read(lambda session: _try(session, self._tools, ref, target))
                return Moved(ref, "moved", number)
            return Moved(ref, *await self._carry_out(ref, target, number))
        except (Refused, EngineFault) as refused:
            return Moved(ref, "refused", number, str(refused))

    async def _batch(self, target: Target, after: str) -> list[str]:
        version = target.version
        return await self._tools.steps.read(
            lambda session: tickets.open_on_others(session, version.process, version.hashes, after, BATCH)
        )

    async def _carry_out(
        self, ref: str, target: Target, number: int | None
    ) -> tuple[Literal["moved", "refused", "pending"], int | None, str]:
        asked = Asked(SYSTEM, ref, target.request, Guard(None, "", None))
        now = self._tools.clock()
        placed: Placed = await self._tools.steps.write(
            lambda session: place(session, self._tools, asked, now)
        )
        log.info("ticket is moved", extra={"ticket": ref, "version": target.version.number})
        if not await self._sender.carry_out(placed.ticket, placed.number, placed.send):
            return "pending", number, "it takes longer, and will be finished"
        why = await self._tools.steps.read(lambda session: _refusal(session, placed))
        return ("refused", number, why) if why else ("moved", number, "")


def _version(session: Session, process: str, number: int | None) -> Version:
    versions = definitions.versions_of(session, process)
    if not versions:
        raise DefinitionUnknown(f'no process "{process}" is published here')
    found = next((one for one in versions if (one.active if number is None else one.number == number)), None)
    if found is None:
        there = ", ".join(str(one.number) for one in reversed(versions))
        raise DefinitionUnknown(f"{process} has no version {number}; there are: {there}")
    return found


def _older(session: Session, ref: str, target: Version) -> tuple[str, int | None] | None:
    """The ticket's number and that of its version; None when it is on this version. Raises TicketUnknown, Refused."""
    head = tickets.head(session, ref)
    if head is None:
        raise TicketUnknown(f"there is no ticket {ref[:64]!r}")
    if head.process != target.process:
        raise Refused(f"{head.ref} is a ticket of {head.process}, not of {target.process}")
    if head.hashes == target.hashes:
        return None
    versions = definitions.versions_of(session, target.process)
    return head.ref, max((one.number for one in versions if one.hashes == head.hashes), default=None)


def _try(session: Session, tools: Tools, ref: str, target: Target) -> None:
    """Play the move on what the row says. Raises Refused."""
    found = tickets.find(session, ref)
    if found is None:
        raise TicketUnknown(f"there is no ticket {ref[:64]!r}")
    head, snapshot = found
    ticket, now = ticket_from_json(snapshot), tools.clock()
    definition = tools.definitions.get(session, head.hashes)
    request = target.request
    facts = facts_for(session, directory.current(session), definition, ticket, SYSTEM, now, request)
    command = Command(head.next_command, "dry-run", request, now, SYSTEM)
    onto = onto_of(session, tools, request)
    entry = handle(definition, ticket, command, facts, now, onto=onto).entries[-1]
    if entry.refusal is not None:
        raise exception_of(entry.refusal)


def _refusal(session: Session, placed: Placed) -> str:
    logged = commands.by_id(session, placed.command)
    assert logged is not None and logged.entry_seq is not None, "it is settled"
    entry = journal.one(session, placed.ticket, logged.entry_seq)
    assert entry is not None, "a settled command has its entry"
    return entry.refusal.text["en"] if entry.refusal else ""
