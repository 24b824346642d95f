"""What `2d`, `48h` or `1h30m` mean in a calendar, and when they are over."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from domain.calendars.definition import CalendarDef, has_whole_days, week_of
from domain.calendars.frozen import FrozenCalendar
from domain.calendars.hours import Week
from domain.calendars.working_time import due
from domain.durations import format_duration, parse_duration, parse_duration_parts
from domain.local_time import add_duration, zone_named


def duration_problem(
    calendar: CalendarDef | FrozenCalendar | None, text: str, whole_day_calendars: Sequence[str] = ()
) -> str | None:
    """Why a duration cannot be used in a calendar, and what to write instead; None when it can.

    `whole_day_calendars`: names to suggest. The definition of the calendar must have no problems.
    """
    try:
        parts = parse_duration_parts(text)
    except ValueError as error:
        return str(error)
    if calendar is None or not parts.keys() & {"w", "d"}:
        return None
    if isinstance(calendar, FrozenCalendar):
        week, whole = calendar.week, calendar.whole_days
    else:
        week, whole = week_of(calendar), has_whole_days(calendar)
    if whole:
        working = sum(1 for hours in week if hours)
        if "w" in parts and working < 7:
            return f'"{text}" is ambiguous where a week has {working} working days: write {working}d or 7d'
        return None
    return _ambiguous(text, parts, week, whole_day_calendars)


def _ambiguous(text: str, parts: dict[str, int], week: Week, whole_day_calendars: Sequence[str]) -> str:
    lengths = Counter(sum(end - start for start, end in hours) for hours in week if hours)
    name = f"calendar: {whole_day_calendars[0]}" if whole_day_calendars else "a calendar of whole days"
    if not lengths:
        return f'"{text}" is ambiguous in a calendar with opening hours: write hours, or use {name}'
    day = timedelta(minutes=max(lengths, key=lambda length: (lengths[length], length)))
    working = sum(lengths.values())
    days = parts.get("d", 0) + parts.get("w", 0) * working
    others = parse_duration(
        "".join(f"{parts[unit]}{unit}" for unit in ("h", "m", "s") if unit in parts) or "0s"
    )
    what = f"{days} {'day' if days == 1 else 'days'} of {format_duration(day)}"
    return (
        f'"{text}" is ambiguous in a calendar with opening hours: '
        f"write {format_duration(days * day + others)} ({what}), or use {name}"
    )


def working_amount(calendar: FrozenCalendar | None, duration: str | timedelta) -> timedelta:
    """The time to be worked: 24 hours for a day of a calendar of whole days, and without a calendar.

    Raises ValueError when `d` is ambiguous in the calendar (the loader refuses it first) or the text is
    no duration.
    """
    if isinstance(duration, str) and not duration.startswith("-"):
        problem = duration_problem(calendar, duration)
        if problem:
            raise ValueError(problem)
    value = parse_duration(duration) if isinstance(duration, str) else duration
    return timedelta(days=value.days, seconds=value.seconds, microseconds=value.microseconds)


def due_after(
    calendar: FrozenCalendar | None, start: datetime, duration: str | timedelta, zone: str
) -> datetime | None:
    """When a duration that starts at `start` is over; `zone` says what a local day is without a calendar.

    Without a calendar `14d` keeps the wall time and `336h` is exact; in a calendar the time is worked off.
    Nothing, or less, is over at `start`. None when it is never over. Raises ValueError as `working_amount`.
    """
    if calendar is not None:
        return due(calendar, start, working_amount(calendar, duration))
    value = parse_duration(duration) if isinstance(duration, str) else duration
    if value <= timedelta():
        return start.astimezone(UTC)
    try:
        return add_duration(start, value, zone_named(zone))
    except OverflowError:
        return None
