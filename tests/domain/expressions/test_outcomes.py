"""Which outcomes a condition can have: certain only where every value was tried, and never wrong."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.expressions import (
    BOOLEAN,
    DATETIME,
    NUMBER,
    TEXT,
    Scope,
    choice_of,
    compile_condition,
    object_of,
    parse,
)
from domain.expressions.outcomes import constant, constant_parts, in_words, outcomes

PERSON = object_of("person", {"vip": BOOLEAN, "name": TEXT})
TICKET = object_of(
    "ticket",
    {"k": choice_of("a", "b"), "m": BOOLEAN, "n": NUMBER, "t": TEXT, "p": PERSON, "at": DATETIME},
)
SCOPE = Scope({"ticket": TICKET, "now": DATETIME})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('ticket.k in ["a", "b"]', None),  # it may be null
        ('ticket.k in ["a", "b"] or ticket.k == null', True),
        ('ticket.k == "a" and ticket.k == "b"', False),
        ('ticket.k != "a" or ticket.k != "b"', True),
        ("ticket.m or not ticket.m", True),
        ("ticket.n > 5 and ticket.n < 3", False),
        ("ticket.n > 5 or ticket.n <= 5", None),
        ("ticket.n > 5 or ticket.n <= 5 or ticket.n == null", True),
        ("-3 < ticket.n and ticket.n < -4", False),
        ("ticket.n > 2 and ticket.n < 3", None),
        ("ticket.n > ticket.n", None),
        ('ticket.t == "x" and ticket.t == "y"', False),
        ("ticket.p == null and ticket.p.vip", False),
        ("ticket.at == null or ticket.at != null", True),
        ("ticket.at > now", None),
        ("null > 1", False),
        ("true", True),
        ('(ticket.k ?? "a") == "a" and ticket.k == "b"', False),
        ("if ticket.m then ticket.n > 3 else ticket.n > 3", None),
        ("if ticket.m then not ticket.m else ticket.m", False),
    ],
)
def test_always_and_never_are_found_over_options_booleans_numbers_and_null(
    text: str, expected: bool | None
) -> None:
    assert constant(parse(text), SCOPE) is expected


def test_what_is_never_null_and_limits_of_numbers_are_used() -> None:
    both = parse('ticket.k in ["a", "b"]')
    assert constant(both, SCOPE, sure=frozenset({("ticket", "k")})) is True
    large = parse("ticket.n > 10")
    assert constant(large, SCOPE, limits={("ticket", "n"): (1, 10)}) is False
    assert constant(large, SCOPE, limits={("ticket", "n"): (1, 11)}) is None
    assert constant(parse('ticket.k == "a"'), SCOPE, within={("ticket", "k"): ["b"]}) is False


def test_the_outermost_constant_part_is_named() -> None:
    text = 'ticket.m and (ticket.k == "a" and ticket.k == "b" or ticket.n > 3)'
    assert [(part[0], value) for part, value in constant_parts(parse(text), SCOPE)] == [("and", False)]


def test_an_example_is_told_in_words() -> None:
    wanted = parse('ticket.k == "b" and not ticket.m')
    values = next(
        values for values, (held,) in outcomes([wanted], SCOPE) if held and values[("ticket", "m")] is False
    )
    assert in_words(values) == 'ticket.k is "b", ticket.m is false'


def test_a_condition_with_very_many_combinations_is_answered_quickly() -> None:
    names = {f"f{index}": choice_of(*map(str, range(12))) for index in range(12)}
    scope = Scope({"ticket": object_of("ticket", names)})
    text = " and ".join(f'ticket.{name} == "1"' for name in names)
    assert constant(parse(text), scope) is None
    assert sum(1 for _ in outcomes([parse(text)], scope)) <= 4096


atoms = st.sampled_from(
    [
        'ticket.k == "a"',
        'ticket.k != "b"',
        'ticket.k in ["a"]',
        "ticket.k == null",
        "ticket.m",
        "ticket.n > 3",
        "ticket.n <= 5",
        "ticket.n == 4",
        "ticket.n + 1 > 4",
        "(ticket.n ?? 0) < 1",
        'ticket.t == "x"',
        'ticket.t in ["x", "y"]',
        'ticket.t != "y"',
        "ticket.p == null",
        "ticket.p.vip",
        'ticket.p.name == "x"',
        "size(ticket.t) > 1",
        "true",
        "null",
    ]
)
conditions = st.recursive(
    atoms,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(
            lambda made: f"({made[0]} {made[1]} {made[2]})"
        ),
        inner.map(lambda one: f"not ({one})"),
        st.tuples(inner, inner, inner).map(lambda made: f"(if {made[0]} then {made[1]} else {made[2]})"),
    ),
    max_leaves=8,
)
tickets = st.fixed_dictionaries(
    {
        "k": st.sampled_from(["a", "b", None]),
        "m": st.sampled_from([True, False, None]),
        "n": st.one_of(st.none(), st.integers(-2, 8), st.floats(-2, 8)),
        "t": st.sampled_from(["x", "y", "z", "", None]),
        "p": st.one_of(
            st.none(),
            st.fixed_dictionaries(
                {"vip": st.sampled_from([True, False, None]), "name": st.sampled_from(["x", "q", None])}
            ),
        ),
    }
)


@settings(max_examples=600, deadline=None)
@given(text=conditions, ticket=tickets)
def test_what_is_called_constant_is_so_for_every_ticket(text: str, ticket: dict[str, Any]) -> None:
    ast = parse(text)
    found = constant(ast, SCOPE)
    given_out = {held for _, (held,) in outcomes([ast], SCOPE)}
    outcome = compile_condition(ast)({"ticket": ticket}) is True
    assert found is None or found is outcome, (text, ticket)
    assert None in given_out or outcome in given_out, (text, ticket)
