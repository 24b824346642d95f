"""Comments: texts beside the journal, referenced from it by id and content hash."""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from domain.engine.entries import Entry
from store.session import Session
from store.tables import comments


@dataclass(frozen=True, slots=True)
class CommentRow:
    """A comment that is shown. `texts` is by locale when a definition wrote it, else None."""

    id: str
    ticket: str
    author: str
    public: bool
    text: str
    texts: dict[str, str] | None
    at: datetime
    entry_seq: int


def content_hash(text: str) -> str:
    """The hash a command carries for its text."""
    return hashlib.sha256(text.encode()).hexdigest()


def add(
    session: Session,
    ticket: str,
    id: str,
    *,
    author: str,
    public: bool,
    text: str,
    at: datetime,
    texts: dict[str, str] | None = None,
    entry_seq: int | None = None,
) -> None:
    """Keep a comment; hidden until an entry says it was accepted."""
    row = {
        "id": id, "ticket": ticket, "author": author, "public": public, "text": text, "texts": texts,
        "sha256": content_hash(text), "at": at, "entry_seq": entry_seq,
    }  # fmt: skip
    session.execute(sa.insert(comments), row)


def copy(session: Session, of: str, to: str) -> None:
    """The comments of a ticket, for one that it goes on as: they stand at its first entry."""
    query = sa.select(comments).where(comments.c.ticket == of, comments.c.entry_seq.is_not(None))
    rows = [
        {**row._mapping, "id": _in_order(number, to, row.id), "ticket": to, "entry_seq": 1}
        for number, row in enumerate(session.execute(query.order_by(comments.c.entry_seq, comments.c.id)))
    ]
    if rows:
        session.execute(sa.insert(comments), rows)


def _in_order(number: int, ticket: str, comment: str) -> str:
    """An id for a copy; ids of one ticket sort as its comments stood."""
    random = uuid.uuid5(uuid.UUID(ticket), comment).int & ((1 << 96) - 1)
    return str(uuid.UUID(int=(number << 96) | random))


def reveal(session: Session, ticket: str, entry: Entry) -> None:
    """Show the comments an entry accepts, from when they count."""
    for happening in entry.happened:
        if happening.what == "commented":
            session.execute(
                sa.update(comments)
                .where(comments.c.ticket == ticket, comments.c.id == happening.detail.get("comment"))
                .values(entry_seq=entry.seq, at=entry.at)
            )


def text_of(session: Session, id: str) -> str:
    """What was written in a comment; "" when it is not there."""
    return str(session.scalar(sa.select(comments.c.text).where(comments.c.id == id)) or "")


def of_ticket(session: Session, ticket: str, *, internal: bool) -> list[CommentRow]:
    """The comments of a ticket, the oldest first; internal notes only when asked for."""
    query = (
        sa.select(comments)
        .where(comments.c.ticket == ticket, comments.c.entry_seq.is_not(None))
        .order_by(comments.c.entry_seq, comments.c.id)
    )
    if not internal:
        query = query.where(comments.c.public)
    return [_row(row) for row in session.execute(query)]


def _row(row: sa.Row[Any]) -> CommentRow:
    return CommentRow(row.id, row.ticket, row.author, row.public, row.text, row.texts, row.at, row.entry_seq)
