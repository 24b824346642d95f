"""The command log: what was asked of a ticket, in order, and which entry settled it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from domain.engine.entries import Entry
from domain.engine.events import Command
from domain.engine.serialise import request_from_json, request_to_json
from store.session import Session
from store.tables import commands, tickets
from store.tickets import Head


@dataclass(frozen=True, slots=True)
class Logged:
    """A command as it stands in the log; `entry_seq` is None while it is pending."""

    command: Command
    ticket: str
    key: str | None
    request_hash: str
    entry_seq: int | None


_WHO: sa.BindParameter[Any] = sa.bindparam("who")
_WHAT: sa.BindParameter[Any] = sa.bindparam("what")
_INSERT = sa.insert(commands)
_BY_ID = sa.select(commands).where(commands.c.id == _WHAT)
_BY_KEY = sa.select(commands).where(commands.c.actor == _WHO, commands.c.key == _WHAT)
_BY_NUMBER = sa.select(commands).where(commands.c.ticket == _WHO, commands.c.number == _WHAT)
_SETTLE = (
    sa.update(commands)
    .where(commands.c.ticket == _WHO, commands.c.number == _WHAT, commands.c.entry_seq.is_(None))
    .values(entry_seq=sa.bindparam("seq"))
)
_TAKE = (
    sa.update(tickets)
    .where(tickets.c.id == sa.bindparam("key"))
    .values(next_command=tickets.c.next_command + 1)
    .returning(tickets.c.next_command)
)


def log(
    session: Session,
    ticket: str,
    command: Command,
    *,
    key: str | None,
    request_hash: str,
    entry_seq: int | None = None,
) -> None:
    """Write a command down. Raises sqlalchemy IntegrityError when the actor has used the key before."""
    session.execute(
        _INSERT,
        {
            "id": command.id,
            "ticket": ticket,
            "number": command.number,
            "actor": command.actor,
            "request": request_to_json(command.request),
            "received_at": command.received_at,
            "key": key,
            "request_hash": request_hash,
            "entry_seq": entry_seq,
        },
    )


def take_number(session: Session, ticket: str) -> int:
    """The ticket's next command number; its row is locked."""
    return int(session.execute(_TAKE, {"key": ticket}).scalar_one()) - 1


def by_key(session: Session, actor: str, key: str) -> Logged | None:
    """The command an actor gave an idempotency key."""
    return _one(session, _BY_KEY, who=actor, what=key)


def by_id(session: Session, id: str) -> Logged | None:
    """The command of an operation."""
    return _one(session, _BY_ID, what=id)


def by_number(session: Session, ticket: str, number: int) -> Logged | None:
    """A command of a ticket."""
    return _one(session, _BY_NUMBER, who=ticket, what=number)


def lowest_pending(session: Session, ticket: Head) -> Logged | None:
    """The only command of a ticket that may be sent (rule 2): numbers are contiguous and settled in order."""
    return by_number(session, ticket.id, ticket.handled + 1) if ticket.pending else None


def settle(session: Session, ticket: str, entries: Sequence[Entry]) -> None:
    """Rule 6: each entry settles the command it names.

    Raises LookupError when one is not in the log or was settled by another entry: two histories exist.
    """
    for entry in entries:
        if entry.command is None:
            continue
        done = session.execute(_SETTLE, {"who": ticket, "what": entry.command, "seq": entry.seq})
        if done.rowcount != 1:
            raise LookupError(
                f"entry {entry.seq} of ticket {ticket} names command {entry.command}, not pending here"
            )


def tickets_waiting(session: Session, before: datetime, limit: int) -> list[str]:
    """Ids of tickets with a command pending since before a moment."""
    query = (
        sa.select(commands.c.ticket)
        .where(commands.c.entry_seq.is_(None), commands.c.received_at < before)
        .group_by(commands.c.ticket)
        .order_by(sa.func.min(commands.c.received_at))
        .limit(limit)
    )
    return list(session.execute(query).scalars())


def _one(session: Session, query: sa.Select[Any], **key: object) -> Logged | None:
    row = session.execute(query, key).first()
    return None if row is None else _logged(row)


def _logged(row: sa.Row[Any]) -> Logged:
    made = Command(row.number, row.id, request_from_json(row.request), row.received_at, row.actor)
    return Logged(made, row.ticket, row.key, row.request_hash, row.entry_seq)
