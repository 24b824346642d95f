"""The simulation against what queueing theory knows."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.simulation.dice import exponential
from domain.simulation.results import Results, results_of
from tests.domain.simulation.desks import ONE_QUEUE, plain, profile, run, streams

MINUTE = 60.0


def waits(rate: str, people: int, work: str, days: int) -> Results:
    definition = plain()
    return results_of(run(definition, profile(ONE_QUEUE % (rate, people, work), definition), days=days))


@pytest.mark.parametrize(
    ("people", "work", "minutes"),
    [
        (1, "{exponential: 6m}", 6.0),  # M/M/1: ρ/(μ-λ) with λ = 5 and μ = 10 an hour
        (1, "6m", 3.0),  # M/D/1: half of it
        (2, "{exponential: 12m}", 4.0),  # M/M/2: C(2, 1)/(2μ-λ) with μ = 5, C = 1/3
    ],
)
def test_the_mean_wait_is_that_of_theory(people: int, work: str, minutes: float) -> None:
    desk = waits("5", people, work, days=25).teams[0]
    assert desk.waited is not None
    assert desk.waited.mean / MINUTE == pytest.approx(minutes, rel=0.2)  # two standard errors of so many
    assert desk.load == pytest.approx(0.5, rel=0.05)


def test_every_wait_is_that_of_lindleys_recursion() -> None:
    """Of one person who takes what came first: wait of the next = wait + work - time between, or nothing."""
    definition = plain()
    simulation = run(definition, profile(ONE_QUEUE % ("8", 1, "{exponential: 6m}"), definition), days=5)
    waits, free_at = [], simulation.setting.start
    for number, at in enumerate(simulation.measures.arrived, start=1):
        begins = max(free_at, at)
        dice = streams()(f"{number}/new/1/1")
        dice()  # which button
        work = max(1.0, exponential(dice, 360.0))
        if begins < simulation.setting.end:
            waits.append((begins - at).total_seconds())
        free_at = begins + timedelta(seconds=round(work))
    assert simulation.measures.waits["desk"] == waits


def test_the_queue_is_as_long_as_littles_law_says() -> None:
    results = waits("5", 1, "{exponential: 6m}", days=15)
    desk = results.teams[0]
    assert desk.waited is not None
    mean_queue = sum(results.queue_by_hour["desk"]) / len(results.queue_by_hour["desk"])
    arrivals_a_second = results.arrived / (results.days * 86_400)
    assert mean_queue == pytest.approx(arrivals_a_second * desk.waited.mean, rel=0.02)


def test_arrivals_are_as_many_as_the_rates_say() -> None:
    results = waits('{mon-fri: {"09:00-12:00": 10, else: 1}, sat-sun: 0}', 1, "1m", days=28)
    assert results.arrived == pytest.approx(4 * 5 * (3 * 10 + 21), rel=0.07)


def test_more_people_never_worsen_the_share_met() -> None:
    shares = [waits("9", people, "{exponential: 20m}", days=3).clocks[0].share for people in (3, 4, 5, 6)]
    assert all(share is not None for share in shares)
    assert shares == sorted(shares, key=lambda share: share or 0.0)
    assert shares[0] != shares[-1]


def test_shorter_work_never_worsens_the_share_met() -> None:
    shares = [waits("5", 2, work, days=3).clocks[0].share or 0.0 for work in ("40m", "30m", "20m", "10m")]
    assert shares == sorted(shares)
