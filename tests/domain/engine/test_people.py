"""Selectors become directory queries with the ticket's own ids in them."""

from __future__ import annotations

import pytest

from domain.engine.events import Actor
from domain.engine.people import is_among, lower, lower_or_nobody
from tests.builders import a_definition

DEFINITION = a_definition("""
    fields: {lead: {type: person}, watchers: {type: people}, helpers: {type: team}}
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
}  # fmt: skip
KNOWN = {"person:ann": {"manager": "maria"}, "service:vpn": {"owner": "olga"}}


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
