"""Freezes a calendar's definition, with its holidays, to UTC spans for some years."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from domain.calendars.definition import (
    CalendarDef,
    HolidaySource,
    HolidayYears,
    calendar_problems,
    has_whole_days,
    week_of,
)
from domain.calendars.frozen import Closure, FrozenCalendar, clipped, dates, spans_of, to_micros
from domain.calendars.hours import DAY, Hours, parse_hours
from domain.local_time import add_months_to_date, midnight, zone_named

_NO_HOLIDAYS = HolidayYears({}, frozenset())


def freeze(defn: CalendarDef, holidays: HolidaySource, first: date, years: int = 3) -> FrozenCalendar:
    """The calendar from a year before `first` to `years` years after it.

    The year before is there for tickets that are older than their calendar. Raises ValueError naming every
    problem of the definition, or the country whose holidays are not known.
    """
    problems = calendar_problems(defn)
    if problems:
        raise ValueError("; ".join(f"{'.'.join(path)}: {message}" for path, message in problems))
    zone, week = zone_named(defn.time_zone), week_of(defn)
    start_date, end_date = add_months_to_date(first, -12), add_months_to_date(first, 12 * years)
    # The night hours of the evening before reach into the first day.
    evening_before = start_date - timedelta(days=1)
    public = _NO_HOLIDAYS
    if defn.holidays_of is not None:
        country, subdivision = defn.holidays_of.country, defn.holidays_of.subdivision
        public = holidays.days(country, subdivision, range(evening_before.year, end_date.year + 1))
    exceptions = {day: parse_hours(text) for day, text in defn.open.items()}

    def hours_on(day: date) -> Hours:
        if day in exceptions:
            return exceptions[day]
        if day in defn.closed or day in public.closed:
            return ()
        # A calendar that works on that weekend day anyway keeps its own hours.
        return (week[day.weekday()] or week[0]) if day in public.working else week[day.weekday()]

    def closures() -> Iterator[tuple[date, Closure]]:
        for day in dates(start_date, end_date):
            if day in exceptions:
                continue
            if day in defn.closed:
                yield day, Closure("closed", defn.closed[day])
            elif day in public.closed:
                yield day, Closure("holiday", public.closed[day])

    start, end = to_micros(midnight(start_date, zone)), to_micros(midnight(end_date, zone))
    spans = spans_of(((day, hours_on(day)) for day in dates(evening_before, end_date)), zone)
    closed = tuple(closures())
    return FrozenCalendar(
        time_zone=defn.time_zone,
        week=week,
        first=start_date,
        until=end_date,
        spans=clipped(spans, start, end),
        closures=closed,
        whole_days=has_whole_days(defn),
        always=not closed and week == (((0, DAY),),) * 7 and set(exceptions.values()) <= {((0, DAY),)},
    )
