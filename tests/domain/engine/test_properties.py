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
