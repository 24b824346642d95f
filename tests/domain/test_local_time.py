"""Wall times, and the hours that do not exist or come twice."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from domain.durations import LocalDuration
from domain.local_time import add_duration, add_months, add_months_to_date, instant, midnight, zone_named

BERLIN = zone_named("Europe/Berlin")
APIA = zone_named("Pacific/Apia")


def at(year: int, month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


def test_a_skipped_wall_time_is_the_first_instant_after_the_gap() -> None:
    assert instant(datetime(2026, 3, 29, 2, 30, 1, 7), BERLIN) == at(2026, 3, 29, 1)
    assert instant(datetime(2026, 3, 29, 2), BERLIN) == at(2026, 3, 29, 1)
    assert instant(datetime(2026, 3, 29, 3), BERLIN) == at(2026, 3, 29, 1)


def test_a_repeated_wall_time_is_the_first_of_the_two() -> None:
    assert instant(datetime(2026, 10, 25, 2, 30), BERLIN) == at(2026, 10, 25, 0, 30)
    assert instant(datetime(2026, 10, 25, 3), BERLIN) == at(2026, 10, 25, 2)


def test_a_date_that_does_not_exist_is_over_when_it_begins() -> None:
    assert midnight(date(2011, 12, 30), APIA) == midnight(date(2011, 12, 31), APIA) == at(2011, 12, 30, 10)
    assert instant(datetime(2011, 12, 30, 12), APIA) == at(2011, 12, 30, 10)


def test_a_midnight_that_does_not_exist_is_the_first_instant_of_its_day() -> None:
    cairo = zone_named("Africa/Cairo")  # clocks go forward at midnight
    assert midnight(date(2026, 4, 24), cairo) == at(2026, 4, 23, 22)


def test_local_days_keep_the_wall_time_and_hours_are_exact() -> None:
    start = at(2026, 3, 28, 8)  # 09:00
    assert add_duration(start, LocalDuration(1), BERLIN) == at(2026, 3, 29, 7)
    assert add_duration(start, timedelta(hours=24), BERLIN) == at(2026, 3, 29, 8)
    assert add_duration(start, LocalDuration(1, timedelta(hours=1)), BERLIN) == at(2026, 3, 29, 8)


def test_months_end_where_the_month_ends() -> None:
    assert add_months_to_date(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert add_months_to_date(date(2024, 2, 29), -12) == date(2023, 2, 28)
    assert add_months_to_date(date(2026, 11, 30), 3) == date(2027, 2, 28)
    assert add_months(at(2026, 1, 15, 8), 6, BERLIN) == at(2026, 7, 15, 7)
    with pytest.raises(OverflowError):
        add_months_to_date(date(9999, 12, 1), 1)


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("Asia/Shangai", 'did you mean "Asia/Shanghai"'),
        ("Asia", "unknown"),
        ("../etc/passwd", "unknown"),
        ("", "write a name"),
    ],
)
def test_an_unknown_zone_is_refused_with_a_suggestion(name: str, hint: str) -> None:
    with pytest.raises(ValueError, match=hint):
        zone_named(name)
