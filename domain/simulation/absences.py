"""Who is away when: holidays and illness, by chance, as often as the profile says."""

from __future__ import annotations

from datetime import datetime, timedelta

from domain.simulation.dice import Dice, exponential

Absence = tuple[datetime, datetime]
"""From when to when somebody is away."""


def absences(dice: Dice, share: float, length: float, start: datetime, end: datetime) -> list[Absence]:
    """When one person is away: so many seconds at a time, and this share of all time on average."""
    if share <= 0:
        return []
    if share >= 1:
        return [(start, end)]
    present = length * (1 - share) / share
    found: list[Absence] = []
    away = dice() < share
    at, left = start, length * dice() if away else exponential(dice, present)
    while at < end:
        until = at + timedelta(seconds=max(1.0, round(left)))
        if away:
            found.append((at, min(until, end)))
        at, away = until, not away
        left = length if away else exponential(dice, present)
    return found
