"""Calendars as written: what is refused, how they are frozen, and the shipped ones' worked numbers."""

# Over 400 lines: a case for each rule of working time, read side by side.

from __future__ import annotations

import json
import time as stopwatch
import timeit
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from domain.calendars import (
    ALWAYS,
    CalendarDef,
    Calendars,
    Closure,
    FrozenCalendar,
    calendar_problems,
    closed_spans,
    due,
    due_after,
    duration_problem,
    freeze,
    freeze_all,
    is_open,
    next_close,
    next_open,
    next_time,
    next_time_problem,
    open_spans,
    whole_days,
    why_closed,
    worked,
    working_amount,
)
from tests.domain.calendar_reference import FakeHolidays

SHANGHAI = ZoneInfo("Asia/Shanghai")
NATIONAL_DAY = FakeHolidays(
    {date(2026, 10, day): "National Day" for day in range(1, 8)},
    frozenset({date(2026, 9, 20), date(2026, 10, 10)}),
)
OFFICE = {
    "time_zone": "Asia/Shanghai",
    "week": {"mon-fri": "09:00-12:00, 13:00-18:00"},
    "holidays": "XX",
    "closed": {"2026-12-31": {"en": "Annual stock-taking"}},
    "open": {"2027-01-09": "10:00-16:00"},
}


def calendar(written: dict[str, Any] | None = None, **changes: Any) -> FrozenCalendar:
    defn = CalendarDef.model_validate({**(OFFICE if written is None else written), **changes})
    return freeze(defn, NATIONAL_DAY, date(2026, 11, 1))


def at(text: str, zone: ZoneInfo = SHANGHAI) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def hours(number: float) -> timedelta:
    return timedelta(hours=number)


def day_calendar(**changes: Any) -> FrozenCalendar:
    return calendar({"time_zone": "Asia/Shanghai", "week": {"mon-fri": "24h"}, "holidays": "XX", **changes})


# ---- what is refused


@pytest.mark.parametrize(
    ("changes", "path", "message"),
    [
        ({"time_zone": "Asia/Shangai"}, "time_zone", 'did you mean "Asia/Shanghai"?'),
        ({"week": {"mon-fri": "9-5"}}, "week.mon-fri", 'cannot read "9-5": write hours like 09:00-12:00'),
        ({"week": {"mon-fri": "09:00-25:00"}}, "week.mon-fri", "is not on the clock"),
        ({"week": {"mon-fri": "09:00-09:00"}}, "week.mon-fri", "is empty: write 24h"),
        ({"week": {"mon": "09:00-12:00, 11:00-18:00"}}, "week.mon", "09:00-12:00 and 11:00-18:00"),
        (
            {"week": {"mon-fri": "24h", "fri": "09:00-12:00"}},
            "week.fri",
            "fri is given twice, here and in mon-fri",
        ),
        ({"week": {"monday": "24h"}}, "week.monday", '"monday" is not a day'),
        ({"week": {"mon-": "24h"}}, "week.mon-", "is not a day"),
        ({"week": {"mon-sun": "22:00-06:00, 05:00-07:00"}}, "week.mon-sun", "run into those of"),
        ({"week": {"sun": "22:00-06:00", "mon": "05:00-07:00"}}, "week.sun", "run into those of mon (mon)"),
        ({"week": {"mon-sun": "closed"}, "open": {}}, "week", "never opens"),
        ({"week": {}, "open": {}}, "week", "never opens"),
        ({"open": {"2026-12-31": "09:00-10:00"}}, "open.2026-12-31", "both open and closed"),
        ({"open": {"2026-12-30": "closed"}}, "open.2026-12-30", "closed dates go under `closed`"),
        ({"open": {"2026-12-30": "10:00-11:00,10:30-12:00"}}, "open.2026-12-30", "may not overlap"),
        ({"holidays": ""}, "holidays", "write a country"),
    ],
)
def test_a_calendar_that_makes_no_sense_is_refused_by_key(
    changes: dict[str, Any], path: str, message: str
) -> None:
    defn = CalendarDef.model_validate({**OFFICE, **changes})
    found = [(".".join(place), said) for place, said in calendar_problems(defn)]
    assert any(place == path and message in said for place, said in found), found
    with pytest.raises(ValueError, match=path):
        freeze(defn, NATIONAL_DAY, date(2026, 1, 1))


