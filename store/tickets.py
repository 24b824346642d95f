"""The ticket row: finding it, locking it, its head and snapshot, and who may run it (incarnation)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from domain.engine.path import RowHead, may_claim
from domain.engine.serialise import Snapshot
from domain.language.published import Hashes
from store.session import Session
from store.tables import snapshots, tickets


@dataclass(frozen=True, slots=True)
class Head:
    """How far a ticket's row is, without the ticket itself."""

    id: str
    ref: str
    process: str
    state: str
    incarnation: int
    seq: int
    revision: int
    handled: int
    next_command: int
    run_started_at: datetime | None
    hashes: Hashes

    @property
    def row(self) -> RowHead:
        """What the path's decisions need."""
        return RowHead(self.incarnation, self.seq)

    @property
    def pending(self) -> int:
        """How many commands have no outcome yet."""
        return self.next_command - 1 - self.handled


_HEAD = (
    tickets.c.id,
    tickets.c.ref,
    tickets.c.process,
    tickets.c.state,
    tickets.c.incarnation,
    tickets.c.seq,
    tickets.c.revision,
    tickets.c.handled,
    tickets.c.next_command,
    tickets.c.run_started_at,
    tickets.c.process_hash,
    tickets.c.calendars_hash,
    tickets.c.agreements_hash,
)
# Statements of the path are built once: building one costs SQLAlchemy as much as running it.
_KEY: sa.BindParameter[str] = sa.bindparam("key")
_BY_ID, _BY_REF = tickets.c.id == _KEY, tickets.c.ref == _KEY
_WHOLE = sa.select(*_HEAD, snapshots.c.snapshot).join(snapshots, snapshots.c.ticket == tickets.c.id)
_FIND = {"id": _WHOLE.where(_BY_ID), "ref": _WHOLE.where(_BY_REF)}
_READ_HEAD = {"id": sa.select(*_HEAD).where(_BY_ID), "ref": sa.select(*_HEAD).where(_BY_REF)}
_LOCK = {by: query.with_for_update() for by, query in _READ_HEAD.items()}
_READ_SNAPSHOT = sa.select(snapshots.c.snapshot).where(snapshots.c.ticket == _KEY)
_INSERT, _INSERT_SNAPSHOT = sa.insert(tickets), sa.insert(snapshots)
_UPDATE = sa.update(tickets).where(_BY_ID)
_UPDATE_SNAPSHOT = sa.update(snapshots).where(snapshots.c.ticket == _KEY)
_MARK_STARTED = (
    sa.update(tickets)
    .where(_BY_ID, tickets.c.incarnation == sa.bindparam("run"), tickets.c.run_started_at.is_(None))
    .values(run_started_at=sa.bindparam("now"))
)


def find(session: Session, ref: str) -> tuple[Head, Snapshot] | None:
    """A ticket's head and snapshot, by its number (INC-000042) or its id."""
    by, key = _named(ref)
    row = session.execute(_FIND[by], {"key": key}).first()
    return None if row is None else (_head(row), row.snapshot)


def lock(session: Session, ref: str) -> tuple[Head, Snapshot] | None:
    """Like `find`, with the row locked until the transaction ends."""
    if session.dialect.name == "sqlite":  # a writing transaction has the whole database to itself
        return find(session, ref)
    by, key = _named(ref)
    row = session.execute(_LOCK[by], {"key": key}).first()
    if row is None:
        return None
    # A statement of its own: one that waited for the row would join its newest version with the snapshot as it was
    # before the wait, and what is folded onto that never happened.
    return _head(row), session.execute(_READ_SNAPSHOT, {"key": row.id}).scalar_one()


def head(session: Session, ref: str) -> Head | None:
    """A ticket's head alone."""
    by, key = _named(ref)
    row = session.execute(_READ_HEAD[by], {"key": key}).first()
    return None if row is None else _head(row)


def columns(session: Session, ticket: str) -> dict[str, object]:
    """All columns of a ticket's row, by name. Raises sqlalchemy NoResultFound."""
    row = session.execute(sa.select(tickets).where(tickets.c.id == ticket)).one()
    return dict(row._mapping)


def insert(session: Session, columns: Mapping[str, object], snapshot: Snapshot) -> None:
    """A new ticket. `columns` are all columns of its row."""
    session.execute(_INSERT, dict(columns))
    session.execute(_INSERT_SNAPSHOT, {"ticket": columns["id"], "snapshot": snapshot})


