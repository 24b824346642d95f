"""The standard functions and methods: size, min, max, sum, rounding, texts, and those of dates."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from domain.expressions.dates import date_functions
from domain.expressions.functions import Form, Function, Functions
from domain.expressions.operations import (
    LONGEST_TEXT,
    attempt,
    is_number,
    less,
    member,
    number,
    ordered,
    total,
)
from domain.expressions.types import (
    ANY,
    BOOLEAN,
    DATE,
    DATETIME,
    DURATION,
    NUMBER,
    TEXT,
    TIME,
    Type,
    choice_of,
    list_of,
)
from domain.local_time import WEEKDAYS, zone_named

_WEEKDAY = choice_of(*WEEKDAYS)


@lru_cache(maxsize=64)
def standard_functions(zone: str = "UTC") -> Functions:
    """The functions every expression may call; days and wall times are those of the zone."""
    every = [*_numbers(zone_named(zone)), *date_functions(zone_named(zone))]
    return Functions(zone, {one.name: one for one in every}, {one.name: one for one in _methods()})


def _item(given: Sequence[Type]) -> Type:
    return given[0].item or ANY


def _first(given: Sequence[Type]) -> Type:
    return given[0]


def _numbers(zone: ZoneInfo) -> list[Function]:
    kinds = (NUMBER, DURATION, DATETIME, DATE, TIME)
    comparable = (
        *(Form((list_of(kind),), _item) for kind in kinds),
        *(Form((kind, kind), _first, rest=kind) for kind in kinds),
    )
    usage = "a list, or values, of numbers, durations, dates or times, all of one kind"
    totals = tuple(Form((list_of(kind),), _item) for kind in (NUMBER, DURATION))
    return [
        Function("size", (Form((list_of(ANY),), NUMBER), Form((TEXT,), NUMBER)), _size),
        Function("min", comparable, lambda *values: _extreme(values, largest=False), usage=usage),
        Function("max", comparable, lambda *values: _extreme(values, largest=True), usage=usage),
        Function(
            "sum", totals, lambda values: total(values, zone) if isinstance(values, (list, tuple)) else None
        ),
        Function("abs", (Form((NUMBER,), NUMBER), Form((DURATION,), DURATION)), _absolute),
        Function("round", (Form((NUMBER,), NUMBER), Form((NUMBER, NUMBER), NUMBER)), _rounded),
    ]


def _size(value: Any) -> Any:
    return len(value) if isinstance(value, (str, list, tuple)) else None


def _extreme(values: Sequence[Any], *, largest: bool) -> Any:
    if len(values) == 1:
        if not isinstance(values[0], (list, tuple)):
            return None
        values = values[0]
    best: Any = None
    for position, value in enumerate(values):
        if position == 0:
            best = value if ordered(value, value) else None
        elif not ordered(best, value):
            return None
        elif less(best, value) if largest else less(value, best):
            best = value
    return best


def _absolute(value: Any) -> Any:
    if is_number(value):
        return number(abs(value))
    return attempt(lambda: abs(value)) if hasattr(value, "total_seconds") else None


def _rounded(value: Any, digits: Any = 0) -> Any:
    """Halves away from zero, as people round money; whole when no digits are wanted."""
    if not is_number(value) or not isinstance(digits, int) or not 0 <= digits <= 9:
        return None
    if isinstance(value, int):
        return value
    rest, whole = math.modf(abs(value) * 10**digits)
    if math.isinf(whole):
        return None
    whole = int(whole) + (rest >= 0.5)
    whole = -whole if value < 0 else whole
    return number(whole if digits == 0 else whole / 10**digits)


def _count(values: Any, wanted: Any) -> Any:
    """How many of a list are this text, or (tasks) came out so."""
    if not isinstance(values, (list, tuple)) or not isinstance(wanted, str):
        return None
    return sum(1 for one in values if one == wanted or member(one, "outcome") == wanted)


def _methods() -> list[Function]:
    def on_text(name: str, *params: Type, result: Type) -> Function:
        python = {
            "startsWith": "startswith",
            "endsWith": "endswith",
            "contains": "__contains__",
            "trim": "strip",
        }
        work = getattr(str, python.get(name, name))

        def call(*values: Any) -> Any:
            return work(*values) if all(isinstance(value, str) for value in values) else None

        return Function(name, (Form((TEXT, *params), result),), call)

    def join(values: Any, between: Any = ", ") -> Any:
        if not isinstance(values, (list, tuple)) or not isinstance(between, str):
            return None
        if not all(isinstance(value, str) for value in values):
            return None
        length = sum(map(len, values)) + len(between) * len(values)
        return between.join(values) if length <= LONGEST_TEXT else None

    return [
        on_text("contains", TEXT, result=BOOLEAN),
        on_text("startsWith", TEXT, result=BOOLEAN),
        on_text("endsWith", TEXT, result=BOOLEAN),
        on_text("lower", result=TEXT),
        on_text("upper", result=TEXT),
        on_text("trim", result=TEXT),
        Function("size", (Form((list_of(ANY),), NUMBER), Form((TEXT,), NUMBER)), _size),
        Function("count", (Form((list_of(ANY), TEXT), NUMBER),), _count),
        Function("join", (Form((list_of(TEXT),), TEXT), Form((list_of(TEXT), TEXT), TEXT)), join),
    ]
