"""The journal: entries by ticket and seq, kept as they were decided."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from domain.engine.entries import Entry
from domain.engine.serialise import entry_from_json, entry_to_json
from store.session import Session
from store.tables import entries

_INSERT = sa.insert(entries)
_ONE = sa.select(entries.c.entry).where(
    entries.c.ticket == sa.bindparam("of"), entries.c.seq == sa.bindparam("at")
)


def write(session: Session, ticket: str, fresh: Sequence[Entry]) -> None:
    """Add entries; raises sqlalchemy IntegrityError for a seq that exists."""
    if fresh:
        session.execute(_INSERT, [_columns(ticket, entry) for entry in fresh])


def read(session: Session, ticket: str, *, after_seq: int = 0, limit: int | None = None) -> list[Entry]:
    """Entries above `after_seq`, in order."""
    query = (
        sa.select(entries.c.entry)
        .where(entries.c.ticket == ticket, entries.c.seq > after_seq)
        .order_by(entries.c.seq)
        .limit(limit)
    )
    return [entry_from_json(row) for row in session.execute(query).scalars()]


def these(session: Session, ticket: str, seqs: Sequence[int]) -> list[Entry]:
    """The entries with these seqs, as far as they exist."""
    if not seqs:
        return []
    query = sa.select(entries.c.entry).where(entries.c.ticket == ticket, entries.c.seq.in_(seqs))
    return [entry_from_json(row) for row in session.execute(query).scalars()]


def one(session: Session, ticket: str, seq: int) -> Entry | None:
    """One entry."""
    found = session.execute(_ONE, {"of": ticket, "at": seq}).scalar()
    return None if found is None else entry_from_json(found)


def _columns(ticket: str, entry: Entry) -> dict[str, object]:
    return {
        "ticket": ticket,
        "seq": entry.seq,
        "at": entry.at,
        "handled_at": entry.handled_at,
        "command": entry.command,
        "actor": entry.actor,
        "result": entry.result,
        "entry": entry_to_json(entry),
    }
