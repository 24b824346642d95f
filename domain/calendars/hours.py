"""Reads days of the week and opening hours: `mon-fri`, `09:00-12:00, 13:00-18:00`, `22:00-06:00`, `24h`."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TypeAlias

from domain.local_time import WEEKDAYS

DAY = 24 * 60
WEEK = 7 * DAY
Hours: TypeAlias = tuple[tuple[int, int], ...]  # minutes from midnight; an end past 1440 is the next morning
Week: TypeAlias = tuple[Hours, ...]  # Monday first

_PART = re.compile(r"(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})", re.ASCII)
_EXAMPLE = "write hours like 09:00-12:00, 13:00-18:00, or 24h, or closed"


def parse_days(text: str) -> tuple[int, ...]:
    """`mon-fri` → 0 … 4, `sun-thu` wraps. Raises ValueError."""
    first, dash, last = (part.strip() for part in text.partition("-"))
    for name in (first, last) if dash else (first,):
        if name not in WEEKDAYS:
            raise ValueError(
                f'"{name}" is not a day: write {", ".join(WEEKDAYS)}, or a range such as mon-fri'
            )
    start = WEEKDAYS.index(first)
    length = (WEEKDAYS.index(last) - start) % 7 + 1 if dash else 1
    return tuple((start + day) % 7 for day in range(length))


def parse_hours(text: str) -> Hours:
    """The parts of a day's hours, in order of their start; none when closed. Raises ValueError."""
    if text.strip() == "closed":
        return ()
    if text.strip() == "24h":
        return ((0, DAY),)
    return tuple(sorted(_part(part.strip()) for part in text.split(",")))


def _part(text: str) -> tuple[int, int]:
    found = _PART.fullmatch(text)
    if found is None:
        raise ValueError(f'cannot read "{text}": {_EXAMPLE}')
    start_hour, start_minute, end_hour, end_minute = map(int, found.groups())
    start, end = start_hour * 60 + start_minute, end_hour * 60 + end_minute
    if start_minute > 59 or end_minute > 59 or start >= DAY or end > DAY:
        raise ValueError(f'"{text}" is not on the clock: hours go from 00:00 to 24:00')
    if start == end:
        raise ValueError(f'"{text}" is empty: write 24h for a whole day, or closed')
    return (start, end) if start < end else (start, end + DAY)


def overlap_in(hours: Hours) -> str:
    """The parts of one day that overlap, in words; empty when none do."""
    for (start, end), (next_start, next_end) in pairwise(hours):
        if end > next_start:
            return f"{show_part(start, end)} and {show_part(next_start, next_end)}"
    return ""


def show_part(start: int, end: int) -> str:
    """`09:00-12:00`."""
    end = end - DAY if end > DAY else end
    return f"{start // 60:02d}:{start % 60:02d}-{end // 60:02d}:{end % 60:02d}"
