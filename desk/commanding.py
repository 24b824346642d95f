"""Log first (architecture.md, rule 1): a command is checked under the row lock and committed as pending."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from desk.facts import facts_for
from desk.refusals import exception_of
from desk.tools import Tools
from desk.values import Guard
from domain.engine.events import Command, Facts, Migrate, Request
from domain.engine.handle import handle
from domain.engine.permissions import may_view
from domain.engine.serialise import ticket_from_json
from domain.engine.ticket import Ticket
from domain.errors import KeyReused, RevisionMissing, RevisionStale, unknown
from domain.language.definition import Definition
from store import commands, comments, directory, tickets
from store.commands import Logged
from store.session import Session
from store.tickets import Head
from workflows.messages import Send


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asks of a ticket. `guarded`: only with the revision they saw (`If-Match`)."""

    actor: str
    ref: str
    request: Request
    guard: Guard
    guarded: bool = False
    comment: str = ""  # the text of a Comment request


@dataclass(frozen=True, slots=True)
class Placed:
    """A command in the log. `send` is ready when it is the lowest pending one and was just looked at."""

    ticket: str
    ref: str
    command: str
    number: int
    replayed: bool = False
    send: Send | None = None


def place(session: Session, tools: Tools, asked: Asked, now: datetime) -> Placed:
    """Check a command and commit it as pending.

    Raises TicketUnknown, KeyReused, RevisionMissing, RevisionStale; and, when nothing is pending before it, what the
    process itself refuses: nothing is kept of that, so the same key may be used again. Raises sqlalchemy
    IntegrityError when the key is being used for another ticket at this moment: try again and see.
    """
    found = tickets.lock(session, asked.ref)
    if found is None:
        raise unknown(asked.ref)
    head, snapshot = found
    ticket = ticket_from_json(snapshot)
    definition = tools.definitions.get(session, head.hashes)
    facts = facts_for(
        session,
        directory.current(session),
        definition,
        ticket,
        asked.actor,
        now,
        asked.request,
        asked.comment,
    )
    if facts.actor.kind == "person" and not may_view(definition, ticket, facts.actor):
        raise unknown(asked.ref)
    before = replayed(session, asked.actor, asked.guard)
    if before is not None:
        return Placed(before.ticket, head.ref, before.command.id, before.command.number, replayed=True)
    _check_revision(asked, head)
    command = Command(head.next_command, tools.new_id(), asked.request, now, asked.actor)
    send = None
    if not head.pending:
        onto = onto_of(session, tools, asked.request)
        _dry_run(definition, ticket, command, facts, now, onto)
        send = Send(command, head.incarnation, head.seq, head.revision, facts)
    _log(session, head, asked, command)
    return Placed(head.id, head.ref, command.id, command.number, send=send)


def replayed(session: Session, actor: str, guard: Guard) -> Logged | None:
    """The command that used this idempotency key before. Raises KeyReused when it was another request."""
    if guard.key is None:
        return None
    before = commands.by_key(session, actor, guard.key)
    if before is not None and before.request_hash != guard.request_hash:
        raise KeyReused("this Idempotency-Key was used for another request; use a new one for a new request")
    return before


@dataclass(frozen=True, slots=True)
class Due:
    """What a ticket's row says to its sender: which commands are settled, and the one to send now."""

    handled: int
    send: Send | None


def look(session: Session, tools: Tools, ticket_id: str, now: datetime) -> Due:
    """The lowest pending command of a ticket with its facts, looked up now."""
    found = tickets.find(session, ticket_id)
    if found is None:
        return Due(0, None)
    head, snapshot = found
    logged = commands.lowest_pending(session, head)
    if logged is None:
        return Due(head.handled, None)
    definition = tools.definitions.get(session, head.hashes)
    ticket, command = ticket_from_json(snapshot), logged.command
    here = directory.current(session)
    facts = facts_for(session, here, definition, ticket, command.actor, now, command.request)
    return Due(head.handled, Send(command, head.incarnation, head.seq, head.revision, facts))


def _check_revision(asked: Asked, head: Head) -> None:
    wanted = asked.guard.revision
    if wanted is None:
        if asked.guarded:
            raise RevisionMissing("send If-Match with the ETag of the ticket you saw")
    elif wanted != head.revision:
        raise RevisionStale(
            f"{head.ref} is at revision {head.revision}, If-Match names {wanted}: read it again and decide anew"
        )


def onto_of(session: Session, tools: Tools, request: Request) -> Definition | None:
    """The definition a ticket is to move to; None for every other request."""
    return tools.definitions.get(session, request.hashes) if isinstance(request, Migrate) else None


def _dry_run(
    definition: Definition,
    ticket: Ticket,
    command: Command,
    facts: Facts,
    now: datetime,
    onto: Definition | None,
) -> None:
    entry = handle(definition, ticket, command, facts, now, onto=onto).entries[-1]
    if entry.refusal is not None:
        raise exception_of(entry.refusal)


def _log(session: Session, head: Head, asked: Asked, command: Command) -> None:
    number = commands.take_number(session, head.id)
    assert number == command.number, "the row is locked"
    commands.log(session, head.id, command, key=asked.guard.key, request_hash=asked.guard.request_hash)
    if asked.comment:
        comments.add(
            session,
            head.id,
            asked.request.comment,  # type: ignore[union-attr]  # only a Comment request comes with a text
            author=asked.actor,
            public=asked.request.public,  # type: ignore[union-attr]  # as above
            text=asked.comment,
            at=command.received_at,
        )
