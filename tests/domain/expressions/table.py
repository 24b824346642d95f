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
from tests.domain.expressions.sections import write

FILE = Path(__file__).with_name("table.txt")
ZONE = "Asia/Shanghai"
AS_CONDITIONS = "as conditions"
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
SHAPES = (
    *("not {}", "-{}", "-(-{})", "if {} then 1 else 2", "{}[0]", '{}["count"]', "{}.count", "{}.conut"),
    *("tags[{}]", "thing[{}]", "thing[{}].count", "{}.exists(v, v != null)", "{}.all(v, v != null)"),
    *("{}.filter(v, v != null)", "{}.map(v, v)", "{}.map(v, v == {}).size()"),
)
CONDITIONS = (
    *("{}", "not {}", "-{}", "[{}]", "{} and hot", "hot or {}", "{} == null", "if {} then 1 else 2"),
    *("if hot then {} else null", "{} ?? {}", "{}.count"),
)
VALUES = (
    *("date(2026, 2, 28)", "date(2026, 2, 29)", "date(count, count, count)", "date(2026, 1.5, 1)"),
    *("date(true, true, true)", "time(moment)", 'time("9:30")', 'datetime(day, time("25:00"))'),
    *("7 % 3", "-7 % 3", "7 % -3", "7.5 % 2", "7 % 0", "9007199254740993 % 2", "7 % 1.5"),
    *("round(2.5)", "round(-2.5)", "round(0.49999999999999994)", "round(4503599627370497.5)"),
    *(
        "round(9007199254740993)",
        f"round({10**300})",
        f"{10**300} % 7.5",
        "round(1.005, 2)",
        "round(12345, -2)",
        "round(1.5, 400)",
    ),
    *(
        r'"\u00E9\u00e9"',
        r'"\uE000"',
        r'"\uD7FF"',
        '"a" in "abc"',
        '"a" in tags',
        "3 in sizes",
        "2.5 in sizes",
    ),
    *('tags.count("a")', "tags.count(null)", 'tags.join("-")', 'size("äé")', "size([])", "-(3)", "-(1 + 2)"),
    *(
        r'"\uD800"',
        r'"\uDFFF"',
        r'"\u12"',
        '"abc\\',
        "1 +",
        "(1",
        "[1, ",
        "a b",
        "1 2",
        "5x",
        "..",
        "not",
        "",
    ),
    *("min(1, 2.5, 0)", "max([])", "min(1, null)", "sum([])", "sum([1, 2.5])", "abs(-3)", "abs(-90m)"),
    *(
        "kind in [vpn, mail]",
        "kind == vpn",
        "kind in [what, 3]",
        'kind == "mial"',
        "hot and null",
        "null or hot",
    ),
    *(
        "day + 1d",
        "day + 1h",
        "90m + day",
        "day - 36h",
        "day - 24h",
        "moment + 1d",
        "1d + moment",
        "moment - day",
        "day - day",
        "wait / 0",
        "wait * 2",
    ),
)
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


def written(every: Functions) -> dict[str, list[str]]:
    """The expressions of the table, by section."""
    found = {one: [f"{left} {one} {right}" for left in KINDS for right in KINDS] for one in OPERATORS}
    found["if"] = [f"if hot then {left} else {right}" for left in KINDS for right in KINDS]
    found["list"] = [f"[{left}, {right}]" for left in KINDS for right in KINDS]
    found["one"] = [shape.replace("{}", one) for one in KINDS for shape in SHAPES]
    for name, function in every.functions.items():
        several = {len(form.params) for form in function.forms}
        found[name] = [
            *(f"{name}({one})" for one in KINDS),
            *(f"{name}({first}, {second})" for first in KINDS for second in SECOND if 2 in several),
            *(f'{name}({first}, {second}, "office")' for first in KINDS for second in SECOND if 3 in several),
        ]
    for name, function in every.methods.items():
        several = {len(form.params) for form in function.forms}
        found[f".{name}"] = [
            *(f"{one}.{name}()" for one in KINDS),
            *(f"{first}.{name}({second})" for first in KINDS for second in SECOND if 2 in several),
        ]
    found["values"] = list(VALUES)
    return found


def as_conditions(every: Functions) -> Iterator[str]:
    """Those that are looked at as conditions, too."""
    yield from (shape.replace("{}", one) for one in KINDS for shape in CONDITIONS)
    yield from (f"{name}(count)" for name in every.functions)
    yield from (f"title.{name}()" for name in every.methods)


def line(text: str, every: Functions) -> str:
    """One of them: what it gives, its type, and what the checker says of it, with places."""
    try:
        ast = parse(text)
    except ExpressionError as error:
        return f"{text}  ·  {error.offset}! {error.message}"
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


def sections() -> list[str]:
    """What the table is divided into."""
    return [*written(functions()), AS_CONDITIONS]


def section(name: str) -> list[str]:
    """The lines of one section, as they are now."""
    every = functions()
    if name == AS_CONDITIONS:
        return [condition_line(text, every) for text in as_conditions(every)]
    return [line(text, every) for text in written(every)[name]]


if __name__ == "__main__":
    write(FILE, {name: section(name) for name in sections()})
