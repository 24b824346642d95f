"""Working time: calendars as written, frozen to UTC spans, and what is asked of them."""

from domain.calendars.amounts import due_after, duration_problem, working_amount
from domain.calendars.definition import (
    CalendarDef,
    HolidaysOf,
    HolidaySource,
    HolidayYears,
    calendar_problems,
)
from domain.calendars.freezing import freeze
from domain.calendars.frozen import ALWAYS, OUTSIDE_HOURS, Closure, FrozenCalendar
from domain.calendars.named import ALWAYS_NAME, Calendars, freeze_all
from domain.calendars.working_time import (
    closed_spans,
    due,
    is_open,
    next_close,
    next_open,
    next_time,
    next_time_problem,
    open_spans,
    why_closed,
    worked,
)

__all__ = [
    "ALWAYS",
    "ALWAYS_NAME",
    "OUTSIDE_HOURS",
    "CalendarDef",
    "Calendars",
    "Closure",
    "FrozenCalendar",
    "HolidaySource",
    "HolidayYears",
    "HolidaysOf",
    "calendar_problems",
    "closed_spans",
    "due",
    "due_after",
    "duration_problem",
    "freeze",
    "freeze_all",
    "is_open",
    "next_close",
    "next_open",
    "next_time",
    "next_time_problem",
    "open_spans",
    "whole_days",
    "why_closed",
    "worked",
    "working_amount",
]


def whole_days(calendar: FrozenCalendar) -> bool:
    """Whether days of this calendar are open for 24 hours or not at all (such as working days)."""
    return calendar.whole_days
