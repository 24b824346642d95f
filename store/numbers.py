"""Ticket numbers: a sequence per prefix on PostgreSQL, a counter row on SQLite. Gaps are allowed.

A counter row on PostgreSQL would be locked until its transaction ends, and so let one ticket open at a time.
"""

from __future__ import annotations

import re

import sqlalchemy as sa

from store.session import Session, insert_if_absent
from store.tables import counters

_COUNT = (
    sa.update(counters)
    .where(counters.c.prefix == sa.bindparam("of"))
    .values(last=counters.c.last + 1)
    .returning(counters.c.last)
)
_THERE = sa.text("SELECT to_regclass(:name)")
_ONE_AT_A_TIME = sa.text("SELECT pg_advisory_xact_lock(hashtext(:name))")
_NOT_PLAIN = re.compile(r"[^a-z0-9]")


def prepare(session: Session, prefix: str) -> None:
    """Make a prefix ready for use; called when a process is published, and where a year may be new. Safe to repeat."""
    if session.dialect.name == "sqlite":
        insert_if_absent(session, counters, {"prefix": prefix, "last": 0})
        return
    name = _sequence(prefix)
    if session.execute(_THERE, {"name": name}).scalar_one() is not None:
        return
    session.execute(_ONE_AT_A_TIME, {"name": name})  # two that create it at once would both fail
    session.execute(sa.schema.CreateSequence(sa.Sequence(name), if_not_exists=True))


def next_number(session: Session, prefix: str) -> int:
    """The next number of a prefix that was prepared, from 1 on."""
    if session.dialect.name == "sqlite":
        return int(session.execute(_COUNT, {"of": prefix}).scalar_one())
    return int(session.execute(sa.Sequence(_sequence(prefix)).next_value().select()).scalar_one())


def _sequence(prefix: str) -> str:
    """`INC-` → `number_inc_2d`: every prefix has a name of its own."""
    return "number_" + _NOT_PLAIN.sub(lambda found: f"_{ord(found[0]):x}", prefix.lower())
