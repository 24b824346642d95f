"""Conditions of form fields."""

from __future__ import annotations

import pytest

from tests.web.condition_cases import ASKED, CASES
from web.conditions import deciding, holds, lower


@pytest.mark.parametrize(("condition", "values", "answer"), CASES)
def test_a_simple_condition_is_decided_by_what_is_filled_in(
    condition: str, values: dict[str, object], answer: bool
) -> None:
    when = lower(condition, ASKED, {})
    assert when is not None
    assert holds(when, values) is answer


@pytest.mark.parametrize(
    "condition",
    [
        "ticket.service.critical",
        'actor.id == "alice"',
        "ticket.users + 1 > 3",
        'ticket.unknown == "x"',
        "ticket.code == ticket.impact",
        "this is no (condition",
    ],
)
def test_what_only_the_engine_can_decide_is_left_to_it(condition: str) -> None:
    assert lower(condition, ASKED, {}) is None


def test_a_field_the_form_does_not_ask_for_is_read_from_the_ticket() -> None:
    assert lower('ticket.state_code == "x" and ticket.major', frozenset({"major"}), {"state_code": "x"}) == [
        "and",
        [["always", True], ["is", "major"]],
    ]


def test_a_condition_names_the_fields_it_depends_on() -> None:
    when = lower('not ticket.major and ticket.code in ["a"]', ASKED, {})
    assert when is not None
    assert deciding(when) == {"major", "code"}
