"""Arithmetic of a clock: what has elapsed, when a share of the target will be reached.

Elapsed time is the worked time of all running stretches of this cycle under the calendar that applies now, so a
change of priority, agreement or calendar counts the whole life anew (language.md section 3a).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache

from domain.calendars import FrozenCalendar, due, worked
from domain.durations import parse_duration
from domain.engine.ticket import Clock
from domain.language.definition import Definition
from domain.language.models import Threshold

ZERO = timedelta(0)
BREACH = "100%"


@lru_cache(maxsize=4096)
def length(text: str) -> timedelta:
    """The length a duration text says; a day is 24 hours, which whole-day calendars count as one working day."""
    return parse_duration(text)


def calendar_of(definition: Definition, clock: Clock) -> FrozenCalendar:
    """The calendar that applies to a clock now."""
    return definition.calendars[clock.calendar or "always"]


def target_length(definition: Definition, clock: Clock) -> timedelta | None:
    """The target that applies now; None when the definition gives none for this ticket.

    One that is a moment is as long as what is worked from the clock's first start until then.
    """
    if clock.until is not None and clock.stretches:
        return worked(calendar_of(definition, clock), clock.stretches[0].from_at, clock.until)
    return length(clock.target) if clock.target else None


def left_of(definition: Definition, clock: Clock, at: datetime) -> timedelta | None:
    """What is left of the target at `at`, negative after it; None without a target."""
    if clock.until is not None:
        calendar = calendar_of(definition, clock)
        return worked(calendar, at, clock.until) - worked(calendar, clock.until, at)
    target = target_length(definition, clock)
    return None if target is None else target - elapsed_of(definition, clock, at)


def elapsed_of(definition: Definition, clock: Clock, at: datetime) -> timedelta:
    """Worked time of this cycle up to `at`."""
    calendar = calendar_of(definition, clock)
    total = ZERO
    for stretch in clock.stretches:
        until = at if stretch.to_at is None else min(stretch.to_at, at)
        if until > stretch.from_at:
            total += worked(calendar, stretch.from_at, until)
    return total


def reaches(definition: Definition, clock: Clock, amount: timedelta) -> datetime | None:
    """When a running clock has worked `amount`, if it runs on; None when it does not run or its calendar never
    opens again. An amount that was worked already gives the instant at which the running stretch began or
    passed it; callers move that to the change that made it.
    """
    if clock.status != "running" or not clock.stretches:
        return None
    calendar = calendar_of(definition, clock)
    if clock.until is not None:
        return _reaches_moment(calendar, clock, clock.until, amount)
    running = clock.stretches[-1]
    before = ZERO
    for stretch in clock.stretches[:-1]:
        if stretch.to_at is not None:
            before += worked(calendar, stretch.from_at, stretch.to_at)
    missing = amount - before
    if missing <= ZERO:
        return running.from_at
    return due(calendar, running.from_at, missing)


def _reaches_moment(
    calendar: FrozenCalendar, clock: Clock, until: datetime, amount: timedelta
) -> datetime | None:
    """The same on the way to a moment, which pauses do not move."""
    start = clock.stretches[0].from_at
    whole = worked(calendar, start, until)
    if amount == whole:
        return until
    return due(calendar, start, amount) if amount < whole else due(calendar, until, amount - whole)


def threshold_amount(threshold: Threshold, target: timedelta) -> timedelta:
    """The worked time at which a threshold lies: a share of the target, or so much before or after it."""
    if threshold.percent is not None:
        return target * threshold.percent / 100
    if threshold.after is not None:
        return target + length(threshold.after)
    assert threshold.left is not None, "the loader gives every threshold a place"
    return max(target - length(threshold.left), ZERO)
