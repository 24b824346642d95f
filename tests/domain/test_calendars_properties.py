"""Random calendars, checked against counting minutes: clock changes, nights, breaks, exceptions."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.calendars import (
    CalendarDef,
    FrozenCalendar,
    calendar_problems,
    closed_spans,
    due,
    freeze,
    is_open,
    next_close,
    next_open,
    open_spans,
    why_closed,
    worked,
)
from tests.domain.calendar_reference import MINUTE, FakeHolidays, SlowCalendar

# A date of each clock change in 2025-2027 (Cairo at midnight, Lord Howe by half an hour), some quiet days,
# the day Samoa skipped, and Troll in Antarctica, whose clock jumps two hours.
PLACES = [
    *(
        ("Europe/Berlin", date(y, m, d))
        for y, m, d in [
            (2025, 3, 30),
            (2025, 10, 26),
            (2026, 3, 29),
            (2026, 10, 25),
            (2027, 3, 28),
            (2027, 10, 31),
        ]
    ),
    *(
        ("America/New_York", date(y, m, d))
        for y, m, d in [
            (2025, 3, 9),
            (2025, 11, 2),
            (2026, 3, 8),
            (2026, 11, 1),
            (2027, 3, 14),
            (2027, 11, 7),
        ]
    ),
    *(
        ("Australia/Lord_Howe", date(y, m, d))
        for y, m, d in [(2025, 4, 6), (2025, 10, 5), (2026, 4, 5), (2027, 10, 3)]
    ),
    *(
        ("Africa/Cairo", date(y, m, d))
        for y, m, d in [(2025, 4, 25), (2025, 10, 30), (2026, 4, 24), (2026, 10, 29)]
    ),
    ("America/Havana", date(2026, 3, 8)),
    ("America/Havana", date(2026, 11, 1)),
    ("Antarctica/Troll", date(2026, 3, 29)),
    ("Antarctica/Troll", date(2026, 10, 25)),
    ("Asia/Shanghai", date(2026, 10, 4)),
    ("Asia/Kathmandu", date(2026, 1, 1)),
    ("Pacific/Apia", date(2011, 12, 30)),
    ("UTC", date(2024, 2, 29)),
]
HOURS = [
    "09:00-12:00, 13:00-18:00",
    "24h",
    "08:00-22:00",
    "22:00-06:00",
    "00:00-02:30, 02:30-04:00",
    "02:15-02:45",
    "01:30-03:10",
    "23:30-24:00",
    "00:00-01:00",
    "06:00-14:00, 22:00-02:00",
    "closed",
    "01:00-02:00",
]
WINDOW = 5  # days on each side of the date that are looked at


@st.composite
def cases(draw: st.DrawFn) -> tuple[CalendarDef, FakeHolidays, date]:
    zone, around = draw(st.sampled_from(PLACES))
    near = st.integers(-WINDOW, WINDOW).map(lambda days: around + timedelta(days=days))
    week = draw(
        st.one_of(
            st.sampled_from(HOURS[:-2]).map(lambda hours: {"mon-sun": hours}),
            st.sampled_from(HOURS).map(lambda hours: {"mon-fri": hours}),
            st.tuples(st.sampled_from(HOURS), st.sampled_from(HOURS)).map(
                lambda two: {"sun-thu": two[0], "sat": two[1]}
            ),
        )
    )
    opened = draw(
        st.dictionaries(near, st.sampled_from([hours for hours in HOURS if hours != "closed"]), max_size=2)
    )
    closed = draw(st.dictionaries(near, st.just("stock-taking"), max_size=2))
    defn = CalendarDef.model_validate(
        {
            "time_zone": zone,
            "week": week,
            "open": opened,
            "closed": {day: text for day, text in closed.items() if day not in opened},
            "holidays": draw(st.sampled_from([None, "XX"])),
        }
    )
    holidays = FakeHolidays(
        draw(st.dictionaries(near, st.just("Feast"), max_size=2)), frozenset(draw(st.sets(near, max_size=2)))
    )
    return defn, holidays, around


moments = st.integers(-WINDOW * 1440, WINDOW * 1440)
amounts = st.one_of(st.integers(0, 600), st.integers(0, 5000))


@settings(max_examples=80, deadline=None)
@given(case=cases(), first=moments, second=moments, minutes=amounts)
def test_a_calendar_agrees_with_counting_minutes(
    case: tuple[CalendarDef, FakeHolidays, date], first: int, second: int, minutes: int
) -> None:
    defn, holidays, around = case
    if calendar_problems(defn):
        return
    calendar, slow = freeze(defn, holidays, around), SlowCalendar(defn, holidays, around, WINDOW + 2)
    noon = datetime.combine(around, time(12), UTC)
    start, other, end = noon + first * MINUTE, noon + second * MINUTE, noon + (WINDOW + 2) * timedelta(days=1)

    assert worked(calendar, start, other) == (slow.worked(start, other) if start < other else timedelta())
    assert is_open(calendar, start) == (start in slow.open)
    expected = slow.due(start, minutes * MINUTE, end)
    found = due(calendar, start, minutes * MINUTE)
    assert found == expected if expected is not None else found is None or found > end - MINUTE

    opening, closing = next_open(calendar, start), next_close(calendar, start)
    if opening is not None and opening < end:
        assert opening in slow.open
        assert slow.worked(start, opening) == timedelta()
    if closing is not None and opening is not None and closing < end:
        assert closing not in slow.open
        assert slow.worked(opening, closing) == closing - opening


@settings(max_examples=80, deadline=None)
@given(
    case=cases(),
    first=moments,
    second=moments,
    third=moments,
    amount=st.timedeltas(timedelta(), timedelta(days=4)),
    micros=st.integers(0, 59_999_999),
)
def test_working_time_adds_up_to_the_microsecond(
    case: tuple[CalendarDef, FakeHolidays, date],
    first: int,
    second: int,
    third: int,
    amount: timedelta,
    micros: int,
) -> None:
    defn, holidays, around = case
    if calendar_problems(defn):
        return
    calendar = freeze(defn, holidays, around)
    base = datetime.combine(around, time(12), UTC) + timedelta(microseconds=micros)
    start, middle, end = (base + minutes * MINUTE for minutes in sorted((first, second, third)))

    assert worked(calendar, start, middle) + worked(calendar, middle, end) == worked(calendar, start, end)
    assert worked(calendar, end, start) == timedelta()
    reached = due(calendar, start, amount)
    if reached is not None:
        assert reached >= start
        assert worked(calendar, start, reached) == amount
        if amount:  # the earliest such instant: work is done until it
            assert worked(calendar, start, reached - timedelta(microseconds=1)) < amount
        later = due(calendar, middle, amount)
        assert later is None or later >= reached
        further = due(calendar, start, amount + MINUTE)
        assert further is None or further > reached

    opened, closed = open_spans(calendar, start, end), closed_spans(calendar, start, end)
    assert sum((stop - begin for begin, stop in opened), timedelta()) == worked(calendar, start, end)
    pieces = sorted([*opened, *((begin, stop) for begin, stop, _ in closed)])
    assert not pieces or (pieces[0][0], pieces[-1][1]) == (start, end)
    assert all(one[1] == two[0] for one, two in pairwise(pieces))
    assert all(why_closed(calendar, begin) is not None for begin, _, _ in closed)
    assert all(why_closed(calendar, begin) is None for begin, _ in opened)


@settings(max_examples=30, deadline=None)
@given(case=cases(), days=st.integers(-900, 1500), amount=st.timedeltas(timedelta(), timedelta(days=900)))
def test_beyond_the_horizon_the_same_rules_hold(
    case: tuple[CalendarDef, FakeHolidays, date], days: int, amount: timedelta
) -> None:
    defn, holidays, around = case
    if calendar_problems(defn):
        return
    calendar = freeze(defn, holidays, around, years=1)
    start = datetime.combine(around, time(12), UTC) + timedelta(days=days)
    reached = due(calendar, start, amount)
    if reached is None:
        return
    assert worked(calendar, start, reached) == amount
    middle = start + (reached - start) / 2
    assert worked(calendar, start, middle) + worked(calendar, middle, reached) == amount
    if amount:
        assert worked(calendar, start, reached - timedelta(microseconds=1)) < amount


@settings(max_examples=30, deadline=None)
@given(case=cases())
def test_a_frozen_calendar_survives_json_and_says_the_same_each_time(
    case: tuple[CalendarDef, FakeHolidays, date],
) -> None:
    defn, holidays, around = case
    if calendar_problems(defn):
        return
    calendar = freeze(defn, holidays, around)
    text = json.dumps(calendar.to_json(), sort_keys=True)
    assert FrozenCalendar.from_json(json.loads(text)) == calendar
    assert json.dumps(freeze(defn, holidays, around).to_json(), sort_keys=True) == text
    edges = [edge for span in calendar.spans for edge in span]
    assert edges == sorted(set(edges))
