"""What a ticket refers to only through something else is known as far as rules read it, and no further."""

from __future__ import annotations

import pytest

from domain.engine.events import Move
from domain.engine.following import chains_in, with_followed
from domain.engine.needs import needs
from domain.engine.scope import Thing
from domain.engine.ticket import Json
from tests.builders import Story, a_definition, effects

PROCESS = """
fields: {log: {type: note}, heavy: {type: boolean, compute: ticket.asset.service.critical}}
forms: {create: {title: required, asset: optional}}
states: {new: {category: new}, closed: {category: closed}}
transitions:
  ask:
    from: new
    who: everyone
    if: ticket.asset.service.owner.manager.vip and actor.manager.locale == "de"
    do: [{set: {log: "{{ ticket.asset.service.owner.id }}", service: "{{ ticket.asset.service }}"}}]
  lead:
    from: new
    who: everyone
    do: [{set: {log: "{{ ticket.service.owner.manager.id }} of {{ ticket.service.id }}"}}]
  close: {from: new, to: closed, who: everyone}
  drop: {from: new, who: everyone, do: [{set: {asset: null}}]}
  give: {from: new, who: everyone, do: [{assign: {team: desk, pick: least_loaded}}]}
permissions: [{who: everyone, can: view, edit: all}]
"""
WORLD: dict[str, dict[str, Json]] = {
    "asset:nb": {"id": "nb", "service": "vpn", "owner": "ann"},
    "service:vpn": {"id": "vpn", "critical": True, "owner": "olga", "team": "net"},
    "person:olga": {"id": "olga", "manager": "max"},
    "person:max": {"id": "max", "vip": True, "manager": "eva"},
    "person:ann": {"id": "ann", "manager": "bob"},
    "person:bob": {"id": "bob", "locale": "de"},
}


def a_story() -> Story:
    definition = a_definition(PROCESS)
    follows = needs(definition, None, None).follow
    story = Story(definition, things=with_followed({**WORLD}, follows, WORLD.get))
    story.open(asset="nb")
    return story


def test_what_rules_read_behind_a_thing_is_looked_up_and_nothing_else() -> None:
    assert set(chains_in(a_definition(PROCESS).process)) == {
        ("service",),
        ("service", "owner"),
        ("service", "owner", "manager"),
        ("manager",),
        ("owner",),
    }
    found = with_followed({"asset:nb": WORLD["asset:nb"]}, [("service", "owner")], WORLD.get)
    assert list(found) == ["asset:nb", "service:vpn", "person:olga"]
    assert list(with_followed({"asset:x": None}, [("service",)], WORLD.get)) == ["asset:x"]
    only_names = a_definition(
        PROCESS.replace("compute: ticket.asset.service.critical", "default: true")
        .replace(
            "ticket.asset.service.owner.manager.vip and actor.manager.locale", "ticket.asset.service.name"
        )
        .replace("ticket.asset.service.owner.id", "ticket.asset.owner.name")
        .replace("ticket.service.owner.manager.id", "actor.manager.id")
    )
    assert chains_in(only_names.process) == () == needs(only_names, None, Move("x")).follow


def test_names_of_the_process_are_no_relations() -> None:
    asked = a_definition(
        """
        states: {new: {category: new, approval: manager}, closed: {category: closed}}
        approvals: {manager: {stages: [{id: team, approvers: manager-of:requester, if_nobody: approve}]}}
        transitions:
          yes: {from: new, to: closed, when: approval.manager.approved}
          no:
            from: new
            to: closed
            when: approval.manager.rejected
            do: [{comment: "{{ approval.manager.comment }}"}]
        """
    )
    assert chains_in(asked.process) == ()


def test_the_owner_of_the_service_of_an_asset_can_be_read_compared_and_set() -> None:
    story = a_story()
    assert story.ticket.fields["heavy"] is True
    story.do("ask")
    assert (story.ticket.fields["log"], story.ticket.fields["service"]) == ("olga", "vpn")
    story.do("lead")
    assert story.ticket.fields["log"] == "max of vpn", "a service that a rule set is known, too"
    seen = Thing("asset", "nb", story.ticket.known).get("service")
    assert isinstance(seen, Thing) and seen.get("critical") is True


def test_what_nothing_refers_to_any_more_is_forgotten() -> None:
    story = a_story()
    assert {"service:vpn", "person:olga", "person:max"} <= story.ticket.known.keys()
    story.do("drop")
    assert set(story.ticket.known) == {"person:ann", "person:bob"}


def test_whoever_is_picked_is_known_with_what_rules_read_behind_them() -> None:
    story = a_story()
    (asked,) = effects(story.do("give"), "pick")
    assert ["manager"] in asked.data["follow"]  # type: ignore[operator]  # it is a list


ROUTED = """
fields: {{helper: {{type: person, default: max}}}}
states: {{new: {{category: new}}, closed: {{category: closed}}}}
routing: [{{if: ticket.title == "VPN", team: net}}, {{team: desk}}]
transitions:
  lead: {{from: new, who: everyone, if: "{condition}", do: [{{set: {{team: board, helper: eva, title: x}}}}]}}
  close: {{from: new, to: closed, who: everyone}}
permissions: [{{who: everyone, can: view, edit: all}}]
"""


@pytest.mark.parametrize(
    ("condition", "looked_up"),
    [
        ("ticket.team.lead == actor", ("team:net", "team:desk", "team:board")),
        ("ticket.helper.vip", ("person:max", "person:eva")),
        ("ticket.team.name == 'net'", ()),
        ("ticket.team.id == 'net'", ()),
    ],
)
def test_what_rules_put_into_a_field_is_looked_up_where_rules_read_behind_it(
    condition: str, looked_up: tuple[str, ...]
) -> None:
    definition = a_definition(ROUTED.format(condition=condition))
    assert needs(definition, None, Move("lead")).things == looked_up
    assert needs(definition, None, None).things == ()


def test_the_lead_of_the_team_that_routing_gives_may_act_at_once() -> None:
    definition = a_definition(ROUTED.format(condition="ticket.team.lead == actor"))
    story = Story(definition, things={"team:net": {"id": "net", "lead": "bob"}})
    story.open(title="VPN")
    story.do("lead", "bob")
    assert story.ticket.fields["team"] == "board"