def test_all_problems_of_a_calendar_are_listed_at_once() -> None:
    defn = CalendarDef.model_validate(
        {
            "time_zone": "Mars",
            "week": {"mon": "9", "tue-x": "24h"},
            "open": {"2026-01-01": "x"},
            "closed": {"2026-01-01": "y"},
        }
    )
    places = [place for place, _ in calendar_problems(defn)]
    assert places == [
        ("time_zone",), ("week", "mon"), ("week", "tue-x"), ("open", "2026-01-01"), ("open", "2026-01-01"),
    ]  # fmt: skip


def test_hours_that_only_touch_and_nights_around_the_week_are_no_problem() -> None:
    for week in (
        {"mon-sun": "22:00-06:00, 06:00-22:00"},
        {"sun-thu": "22:00-06:00"},
        {"fri-mon": "00:00-24:00"},
    ):
        assert calendar_problems(CalendarDef.model_validate({**OFFICE, "week": week})) == []


@pytest.mark.parametrize("day", ["2026-13-01", "20260101", 1767225600, "2026-W01-1", "tomorrow"])
def test_only_iso_dates_are_dates(day: Any) -> None:
    with pytest.raises(ValidationError):
        CalendarDef.model_validate({**OFFICE, "closed": {day: "x"}})


def test_an_unknown_country_is_named_with_its_calendar() -> None:
    with pytest.raises(
        ValueError, match=r'calendars.office: no public holidays are known for the country "YY"'
    ):
        freeze_all(
            {"office": CalendarDef.model_validate({**OFFICE, "holidays": "YY"})},
            NATIONAL_DAY,
            date(2026, 1, 1),
        )


# ---- worked numbers


def test_a_ticket_of_friday_evening_is_due_on_monday_after_lunch() -> None:
    assert due(calendar(), at("2026-11-27 17:50"), hours(4)) == at("2026-11-30 13:50")


def test_make_up_days_count_and_holidays_do_not() -> None:
    office = calendar()
    assert due(office, at("2026-09-30 17:00"), hours(4)) == at("2026-10-08 12:00")
    assert due(office, at("2026-10-09 17:00"), hours(2)) == at("2026-10-10 10:00")
    assert is_open(office, at("2026-09-20 10:00"))
    assert not is_open(office, at("2026-09-19 10:00"))


def test_the_customer_desk_goes_on_next_morning() -> None:
    desk = calendar({"time_zone": "Asia/Shanghai", "week": {"mon-sun": "08:00-22:00"}})
    assert due(desk, at("2026-11-28 21:45"), timedelta(minutes=30)) == at("2026-11-29 08:15")


def test_working_days_of_24_hours_skip_the_weekend() -> None:
    days = day_calendar()
    assert due(days, at("2026-11-26 17:00"), hours(48)) == at("2026-11-30 17:00")
    assert due(days, at("2026-11-24 09:00"), timedelta(days=20)) == at("2026-12-22 09:00")
    assert worked(days, at("2026-11-26 17:00"), at("2026-11-27 10:00")) == hours(17)


def test_a_deadline_is_friday_evening_not_monday_morning_and_nothing_is_due_at_once() -> None:
    office = calendar()
    assert due(office, at("2026-11-27 17:00"), hours(1)) == at("2026-11-27 18:00")
    assert due(office, at("2026-11-28 11:11"), timedelta()) == at("2026-11-28 11:11")
    assert due(office, at("2026-11-28 11:11"), -hours(1)) == at("2026-11-28 11:11")


def test_exceptions_beat_weeks_and_holidays() -> None:
    office = calendar(open={"2026-10-02": "10:00-16:00"}, closed={"2026-09-20": "Move"})
    assert due(office, at("2026-09-30 18:00"), hours(7)) == at("2026-10-08 10:00")
    assert why_closed(office, at("2026-09-20 10:00")) == Closure("closed", "Move")


def test_a_calendar_that_works_on_a_make_up_day_anyway_keeps_its_own_hours() -> None:
    shop = calendar(week={"mon-fri": "09:00-18:00", "sat": "10:00-14:00"})
    assert worked(shop, at("2026-10-10 00:00"), at("2026-10-11 00:00")) == hours(4)
    assert worked(shop, at("2026-09-20 00:00"), at("2026-09-21 00:00")) == hours(9)


def test_night_hours_belong_to_the_evening_they_begin_on() -> None:
    night = calendar(week={"mon-fri": "22:00-06:00"}, closed={"2026-11-25": "Repairs"}, open={})
    assert is_open(night, at("2026-11-25 05:59"))
    assert not is_open(night, at("2026-11-25 23:00"))
    assert not is_open(night, at("2026-11-26 05:00"))
    assert next_open(night, at("2026-11-27 06:00")) == at("2026-11-27 22:00")
    assert next_close(night, at("2026-11-27 23:00")) == at("2026-11-28 06:00")


