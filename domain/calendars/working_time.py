"""Questions to a frozen calendar: how long was worked, when is it due, is it open, when next, why not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from domain.calendars.frozen import (
    MICROSECOND,
    Closure,
    FrozenCalendar,
    from_micros,
    to_micros,
)
from domain.local_time import WEEKDAYS, instant, midnight, wall_time

_MOMENT = re.compile(r"(?:(mon|tue|wed|thu|fri|sat|sun) +)?([01]\d|2[0-3]):([0-5]\d)")
_NEXT_DAYS = 3 * 366  # how far a weekly appointment on an open day is looked for


def worked(calendar: FrozenCalendar, start: datetime, end: datetime) -> timedelta:
    """The open time from `start` to `end`; nothing when `end` is not later."""
    first, last = to_micros(start), to_micros(end)
    if last <= first:
        return timedelta()
    if calendar.always:
        return (last - first) * MICROSECOND
    total = 0
    for block in calendar.blocks_from(first):
        total += block.worked_until(last) - block.worked_until(first)
        if last <= block.end:
            break
    return total * MICROSECOND


def due(calendar: FrozenCalendar, start: datetime, amount: timedelta) -> datetime | None:
    """The earliest instant at which so much has been worked since `start`; `start` itself for nothing.

    None when that is never: the calendar does not open for so long within a hundred years.
    """
    if amount <= timedelta():
        return start.astimezone(UTC)
    if calendar.always:
        try:
            return start.astimezone(UTC) + amount
        except OverflowError:
            return None
    at, remaining = to_micros(start), amount // MICROSECOND
    for block in calendar.blocks_from(at):
        before = block.worked_until(at)
        if block.total - before >= remaining:
            return from_micros(block.reached(before + remaining))
        remaining -= block.total - before
    return None


def is_open(calendar: FrozenCalendar, moment: datetime) -> bool:
    """Whether work is done at a moment; the closing instant itself is closed."""
    return next_open(calendar, moment) == moment if not calendar.always else True


def next_open(calendar: FrozenCalendar, moment: datetime) -> datetime | None:
    """The moment itself when open, else the next opening; None when it does not open in a hundred years."""
    if calendar.always:
        return moment.astimezone(UTC)
    at = to_micros(moment)
    span = next(_spans_from(calendar, at), None)
    return from_micros(max(span[0], at)) if span else None


def next_close(calendar: FrozenCalendar, moment: datetime) -> datetime | None:
    """The end of the hours that run, or when closed of those that come next; None when that never comes."""
    if calendar.always:
        return None
    end: int | None = None
    for start, stop in _spans_from(calendar, to_micros(moment)):
        if end is not None and start > end:
            return from_micros(end)
        end = stop
    # The spans ran out: closed for good after `end`, or open for a hundred years on end.
    return from_micros(end) if end is not None and not all(calendar.week) else None


def why_closed(calendar: FrozenCalendar, moment: datetime) -> Closure | None:
    """Why no work is done at a moment: `outside_hours`, `holiday` or `closed`; None when open."""
    if is_open(calendar, moment):
        return None
    return calendar.closure_on(wall_time(moment, calendar.zone).date())


def open_spans(calendar: FrozenCalendar, start: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
    """The open stretches between two moments, for showing how a time came about."""
    first, last = to_micros(start), to_micros(end)
    if calendar.always:
        return [(start.astimezone(UTC), end.astimezone(UTC))] if first < last else []
    found: list[tuple[int, int]] = []
    for opening, closing in _spans_from(calendar, first):
        if opening >= last:
            break
        opening, closing = max(opening, first), min(closing, last)
        if found and found[-1][1] == opening:
            opening = found.pop()[0]
        found.append((opening, closing))
    return [(from_micros(opening), from_micros(closing)) for opening, closing in found]


def closed_spans(
    calendar: FrozenCalendar, start: datetime, end: datetime
) -> list[tuple[datetime, datetime, Closure]]:
    """The closed stretches between two moments and why: cut at midnights where the reason changes."""
    if calendar.always or end <= start:
        return []
    edges = [start.astimezone(UTC)]
    for opening, closing in open_spans(calendar, start, end):
        edges += [opening, closing]
    edges.append(end.astimezone(UTC))
    found: list[tuple[datetime, datetime, Closure]] = []
    for opening, closing in zip(edges[::2], edges[1::2], strict=True):
        for day_start, day_end in _days(calendar.zone, opening, closing):
            why = calendar.closure_on(wall_time(day_start, calendar.zone).date())
            if found and found[-1][1] == day_start and found[-1][2] == why:
                day_start = found.pop()[0]
            found.append((day_start, day_end, why))
    return found


def next_time_problem(text: str) -> str | None:
    """What is wrong with a weekly moment such as `thu 14:00` or `09:00`; None when nothing is."""
    if _MOMENT.fullmatch(text):
        return None
    return f'cannot read "{text}": write a time, or a day and a time, like "thu 14:00"'


def next_time(calendar: FrozenCalendar, text: str, after: datetime) -> datetime | None:
    """The next `thu 14:00` (or `14:00`) strictly after a moment at which the calendar is open.

    Read in the calendar's zone; None when the text cannot be read or there is none within three years.
    """
    found = _MOMENT.fullmatch(text)
    if found is None:
        return None
    day_name, hour, minute = found.groups()
    day = wall_time(after, calendar.zone).date()
    for _ in range(_NEXT_DAYS):
        if day_name is None or WEEKDAYS[day.weekday()] == day_name:
            moment = instant(datetime.combine(day, time(int(hour), int(minute))), calendar.zone)
            if moment > after and is_open(calendar, moment):
                return moment
        day += timedelta(days=1)
    return None


def _spans_from(calendar: FrozenCalendar, at: int) -> Iterator[tuple[int, int]]:
    """The span a moment lies in, or the next one, and those after it."""
    for block in calendar.blocks_from(at):
        yield from block.spans_from(at)


def _days(zone: ZoneInfo, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    """A stretch of time cut at local midnights."""
    if start >= end:
        return
    cuts = [start]
    day = wall_time(start, zone).date() + timedelta(days=1)
    while (cut := midnight(day, zone)) < end:
        cuts.append(cut)
        day += timedelta(days=1)
    yield from pairwise([*cuts, end])
