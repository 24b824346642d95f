"""The arithmetic of a clock, on clocks as they may stand: several stretches, some open, by calendar, to a moment."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from domain.engine.clock_time import (
    calendar_of,
    elapsed_of,
    left_of,
    reaches,
    target_length,
    threshold_amount,
)
from domain.engine.ticket import Clock, Stretch
from domain.language.models import Threshold
from tests.builders import START, a_definition

DEFINITION = a_definition("""
calendars: {office: {time_zone: UTC, week: {mon-fri: "09:00-12:00, 13:00-17:00"}}}
states: {new: {category: new}, gone: {category: closed}}
transitions: {end: {from: new, to: gone, who: everyone}}
""")


def at(hour: float) -> datetime:
    """Hours after midnight of that Monday."""
    return START + timedelta(hours=hour - 9)


def hours(amount: float) -> timedelta:
    return timedelta(hours=amount)


def clock(*stretches: tuple[float, float | None], **more: object) -> Clock:
    ran = tuple(Stretch(at(start), None if end is None else at(end)) for start, end in stretches)
    return Clock(**{"status": "running", "stretches": ran, "calendar": "office", "target": "4h", **more})  # type: ignore[arg-type]  # of Clock


RUNS = clock((9, 10), (11, None))
PAUSED = clock((9, 10), (11, 14), status="paused")
ROUND = clock((8, 10), (11, None), calendar="")
UNTIL = clock((9, 10), (11, None), target="", until=at(16))


@pytest.mark.parametrize(
    ("one", "moment", "elapsed", "left"),
    [
        (RUNS, 9, 0, 4),
        (RUNS, 9.5, 0.5, 3.5),
        (RUNS, 10.5, 1, 3),
        (RUNS, 11, 1, 3),
        (RUNS, 12.5, 2, 2),
        (RUNS, 16, 5, -1),
        (PAUSED, 16, 3, 1),
        (ROUND, 9, 1, 3),
        (ROUND, 13, 4, 0),
        (UNTIL, 11, 1, 4),
        (UNTIL, 16, 5, 0),
        (UNTIL, 17, 6, -1),
        (clock(), 16, 0, 4),
    ],
)
def test_what_has_elapsed_and_what_is_left(one: Clock, moment: float, elapsed: float, left: float) -> None:
    assert elapsed_of(DEFINITION, one, at(moment)) == hours(elapsed)
    assert left_of(DEFINITION, one, at(moment)) == hours(left)


@pytest.mark.parametrize(
    ("one", "amount", "when"),
    [
        (RUNS, 1, 11),
        (RUNS, 0.5, 11),
        (RUNS, 1.5, 11.5),
        (RUNS, 2.5, 13.5),
        (RUNS, 2, 12),
        (ROUND, 3, 12),
        (ROUND, 4, 13),
        (UNTIL, 6, 16),
        (UNTIL, 3, 12),
        (UNTIL, 3.5, 13.5),
        (UNTIL, 7, 17),
        (UNTIL, 8, 34),
    ],
)
def test_when_so_much_will_have_been_worked(one: Clock, amount: float, when: float) -> None:
    assert reaches(DEFINITION, one, hours(amount)) == at(when)


def test_a_clock_that_does_not_run_or_whose_calendar_never_opens_reaches_nothing() -> None:
    assert reaches(DEFINITION, PAUSED, hours(4)) is None
    assert reaches(DEFINITION, clock(), hours(4)) is None
    assert reaches(DEFINITION, RUNS, hours(1_000_000)) is None, "beyond what is known of its calendar"
    assert reaches(DEFINITION, clock((9, None), status="idle"), hours(4)) is None


def test_the_target_is_a_length_or_as_long_as_what_is_worked_until_a_moment() -> None:
    assert target_length(DEFINITION, RUNS) == hours(4)
    assert target_length(DEFINITION, UNTIL) == hours(6)
    assert target_length(DEFINITION, clock(until=at(16))) == hours(4), "before it has begun"
    assert target_length(DEFINITION, clock(target="")) is None
    assert left_of(DEFINITION, clock((9, None), target=""), at(10)) is None
    assert calendar_of(DEFINITION, ROUND) == DEFINITION.calendars["always"]


@pytest.mark.parametrize(
    ("threshold", "amount"),
    [
        ({"percent": 50}, 2),
        ({"percent": 0}, 0),
        ({"percent": 150}, 6),
        ({"after": "1h"}, 5),
        ({"left": "1h"}, 3),
        ({"left": "4h"}, 0),
        ({"left": "5h"}, 0),
    ],
)
def test_where_a_threshold_lies(threshold: dict[str, object], amount: float) -> None:
    placed = Threshold.model_construct(**{"percent": None, "after": None, "left": None, **threshold})  # type: ignore[arg-type]  # of Threshold
    assert threshold_amount(placed, hours(4)) == hours(amount)
