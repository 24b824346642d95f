"""What expressions give: the table of total semantics, dates, lists and limits."""

from __future__ import annotations

import timeit
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from domain.expressions import (
    ExpressionError,
    calendar_functions,
    compile_condition,
    compile_expression,
    parse,
    standard_functions,
)

NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)
SCOPE: dict[str, Any] = {
    "ticket": {
        "category": "vpn",
        "cost": 100,
        "major": True,
        "title": "VPN down",
        "opened_at": NOON,
        "day": date(2026, 1, 31),
        "service": {"id": "erp", "team": None},
        "rows": [{"amount": 2}, {"amount": 3.5}],
        "wait": timedelta(hours=1),
    },
    "now": NOON + timedelta(hours=4),
    "roles": ["agent", "manager"],
}


def value_of(text: str, zone: str = "UTC", **more: Any) -> Any:
    return compile_expression(parse(text), standard_functions(zone))({**SCOPE, **more})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # missing is null, and null is a value for == and !=
        ("nobody", None),
        ("nobody.at.all", None),
        ("ticket.nothing", None),
        ("ticket.service.team.lead", None),
        ("ticket.title.x", None),
        ("nobody == null", True),
        ("ticket.cost != null", True),
        ("null != null", False),
        # ordering null or different kinds is false
        ("null < 1", False),
        ("1 >= null", False),
        ('1 < "2"', False),
        ("ticket.day < now", False),
        ("true < 2", False),
        ("[1] < [2]", False),
        ('"a" < "b"', True),
        ("1 <= 1.0", True),
        ("4h > 3h59m", True),
        # logic: exactly true counts
        ("not null", True),
        ("null and true", False),
        ("1 and true", False),
        ('"x" or true', True),
        ("not 1", True),
        ("null or null", False),
        ("if null then 1 else 2", 2),
        ('if "x" then 1 else 2', 2),
        # equality
        ("1 == 1.0", True),
        ("true == 1", False),
        ('"1" == 1', False),
        ("[1, null] == [1.0, null]", True),
        ("4h == 240m", True),
        ("1d == 24h", True),
        ("[true] == [1]", False),
        ("now == date(now)", False),
        # in
        ('ticket.category in ["network", "vpn"]', True),
        ('null in ["network"]', False),
        ("null in [null]", True),
        ('"agent" in roles', True),
        ('"a" in "abc"', False),
        ("1 in null", False),
        ("1 not in [2]", True),
        ("ticket.service in [ticket.service]", True),
        ("1.0 in [1]", True),
        ("true in [1]", False),
        # arithmetic
        ("1 + null", None),
        ("null * 2", None),
        ("1 / 0", None),
        ("1.5 % 0", None),
        ("6 / 3", 2),
        ("7 / 2", 3.5),
        ("-7 % 3", -1),
        ("7 % -3", 1),
        ('1 + "a"', None),
        ('"a" + "b"', "ab"),
        ("[1] + [2]", [1, 2]),
        ("true + 1", None),
        ("9223372036854775807 + 1", None),
        ("9223372036854775807 * 9223372036854775807", None),
        ("-(-9223372036854775807 - 1)", None),
        ("4h + 30m", timedelta(hours=4.5)),
        ("2 * 4h", timedelta(hours=8)),
        ("4h / 2", timedelta(hours=2)),
        ("4h / 30m", 8),
        ("4h / 0", None),
        ("4h - 5h < 0s", True),
        ("4h * 1.5 == 6h", True),
        # ??
        ('ticket.service.team ?? "none"', "none"),
        ("false ?? true", False),
        ("nobody ?? null", None),
        # lists
        ("ticket.rows[1].amount", 3.5),
        ("ticket.rows[2]", None),
        ("ticket.rows[-1]", None),
        ("ticket.rows[0.0].amount", 2),
        ('ticket["cost"]', 100),
        ("ticket[0]", None),
        ("ticket.rows.map(r, r.amount)", [2, 3.5]),
        ("sum(ticket.rows.map(r, r.amount))", 5.5),
        ("ticket.rows.filter(r, r.amount > 2).size()", 1),
        ("ticket.rows.exists(r, r.amount == 2)", True),
        ("ticket.rows.all(r, r.amount > 2)", False),
        ("[].all(r, false)", True),
        ("null.exists(r, true)", None),
        ("roles.map(x, roles.filter(y, y == x).size())", [1, 1]),
        ("size(null)", None),
        ("size(roles)", 2),
        ('size("abc")', 3),
        ("size([])", 0),
        # functions
        ("min(3, 1, 2)", 1),
        ("max([1, 2.5])", 2.5),
        ("max([])", None),
        ("min(1, null)", None),
        ('max(1, "a")', None),
        ("max(1h, 30m)", timedelta(hours=1)),
        ("sum([])", 0),
        ("sum([1, null])", None),
        ("sum([1h, 30m]) == 1h30m", True),
        ("abs(-3)", 3),
        ("round(2.5)", 3),
        ("round(-2.5)", -3),
        ("round(2.345, 2)", 2.35),
        ("round(7, 1)", 7),
        ('"VPN".lower()', "vpn"),
        ('ticket.title.contains("down")', True),
        ('ticket.title.startsWith("VPN")', True),
        ('null.contains("x")', None),
        ('" x ".trim()', "x"),
        ('roles.join("; ")', "agent; manager"),
        ("roles.join()", "agent, manager"),
    ],
)
def test_expressions_are_total(text: str, expected: Any) -> None:
    value = value_of(text)
    assert value == expected
    assert (value is None) == (expected is None)
    assert isinstance(value, bool) == isinstance(expected, bool)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("now - ticket.opened_at", timedelta(hours=4)),
        ("ticket.opened_at - 1h", NOON - timedelta(hours=1)),
        ("1h + ticket.opened_at", NOON + timedelta(hours=1)),
        ("1h - ticket.opened_at", None),
        ("ticket.day + 1d", date(2026, 2, 1)),
        ("ticket.day + 48h", date(2026, 2, 2)),
        ("ticket.day + 36h", None),
        ('date("2026-02-01") - ticket.day', timedelta(days=1)),
        ("add_months(ticket.day, 1)", date(2026, 2, 28)),
        ("add_months(ticket.day, 1.5)", None),
        ("add_months(ticket.day, 999999999)", None),
        ("date(2026, 2, 30)", None),
        ('date("2026-1-1")', None),
        ("weekday(ticket.day)", "sat"),
        ('time("09:30")', time(9, 30)),
        ('duration("1h30m")', timedelta(minutes=90)),
        ('duration("soon")', None),
        ('datetime("2026-11-27 12:00") == ticket.opened_at', True),
        ("year(now) * 100 + month(now)", 202611),
        ('date("9999-12-31") + 1d', None),
        ('datetime("9999-12-31 23:00") + 2h', None),
        ('datetime("0001-01-01 00:00") - 2d', None),
        ("36500d * 36500", None),
    ],
)
def test_dates_and_durations_calculate(text: str, expected: Any) -> None:
    assert value_of(text) == expected


