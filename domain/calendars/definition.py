"""Calendars as their owners write them: weekly hours, a zone, holidays, exceptions; and what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Protocol

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from domain.calendars.hours import DAY, WEEK, Hours, Week, overlap_in, parse_days, parse_hours
from domain.local_time import WEEKDAYS, zone_named

Text = str | dict[str, str]
Problem = tuple[tuple[str, ...], str]


def _iso_date(value: Any) -> Any:
    """Only 2026-11-27: pydantic alone would read numbers as seconds since 1970."""
    if isinstance(value, date):
        return value
    if isinstance(value, str) and len(value) == 10 and value[4] == value[7] == "-":
        try:
            return date.fromisoformat(value)
        except ValueError as error:
            raise ValueError(f'"{value}" is not a date: {error}') from None
    raise ValueError(f'"{value}" is not a date: write it like 2026-11-27')


Day = Annotated[date, BeforeValidator(_iso_date)]


class HolidaysOf(BaseModel):
    """Whose public holidays close a calendar: a country, perhaps one of its parts."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    country: str = Field(min_length=1)
    subdivision: str | None = None


class CalendarDef(BaseModel):
    """When work is done. `calendar_problems` tells what is wrong beyond the shape of it.

    `week`: days (`mon-fri`, `sat`, `sun-thu`) to hours (`09:00-12:00, 13:00-18:00`, `22:00-06:00`, `24h`,
    `closed`); days not named are closed. `holidays`: `CN` or `{country: DE, subdivision: BE}`.
    `closed`: dates to the reason shown; `open`: dates to the hours of that date alone. Both beat holidays.
    Hours belong to the day on which they begin.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    label: Text | None = None
    time_zone: str
    week: dict[str, str]
    holidays: str | HolidaysOf | None = None
    closed: dict[Day, Text] = {}
    open: dict[Day, str] = {}

    @property
    def holidays_of(self) -> HolidaysOf | None:
        """The country and its part, however they were written."""
        return HolidaysOf(country=self.holidays) if isinstance(self.holidays, str) else self.holidays


@dataclass(frozen=True, slots=True)
class HolidayYears:
    """Public holidays of some years: closed days with their names, and make-up working days."""

    closed: Mapping[date, Text]
    working: frozenset[date]


class HolidaySource(Protocol):
    """Where public holidays come from."""

    def days(self, country: str, subdivision: str | None, years: range) -> HolidayYears:
        """Raises ValueError, with a sentence for the author, for a country or part it does not know."""
        ...


def calendar_problems(defn: CalendarDef) -> list[Problem]:
    """Everything wrong with a calendar: `(("week", "mon-fri"), "…")`, in the order of the definition."""
    problems: list[Problem] = []
    try:
        zone_named(defn.time_zone)
    except ValueError as error:
        problems.append((("time_zone",), str(error)))
    problems += _week_problems(defn)
    if defn.holidays == "":
        problems.append((("holidays",), "write a country such as CN, or leave the line out"))
    for day in sorted(set(defn.closed) & set(defn.open)):
        problems.append((("open", day.isoformat()), f"{day} is both open and closed: remove one"))
    for day, text in defn.open.items():
        problems += [(("open", day.isoformat()), message) for message in _open_problems(text)]
    return problems


def _week_problems(defn: CalendarDef) -> list[Problem]:
    problems: list[Problem] = []
    written: dict[int, str] = {}
    spans: list[tuple[int, int, str]] = []
    for key, text in defn.week.items():
        path = ("week", key)
        try:
            days = parse_days(key)
            hours = parse_hours(text)
        except ValueError as error:
            problems.append((path, str(error)))
            continue
        inner = overlap_in(hours)
        if inner:
            problems.append((path, f"{inner}: hours of one day may not overlap"))
            continue
        for day in days:
            if day in written:
                problems.append((path, f"{WEEKDAYS[day]} is given twice, here and in {written[day]}"))
                continue
            written[day] = key
            spans += [(day * DAY + start, day * DAY + end, key) for start, end in hours]
    if not problems:
        problems += _night_problems(spans)
    if not problems and not spans and not defn.open:
        problems.append((("week",), "this calendar never opens: give at least one day its hours"))
    return problems


def _night_problems(spans: list[tuple[int, int, str]]) -> list[Problem]:
    """Hours that run past midnight into those of the next day; the week is a circle."""
    spans = sorted(spans)
    if not spans:
        return []
    following = [*spans[1:], (spans[0][0] + WEEK, spans[0][1] + WEEK, spans[0][2])]
    return [
        (("week", key), f"these hours run into those of {WEEKDAYS[next_start // DAY % 7]} ({next_key})")
        for (_, end, key), (next_start, _, next_key) in zip(spans, following, strict=True)
        if end > next_start
    ]


def _open_problems(text: str) -> list[str]:
    try:
        hours = parse_hours(text)
    except ValueError as error:
        return [str(error)]
    if not hours:
        return ["a date that is open needs hours; closed dates go under `closed`"]
    inner = overlap_in(hours)
    return [f"{inner}: hours of one day may not overlap"] if inner else []


def week_of(defn: CalendarDef) -> Week:
    """The hours of each weekday, Monday first. The definition must have no problems."""
    week: list[Hours] = [()] * 7
    for key, text in defn.week.items():
        for day in parse_days(key):
            week[day] = parse_hours(text)
    return tuple(week)


def has_whole_days(defn: CalendarDef) -> bool:
    """Whether a day of this calendar is open for 24 hours or not at all, so that `2d` means something."""
    week = [hours for hours in week_of(defn) if hours]
    exceptions = [parse_hours(text) for text in defn.open.values()]
    return bool(week) and all(hours == ((0, DAY),) for hours in [*week, *exceptions])
