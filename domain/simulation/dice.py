"""Chance, as the simulation takes it: numbers between 0 and 1 that are handed in, never made here."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from statistics import NormalDist
from typing import TypeVar

Dice = Callable[[], float]
"""The next number of one stream, 0 ≤ x < 1."""

Streams = Callable[[str], Dice]
"""The stream of a name. The same name gives the same numbers, so that what changes in one place moves nothing else."""

T = TypeVar("T")
_NORMAL = NormalDist()
_P90 = _NORMAL.inv_cdf(0.9)
_LEAST = 1e-12  # a logarithm has to end somewhere


def weighted(dice: Dice, choices: Sequence[tuple[T, float]]) -> T:
    """One of the choices, each as often as its weight says. `choices` is not empty and has a weight above 0."""
    left = dice() * sum(weight for _, weight in choices)
    for choice, weight in choices:
        left -= weight
        if left < 0:
            return choice
    return [choice for choice, weight in choices if weight > 0][-1]


def uniform(dice: Dice, low: float, high: float) -> float:
    """Anything between two bounds, all alike."""
    return low + (high - low) * dice()


def exponential(dice: Dice, mean: float) -> float:
    """Waiting for what comes by chance: many short ones, few long ones."""
    return -mean * math.log(max(1.0 - dice(), _LEAST))


def lognormal(dice: Dice, median: float, p90: float) -> float:
    """Work: half is done within the median, nine of ten within `p90`, and a few take very long."""
    spread = math.log(p90 / median) / _P90
    return median * math.exp(spread * _NORMAL.inv_cdf(min(max(dice(), _LEAST), 1.0 - _LEAST)))


def lognormal_mean(median: float, p90: float) -> float:
    """The mean of `lognormal`."""
    return median * math.exp((math.log(p90 / median) / _P90) ** 2 / 2)


def poisson_times(dice: Dice, rate: Callable[[int], float], slots: int) -> list[float]:
    """Arrival times by chance: `rate` of arrivals in each of `slots` of length 1, by number from 0."""
    found: list[float] = []
    for slot in range(slots):
        expected = rate(slot)
        if expected <= 0:
            continue
        at = exponential(dice, 1.0 / expected)
        while at < 1.0:
            found.append(slot + at)
            at += exponential(dice, 1.0 / expected)
    return found
