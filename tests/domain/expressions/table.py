"""The table of everything: each operator and function on values of every kind, what it gives, and what is said of it.

`python -m tests.domain.expressions.table` writes table.txt anew. `lang: 1` promises that a ticket which lives for
months meets the same semantics to its end: whoever changes a line of the table changes the language.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from domain.durations import format_duration
from domain.expressions import (
    ANY,
    BOOLEAN,
    DATE,
    DATETIME,
    DURATION,
    NULL,
    NUMBER,
    TEXT,
    TIME,
    Ast,
    ExpressionError,
    Finding,
    Functions,
    Scope,
    Type,
    calendar_functions,
    check,
    check_condition,
    choice_of,
    compile_expression,
    list_of,
    object_of,
    parse,
    standard_functions,
)

FILE = Path(__file__).with_name("table.txt")
ZONE = "Asia/Shanghai"
NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)
KINDS: dict[str, tuple[Type, Any]] = {
    "count": (NUMBER, 3),
    "title": (TEXT, "VPN"),
    "kind": (choice_of("vpn", "mail"), "vpn"),
    "hot": (BOOLEAN, True),
    "moment": (DATETIME, NOON),
    "day": (DATE, date(2026, 1, 31)),
    "wait": (DURATION, timedelta(minutes=90)),
    "clock": (TIME, time(9, 30)),
    "tags": (list_of(TEXT), ["a", "VPN"]),
    "sizes": (list_of(NUMBER), [3, 2.5]),
    "thing": (object_of("thing", {"count": NUMBER, "title": TEXT}), {"count": 4, "title": "x"}),
    "what": (ANY, 5),
    "null": (NULL, None),
}
NAMES: dict[str, tuple[Type, Any]] = {**KINDS, "now": (DATETIME, NOON + timedelta(hours=4))}
OPERATORS = ("+", "-", "*", "/", "%", "==", "!=", "<", "<=", ">", ">=", "in", "and", "or", "??")
SECOND = ("count", "title", "wait", "tags", "what", "null", '"office"')


class _Office:
    """A calendar that is always open, so that a value tells who called it."""

    def add_working(self, start: datetime, amount: timedelta, calendar: str) -> datetime | None:
        return start + amount if calendar == "office" else None

    def next_open(self, moment: datetime, calendar: str) -> datetime | None:
        return moment if calendar == "office" else None

    def next_time(self, text: str, calendar: str, after: datetime) -> datetime | None:
        return after if calendar == "office" and text else None


def functions() -> Functions:
    """All there are, with one calendar."""
    return standard_functions(ZONE).with_functions(*calendar_functions(["office"], _Office(), ZONE))


def written(every: Functions) -> Iterator[str]:
    """The expressions of the table."""
    for operator in OPERATORS:
        yield from (f"{left} {operator} {right}" for left in KINDS for right in KINDS)
    yield from (f"if hot then {left} else {right}" for left in KINDS for right in KINDS)
    yield from (f"[{left}, {right}]" for left in KINDS for right in KINDS)
    for one in KINDS:
        yield from (f"not {one}", f"-{one}", f"if {one} then 1 else 2", f"{one}[0]", f'{one}["count"]')
        yield from (f"{one}.count", f"{one}.conut", f"tags[{one}]", f"thing[{one}]")
        yield from (f"{one}.{macro}(v, v != null)" for macro in ("exists", "all", "filter", "map"))
        yield from (f"{one}.{name}()" for name in every.methods)
        yield from (f"{name}({one})" for name in every.functions)
    for name, function in every.functions.items():
        several = {len(form.params) for form in function.forms}
        if 2 in several:
            yield from (f"{name}({first}, {second})" for first in KINDS for second in SECOND)
        if 3 in several:
            yield from (f'{name}({first}, {second}, "office")' for first in KINDS for second in SECOND)
    for name, function in every.methods.items():
        if any(len(form.params) > 1 for form in function.forms):
            yield from (f"{first}.{name}({second})" for first in KINDS for second in SECOND)


def as_conditions(every: Functions) -> Iterator[str]:
    """Those that are looked at as conditions, too."""
    for one in KINDS:
        yield from (
            one,
            f"not {one}",
            f"-{one}",
            f"[{one}]",
            f"{one} and hot",
            f"hot or {one}",
            f"{one} == null",
        )
        yield from (
            f"if {one} then 1 else 2",
            f"if hot then {one} else null",
            f"{one} ?? {one}",
            f"{one}.count",
        )
    yield from (f"{name}(count)" for name in every.functions)
    yield from (f"title.{name}()" for name in every.methods)


def line(text: str, every: Functions) -> str:
    """One of them: what it gives, its type, and what the checker says of it, with places."""
    ast = parse(text)
    found, mistakes = check(ast, _scope(every))
    return "  ·  ".join((text, _given(ast, every), _type(found), *map(_said, mistakes)))


def condition_line(text: str, every: Functions) -> str:
    """What is said of one of them where a condition is wanted."""
    return "  ·  ".join((f"if: {text}", *map(_said, check_condition(parse(text), _scope(every)))))


def _scope(every: Functions) -> Scope:
    return Scope({name: one for name, (one, _) in NAMES.items()}, every)


def _said(one: Finding) -> str:
    return f"{one.offset}: {one.message}"


def _given(ast: Ast, every: Functions) -> str:
    try:
        return _value(compile_expression(ast, every)({name: value for name, (_, value) in NAMES.items()}))
    except ExpressionError as error:
        return f"{error.offset}! {error.message}"


def _type(one: Type) -> str:
    options = f" of {', '.join(one.options)}" if one.options else ""
    return f"{one.kind}{f' of {_type(one.item)}' if one.item else ''}{options}"


def _value(value: Any) -> str:
    match value:
        case timedelta():
            return format_duration(value)
        case datetime():
            return value.astimezone(UTC).isoformat()
        case date() | time():
            return value.isoformat()
        case list() | tuple():
            return f"[{', '.join(map(_value, value))}]"
    return repr(value)


def table() -> list[str]:
    """Every line of the table."""
    every = functions()
    return [
        *(line(text, every) for text in written(every)),
        *(condition_line(text, every) for text in as_conditions(every)),
    ]


if __name__ == "__main__":
    FILE.write_text("\n".join(table()) + "\n", "utf-8")
