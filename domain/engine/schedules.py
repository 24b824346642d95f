"""When tickets open by themselves, and with what: the days of a schedule, as instants."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from domain.calendars import is_open, next_open
from domain.engine.ticket import Json
from domain.engine.values import plain_text, untyped
from domain.language.definition import Definition
from domain.language.models import DAYS, MONTHS, Schedule
from domain.local_time import WEEKDAYS, instant, wall_time, zone_named

CHANNEL = "schedule"
"""The channel of tickets that opened by themselves."""

_FAR = 400  # days: a schedule of one month has its next turn within them
_CLOSED_FOR = 35  # days a calendar may be closed and hold a ticket back
_NTH = {"first": 0, "second": 1, "third": 2, "fourth": 3}


@dataclass(frozen=True, slots=True)
class Turn:
    """One opening of a schedule: the day it belongs to, and when it is due."""

    schedule: str
    day: date
    due_at: datetime


def latest(definition: Definition, name: str, now: datetime) -> Turn | None:
    """The last turn of a schedule that is due by `now`; None when it never had one."""
    due = (one for one in _turns(definition, name, now, back=True) if one.due_at <= now)
    return next(due, None)


def upcoming(definition: Definition, name: str, after: datetime) -> Turn | None:
    """The next turn of a schedule after an instant; None when there is none within a year."""
    return next((one for one in _turns(definition, name, after, back=False) if one.due_at > after), None)


def _turns(definition: Definition, name: str, around: datetime, *, back: bool) -> Iterator[Turn]:
    rule = definition.process.schedule[name]
    zone = zone_named(definition.zone)
    today = wall_time(around, zone).date()
    offsets = range(0, -_FAR, -1) if back else range(-_CLOSED_FOR, _FAR)
    for offset in offsets:
        day = today + timedelta(days=offset)
        if not falls_on(rule, day):
            continue
        due_at: datetime | None = instant(datetime.combine(day, time.fromisoformat(rule.at)), zone)
        if rule.calendar is not None and due_at is not None:
            calendar = definition.calendars[rule.calendar]
            if not is_open(calendar, due_at):
                due_at = None if rule.if_closed == "skip" else next_open(calendar, due_at)
        if due_at is not None:
            yield Turn(name, day, due_at)


def falls_on(rule: Schedule, day: date) -> bool:
    """Whether a schedule has a turn on a day of the calendar on the wall."""
    return MONTHS[day.month - 1] in rule.months and any(_is(one, day) for one in rule.every)


def _is(written: str, day: date) -> bool:
    found = DAYS.fullmatch(written)
    assert found is not None, "checked when it was loaded"
    weekday = day.weekday()
    if found["all"]:
        return True
    if found["from"]:
        first = WEEKDAYS.index(found["from"])
        return (weekday - first) % 7 <= (WEEKDAYS.index(found["to"] or found["from"]) - first) % 7
    if found["nth"]:
        if weekday != WEEKDAYS.index(found["of"]):
            return False
        if found["nth"] == "last":
            return (day + timedelta(days=7)).month != day.month
        return (day.day - 1) // 7 == _NTH[found["nth"]]
    if found["end"]:
        return (day + timedelta(days=1)).month != day.month
    return day.day == int(found["number"])


def fields_of(definition: Definition, turn: Turn) -> dict[str, Json]:
    """The fields of the ticket that opens; its texts read `now`, the time it is due."""
    given = definition.process.schedule[turn.schedule].fields
    scope = {"now": turn.due_at}
    return {
        name: untyped(definition.template(value).value(scope, plain_text))
        if isinstance(value, str)
        else value
        for name, value in given.items()
    }
