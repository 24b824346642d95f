"""Queues: pages of tickets by nearest deadline with keyset cursors, and counts that stop at 1,001."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from domain.language.published import Hashes
from store.directory_tables import people, teams
from store.session import Session
from store.tables import tickets

COUNT_CAP = 1001
"""Counting stops here: people are shown "1000+"."""

CATEGORIES = ("new", "active", "waiting", "done", "closed")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a queue shows; every part narrows. `seen_by` leaves only a person's own tickets."""

    process: str | None = None
    states: tuple[str, ...] = ()  # states, categories, `open`
    team: str | None = None
    assignee: str | None = None  # a person's id, or "none"
    requester: str | None = None
    priority: tuple[str, ...] = ()
    service: str | None = None
    text: str | None = None  # in number and title
    overdue: bool = False
    due_before: datetime | None = None
    seen_by: str | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A queue's row, with the parts of its clock."""

    id: str
    ref: str
    process: str
    title: str
    state: str
    category: str
    priority: str
    requester: str
    assignee: str
    assignee_name: str
    team: str
    team_name: dict[str, str]
    service: str
    opened_at: datetime
    updated_at: datetime
    due_at: datetime | None
    due_clock: str
    due_status: str
    due_from: datetime | None
    due_elapsed: float
    due_target: float | None
    due_calendar: str
    breached: bool
    hashes: Hashes


class CursorInvalid(ValueError):
    """A cursor that no page gave."""


_ORDER = (tickets.c.settled, tickets.c.queue_at, tickets.c.opened_at, tickets.c.id)
_SHOWN = tuple(
    tickets.c[name]
    for name in (
        "id", "ref", "process", "title", "state", "category", "priority", "requester", "assignee", "team", "service",
        "opened_at", "updated_at", "due_at", "due_clock", "due_status", "due_from", "due_elapsed", "due_target",
        "due_calendar", "breached", "settled", "queue_at", "process_hash", "calendars_hash", "agreements_hash",
    )
)  # fmt: skip


def page(
    session: Session, wanted: Wanted, now: datetime, *, limit: int, cursor: str | None = None
) -> tuple[list[Row], str | None]:
    """One page, and the cursor of the next. Raises CursorInvalid."""
    inner = sa.select(*_SHOWN).where(*_conditions(wanted, now)).order_by(*_ORDER).limit(limit + 1)
    if cursor is not None:
        inner = inner.where(_after(_position(cursor), _half(wanted.states)))
    found = inner.subquery()
    query = (
        sa.select(found, people.c.name.label("assignee_name"), teams.c.name.label("team_name"))
        .outerjoin(people, people.c.id == found.c.assignee)
        .outerjoin(teams, teams.c.id == found.c.team)
        .order_by(found.c.settled, found.c.queue_at, found.c.opened_at, found.c.id)
    )
    rows = session.execute(query).all()
    more = len(rows) > limit
    rows = rows[:limit]
    return [_row(row) for row in rows], _cursor(rows[-1]) if more and rows else None


def count(session: Session, wanted: Wanted, now: datetime) -> int:
    """How many tickets there are, but no more than COUNT_CAP."""
    found = sa.select(sa.literal(1)).select_from(tickets).where(*_conditions(wanted, now)).limit(COUNT_CAP)
    return int(session.execute(sa.select(sa.func.count()).select_from(found.subquery())).scalar_one())


def _conditions(wanted: Wanted, now: datetime) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = []
    if wanted.states:
        conditions += _in_states(wanted.states)
    for name in ("process", "team", "requester", "service"):
        value = getattr(wanted, name)
        if value is not None:
            conditions.append(tickets.c[name] == value)
    if wanted.assignee is not None:
        conditions.append(tickets.c.assignee == ("" if wanted.assignee == "none" else wanted.assignee))
    if wanted.seen_by is not None:
        conditions.append(tickets.c.requester == wanted.seen_by)
    if wanted.priority:
        conditions.append(tickets.c.priority.in_(wanted.priority))
    if wanted.text:
        conditions.append(_contains(wanted.text))
    if wanted.overdue:
        late = sa.and_(tickets.c.queue_at <= now, tickets.c.due_status == "running")
        # What is overdue has a deadline in the past, or (paused since) was breached: both sort before `now`.
        conditions += [tickets.c.queue_at <= now, sa.or_(tickets.c.breached, late)]
    if wanted.due_before is not None:
        conditions += [tickets.c.queue_at > now, tickets.c.queue_at <= wanted.due_before]
    return conditions


def _in_states(names: tuple[str, ...]) -> list[sa.ColumnElement[bool]]:
    half = _half(names)
    found = [] if half is None else [tickets.c.settled == half]  # lets the index leave out the other half
    if names == ("open",):
        return found
    parts: list[sa.ColumnElement[bool]] = [tickets.c.state.in_(names)]
    if "open" in names:
        parts.append(tickets.c.settled == 0)
    categories = [name for name in names if name in CATEGORIES]
    if categories:
        parts.append(tickets.c.category.in_(categories))
    return [*found, sa.or_(*parts)]


def _half(names: tuple[str, ...]) -> int | None:
    """0 when all of these are open, 1 when all are settled, None when that cannot be told from the names."""
    if not names or not set(names) <= {"open", *CATEGORIES}:
        return None
    halves = {int(name in ("done", "closed")) for name in names}
    return halves.pop() if len(halves) == 1 else None


def _after(place: list[sa.BindParameter[Any]], half: int | None) -> sa.ColumnElement[bool]:
    """What follows a place. Where the first column is fixed already, SQLite uses the index only without it."""
    first = 0 if half is None else 1
    return sa.tuple_(*_ORDER[first:]) > sa.tuple_(*place[first:])


def _contains(text: str) -> sa.ColumnElement[bool]:
    pattern = "%" + text.lower().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    return sa.or_(
        sa.func.lower(tickets.c.title).like(pattern, escape="\\"),
        sa.func.lower(tickets.c.ref).like(pattern, escape="\\"),
    )


def _cursor(row: sa.Row[Any]) -> str:
    place = [row.settled, row.queue_at.isoformat(), row.opened_at.isoformat(), row.id]
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode().rstrip("=")


def _position(cursor: str) -> list[sa.BindParameter[Any]]:
    try:
        place = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        settled, queue_at, opened_at, id = place
        moments = [datetime.fromisoformat(queue_at), datetime.fromisoformat(opened_at)]
        if any(moment.tzinfo is None for moment in moments) or not isinstance(id, str):
            raise ValueError(cursor)
        values = [int(settled), *moments, id]
    except (ValueError, TypeError, binascii.Error, UnicodeError) as error:
        raise CursorInvalid("the cursor is not one this list gave; start again without it") from error
    return [sa.literal(value, column.type) for value, column in zip(values, _ORDER, strict=True)]


def _row(row: sa.Row[Any]) -> Row:
    return Row(
        id=row.id,
        ref=row.ref,
        process=row.process,
        title=row.title,
        state=row.state,
        category=row.category,
        priority=row.priority,
        requester=row.requester,
        assignee=row.assignee,
        assignee_name=row.assignee_name or row.assignee,
        team=row.team,
        team_name=row.team_name or {"*": row.team},
        service=row.service,
        opened_at=row.opened_at,
        updated_at=row.updated_at,
        due_at=row.due_at,
        due_clock=row.due_clock,
        due_status=row.due_status,
        due_from=row.due_from,
        due_elapsed=row.due_elapsed,
        due_target=row.due_target,
        due_calendar=row.due_calendar,
        breached=row.breached,
        hashes=Hashes(row.process_hash, row.calendars_hash, row.agreements_hash),
    )
