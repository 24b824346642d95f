"""What holds for every ticket whatever happens to it: random lives on the incident and on random definitions.

A failing life is printed by hypothesis with its acts; the seeds below choose the definitions.
"""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, example, given, seed, settings
from hypothesis import strategies as st

from tests.builders import the_incident
from tests.domain.engine.lives import (
    ACTS,
    FRIDAY,
    MONDAY,
    Act,
    Life,
    lived,
)
from tests.domain.engine.random_definitions import a_random_definition

SEEDS = range(19)
MANY = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
FEW = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@seed(20261127)
@MANY
@given(st.integers(0, 3), ACTS)
@example(0, [Act("outage", 0, 0, 1500, 0), Act("move", 1, 1, 0, 0), Act("outage", 0, 0, 9000, 0)])
def test_every_life_of_an_incident_is_sound_and_the_same_after_a_journey_through_json(
    value: int, acts: list[Act]
) -> None:
    assert lived(the_incident(), FRIDAY, value, acts) == lived(
        the_incident(), FRIDAY, value, acts, reload=True
    )


@pytest.mark.parametrize("number", SEEDS)
def test_every_life_under_a_random_definition_is_sound_and_the_same_after_a_journey_through_json(
    number: int,
) -> None:
    print(f"definition {number}, acts 20260302")
    definition = a_random_definition(number)

    @seed(20260302)
    @FEW
    @given(st.integers(0, 3), ACTS)
    def lives(value: int, acts: list[Act]) -> None:
        assert lived(definition, MONDAY, value, acts) == lived(definition, MONDAY, value, acts, reload=True)

    lives()


@pytest.mark.parametrize("number", range(0, 18, 6))
def test_a_ticket_lives_on_soundly_under_any_other_definition(number: int) -> None:
    print(f"definitions {number} and {number + 1}, acts 20261121")
    first, second = a_random_definition(number), a_random_definition(number + 1)

    @seed(20261121)
    @settings(FEW, max_examples=6)
    @given(st.integers(0, 3), ACTS, ACTS)
    def lives(value: int, before: list[Act], after: list[Act]) -> None:
        life = Life(first, MONDAY)
        if not life.open(value):
            return
        for act in before:
            life.live(act)
        entry = life.story.migrate(second, leave_behind=True)
        assert entry.result in ("done", "refused"), entry.refusal
        if entry.result == "done":
            life.definition = second
        for act in after:
            life.live(act)

    lives()
