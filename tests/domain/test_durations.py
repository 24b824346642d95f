"""Durations as people write them."""

from __future__ import annotations

import copy
import pickle
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.durations import LocalDuration, format_duration, parse_duration, parse_duration_parts


def test_units_may_be_combined_the_largest_first() -> None:
    assert parse_duration("1w2d3h4m5s") == timedelta(weeks=1, days=2, hours=3, minutes=4, seconds=5)
    assert parse_duration("1.5s") == timedelta(seconds=1.5)
    assert parse_duration("-4h") == timedelta(hours=-4)
    assert parse_duration_parts("2d3h") == {"d": 2, "h": 3}
    assert parse_duration_parts("0m") == {"m": 0}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is not a duration"),
        ("4", "has no unit: write 4s, 4m, 4h or 4d"),
        ("4 h", "is not a duration"),
        ("30m1h", "the largest first"),
        ("2 months", "months differ in length"),
        ("999999999w", "longer than a hundred years"),
        ("٤h", "is not a duration"),
        ("-1h", "is not a duration"),
        ("1.5s", "is not a duration"),
    ],
)
def test_what_authors_write_is_refused_with_the_way_out(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        parse_duration_parts(text)


def test_only_what_was_written_in_days_is_given_back_in_days() -> None:
    assert format_duration(timedelta(days=2)) == "48h"
    assert format_duration(parse_duration("2d")) == "2d"
    assert format_duration(parse_duration("1w1h")) == "7d1h"
    assert format_duration(timedelta()) == "0s"
    assert format_duration(timedelta(minutes=90)) == "1h30m"
    assert format_duration(-timedelta(seconds=61)) == "-1m1s"


def test_local_days_survive_copies_and_sums_and_equal_their_hours() -> None:
    duration = LocalDuration(2, timedelta(hours=3))
    assert duration == timedelta(hours=51)
    negative = -duration
    for same in (pickle.loads(pickle.dumps(duration)), copy.deepcopy(duration), -negative):
        assert (same.local_days, same.rest) == (2, timedelta(hours=3))
    total = duration + LocalDuration(1) - timedelta(hours=1)
    assert isinstance(total, LocalDuration)
    assert (total.local_days, total.rest) == (3, timedelta(hours=2))
    other = timedelta(hours=1) - duration
    assert other == timedelta(hours=-50)


@settings(deadline=None)
@given(st.timedeltas(timedelta(days=-30000), timedelta(days=30000)), st.integers(-9999, 9999))
def test_what_is_formatted_is_read_back(rest: timedelta, days: int) -> None:
    assert parse_duration(format_duration(rest)) == rest
    assert parse_duration(format_duration(LocalDuration(days))) == timedelta(days=days)