def test_clock_changes_lengthen_and_shorten_nights() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    night = calendar({"time_zone": "Europe/Berlin", "week": {"mon-sun": "22:00-06:00"}})
    assert worked(night, at("2026-10-24 12:00", berlin), at("2026-10-25 12:00", berlin)) == hours(9)
    assert worked(night, at("2026-03-28 12:00", berlin), at("2026-03-29 12:00", berlin)) == hours(7)
    gap = calendar({"time_zone": "Europe/Berlin", "week": {"mon-sat": "09:00-10:00", "sun": "02:15-02:45"}})
    assert worked(gap, at("2026-03-29 00:00", berlin), at("2026-03-30 00:00", berlin)) == timedelta()


def test_a_date_that_does_not_exist_has_no_hours() -> None:
    samoa = freeze(
        CalendarDef(time_zone="Pacific/Apia", week={"mon-fri": "24h"}), FakeHolidays(), date(2012, 1, 1)
    )
    apia = ZoneInfo("Pacific/Apia")
    assert worked(samoa, at("2011-12-29 00:00", apia), at("2011-12-31 00:00", apia)) == hours(24)
    stretches = closed_spans(samoa, at("2011-12-29 12:00", apia), at("2012-01-02 12:00", apia))
    assert [end - start for start, end, _ in stretches] == [hours(48)]
    assert due(samoa, at("2011-12-29 12:00", apia), hours(24)) == at("2012-01-02 12:00", apia)


def test_microseconds_are_kept() -> None:
    start = at("2026-11-27 17:59:59.999999")
    assert due(calendar(), start, timedelta(microseconds=2)) == at("2026-11-30 09:00:00.000001")
    assert worked(calendar(), start, at("2026-11-30 09:00:00.000001")) == timedelta(microseconds=2)


def test_answers_are_in_utc_and_moments_without_a_zone_are_refused() -> None:
    answer = due(calendar(), at("2026-11-27 17:50"), hours(4))
    assert answer is not None
    assert answer.tzinfo is UTC
    with pytest.raises(TypeError):
        due(calendar(), datetime(2026, 11, 27), hours(4))


# ---- open, closed and why


def test_a_closed_calendar_says_why() -> None:
    office = calendar()
    assert why_closed(office, at("2026-10-01 10:00")) == Closure("holiday", "National Day")
    assert why_closed(office, at("2026-12-31 10:00")) == Closure("closed", {"en": "Annual stock-taking"})
    assert why_closed(office, at("2026-11-27 12:30")) == Closure("outside_hours")
    assert why_closed(office, at("2026-11-27 10:30")) is None


def test_closed_stretches_are_cut_where_the_reason_changes() -> None:
    found = closed_spans(calendar(), at("2026-09-30 17:00"), at("2026-10-08 09:30"))
    assert [
        (start.astimezone(SHANGHAI), end.astimezone(SHANGHAI), why.kind) for start, end, why in found
    ] == [
        (at("2026-09-30 18:00"), at("2026-10-01 00:00"), "outside_hours"),
        (at("2026-10-01 00:00"), at("2026-10-08 00:00"), "holiday"),
        (at("2026-10-08 00:00"), at("2026-10-08 09:00"), "outside_hours"),
    ]
    assert open_spans(calendar(), at("2026-09-30 17:00"), at("2026-10-08 09:30")) == [
        (at("2026-09-30 17:00"), at("2026-09-30 18:00")), (at("2026-10-08 09:00"), at("2026-10-08 09:30")),
    ]  # fmt: skip


def test_the_next_opening_and_closing() -> None:
    office = calendar()
    assert next_open(office, at("2026-11-27 12:00")) == at("2026-11-27 13:00")
    assert next_open(office, at("2026-11-27 10:15")) == at("2026-11-27 10:15")
    assert next_close(office, at("2026-11-27 10:15")) == at("2026-11-27 12:00")
    assert next_close(office, at("2026-11-27 12:00")) == at("2026-11-27 18:00")
    assert next_close(day_calendar(), at("2026-11-25 12:00")) == at("2026-11-28 00:00")


