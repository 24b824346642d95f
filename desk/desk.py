"""The desk: the one path by which anything happens to a ticket. What doors call, and nothing else."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator

from sqlalchemy.exc import IntegrityError

from desk import commanding, opening
from desk.checking import readiness
from desk.commanding import Asked, Placed
from desk.doctor import Doctor, Finding
from desk.identity import Identity
from desk.linking import linking
from desk.migrating import Migrator, Moved
from desk.opening import Opened
from desk.organisation import Organisation
from desk.publishing import Publication, publish_in
from desk.reading import Reading
from desk.refusals import check_comment, check_key, check_storable, exception_of
from desk.running import Runs
from desk.scheduling import Scheduler
from desk.seeding import seed_in
from desk.sending import Sender
from desk.sweeping import Sweeper, SweepReport
from desk.tools import Tools
from desk.values import Caller, Guard, Pending, Readiness, Settled
from desk.views import see, ticket_view
from domain.engine.entries import Entry
from domain.engine.events import (
    AddTask,
    ApprovalRequest,
    CancelTask,
    Comment,
    CompleteTask,
    Edit,
    Message,
    Move,
    Request,
)
from domain.engine.serialise import request_to_json
from domain.engine.ticket import Json
from domain.errors import EvertickError, TicketUnknown, Unavailable
from domain.language.published import Published
from store import commands, journal
from store.comments import content_hash
from store.definitions import Version
from store.session import Session
from workflows.messages import workflow_id

log = logging.getLogger(__name__)

Fields = dict[str, Json]


class Desk(Identity, Reading):
    """Built by bootstrap with its tools. Every method raises EvertickErrors; a refusal comes as its exception.

    A command is settled, or pending when there is no outcome within the patience of its tools: then `operation`
    tells. What a dry run refuses is not kept: the same idempotency key may be used again. What the workflow
    refuses is, and the same key gives the same refusal.
    """

    def __init__(self, tools: Tools) -> None:
        super().__init__(tools)
        self._runs = Runs(tools)
        self._sender = Sender(tools, self._runs)
        self._sweeper = Sweeper(tools, self._sender, self._runs)
        self._scheduler = Scheduler(tools, self._runs)
        self._doctor = Doctor(tools)

    # ---- doing

    async def open(
        self, caller: Caller, process: str, fields: Fields, *, channel: str, guard: Guard
    ) -> Settled:
        """Open a ticket. Raises Refused, DefinitionUnknown, KeyReused, Unavailable."""
        check_key(guard.key)
        check_storable({**fields, "process": process, "channel": channel})
        asked = opening.Asked(caller.id, process, fields, channel, guard)
        opened = await self._open(asked)
        if opened.start is not None:
            log.info(
                "ticket opened",
                extra={
                    "ticket": opened.ref,
                    "command": opened.command,
                    "workflow": workflow_id(opened.ticket),
                    "actor": caller.id,
                },
            )
            self._runs.start_soon(opened.ticket, opened.start)
        replayed = opened.start is None
        settled = await self._tools.steps.read(
            lambda session: self._settled(session, caller, opened.command, replayed=replayed)
        )
        assert isinstance(settled, Settled), "opening settles its own command"
        return settled

    async def move(
        self, caller: Caller, ref: str, transition: str, fields: Fields, *, guard: Guard
    ) -> Settled | Pending:
        """Take a transition, with the fields of its form."""
        check_storable({**fields, "transition": transition})
        return await self._command(caller, ref, Move(transition, fields), guard, guarded=True)

    async def edit(self, caller: Caller, ref: str, fields: Fields, *, guard: Guard) -> Settled | Pending:
        """Change fields by hand."""
        check_storable(fields)
        return await self._command(caller, ref, Edit(fields), guard, guarded=True)

    async def assign(
        self, caller: Caller, ref: str, team: str | None, assignee: str | None, *, guard: Guard
    ) -> Settled | Pending:
        """Give the ticket to a team, a person, or (with a team alone) to nobody of that team yet."""
        fields: Fields = {} if team is None else {"team": team}
        if assignee is not None or team is None:
            fields["assignee"] = assignee
        return await self.edit(caller, ref, fields, guard=guard)

    async def comment(
        self, caller: Caller, ref: str, text: str, *, public: bool, guard: Guard
    ) -> Settled | Pending:
        """Write a public reply or an internal note."""
        check_comment(text)
        request = Comment(self._tools.new_id(), content_hash(text), public)
        return await self._command(caller, ref, request, guard, comment=text)

    async def complete_task(
        self, caller: Caller, ref: str, task: str, fields: Fields, *, failed: bool, guard: Guard
    ) -> Settled | Pending:
        """Say that a task is done, or could not be."""
        check_storable({**fields, "task": task})
        return await self._command(caller, ref, CompleteTask(task, fields, failed), guard, guarded=True)

    async def add_task(self, caller: Caller, ref: str, task: AddTask, *, guard: Guard) -> Settled | Pending:
        """Add a task that no rule foresaw."""
        check_storable({**request_to_json(task), **task.fields})
        return await self._command(caller, ref, task, guard, guarded=True)

    async def cancel_task(self, caller: Caller, ref: str, task: str, *, guard: Guard) -> Settled | Pending:
        """Take a task back that somebody added."""
        check_storable({"task": task})
        return await self._command(caller, ref, CancelTask(task), guard, guarded=True)

    async def message(
        self, caller: Caller, ref: str, message: str, fields: Fields, *, guard: Guard
    ) -> Settled | Pending:
        """Send a declared message to a ticket."""
        check_storable({**fields, "message": message})
        return await self._command(caller, ref, Message(message, fields), guard)

    async def link(
        self,
        caller: Caller,
        ref: str,
        link: str,
        other: str,
        *,
        add: bool,
        guard: Guard,
        fields: Fields | None = None,
    ) -> Settled | Pending:
        """Link the ticket with the number `other`, or let go of it; its end follows. `fields` are said of it."""
        said = fields or {}
        check_storable({**said, "link": link, "ticket": other})
        now = self._tools.clock()
        request = await self._tools.steps.read(
            lambda session: linking(session, self._tools, caller, ref, link, other, now, add=add, fields=said)
        )
        return await self._command(caller, ref, request, guard)

    async def edit_link(
        self, caller: Caller, ref: str, link: str, other: str, fields: Fields, *, guard: Guard
    ) -> Settled | Pending:
        """Change what is known here of a ticket that is linked."""
        check_storable({**fields, "link": link, "ticket": other})
        now = self._tools.clock()
        request = await self._tools.steps.read(
            lambda session: linking(
                session, self._tools, caller, ref, link, other, now, add=True, fields=fields, present=True
            )
        )
        return await self._command(caller, ref, request, guard)

    async def approval(
        self, caller: Caller, ref: str, request: ApprovalRequest, *, guard: Guard
    ) -> Settled | Pending:
        """Vote, or do something else with an approval."""
        check_storable(request_to_json(request))
        return await self._command(caller, ref, request, guard, guarded=True)

    async def operation(self, caller: Caller, operation_id: str) -> Settled | Pending:
        """What became of a command. Raises TicketUnknown, or the refusal it ended with."""
        return await self._tools.steps.read(
            lambda session: self._settled(session, caller, operation_id, replayed=True)
        )

    # ---- keeping

    async def sweep(self) -> SweepReport:
        """One round of the safety net (rule 12)."""
        return await self._sweeper.sweep()

    async def open_scheduled(self) -> list[str]:
        """Open the tickets whose turn has come by a schedule; their numbers. Raises Unavailable."""
        return await self._scheduler.open_due()

    async def publish(self, published: Published) -> Publication:
        """Make a definition the active version of its process, unless it is already."""
        now = self._tools.clock()
        return await self._tools.steps.write(lambda session: publish_in(session, published, now))

    async def migrate(
        self,
        process: str,
        number: int | None = None,
        *,
        ticket: str | None = None,
        leave_behind: bool = False,
        dry_run: bool = False,
    ) -> tuple[Version, AsyncIterator[Moved]]:
        """Move open tickets, or one, to a version of their process; without a number to the active one.

        Gives the version, and what becomes of each ticket while it happens. Raises DefinitionUnknown; while it happens
        TicketUnknown, Refused (a ticket of another process), Unavailable.
        """
        migrator = Migrator(self._tools, self._sender)
        target = await migrator.target(process, number, leave_behind=leave_behind)
        if ticket is None:
            return target.version, migrator.all(target, dry_run=dry_run)
        return target.version, migrator.only(ticket, target, dry_run=dry_run)

    async def seed(self, organisation: Organisation) -> bool:
        """Make the directory what an organisation says; False when it says so already."""
        return await self._tools.steps.write(lambda session: seed_in(session, organisation))

    async def ready(self) -> Readiness:
        """Whether requests can be served, and which part is missing."""
        return await readiness(self._tools)

    async def examine(self, ref: str) -> tuple[Finding, ...]:
        """Every difference between a ticket's run, row and journal."""
        return await self._doctor.examine(ref)

    def examine_all(self) -> AsyncIterator[Finding]:
        """The same for every ticket that is not closed."""
        return self._doctor.examine_all()

    async def rebuild(self, ref: str) -> None:
        """Write a ticket's row anew from its journal."""
        await self._doctor.rebuild(ref)

    async def settle(self) -> None:
        """Wait for the starts under way (tests, and a shutdown that is not in a hurry)."""
        await self._runs.settle()

    async def close(self) -> None:
        """Stop what runs in the background. What is pending stays in the log, what is owed stays owed."""
        await self._sender.close()
        await self._runs.close()

    # ---- inside

    async def _open(self, asked: opening.Asked) -> Opened:
        now = self._tools.clock()
        step = lambda session: opening.open_in(session, self._tools, asked, now)  # noqa: E731 - used twice
        try:
            return await self._tools.steps.write(step)
        except IntegrityError:  # the same key at the same moment: by now the other one has committed
            return await self._tools.steps.write(step)

    async def _command(
        self,
        caller: Caller,
        ref: str,
        request: Request,
        guard: Guard,
        *,
        guarded: bool = False,
        comment: str = "",
    ) -> Settled | Pending:
        check_key(guard.key)
        placed = await self._place(Asked(caller.id, ref, request, guard, guarded, comment))
        log.info(
            "command logged",
            extra={
                "ticket": placed.ref,
                "command": placed.command,
                "workflow": workflow_id(placed.ticket),
                "kind": type(request).__name__,
                "actor": caller.id,
                "replayed": placed.replayed,
            },
        )
        try:
            await self._sender.carry_out(placed.ticket, placed.number, placed.send)
            return await self._tools.steps.read(
                lambda session: self._settled(session, caller, placed.command, replayed=placed.replayed)
            )
        except Unavailable:  # it is committed, whatever is away now
            return Pending(placed.command, placed.ref)

    async def _place(self, asked: Asked) -> Placed:
        now = self._tools.clock()
        step = lambda session: commanding.place(session, self._tools, asked, now)  # noqa: E731 - used twice
        try:
            return await self._tools.steps.write(step)
        except IntegrityError:  # the same key at the same moment, for another ticket
            return await self._tools.steps.write(step)

    def _settled(
        self, session: Session, caller: Caller, command_id: str, *, replayed: bool
    ) -> Settled | Pending:
        """The outcome that stands in the row. Raises the refusal; TicketUnknown for somebody else's operation."""
        logged = commands.by_id(session, command_id)
        if logged is None or logged.command.actor != caller.id:
            raise TicketUnknown(f"there is no operation {command_id[:64]!r} of yours")
        seen = see(session, self._tools, caller, logged.ticket, self._tools.clock(), answering=True)
        if logged.entry_seq is None:
            return Pending(command_id, seen.ticket.ref)
        entry = _entry(session, logged.ticket, logged.entry_seq)
        if entry.refusal is not None:
            raise _refused(entry)
        return Settled(ticket_view(seen), logged.command.number, entry, replayed)


def _entry(session: Session, ticket: str, seq: int) -> Entry:
    entry = journal.one(session, ticket, seq)
    assert entry is not None, "a settled command has its entry"
    return entry


def _refused(entry: Entry) -> EvertickError:
    assert entry.refusal is not None, "only a refused entry is asked for"
    return exception_of(entry.refusal)
