"""How many there were, hour by hour, from what came and went."""

from __future__ import annotations

from datetime import datetime, timedelta

from domain.simulation.measures import Change

HOUR = timedelta(hours=1)


def longest(changes: list[Change]) -> int:
    """The most there ever were."""
    most = level = 0
    for _, change in changes:
        level += change
        most = max(most, level)
    return most


def at_hours(changes: list[Change], start: datetime, days: int) -> tuple[int, ...]:
    """How many there are at the end of each hour."""
    ordered = sorted(changes, key=lambda one: one[0])
    found: list[int] = []
    level = place = 0
    for hour in range(1, days * 24 + 1):
        until = start + hour * HOUR
        while place < len(ordered) and ordered[place][0] <= until:
            level += ordered[place][1]
            place += 1
        found.append(level)
    return tuple(found)


def means(changes: list[Change], start: datetime, days: int) -> tuple[float, ...]:
    """How many there are on average in each hour."""
    ordered = sorted(changes, key=lambda one: one[0])
    found: list[float] = []
    level = place = 0
    now = start
    for hour in range(1, days * 24 + 1):
        until = start + hour * HOUR
        area = 0.0
        while place < len(ordered) and ordered[place][0] < until:
            at, change = ordered[place]
            area += level * (at - now).total_seconds()
            now, level, place = at, level + change, place + 1
        area += level * (until - now).total_seconds()
        now = until
        found.append(round(area / 3600, 3))
    return tuple(found)
