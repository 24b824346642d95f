"""People who are away, and a desk that is not empty when counting begins."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from domain.simulation.absences import absences
from domain.simulation.results import Results, results_of
from tests.domain.simulation.desks import ONE_QUEUE, incident, plain, profile, run, streams

START, END = datetime(2026, 1, 5, tzinfo=UTC), datetime(2027, 1, 5, tzinfo=UTC)
DAY = 86_400.0


@pytest.mark.parametrize(("share", "days"), [(0.1, 5), (0.5, 1)])
def test_each_is_away_as_often_and_as_long_as_the_profile_says(share: float, days: float) -> None:
    total = 0.0
    for person in range(200):
        found = absences(streams()(f"p{person}"), share, days * DAY, START, END)
        inner = [(end - start).total_seconds() for start, end in found if start > START and end < END]
        assert set(inner) <= {days * DAY}
        total += sum((end - start).total_seconds() for start, end in found)
    assert total / 200 / (END - START).total_seconds() == pytest.approx(share, rel=0.1)


def test_nobody_and_everybody() -> None:
    assert absences(streams()("x"), 0.0, DAY, START, END) == []
    assert absences(streams()("x"), 1.0, DAY, START, END) == [(START, END)]


def crew(away: str, people: int = 4) -> Results:
    text = ONE_QUEUE % (2, people, "{fixed: 1h}")
    text = text.replace("calendar: always}", f"calendar: always, away: {away}, away_for: 2d}}")
    return results_of(run(plain(), profile(text, plain()), days=60))


def test_who_is_away_takes_nothing_up_and_the_others_have_more_to_do() -> None:
    all_there, some_away = crew("0%"), crew("25%")
    assert all_there.arrived == some_away.arrived, "the same tickets"
    before, after = all_there.teams[0], some_away.teams[0]
    assert before.load == pytest.approx(0.5, abs=0.03)
    assert after.load == pytest.approx(0.5 / 0.75, abs=0.06), "of the time they were there"
    assert before.waited is not None and after.waited is not None
    assert after.waited.mean > before.waited.mean


def test_a_team_that_is_always_away_does_nothing() -> None:
    results = crew("100%")
    assert results.closed == 0 and results.teams[0].load is None


def test_who_is_away_is_not_called_and_approvals_wait_or_go_to_who_stands_in() -> None:
    text = "kind: simulation\nlang: 1\nprocess: incident\non_call:\n"
    text += "  duty-manager: {people: 2, calendar: always, away: 100%}\n"
    simulation = run(incident(), profile(text, incident()), days=10, tickets=200)
    assert not [busy for busy in simulation.measures.busy if busy[0].team == "duty-manager"]
    assert results_of(simulation).faults == 0


def test_what_a_warm_up_leaves_is_there_when_counting_begins() -> None:
    text = ONE_QUEUE % (4, 4, "{fixed: 55m}")
    cold = results_of(run(plain(), profile(text, plain()), days=10))
    simulation = run(plain(), profile(text, plain()), days=10, warm_up=10)
    warm = results_of(simulation)
    assert (warm.start, warm.days, warm.warm_up) == (cold.start + timedelta(days=10), 10, 10)
    assert (cold.carried, cold.warm_up) == (0, 0) and warm.carried > 0
    assert warm.arrived + warm.carried == warm.closed + warm.done + warm.open
    assert warm.open_by_hour["new"][-1] == warm.open and warm.open_by_hour["new"][0] > 0
    assert warm.teams[0].load is not None and 0.8 < warm.teams[0].load <= 1.0
    assert all(start >= warm.start for _, start, _, _ in simulation.measures.busy)


def test_a_warm_up_does_not_change_how_many_tickets_are_counted() -> None:
    text = ONE_QUEUE % (1, 4, "{fixed: 1h}")
    counted = results_of(run(plain(), profile(text, plain()), days=20, tickets=400, warm_up=10))
    assert counted.arrived == pytest.approx(400, rel=0.1)
