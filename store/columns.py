"""The columns of a ticket's row that are derived from the ticket: what queues sort and filter by."""

from __future__ import annotations

from datetime import UTC, datetime

from domain.engine.advance import next_deadline
from domain.engine.checks import PLANNED_END, PLANNED_START
from domain.engine.clock_time import elapsed_of, target_length
from domain.engine.ticket import Clock, Json, Ticket
from domain.engine.values import instant
from domain.language.definition import Definition

END_OF_TIME = datetime(9999, 12, 31, tzinfo=UTC)
"""Stands in the queue's order for "no deadline", so that those come last on every database."""


def columns_of(definition: Definition, ticket: Ticket) -> dict[str, object]:
    """Everything of the row but its incarnation, its command numbers, its run and `updated_at`."""
    category = definition.process.states[ticket.state].category
    return {
        "id": ticket.id,
        "ref": ticket.ref,
        "process": ticket.process,
        "state": ticket.state,
        "category": category,
        "settled": int(category in ("done", "closed")),
        "title": _text(ticket.fields.get("title")),
        "requester": _text(ticket.fields.get("requester")),
        "team": _text(ticket.fields.get("team")),
        "assignee": _text(ticket.fields.get("assignee")),
        "service": _text(ticket.fields.get("service")),
        "priority": _text(ticket.fields.get("priority")),
        "planned_start": _moment(definition, ticket, PLANNED_START),
        "planned_end": _moment(definition, ticket, PLANNED_END),
        "opened_at": ticket.opened_at,
        "closed_at": ticket.entered_at if category == "closed" else None,
        "next_deadline": next_deadline(ticket),
        "seq": ticket.seq,
        "revision": ticket.revision,
        "handled": ticket.handled,
        "process_hash": ticket.hashes.process,
        "calendars_hash": ticket.hashes.calendars,
        "agreements_hash": ticket.hashes.agreements,
        "engine": ticket.engine,
        **_due_columns(definition, ticket),
    }


def _due_columns(definition: Definition, ticket: Ticket) -> dict[str, object]:
    """The service clock a queue row shows: the nearest deadline of a running one, else a paused one.

    A missed deadline counts until its clock stops, so that what is overdue comes first. A paused clock that is
    not overdue has no deadline: nobody knows when it will run again.
    """
    live = [
        (name, clock)
        for name, clock in ticket.clocks.items()
        if clock.status in ("running", "paused")
        and (clock.target or clock.until)
        and definition.process.clocks[name].kind == "sla"
    ]
    if not live:
        return {
            "queue_at": END_OF_TIME, "due_at": None, "due_clock": "", "due_status": "none", "due_from": None,
            "due_elapsed": 0.0, "due_target": None, "due_calendar": "", "breached": False,
        }  # fmt: skip
    name, clock = min(live, key=_urgency)
    since = clock.stretches[-1].from_at if clock.status == "running" else None
    worked = elapsed_of(definition, clock, since or ticket.last_at)
    target = target_length(definition, clock)
    return {
        "queue_at": clock.due_at or END_OF_TIME,
        "due_at": clock.due_at,
        "due_clock": name,
        "due_status": clock.status,
        "due_from": since,
        "due_elapsed": worked.total_seconds(),
        "due_target": None if target is None else target.total_seconds(),
        "due_calendar": clock.calendar or "always",
        "breached": any(clock.breached_at is not None for _, clock in live),
    }


def _urgency(live: tuple[str, Clock]) -> tuple[datetime, bool]:
    clock = live[1]
    return clock.due_at or END_OF_TIME, clock.status != "running"


def _moment(definition: Definition, ticket: Ticket, field: str) -> datetime | None:
    declared, value = definition.fields.get(field), ticket.fields.get(field)
    if declared is None or declared.type != "datetime" or not isinstance(value, str):
        return None
    return instant(value)


def _text(value: Json) -> str:
    return value if isinstance(value, str) else ""
