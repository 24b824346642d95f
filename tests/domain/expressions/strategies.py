"""Random well-formed expressions and random scopes for them."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from hypothesis import strategies as st

NAMES = ("ticket", "a", "b", "now", "items", "nothing")
MEMBERS = ("x", "y", "category", "items", "size", "in")

values: st.SearchStrategy[Any] = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-5, 5),
        st.sampled_from([2**63 - 1, -(2**63), 10**15]),
        st.floats(allow_nan=False, allow_infinity=False),
        st.sampled_from(["", "a", "network", "vpn", "x" * 50]),
        st.datetimes(timezones=st.just(UTC)),
        st.sampled_from([datetime(9999, 12, 31, 23, tzinfo=UTC), datetime(1, 1, 1, tzinfo=UTC)]),
        st.dates(),
        st.just(date(9999, 12, 31)),
        st.times(),
        st.just(time(9)),
        st.timedeltas(timedelta(days=-400), timedelta(days=400)),
        st.sampled_from([timedelta.max, timedelta.min, timedelta()]),
    ),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(MEMBERS), inner, max_size=4),
    max_leaves=12,
)

scopes = st.dictionaries(st.sampled_from(NAMES), values, max_size=6)

_literals = st.sampled_from(
    [
        "null",
        "true",
        "false",
        "0",
        "1",
        "2",
        "10",
        "1.5",
        "0.0",
        "9223372036854775807",
        '"a"',
        "'vpn'",
        '"network"',
        '""',
        "4h",
        "1h30m",
        "2d",
        "1w",
        "30s",
        '["network", "vpn"]',
        "[]",
        "[1, 2, null]",
    ]
)
_leaves = st.one_of(
    _literals,
    st.sampled_from(NAMES),
    st.builds(lambda name, member: f"{name}.{member}", st.sampled_from(NAMES), st.sampled_from(MEMBERS)),
)
_OPERATORS = [
    "==",
    "!=",
    "<",
    "<=",
    ">",
    ">=",
    "in",
    "not in",
    "+",
    "-",
    "*",
    "/",
    "%",
    "??",
    "and",
    "or",
    "&&",
    "||",
]
_CALLS = [
    "size",
    "min",
    "max",
    "sum",
    "abs",
    "round",
    "date",
    "datetime",
    "time",
    "weekday",
    "year",
    "hour",
    "duration",
]


def _larger(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    def wrapped(*shapes: str) -> st.SearchStrategy[str]:
        parts = st.tuples(st.sampled_from(shapes), inner, inner, inner)
        return parts.map(lambda drawn: drawn[0].format(a=drawn[1], b=drawn[2], c=drawn[3]))

    return st.one_of(
        wrapped(*(f"({{a}}) {operator} ({{b}})" for operator in _OPERATORS)),
        wrapped("not ({a})", "!({a})", "-({a})", "(if {a} then {b} else {c})"),
        wrapped("[{a}, {b}]", "({a})[{b}]", '({a})["x"]', "({a}).x", "({a}).category"),
        wrapped(
            *(f"{call}({{a}})" for call in _CALLS),
            "min({a}, {b})",
            "max({a}, {b}, {c})",
            "add_months({a}, {b})",
        ),
        wrapped(
            "({a}).contains({b})", "({a}).startsWith({b})", "({a}).lower()", "({a}).join()", "({a}).size()"
        ),
        wrapped(
            "({a}).exists(e, {b})",
            "({a}).all(e, e == ({b}))",
            "({a}).filter(e, e != ({b}))",
            "({a}).map(e, e)",
        ),
        wrapped("({a}).map(e, [e, {b}].exists(f, f == e))", "({a}).filter(e, e.x == ({b})).map(e, e.y)"),
    )


expressions = st.recursive(_leaves, _larger, max_leaves=8)
