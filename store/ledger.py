"""The effects ledger: one row per decision, recipient and channel, from which everything is sent (rule 8)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import sqlalchemy as sa

from store.directory_tables import people
from store.session import Session
from store.tables import deliveries, tickets

Status = Literal["pending", "sent", "kept", "failed", "parked", "nobody"]

OWED = ("pending", "failed")
"""Not sent yet and still to be tried; `parked` waits for an operator."""


@dataclass(frozen=True, slots=True)
class LedgerKey:
    """Names one delivery of a ticket: one decision, one key, at least one send."""

    seq: int
    effect: int
    recipient: str
    channel: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """One row of the ledger, with where it goes. `address` is the mail address now, "" when there is none."""

    id: int
    ticket: str
    ref: str
    key: LedgerKey
    kind: str
    status: Status
    template: str
    subject: str
    body: str
    why: str
    created_at: datetime
    sent_at: datetime | None
    attempts: int
    error: str
    recipient_name: str
    address: str

    @property
    def name(self) -> str:
        """The key as a text, which travels as Message-ID, webhook id or Idempotency-Key."""
        key = self.key
        return f"{self.ticket}/{key.seq}/{key.effect}/{key.recipient}/{key.channel}"


_TOLD = tickets.alias("told")  # a linked ticket that was told something
_SELECT = (
    sa.select(
        deliveries,
        tickets.c.ref,
        sa.func.coalesce(people.c.name, _TOLD.c.ref).label("recipient_name"),
        people.c.email,
    )
    .join(tickets, tickets.c.id == deliveries.c.ticket)
    .outerjoin(people, people.c.id == deliveries.c.recipient)
    .outerjoin(_TOLD, _TOLD.c.id == deliveries.c.recipient)
)


_OWED = (
    sa.select(deliveries.c.seq, deliveries.c.effect, deliveries.c.recipient, deliveries.c.channel)
    .where(
        deliveries.c.ticket == sa.bindparam("of"),
        deliveries.c.seq > sa.bindparam("after"),
        deliveries.c.status.in_(OWED),
    )
    .order_by(deliveries.c.id)
)
_INSERT = sa.insert(deliveries)
_PAGED = (
    sa.select(sa.literal(1))
    .where(
        deliveries.c.ticket == sa.bindparam("of"),
        deliveries.c.recipient == sa.bindparam("who"),
        deliveries.c.kind == "page",
    )
    .limit(1)
)


def add(session: Session, rows: Sequence[dict[str, object]]) -> None:
    """Write new deliveries; raises sqlalchemy IntegrityError for a key that exists."""
    if rows:
        session.execute(_INSERT, list(rows))


def owed(session: Session, ticket: str, *, after_seq: int = 0) -> list[LedgerKey]:
    """What has to be sent for a ticket, of entries above `after_seq`, in order."""
    return [LedgerKey(*row) for row in session.execute(_OWED, {"of": ticket, "after": after_seq})]


def tickets_owing(session: Session, before: datetime, limit: int) -> list[str]:
    """Ids of tickets with a delivery owed since before a moment."""
    query = (
        sa.select(deliveries.c.ticket)
        .where(deliveries.c.status.in_(OWED), deliveries.c.created_at < before)
        .group_by(deliveries.c.ticket)
        .order_by(sa.func.min(deliveries.c.created_at))
        .limit(limit)
    )
    return list(session.execute(query).scalars())


def read(session: Session, ticket: str, key: LedgerKey) -> Delivery | None:
    """One delivery."""
    row = session.execute(_SELECT.where(_is(ticket, key))).first()
    return None if row is None else _delivery(row)


def of_ticket(session: Session, ticket: str) -> list[Delivery]:
    """Every delivery of a ticket, in order."""
    query = _SELECT.where(deliveries.c.ticket == ticket).order_by(deliveries.c.id)
    return [_delivery(row) for row in session.execute(query)]


def newest(session: Session, *, recipient: str | None, before_id: int | None, limit: int) -> list[Delivery]:
    """The newest deliveries first: of everybody, or of one recipient; `before_id` pages on."""
    query = _SELECT.order_by(deliveries.c.id.desc()).limit(limit)
    if recipient is not None:
        query = query.where(deliveries.c.recipient == recipient)
    if before_id is not None:
        query = query.where(deliveries.c.id < before_id)
    return [_delivery(row) for row in session.execute(query)]


def id_of(session: Session, name: str) -> int | None:
    """The place of a delivery in the outbox, by its key as a text; None for what is no key."""
    parts = name.split("/")
    if len(parts) != 5 or not (parts[1].isdecimal() and parts[2].isdecimal()) or not name.isprintable():
        return None
    key = LedgerKey(int(parts[1][:9]), int(parts[2][:9]), parts[3], parts[4])
    return session.execute(sa.select(deliveries.c.id).where(_is(parts[0], key))).scalar()


def mark(
    session: Session, ticket: str, key: LedgerKey, status: Status, now: datetime, *, error: str = ""
) -> bool:
    """What became of an attempt. A delivery that was sent or kept stays so: False then, and nothing is changed."""
    done = session.execute(
        sa.update(deliveries)
        .where(_is(ticket, key), deliveries.c.status.in_((*OWED, "parked")))
        .values(
            status=status,
            sent_at=now if status in ("sent", "kept") else None,
            attempts=deliveries.c.attempts + 1,
            error=error,
        )
    )
    return bool(done.rowcount)


def was_paged(session: Session, ticket: str, person: str) -> bool:
    """Whether a person was paged for a ticket."""
    return session.execute(_PAGED, {"of": ticket, "who": person}).first() is not None


def _is(ticket: str, key: LedgerKey) -> sa.ColumnElement[bool]:
    return sa.and_(
        deliveries.c.ticket == ticket,
        deliveries.c.seq == key.seq,
        deliveries.c.effect == key.effect,
        deliveries.c.recipient == key.recipient,
        deliveries.c.channel == key.channel,
    )


def _delivery(row: sa.Row[Any]) -> Delivery:
    return Delivery(
        id=row.id,
        ticket=row.ticket,
        ref=row.ref,
        key=LedgerKey(row.seq, row.effect, row.recipient, row.channel),
        kind=row.kind,
        status=row.status,
        template=row.template,
        subject=row.subject,
        body=row.body,
        why=row.why,
        created_at=row.created_at,
        sent_at=row.sent_at,
        attempts=row.attempts,
        error=row.error,
        recipient_name=row.recipient_name or row.recipient,
        address=row.email or "",
    )