def test_weekly_appointments_fall_on_open_days() -> None:
    office = calendar()
    assert next_time(office, "thu 14:00", at("2026-09-24 13:00")) == at("2026-09-24 14:00")
    assert next_time(office, "thu 14:00", at("2026-09-24 14:00")) == at("2026-10-08 14:00")
    assert next_time(office, "09:00", at("2026-11-27 09:00")) == at("2026-11-30 09:00")
    assert next_time(office, "sun 14:00", at("2026-11-27 09:00")) is None
    assert next_time_problem("thu 14:00") is None
    assert "thu 14:00" in (next_time_problem("thursday at two") or "")


# ---- never, always, horizon


def test_a_calendar_that_never_opens_again_gives_none_at_once() -> None:
    once = calendar(week={"mon-sun": "closed"}, open={"2026-12-01": "09:00-12:00"})
    assert due(once, at("2026-11-27 12:00"), hours(3)) == at("2026-12-01 12:00")
    assert due(once, at("2026-11-27 12:00"), hours(4)) is None
    assert next_open(once, at("2026-12-01 12:00")) is None
    assert next_close(once, at("2026-12-01 10:00")) == at("2026-12-01 12:00")
    assert next_close(once, at("2026-12-01 12:00")) is None
    began = stopwatch.perf_counter()
    assert due(once, at("2036-12-01 12:00"), hours(1)) is None
    assert stopwatch.perf_counter() - began < 5


def test_always_is_always() -> None:
    assert due(ALWAYS, at("2026-11-27 17:50"), hours(4)) == at("2026-11-27 21:50")
    assert worked(ALWAYS, at("1999-01-01"), at("2099-01-01")) == at("2099-01-01") - at("1999-01-01")
    berlin = ZoneInfo("Europe/Berlin")
    assert worked(ALWAYS, at("2026-10-25 00:00", berlin), at("2026-10-26 00:00", berlin)) == hours(25)
    assert due(ALWAYS, at("2026-10-25 00:00", berlin), hours(24)) == at("2026-10-25 23:00", berlin)
    assert (next_close(ALWAYS, at("2026-11-27")), why_closed(ALWAYS, at("2026-11-27"))) == (None, None)
    assert not ALWAYS.beyond_horizon(at("2126-01-01"))
    assert due(ALWAYS, datetime.max.replace(tzinfo=UTC), hours(1)) is None
    assert calendar({"time_zone": "UTC", "week": {"mon-sun": "24h"}}).always
    assert not calendar(
        {"time_zone": "UTC", "week": {"mon-sun": "24h"}, "closed": {"2026-12-25": "x"}}
    ).always
    assert FrozenCalendar.from_json(ALWAYS.to_json()) == ALWAYS


def test_past_the_horizon_and_before_the_start_weekly_hours_apply_and_are_flagged() -> None:
    office = calendar()  # frozen from 2025-11-01 to 2029-11-01
    assert not office.beyond_horizon(at("2025-11-01 00:00"))
    assert office.beyond_horizon(at("2025-10-31 23:59"))
    assert office.beyond_horizon(at("2029-11-01 00:00"))
    assert due(office, at("2036-11-28 17:50"), hours(4)) == at("2036-12-01 13:50")
    assert due(office, at("2006-11-24 17:50"), hours(4)) == at("2006-11-27 13:50")
    assert due(office, at("2029-10-31 17:00"), hours(2)) == at("2029-11-01 10:00")
    assert worked(office, at("2025-10-31 00:00"), at("2025-11-04 00:00")) == hours(16)


def test_nights_and_long_openings_run_on_across_the_edges_of_the_frozen_years() -> None:
    night = calendar(week={"mon-sun": "22:00-06:00"}, holidays=None, closed={}, open={})
    for edge in (
        "2025-11-01",
        "2029-11-01",
        "2031-01-01",
        "2020-01-01",
    ):  # first, until, turns of other years
        midnight = at(f"{edge} 00:00")
        assert worked(night, midnight - hours(3), midnight + hours(12)) == hours(8), edge
        assert next_close(night, midnight - hours(1)) == midnight + hours(6), edge
        assert open_spans(night, midnight - hours(3), midnight + hours(12)) == [
            (midnight - hours(2), midnight + hours(6))
        ]
    round_the_clock = calendar(week={"mon-sun": "24h"}, holidays=None, open={})
    assert next_close(round_the_clock, at("2026-12-30 12:00")) == at("2026-12-31 00:00")
    assert next_close(round_the_clock, at("2026-12-31 12:00")) is None
    assert next_close(day_calendar(), at("2029-10-31 12:00")) == at("2029-11-03 00:00")


