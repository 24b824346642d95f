"""Clocks as people see them: what is left, why it stands still, the ledger behind it, what comes next."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import zip_longest

from desk.values import ClockView
from domain.calendars import Closure, worked
from domain.engine.clock_time import calendar_of
from domain.engine.clock_view import clock_facts
from domain.engine.ticket import Clock, Json, LedgerLine, Ticket
from domain.engine.values import instant_json
from domain.language.definition import Definition
from domain.language.models import text_in

_CLOSED = {
    "outside_hours": {"en": "outside hours", "zh-CN": "非工作时间"},
    "holiday": {"en": "holiday", "zh-CN": "节假日"},
    "closed": {"en": "closed", "zh-CN": "停工"},
}


def clock_view(definition: Definition, ticket: Ticket, name: str, now: datetime, locale: str) -> ClockView:
    """One clock now. Raises KeyError for a clock the definition does not have."""
    rule = definition.process.clocks[name]
    clock = ticket.clocks.get(name) or Clock()
    facts = clock_facts(definition, ticket, name, now)
    return ClockView(
        name=name,
        label=dict(rule.label or {"*": name}),
        kind=rule.kind,
        status=facts.status,
        target=clock.target,
        calendar=clock.calendar,
        elapsed=facts.elapsed.total_seconds(),
        left=None if facts.left is None else facts.left.total_seconds(),
        due_at=facts.due_at,
        breached_at=facts.breached_at,
        paused_why=facts.paused_why,
        outside_why=_outside(facts.closed, locale),
        opens_at=facts.opens_at,
        ledger=tuple(_ledger(definition, clock, now)),
        upcoming=tuple(
            {"at": instant_json(one.at), "what": one.what, "effects": list(one.does), "line": one.line}
            for one in facts.upcoming
        ),
        thresholds=tuple(
            {
                "label": one.label,
                "share": one.share,
                "at": instant_json(one.at) if one.at else None,
                "reached": one.reached,
                "acted": one.acted,
                "does": list(one.does),
                "line": one.line,
            }
            for one in facts.thresholds
        ),
    )


def clock_views(definition: Definition, ticket: Ticket, now: datetime, locale: str) -> tuple[ClockView, ...]:
    """The clocks that have begun, in the definition's order."""
    return tuple(
        clock_view(definition, ticket, name, now, locale)
        for name in definition.process.clocks
        if name in ticket.clocks and ticket.clocks[name].status != "idle"
    )


def _outside(closed: Closure | None, locale: str) -> str:
    if closed is None:
        return ""
    kind = text_in(_CLOSED[closed.kind], locale)
    if not closed.name:
        return kind
    return f"{kind}: {closed.name if isinstance(closed.name, str) else text_in(closed.name, locale)}"


def _ledger(definition: Definition, clock: Clock, now: datetime) -> Iterator[dict[str, Json]]:
    """Each line with how long it held, and what was counted meanwhile under the calendar that applies now."""
    calendar = calendar_of(definition, clock)
    for line, following in zip_longest(clock.ledger, clock.ledger[1:]):
        until = following.at if following else now
        counted = timedelta(0)
        for stretch in clock.stretches:
            # What lies before the first line, as when the clock counts from a moment in the past, is the first line's.
            start = stretch.from_at if line is clock.ledger[0] else max(stretch.from_at, line.at)
            end = min(stretch.to_at or now, until)
            if end > start:
                counted += worked(calendar, start, end)
        to = instant_json(following.at) if following else None
        yield {**_line(line), "to": to, "worked": counted.total_seconds()}


def _line(line: LedgerLine) -> dict[str, Json]:
    return {
        "at": instant_json(line.at),
        "what": line.what,
        "why": line.why,
        "line": line.line,
        "target": line.target,
        "calendar": line.calendar,
        "due_at": instant_json(line.due_at) if line.due_at else None,
    }