def update(session: Session, ticket: str, columns: Mapping[str, object], snapshot: Snapshot) -> None:
    """Write what entries made of a ticket; its row is locked."""
    session.execute(_UPDATE, {**columns, "id": ticket, "key": ticket})
    session.execute(_UPDATE_SNAPSHOT, {"key": ticket, "snapshot": snapshot})


def claim(
    session: Session, ticket: str, read_incarnation: int, now: datetime
) -> tuple[Head, Snapshot] | None:
    """Rule 10: take the ticket over for a new run. None when another claim came first.

    The snapshot is the one the new run starts with; a start is owed until `mark_started`.
    """
    found = lock(session, ticket)
    if found is None or not may_claim(found[0].row, read_incarnation):
        return None
    session.execute(
        sa.update(tickets)
        .where(tickets.c.id == found[0].id, tickets.c.incarnation == read_incarnation)
        .values(incarnation=read_incarnation + 1, run_started_at=None, updated_at=now)
    )
    return lock(session, ticket)


def mark_started(session: Session, ticket: str, incarnation: int, now: datetime) -> None:
    """A run of this incarnation exists; nothing when the ticket was claimed again meanwhile."""
    session.execute(_MARK_STARTED, {"key": ticket, "run": incarnation, "now": now})


def owe_starts(session: Session) -> int:
    """Owe every ticket that is not closed a start: its runs are gone. Returns how many there are."""
    gone = sa.update(tickets).where(tickets.c.category != "closed").values(run_started_at=None)
    return int(session.execute(gone).rowcount)


def starts_owed(session: Session, before: datetime, limit: int) -> list[str]:
    """Ids of tickets that should have a run since `before` and are not known to have one."""
    query = (
        sa.select(tickets.c.id)
        .where(tickets.c.run_started_at.is_(None), tickets.c.updated_at < before)
        .order_by(tickets.c.updated_at)
        .limit(limit)
    )
    return list(session.execute(query).scalars())


def deadlines_past(session: Session, before: datetime, limit: int) -> list[str]:
    """Ids of tickets whose next deadline lies before a moment and has not been handled."""
    query = (
        sa.select(tickets.c.id)
        .where(tickets.c.next_deadline < before)
        .order_by(tickets.c.next_deadline)
        .limit(limit)
    )
    return list(session.execute(query).scalars())


def open_ids(session: Session, after: str = "", limit: int = 500) -> list[str]:
    """Ids of tickets that are not closed, by id, above `after`."""
    query = (
        sa.select(tickets.c.id)
        .where(tickets.c.category != "closed", tickets.c.id > after)
        .order_by(tickets.c.id)
        .limit(limit)
    )
    return list(session.execute(query).scalars())


def open_on_others(session: Session, process: str, hashes: Hashes, after: str, limit: int) -> list[str]:
    """Ids of tickets of a process that are not closed and not on this version, by id, above `after`."""
    query = (
        sa.select(tickets.c.id)
        .where(
            tickets.c.process == process,
            tickets.c.category != "closed",
            tickets.c.id > after,
            sa.or_(
                tickets.c.process_hash != hashes.process,
                tickets.c.calendars_hash != hashes.calendars,
                tickets.c.agreements_hash != hashes.agreements,
            ),
        )
        .order_by(tickets.c.id)
        .limit(limit)
    )
    return list(session.execute(query).scalars())


def _named(ref: str) -> tuple[str, str]:
    """Which column to look in, and for what."""
    try:
        return "id", str(uuid.UUID(ref))
    except ValueError:
        # Whatever else a client wrote cannot be a number; PostgreSQL would refuse some of it as text.
        return "ref", ref.upper() if ref.isascii() and ref.isprintable() else ""


def _head(row: sa.Row[*tuple[Any, ...]]) -> Head:
    return Head(
        id=row.id,
        ref=row.ref,
        process=row.process,
        state=row.state,
        incarnation=row.incarnation,
        seq=row.seq,
        revision=row.revision,
        handled=row.handled,
        next_command=row.next_command,
        run_started_at=row.run_started_at,
        hashes=Hashes(row.process_hash, row.calendars_hash, row.agreements_hash),
    )