def test_days_and_wall_times_are_those_of_the_zone() -> None:
    assert value_of("date(now)", "Asia/Shanghai") == date(2026, 11, 28)
    assert value_of("weekday(now)", "Asia/Shanghai") == "sat"
    assert value_of('datetime("2026-11-27 20:00")', "Asia/Shanghai") == NOON
    assert value_of('datetime(date(now), "09:00")', "Asia/Shanghai") == datetime(2026, 11, 28, 1, tzinfo=UTC)
    assert value_of("hour(now)", "Asia/Shanghai") == 0


def test_days_keep_the_wall_time_across_a_clock_change_and_hours_do_not() -> None:
    before = datetime(2026, 10, 24, 7, tzinfo=UTC)  # 09:00 in Berlin; clocks go back in the night
    assert value_of("t + 1d", "Europe/Berlin", t=before) == datetime(2026, 10, 25, 8, tzinfo=UTC)
    assert value_of("t + 24h", "Europe/Berlin", t=before) == datetime(2026, 10, 25, 7, tzinfo=UTC)
    assert value_of("t + 1d2h", "Europe/Berlin", t=before) == datetime(2026, 10, 25, 10, tzinfo=UTC)
    assert value_of("t - 1d + 1d", "Europe/Berlin", t=before) == before
    assert value_of("t + 2 * 1d", "Europe/Berlin", t=before) == datetime(2026, 10, 26, 8, tzinfo=UTC)
    assert value_of("t + 1d", "UTC", t=before) == before + timedelta(days=1)


