"""The functions of dates: days, wall times and months as people of one zone read them. All of them total."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from domain.durations import parse_duration
from domain.expressions.ast import Ast
from domain.expressions.functions import Form, Function
from domain.expressions.operations import attempt, is_date, is_moment
from domain.expressions.types import DATE, DATETIME, DURATION, NUMBER, TEXT, TIME, Finding, choice_of
from domain.local_time import WEEKDAYS, add_months, add_months_to_date, instant, wall_time

_WEEKDAY = choice_of(*WEEKDAYS)
_DAY, _CLOCK = "2026-11-27", "09:00"  # examples for messages


def date_functions(zone: ZoneInfo) -> list[Function]:
    """`date datetime time duration weekday year month day hour add_months` in a zone."""
    work = _Dates(zone)
    either = (DATETIME, DATE)
    return [
        Function(
            "date",
            (*_forms((TEXT, *either), DATE), Form((NUMBER, NUMBER, NUMBER), DATE)),
            work.to_date,
            verify=_readable(work.to_date, _DAY),
        ),
        Function(
            "datetime",
            (*_forms((TEXT, *either), DATETIME), *(Form((DATE, at), DATETIME) for at in (TIME, TEXT))),
            work.to_datetime,
            verify=_readable(work.to_datetime, f"{_DAY} {_CLOCK}"),
        ),
        Function(
            "time", _forms((TEXT, DATETIME, TIME), TIME), work.to_time, verify=_readable(work.to_time, _CLOCK)
        ),
        Function("duration", _forms((TEXT,), DURATION), _duration, verify=_readable(_duration, "1h30m")),
        Function("weekday", _forms(either, _WEEKDAY), work.weekday),
        Function("year", _forms(either, NUMBER), lambda value: work.part(value, "year")),
        Function("month", _forms(either, NUMBER), lambda value: work.part(value, "month")),
        Function("day", _forms(either, NUMBER), lambda value: work.part(value, "day")),
        Function("hour", _forms((DATETIME,), NUMBER), lambda value: work.part(value, "hour")),
        Function("add_months", tuple(Form((start, NUMBER), start) for start in either), work.add_months),
    ]


def _forms(given: tuple[Any, ...], result: Any) -> tuple[Form, ...]:
    return tuple(Form((one,), result) for one in given)


class _Dates:
    """Reads and makes dates in one zone; null for what cannot be read."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone

    def to_date(self, *values: Any) -> Any:
        if len(values) == 3:
            whole = all(isinstance(value, int) and not isinstance(value, bool) for value in values)
            return attempt(lambda: date(*values)) if whole else None
        value = values[0]
        if isinstance(value, str):
            return attempt(lambda: datetime.strptime(value, "%Y-%m-%d").date()) if len(value) == 10 else None
        local = self._local(value)
        return local.date() if isinstance(local, datetime) else local

    def to_datetime(self, value: Any, at: Any = time()) -> Any:
        if isinstance(value, str):
            seconds = "" if len(value) == 16 else ":%S"
            return attempt(lambda: instant(datetime.strptime(value, f"%Y-%m-%d %H:%M{seconds}"), self._zone))
        at = self.to_time(at) if isinstance(at, str) else at
        if is_date(value) and isinstance(at, time):
            return attempt(lambda: instant(datetime.combine(value, at.replace(tzinfo=None)), self._zone))
        return value if is_moment(value) else None

    def to_time(self, value: Any) -> Any:
        if isinstance(value, str):
            return attempt(lambda: datetime.strptime(value, "%H:%M").time()) if len(value) == 5 else None
        if isinstance(value, time):
            return value
        local = self._local(value)
        return local.time() if isinstance(local, datetime) else None

    def weekday(self, value: Any) -> Any:
        local = self._local(value)
        return None if local is None else WEEKDAYS[local.weekday()]

    def part(self, value: Any, name: str) -> Any:
        return getattr(self._local(value), name, None)

    def add_months(self, value: Any, months: Any) -> Any:
        if not isinstance(months, int) or isinstance(months, bool):
            return None
        if is_date(value):
            return attempt(lambda: add_months_to_date(value, months))
        return attempt(lambda: add_months(value, months, self._zone)) if is_moment(value) else None

    def _local(self, value: Any) -> Any:
        """The date, or the wall time of a moment."""
        if is_date(value):
            return value
        return attempt(lambda: wall_time(value, self._zone)) if is_moment(value) else None


def _duration(value: Any) -> Any:
    return attempt(lambda: parse_duration(value)) if isinstance(value, str) else None


_DIGIT = re.compile(r"\d")


def _readable(work: Callable[[Any], Any], example: str) -> Callable[[tuple[Ast, ...]], list[Finding]]:
    """A check that finds texts, written as such, which the function cannot read."""

    def verify(arguments: tuple[Ast, ...]) -> list[Finding]:
        if len(arguments) != 1 or arguments[0][0] != "literal" or not isinstance(arguments[0][2], str):
            return []
        _, at, text = arguments[0]
        if work(text) is not None:
            return []
        if _DIGIT.sub("0", text) == _DIGIT.sub("0", example):
            return [Finding(at, f'there is no such day or time as "{text}"')]
        return [Finding(at, f'cannot read "{text}": write it like "{example}"')]

    return verify
