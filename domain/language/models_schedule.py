"""Tickets that open by themselves, by the calendar."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import Field
from pydantic_core import PydanticCustomError

from domain.language.shorthand import TEXT, TEXTS, Shorthand
from domain.language.words import CalendarRef, Json, Model, Text, show
from domain.local_time import WEEKDAYS

_WEEKDAY = "|".join(WEEKDAYS)
DAYS = re.compile(
    rf"(?P<all>day)|(?P<from>{_WEEKDAY})(-(?P<to>{_WEEKDAY}))?"
    rf"|(?P<nth>first|second|third|fourth|last) (?P<of>{_WEEKDAY})|(?P<end>last day)|(?P<number>[1-9]\d?)(st|nd|rd|th)"
)
"""The days of a schedule, each one of: `day`, `wed`, `mon-fri`, `first tue`, `15th`, `last day`."""

TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_LAST_NUMBER = 31


def _days(value: Any) -> Any:
    listed = [value] if isinstance(value, str) else value
    for one in listed if isinstance(listed, list) else [value]:
        found = DAYS.fullmatch(one) if isinstance(one, str) else None
        if found is None or int(found["number"] or 1) > _LAST_NUMBER:
            raise PydanticCustomError(
                "days",
                "{shown} is no day; write day, wed, mon-fri, first tue, last fri, 15th or last day",
                {"shown": show(one)},
            )
    return listed


def _time(value: Any) -> Any:
    if isinstance(value, str) and TIME.fullmatch(value):
        return value
    raise PydanticCustomError(
        "time", "{shown} is no time of day; write for example 09:00", {"shown": show(value)}
    )


def _months(value: Any) -> Any:
    listed = [value] if isinstance(value, str) else value
    for one in listed if isinstance(listed, list) else [value]:
        if one not in MONTHS:
            raise PydanticCustomError(
                "months", "{shown} is no month; write jan, feb, mar and so on", {"shown": show(one)}
            )
    return listed


class Schedule(Model):
    """A ticket that opens by itself, again and again."""

    label: Text | None = None
    every: Annotated[tuple[str, ...], Shorthand(_days, TEXT, TEXTS)]
    at: Annotated[str, Shorthand(_time)] = "00:00"
    months: Annotated[tuple[str, ...], Shorthand(_months, TEXT, TEXTS)] = MONTHS
    calendar: CalendarRef | None = Field(
        None,
        description="When it is closed at that time, the ticket opens as soon as it opens, or not at all.",
    )
    if_closed: Literal["later", "skip"] = "later"
    fields: dict[str, Json] = Field(default_factory=dict)