def test_add_months_keeps_the_wall_time() -> None:
    summer = datetime(2026, 8, 31, 7, tzinfo=UTC)
    assert value_of("add_months(t, 6)", "Europe/Berlin", t=summer) == datetime(2027, 2, 28, 8, tzinfo=UTC)


def test_objects_are_whatever_has_get_and_compare_by_their_own_equality() -> None:
    class Person:
        def __init__(self, id_: str) -> None:
            self.id = id_

        def get(self, name: str) -> object:
            return {"id": self.id, "manager": Person("boss")}.get(name)

        def __eq__(self, other: object) -> bool:
            return isinstance(other, Person) and other.id == self.id

        def __hash__(self) -> int:
            return hash(self.id)

    people: dict[str, Any] = {
        "actor": Person("mia"),
        "assignee": Person("mia"),
        "watchers": [Person("bob"), Person("mia")],
    }
    assert value_of("actor == assignee and actor in watchers", **people) is True
    assert value_of('actor.manager.manager.id == "boss"', **people) is True
    assert value_of('actor == "mia"', **people) is False


def test_a_condition_is_true_only_when_it_is_exactly_true() -> None:
    for text, expected in [
        ("ticket.major", True),
        ("ticket.cost", False),
        ("nobody", False),
        ("ticket.cost > 5", True),
    ]:
        assert compile_condition(parse(text))(SCOPE) is expected


def test_lists_without_end_make_an_expression_null_instead_of_stopping_the_desk() -> None:
    many = list(range(1000))
    assert value_of("xs.map(x, xs.map(y, x + y).size()).size()", xs=many) is None
    assert value_of("xs.map(x, x + 1).size()", xs=many) == 1000
    assert value_of("[1].exists(x, xs.map(y, y) == null)", xs=many * 30) is None
    assert value_of("xs + xs + xs", xs=many * 5) is None
    assert value_of("t + t", t="x" * 60_000) is None
    assert value_of("if xs.map(x, xs.map(y, y)).size() > 0 then 1 else 2", xs=many) == 2


def test_a_function_the_registry_does_not_have_is_refused_when_compiling() -> None:
    for text in ("fetch(1)", "size()", "size(1, 2)", "a.fly()", "max()", "date(1, 2)"):
        with pytest.raises(ExpressionError):
            compile_expression(parse(text))


def test_calendar_functions_ask_the_calendars_they_are_given() -> None:
    class Calendars:
        def add_working(self, start: datetime, amount: timedelta, calendar: str) -> datetime | None:
            return start + 3 * amount

        def next_open(self, moment: datetime, calendar: str) -> datetime | None:
            return None

        def next_time(self, text: str, calendar: str, after: datetime) -> datetime | None:
            return after + timedelta(days=1) if text == "thu 14:00" else None

    functions = standard_functions().with_functions(*calendar_functions(["office"], Calendars()))

    def value(text: str) -> Any:
        return compile_expression(parse(text), functions)(SCOPE)

    assert value('add_working(ticket.opened_at, 1h, "office")') == NOON + timedelta(hours=3)
    assert value('add_working(date("2026-11-27"), 1h, "office")') == datetime(2026, 11, 27, 3, tzinfo=UTC)
    assert value('add_working(null, 1h, "office")') is None
    assert value('add_working(ticket.opened_at, 1h, "moon")') is None
    assert value('next_open(now, "office")') is None
    assert value('next("thu 14:00", "office")') == SCOPE["now"] + timedelta(days=1)
    assert compile_expression(parse('next("thu 14:00", "office")'), functions)({}) is None


def test_a_guard_takes_a_few_microseconds_at_most() -> None:
    guard = compile_expression(parse('ticket.category in ["network", "vpn"]'))
    best = min(timeit.repeat(lambda: guard(SCOPE), number=2000, repeat=20)) / 2000
    assert best < 5e-6  # 0.2 µs on the machine of the first measurement; the rest is patience with busy ones
