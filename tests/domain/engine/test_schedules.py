"""The turns of a schedule: which days, at which instant, and what becomes of one that falls on a closed day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from domain.engine.schedules import falls_on, fields_of, latest, upcoming
from domain.language.definition import Definition
from domain.language.models import Schedule
from tests.builders import a_definition

MONDAY = date(2026, 11, 23)


def a_process(schedule: str) -> Definition:
    return a_definition(
        f"""
        time_zone: Europe/Berlin
        calendars:
          office: {{time_zone: Europe/Berlin, week: {{mon-fri: 09:00-17:00}}}}
        states: {{new: {{category: new}}, closed: {{category: closed}}}}
        transitions: {{close: {{from: new, to: closed, who: everyone}}}}
        schedule:
          board: {{{schedule}, fields: {{title: "Board of {{{{ date(now) }}}}", team: desk}}}}
        """
    )


def days(every: str, **more: object) -> list[date]:
    """The days of November and December 2026 a schedule falls on."""
    rule = Schedule.model_validate({"every": every, **more})
    first = date(2026, 11, 1)
    return [day for day in (first + timedelta(days=n) for n in range(61)) if falls_on(rule, day)]


@pytest.mark.parametrize(
    ("every", "expected"),
    [
        ("wed", [(11, 4), (11, 11), (11, 18), (11, 25), (12, 2), (12, 9), (12, 16), (12, 23), (12, 30)]),
        ("first tue", [(11, 3), (12, 1)]),
        ("fourth mon", [(11, 23), (12, 28)]),
        ("last mon", [(11, 30), (12, 28)]),
        ("15th", [(11, 15), (12, 15)]),
        ("31st", [(12, 31)]),
        ("last day", [(11, 30), (12, 31)]),
    ],
)
def test_the_days_of_a_schedule(every: str, expected: list[tuple[int, int]]) -> None:
    assert days(every) == [date(2026, month, day) for month, day in expected]


def test_days_of_the_week_may_wrap_and_months_narrow() -> None:
    assert {day.weekday() for day in days("sat-mon")} == {5, 6, 0}
    assert len(days("day")) == 61
    assert days("15th", months="dec") == [date(2026, 12, 15)]


def test_a_turn_keeps_its_time_of_day_when_the_clocks_change() -> None:
    process = a_process("every: sun, at: 14:00")
    before = upcoming(process, "board", datetime(2026, 10, 17, 12, tzinfo=UTC))
    after = upcoming(process, "board", datetime(2026, 10, 24, 12, tzinfo=UTC))
    assert before is not None and before.due_at == datetime(2026, 10, 18, 12, tzinfo=UTC)
    assert after is not None and after.due_at == datetime(2026, 10, 25, 13, tzinfo=UTC)


def test_the_latest_turn_is_the_one_that_is_due_and_the_next_comes_after() -> None:
    process = a_process("every: wed, at: 14:00")
    due = datetime(2026, 11, 25, 13, tzinfo=UTC)
    before = latest(process, "board", due - timedelta(seconds=1))
    turn = latest(process, "board", due)
    assert before is not None and before.day == date(2026, 11, 18)
    assert turn is not None and (turn.day, turn.due_at) == (date(2026, 11, 25), due)
    following = upcoming(process, "board", due)
    assert following is not None and following.day == date(2026, 12, 2)
    assert fields_of(process, turn) == {"title": "Board of 2026-11-25", "team": "desk"}


@pytest.mark.parametrize(
    ("if_closed", "due"), [("later", datetime(2026, 11, 30, 8, tzinfo=UTC)), ("skip", None)]
)
def test_a_turn_on_a_closed_day_comes_later_or_not(if_closed: str, due: datetime | None) -> None:
    process = a_process(f"every: 29th, at: 14:00, months: nov, calendar: office, if_closed: {if_closed}")
    found = latest(process, "board", datetime(2026, 12, 1, tzinfo=UTC))
    assert (found.due_at if found else None) == due
    if due is not None:
        earlier = latest(process, "board", due - timedelta(seconds=1))
        assert earlier is None or earlier.day.year < 2026


@pytest.mark.parametrize(
    ("now", "last", "following"),
    [
        (datetime(2026, 11, 20, 22, 59, tzinfo=UTC), date(2026, 11, 13), date(2026, 11, 20)),
        (datetime(2026, 11, 20, 23, 0, tzinfo=UTC), date(2026, 11, 20), date(2026, 11, 27)),
    ],
)
def test_turns_are_found_around_midnight_of_the_place(now: datetime, last: date, following: date) -> None:
    process = a_process("every: sat, at: 00:00")  # of Berlin: Friday 23:00 in UTC
    turns = latest(process, "board", now), upcoming(process, "board", now)
    assert [turn.day - timedelta(days=1) for turn in turns if turn] == [last, following]
    assert [turn.schedule for turn in turns if turn] == ["board", "board"]


def test_a_turn_of_once_a_year_is_found_and_one_held_back_for_long_too() -> None:
    yearly = a_process("every: 1st, at: 09:00, months: jan")
    now = datetime(2026, 11, 21, tzinfo=UTC)
    found = [turn.day for turn in (latest(yearly, "board", now), upcoming(yearly, "board", now)) if turn]
    assert found == [date(2026, 1, 1), date(2027, 1, 1)]
    late = a_process("every: 28th, at: 18:00, months: nov, calendar: office")  # a Saturday: Monday 09:00
    held = upcoming(late, "board", datetime(2026, 11, 29, 12, tzinfo=UTC))
    assert held is not None and (held.day, held.due_at) == (
        date(2026, 11, 28),
        datetime(2026, 11, 30, 8, tzinfo=UTC),
    )


def test_the_fields_of_a_turn_are_texts_filled_in_and_values_as_they_are_written() -> None:
    process = a_definition("""
        fields: {size: {type: number}, hot: {type: boolean}, when: {type: datetime}}
        states: {new: {category: new}, closed: {category: closed}}
        transitions: {close: {from: new, to: closed, who: everyone}}
        schedule:
          board: {every: day, at: "09:00", fields: {title: "At {{ now }}", size: 3, hot: true, when: "{{ now }}"}}
    """)
    turn = upcoming(process, "board", datetime(2026, 11, 21, 12, tzinfo=UTC))
    assert turn is not None and fields_of(process, turn) == {
        "title": "At 2026-11-22T09:00:00Z", "size": 3, "hot": True, "when": "2026-11-22T09:00:00Z",
    }  # fmt: skip
