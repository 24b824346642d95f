"""Queues as a caller may see them: a filter that is SQL, and rows with their clock as it stands now."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from desk.tools import Tools
from desk.values import Caller, Page, QueueFilter, QueueRow
from domain.calendars import is_open, worked
from domain.errors import FieldError, FormInvalid
from domain.language.definition import Definition
from domain.language.models import text_in
from store import directory, queue
from store.queue import Row, Wanted
from store.session import Session

WORKING_ROLES = frozenset({"agent", "manager", "process_owner", "admin"})
MOST_ROWS = 200
_LONGEST = 200


def queue_page(
    session: Session,
    tools: Tools,
    caller: Caller,
    filter: QueueFilter,
    now: datetime,
    *,
    limit: int,
    cursor: str | None,
) -> Page:
    """One page. Raises FormInvalid for a cursor that no page gave."""
    if not _can_be(filter):
        return Page((), None)
    try:
        rows, following = queue.page(
            session,
            wanted_by(session, caller, filter),
            now,
            limit=max(1, min(limit, MOST_ROWS)),
            cursor=cursor,
        )
    except queue.CursorInvalid as error:
        raise FormInvalid([FieldError("cursor", "pattern", str(error))]) from error
    return Page(tuple(_row(session, tools, row, caller, now) for row in rows), following)


def counts(session: Session, caller: Caller, filter: QueueFilter, now: datetime) -> dict[str, int]:
    """How many tickets of a queue are open, overdue, and due within an hour; counting stops at 1,001."""
    if not _can_be(filter):
        return {"open": 0, "overdue": 0, "due_within_hour": 0}
    base = wanted_by(session, caller, filter)

    open_ = replace(base, states=("open",), overdue=False)
    return {
        "open": queue.count(session, open_, now),
        "overdue": queue.count(session, replace(open_, overdue=True), now),
        "due_within_hour": queue.count(session, replace(open_, due_before=now + timedelta(hours=1)), now),
    }


def wanted_by(session: Session, caller: Caller, filter: QueueFilter) -> Wanted:
    """The filter with what the caller may see: those who work here all tickets, everybody else their own.

    A definition may grant less; every ticket that is opened is asked for by itself (`may_view`).
    """
    works_here = works_in_a_team(session, caller)
    return Wanted(
        process=filter.process,
        states=filter.states,
        team=filter.team,
        assignee=filter.assignee,
        requester=filter.requester,
        priority=filter.priority,
        service=filter.service,
        text=filter.text,
        overdue=filter.overdue,
        seen_by=None if works_here else caller.id,
    )


def works_in_a_team(session: Session, caller: Caller) -> bool:
    """Whether this is somebody who works on tickets: by a role of the installation, or in a team."""
    return bool(WORKING_ROLES & set(caller.roles)) or bool(directory.current(session).teams_of(caller.id))


def _can_be(filter: QueueFilter) -> bool:
    """Whether anything can match: what is no text of ours is not asked for (PostgreSQL would refuse it)."""
    single = (filter.process, filter.team, filter.assignee, filter.requester, filter.service, filter.text)
    texts = [*(one for one in single if one is not None), *filter.states, *filter.priority]
    return all(len(one) <= _LONGEST and one.isprintable() for one in texts)


def _row(session: Session, tools: Tools, row: Row, caller: Caller, now: datetime) -> QueueRow:
    definition = tools.definitions.get(session, row.hashes)
    state = definition.process.states.get(row.state)
    clock = definition.process.clocks.get(row.due_clock)
    status, share = _clock_now(definition, row, now)
    return QueueRow(
        id=row.id,
        ref=row.ref,
        process=row.process,
        title=row.title,
        state=row.state,
        state_label=dict((state.label if state else None) or {"*": row.state}),
        category=row.category,
        priority=row.priority,
        requester=row.requester,
        assignee=row.assignee,
        assignee_name=row.assignee_name,
        team=row.team,
        team_name=text_in(row.team_name, caller.locale),
        service=row.service,
        opened_at=row.opened_at,
        updated_at=row.updated_at,
        due_at=row.due_at,
        due_clock=row.due_clock,
        due_label=dict((clock.label if clock else None) or ({"*": row.due_clock} if row.due_clock else {})),
        clock_status=status,
        elapsed_share=share,
    )


def _clock_now(definition: Definition, row: Row, now: datetime) -> tuple[str, float | None]:
    """The status and the used share of the row's clock, from the parts the row keeps."""
    if row.due_status == "none" or not row.due_target:
        return "none", None
    elapsed = row.due_elapsed
    calendar = definition.calendars[row.due_calendar]
    if row.due_from is not None and now > row.due_from:
        elapsed += worked(calendar, row.due_from, now).total_seconds()
    share = elapsed / row.due_target
    if row.due_status == "paused":
        return "paused", share
    if row.breached or (row.due_at is not None and row.due_at <= now):
        return "breached", share
    return ("running" if is_open(calendar, now) else "outside_hours"), share
