"""Arrivals: how many tickets come in which hour of the week, and when exactly."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import accumulate
from zoneinfo import ZoneInfo

from domain.calendars.hours import DAY, WEEK, parse_days, parse_hours
from domain.local_time import WEEKDAYS, wall_time
from domain.simulation.dice import Dice, poisson_times

ELSE = "else"
HOUR = timedelta(hours=1)

PerHour = Mapping[str, Mapping[str, float]]
"""Days (`mon-fri`) to hours (`09:00-12:00`, or `else` for the rest of the day) to arrivals an hour."""

Path = tuple[str, ...]


def rate_problems(rates: PerHour) -> list[tuple[Path, str]]:
    """What is wrong with the rates, each with its path below `per_hour`."""
    problems: list[tuple[Path, str]] = []
    given: dict[int, str] = {}
    for days, by_hours in rates.items():
        try:
            numbers = parse_days(days)
        except ValueError as error:
            problems.append(((days,), str(error)))
            numbers = ()
        for day in numbers:
            if day in given:
                problems.append(((days,), f"{WEEKDAYS[day]} is given twice, here and in {given[day]}"))
                break
            given[day] = days
        problems += [((days, hours), message) for hours, message in _hour_problems(by_hours)]
    if not problems and not any(rate for by_hours in rates.values() for rate in by_hours.values()):
        problems.append(((), "no ticket ever comes: give at least one hour a rate above 0"))
    return problems


def _hour_problems(by_hours: Mapping[str, float]) -> list[tuple[str, str]]:
    problems: list[tuple[str, str]] = []
    taken: dict[int, str] = {}
    for hours in by_hours:
        if hours == ELSE:
            continue
        try:
            spans = parse_hours(hours)
        except ValueError as error:
            problems.append((hours, str(error)))
            continue
        minutes = [minute % DAY for start, end in spans for minute in range(start, end)]
        other = next((taken[minute] for minute in minutes if minute in taken), None)
        if other is not None:
            problems.append((hours, f"these hours overlap with {other}"))
        taken |= dict.fromkeys(minutes, hours)
    return problems


def by_minute(rates: PerHour) -> list[float]:
    """Arrivals an hour for every minute of a week, Monday first. Hours belong to the day they are written for."""
    table = [0.0] * WEEK
    spans: list[tuple[int, int, float]] = []
    for days, by_hours in rates.items():
        for day in parse_days(days):
            if ELSE in by_hours:
                table[day * DAY : (day + 1) * DAY] = [by_hours[ELSE]] * DAY
            for hours, rate in by_hours.items():
                if hours != ELSE:
                    spans += [(day * DAY + start, day * DAY + end, rate) for start, end in parse_hours(hours)]
    for start, end, rate in spans:
        for minute in range(start, end):
            table[minute % WEEK] = rate
    return table


def arrival_times(
    rates: PerHour, zone: ZoneInfo, start: datetime, days: int, tickets: int | None, dice: Dice
) -> list[datetime]:
    """When tickets come in the days from `start`, in order.

    With a number of tickets exactly so many, spread as the rates say; without, as many as the rates give by chance.
    """
    table = by_minute(rates)
    expected = [_of_hour(table, start + slot * HOUR, zone) for slot in range(days * 24)]
    if tickets is None:
        moments = poisson_times(dice, expected.__getitem__, len(expected))
    else:
        moments = _spread(expected, tickets, dice)
    return [start + timedelta(seconds=int(moment * 3600)) for moment in moments]


def _of_hour(table: list[float], at: datetime, zone: ZoneInfo) -> float:
    wall = wall_time(at, zone)
    first = wall.weekday() * DAY + wall.hour * 60 + wall.minute
    return sum(table[(first + minute) % WEEK] for minute in range(60)) / 60


def _spread(expected: list[float], tickets: int, dice: Dice) -> list[float]:
    totals = list(accumulate(expected))
    if not totals or totals[-1] <= 0:
        return []
    found = []
    for _ in range(tickets):
        place = dice() * totals[-1]
        slot = min(bisect_right(totals, place), len(totals) - 1)
        before = totals[slot - 1] if slot else 0.0
        found.append(
            slot + min((place - before) / expected[slot], 0.999999) if expected[slot] else float(slot)
        )
    return sorted(found)


def weekly(rates: PerHour) -> float:
    """Arrivals in a week."""
    return sum(by_minute(rates)) / 60
