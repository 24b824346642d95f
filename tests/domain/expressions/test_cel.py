"""Our expressions against Google's CEL: what we answer, another implementation answers too."""

from __future__ import annotations

import ctypes
import os
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any

import pytest
from cel_expr_python import cel
from google.protobuf.duration_pb2 import Duration
from google.protobuf.timestamp_pb2 import Timestamp

from domain.expressions import DATETIME, check, compile_expression, parse, standard_functions
from domain.expressions.cel import NotInCel, to_cel
from tests.domain.expressions.typed import NAMES, Expressions, a_scope, a_value, values

COUNT = int(os.environ.get("EVERTICK_EXPRESSIONS", "10000"))
SEED = int(os.environ.get("EVERTICK_SEED", "20261121"))
ZONES = ("UTC", "Asia/Shanghai", "America/St_Johns")
ENVIRONMENT = cel.NewEnv(variables=dict.fromkeys(NAMES, cel.Type.DYN))


def test_ten_thousand_random_expressions_give_what_googles_cel_gives() -> None:
    print(f"EVERTICK_SEED={SEED}")
    random = Random(SEED)
    expressions = Expressions(random)
    scopes = [values(random) for _ in range(200)]
    messages = [as_message(as_read(scope)) for scope in scopes]
    compared = too_deep = 0
    while compared < COUNT:
        text = expressions.any_text()
        functions = standard_functions("UTC")
        ast = parse(text)
        _, findings = check(ast, a_scope(functions))
        wrong = [one for one in findings if "has no hours" not in one.message]  # told, and null all the same
        assert not wrong, (SEED, text, wrong)
        rendered = to_cel(ast, a_scope(functions))
        ours, google = compile_expression(ast, functions), google_cel(rendered)
        if google is None:
            too_deep += 1
            continue
        compared += 1
        for number in random.sample(range(len(scopes)), 3):
            expected, answer = as_read(ours(scopes[number])), answer_of(google, messages[number])
            assert same(expected, answer), (SEED, text, rendered, scopes[number], expected, answer)
    assert too_deep < COUNT / 50, (SEED, too_deep)


def google_cel(text: str) -> Any:
    """Compiled by Google's CEL; None when it is nested deeper than that parses."""
    try:
        return ENVIRONMENT.compile(text)
    except Exception as error:
        if "max recursion depth" in str(error):
            return None
        raise AssertionError(f"Google's CEL refuses {text}: {error}") from error


def as_read(value: Any) -> Any:
    """A value as the rendering reads it: a date is its midnight in UTC, a time of day what passed since midnight."""
    if isinstance(value, dict):
        return {name: as_read(one) for name, one in value.items()}
    if isinstance(value, list):
        return [as_read(one) for one in value]
    if isinstance(value, date) and not isinstance(value, datetime):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    if isinstance(value, time):
        return timedelta(hours=value.hour, minutes=value.minute, seconds=value.second)
    return timedelta(seconds=value.total_seconds()) if isinstance(value, timedelta) else value


def as_message(value: Any) -> Any:
    """A value as Google's library takes it in: moments and durations are protobuf's."""
    if isinstance(value, dict):
        return {name: as_message(one) for name, one in value.items()}
    if isinstance(value, list):
        return [as_message(one) for one in value]
    if isinstance(value, datetime):
        moment = Timestamp()
        moment.FromDatetime(value)
        return moment
    if isinstance(value, timedelta):
        duration = Duration()
        duration.FromTimedelta(value)
        return duration
    return value


def lend_none() -> None:
    """Google's library (0.1.3) gives back more references to None than it took, until Python 3.11 dies of it."""
    for _ in range(5):
        ctypes.pythonapi.Py_IncRef(ctypes.py_object(None))


def answer_of(google: Any, values: dict[str, Any]) -> Any:
    """What Google's CEL answers; its errors are values of a type of their own."""
    lend_none()
    found = google.eval(data=values)
    assert found.type() != cel.Type.ERROR, found.plain_value()
    return found.plain_value()


def same(left: Any, right: Any) -> bool:
    """Equal, where a number may be whole on one side and a double on the other."""
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(same(left[name], right[name]) for name in left)
    return isinstance(left, bool) == isinstance(right, bool) and left == right


@pytest.mark.parametrize(
    ("text", "cel_text"),
    [
        (
            'ticket.impact == "high"',
            'ticket != null && has(ticket.impact) && ticket.impact != null && (ticket.impact == "high")',
        ),
        ("ticket.due != null", "ticket != null && has(ticket.due) && ticket.due != null"),
        ("not true", "!true"),
        ("1 + 2 * 3", "1.0 + (2.0 * 3.0)"),
        ('date("2026-11-27")', 'timestamp("2026-11-27T00:00:00Z")'),
        ("1h30m", 'duration("5400s")'),
        ('"a\\"b"', '"a\\U00000022b"'),
    ],
)
def test_a_rendering_is_plain_cel(text: str, cel_text: str) -> None:
    assert to_cel(parse(text), a_scope()) == cel_text


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize(
    "text", ["hour(now)", "day(now)", "month(now)", "year(now)", "weekday(now)", "date(now)"]
)
def test_days_and_hours_are_those_of_the_zone(text: str, zone: str) -> None:
    random, functions = Random(SEED), standard_functions(zone)
    ast = parse(text)
    ours, google = compile_expression(ast, functions), google_cel(to_cel(ast, a_scope(functions)))
    for _ in range(200):
        scope = values(random) | {"now": a_value(random, DATETIME)}
        assert same(as_read(ours(scope)), answer_of(google, as_message(as_read(scope)))), (
            SEED,
            zone,
            scope["now"],
        )


@pytest.mark.parametrize(
    ("text", "offset"),
    [
        ("sum(ticket.scores)", 0),
        ("ticket.title.lower()", 13),
        ("ticket.tags.join()", 12),
        ("add_months(now, 1)", 0),
        ("2 * 4h", 2),
        ("4h / 2h", 3),
        ("round(1.5, ticket.count)", 0),
        ("date(ticket.title)", 0),
        ("datetime(ticket.first_day)", 0),
        ("time(now)", 0),
        ("ticket.rows[0][null] == 1", 14),
        ('words.exists(while, while == "a")', 6),
    ],
)
def test_what_cel_has_no_word_for_is_refused(text: str, offset: int) -> None:
    with pytest.raises(NotInCel) as refused:
        to_cel(parse(text), a_scope())
    assert refused.value.offset == offset
    assert "CEL" in refused.value.message