def test_holidays_are_frozen_to_the_last_day() -> None:
    feasts = FakeHolidays(
        {date(2025, 10, 31): "Before", date(2025, 11, 3): "First", date(2029, 10, 31): "Last"}
    )
    office = freeze(CalendarDef.model_validate(OFFICE), feasts, date(2026, 11, 1))
    closed = [day for day in (3, 4) if why_closed(office, at(f"2025-11-0{day} 10:00"))]
    assert closed == [3]
    assert worked(office, at("2025-10-31 00:00"), at("2025-11-04 00:00")) == hours(8)  # a Friday before
    assert why_closed(office, at("2029-10-31 10:00")) == Closure("holiday", "Last")
    night = calendar(week={"mon-sun": "22:00-06:00"}, closed={"2025-10-31": "Move"}, open={})
    assert not is_open(night, at("2025-11-01 05:00"))  # its evening was closed, although before the first day


def test_the_end_of_time_is_never() -> None:
    assert due(calendar(), datetime(9999, 12, 31, 20, tzinfo=UTC), hours(40)) is None
    assert next_open(calendar(), datetime(9999, 12, 31, 23, tzinfo=UTC)) is None


# ---- durations


def test_days_are_refused_where_a_day_has_opening_hours() -> None:
    office = CalendarDef.model_validate(OFFICE)
    assert duration_problem(office, "2d", ["workdays"]) == (
        '"2d" is ambiguous in a calendar with opening hours: '
        "write 16h (2 days of 8h), or use calendar: workdays"
    )
    assert "write 10h (1 day of 8h)" in (duration_problem(office, "1d2h") or "")
    assert "write 40h (5 days of 8h)" in (duration_problem(calendar(), "1w") or "")
    assert duration_problem(office, "16h") is None
    assert "is not a duration" in (duration_problem(office, "soon") or "")
    assert duration_problem(None, "2d") is None


def test_days_are_24_hours_in_a_calendar_of_whole_days() -> None:
    days = day_calendar()
    assert whole_days(days)
    assert not whole_days(calendar())
    assert not whole_days(day_calendar(open={"2026-12-05": "10:00-16:00"}))
    assert duration_problem(days, "2d") is None
    assert duration_problem(days, "1w") == '"1w" is ambiguous where a week has 5 working days: write 5d or 7d'
    assert duration_problem(ALWAYS, "1w") is None
    for text in ("2d", "48h", timedelta(days=2)):
        assert due_after(days, at("2026-11-26 17:00"), text, "Asia/Shanghai") == at("2026-11-30 17:00")
    assert working_amount(days, "2d") == hours(48)
    assert type(working_amount(days, "2d")) is timedelta
    with pytest.raises(ValueError, match="ambiguous"):
        working_amount(calendar(), "2d")


def test_without_a_calendar_a_day_is_a_local_day() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    start = at("2026-10-20 09:00", berlin)
    assert due_after(None, start, "14d", "Europe/Berlin") == at("2026-11-03 09:00", berlin)
    assert due_after(None, start, "336h", "Europe/Berlin") == at("2026-11-03 08:00", berlin)
    assert due_after(None, start, "1d1h", "Europe/Berlin") == at("2026-10-21 10:00", berlin)
    assert due_after(None, start, "-1h", "Europe/Berlin") == start
    assert due_after(None, datetime.max.replace(tzinfo=UTC), "1d", "UTC") is None


# ---- together


def test_named_calendars_know_always_and_survive_json() -> None:
    named = freeze_all({"office": CalendarDef.model_validate(OFFICE)}, NATIONAL_DAY, date(2026, 11, 1))
    assert sorted(named) == ["always", "office"]
    data = json.loads(json.dumps(named.to_json()))
    assert dict(Calendars.from_json(data)) == dict(named)
    assert list(data) == ["office"]
    assert named.add_working(at("2026-11-27 17:50"), hours(4), "office") == at("2026-11-30 13:50")
    assert named.next_open(at("2026-11-27 12:00"), "office") == at("2026-11-27 13:00")
    assert named.next_time("thu 14:00", "office", at("2026-11-27 12:00")) == at("2026-12-03 14:00")
    assert named.add_working(at("2026-11-27 17:50"), hours(4), "moon") is None


def test_freezing_is_quick_and_what_it_gives_is_small() -> None:
    office = calendar()
    best = min(timeit.repeat(lambda: calendar(label="again"), number=1, repeat=5))
    assert best < 0.25  # 25 ms on the machine of the first measurement; the rest is patience with busy ones
    assert len(json.dumps(office.to_json())) < 40_000
