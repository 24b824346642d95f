"""Selectors become directory queries with the ticket's own ids in them."""

from __future__ import annotations

import pytest

from domain.engine.events import Actor
from domain.engine.people import is_among, lower, lower_or_nobody
from domain.engine.ticket import Json
from tests.builders import a_definition

DEFINITION = a_definition("""
    fields:
      lead: {type: person}
      watchers: {type: people}
      helpers: {type: team}
      machine: {type: asset}
      machines: {type: assets}
    roles:
      requester: field:requester
      resolvers: members-of:team
      both: [requester, "team:desk"]
      loop: field:lead
    states: {new: {category: new}, gone: {category: closed}}
    transitions: {end: {from: new, to: gone, who: [both, loop]}}
""")
FIELDS = {
    "requester": "ann", "team": "net", "service": "vpn", "watchers": ["a", "b"], "helpers": "ops", "lead": None,
    "machine": "pc", "machines": ["pc", "mac", 7], "nobody": "",
}  # fmt: skip
KNOWN: dict[str, dict[str, Json]] = {
    "person:ann": {"manager": "maria"},
    "service:vpn": {"owner": "olga"},
    "asset:pc": {"owner": "ann"},
    "asset:mac": {"owner": None},
    "person:a": {"manager": ""},
    "person:b": {"manager": 5},
}


@pytest.mark.parametrize(
    ("selector", "queries"),
    [
        ("requester", ("person:ann",)),
        ("resolvers", ("members:net",)),
        ("both", ("person:ann", "members:desk")),
        ("team:desk", ("members:desk",)),
        ("person:bob", ("person:bob",)),
        ("group:chiefs", ("group:chiefs",)),
        ("on-call:desk", ("on-call:desk",)),
        ("field:watchers", ("person:a", "person:b")),
        ("field:helpers", ("members:ops",)),
        ("field:lead", ()),
        ("lead-of:team", ("lead:net",)),
        ("lead:hr", ("lead:hr",)),
        ("members-of:team", ("members:net",)),
        ("on-call-of:team", ("on-call:net",)),
        ("manager-of:requester", ("person:maria",)),
        ("manager-of:assignee", ()),
        ("owner-of:service", ("person:olga",)),
        ("everyone", ("everyone",)),
        ("task_people", ("task_people",)),
        ("owner-of:machine", ("person:ann",)),
        ("owner-of:machines", ("person:ann",)),
        ("owner-of:nothing", ()),
        ("manager-of:watchers", ()),
        ("manager-of:manager-of:requester", ("manager-of:person:maria",)),
        ("manager-of:manager-of:nothing", ()),
        ("field:nobody", ()),
        ("field:machines", ("person:pc", "person:mac")),
        ("friend-of:requester", ()),
        ("paged", ("paged",)),
        ("nothing", ()),
    ],
)
def test_a_selector_is_lowered(selector: str, queries: tuple[str, ...]) -> None:
    assert lower(DEFINITION, (selector,), FIELDS, KNOWN) == queries


def test_each_query_comes_once_in_order() -> None:
    assert lower(DEFINITION, ("requester", "both", "person:ann"), FIELDS, KNOWN) == (
        "person:ann",
        "members:desk",
    )


def test_what_points_at_nobody_says_so_when_somebody_was_to_be_told() -> None:
    assert lower_or_nobody(DEFINITION, ("field:lead", "manager-of:assignee"), FIELDS, KNOWN) == (
        "nobody:field:lead, manager-of:assignee",
    )


@pytest.mark.parametrize(
    ("actor", "query", "is_one"),
    [
        (Actor("ann"), "person:ann", True),
        (Actor("ann"), "person:bob", False),
        (Actor("ann", teams=("desk",)), "members:desk", True),
        (Actor("ann", leads=("desk",)), "lead:desk", True),
        (Actor("ann", teams=("desk",)), "lead:desk", False),
        (Actor("ann", groups=("chiefs",)), "group:chiefs", True),
        (Actor("ann", on_call=("desk",)), "on-call:desk", True),
        (Actor("ann", paged=True), "paged", True),
        (Actor("ann"), "paged", False),
        (Actor("ann"), "everyone", True),
        (Actor("ann"), "nobody:x", False),
    ],
)
def test_who_is_meant(actor: Actor, query: str, is_one: bool) -> None:
    assert is_among(actor, [query]) is is_one


@pytest.mark.parametrize(
    ("query", "is_one"),
    [
        ("manager-of:person:bob", True),
        ("manager-of:person:eve", False),
        ("manager-of:manager-of:person:bob", False),
        ("manager-of:group:bob", False),
        ("on-call:net", False),
        ("group:desk", False),
        ("members:chiefs", False),
        ("lead:chiefs", False),
        ("task_people", False),
        ("nobody:person:ann", False),
    ],
)
def test_only_the_relation_that_is_named_counts(query: str, is_one: bool) -> None:
    everything = Actor(
        "ann", teams=("desk",), leads=("net",), groups=("chiefs",), on_call=("desk",), manages=("bob",)
    )
    assert is_among(everything, (query,)) is is_one
    assert is_among(everything, ("person:eve", query, "person:eve")) is is_one


@pytest.mark.parametrize(("roles", "found"), [(8, ("person:end",)), (9, ())])
def test_a_role_is_followed_through_others_but_not_for_ever(roles: int, found: tuple[str, ...]) -> None:
    chain = ", ".join([f"r{n}: r{n + 1}" for n in range(roles - 1)] + [f"r{roles - 1}: person:end"])
    definition = a_definition(f"""
    roles: {{{chain}}}
    states: {{new: {{category: new}}, gone: {{category: closed}}}}
    transitions: {{end: {{from: new, to: gone, who: everyone}}}}
""")
    assert lower(definition, ("r0",), {}, {}) == found
