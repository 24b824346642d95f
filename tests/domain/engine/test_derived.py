"""What is derived is found in one round where it can be, and what forms are judged by sees it."""

from __future__ import annotations

import pytest

from domain.engine.events import Actor, Move
from domain.engine.plan import plan_of
from domain.engine.ticket import Json
from tests.builders import Story, a_definition

PROCESS = """
fields:
  impact: {{type: choice, options: [high, low]}}
  urgency: {{type: choice, options: [high, low]}}
  size: {{type: number}}
  hint: {{type: text}}
  {fields}
forms: {{create: {{title: required, impact: optional, urgency: optional, size: optional, service: optional, {form}}}}}
roles: {{routed: members-of:team, agents: team:desk}}
priority:
  levels: [P1, P2]
  rows: impact
  columns: urgency
  matrix: {{high: {{high: P1, low: P2}}, low: {{high: P2, low: P2}}}}
  adjust: [{{if: {adjust}, raise_by: 1}}]
agreements: {{gold: {{if: {agreement}, targets: {{}}}}}}
routing:
  - {{if: {routing}, team: network}}
  - {{team: desk}}
tables:
  urgent:
    inputs: [priority]
    columns: {{now: {{type: boolean}}}}
    rows: [{{priority: P1, now: true}}, {{now: false}}]
states: {{new: {{category: new}}, found: {{category: active}}, gone: {{category: closed}}}}
transitions:
  find: {{from: new, to: found, who: everyone}}
  move: {{from: any, who: everyone, ask: {{impact: optional, urgency: optional, {form}}}}}
  close: {{from: any, to: gone, who: everyone}}
"""
NETWORK = Actor("ann", teams=("network",))


def a_story(
    *,
    fields: str = "more: {type: text}",
    form: str = "hint: optional",
    adjust: str = "ticket.requester.vip",
    agreement: str = 'ticket.priority == "P1"',
    routing: str = "ticket.size > 5",
    **values: Json,
) -> Story:
    text = PROCESS.format(fields=fields, form=form, adjust=adjust, agreement=agreement, routing=routing)
    things: dict[str, dict[str, Json] | None] = {"service:vpn": {"id": "vpn", "team": "network"}}
    story = Story(a_definition(text), {"ann": NETWORK}, things)
    story.open(**values)
    return story


@pytest.mark.parametrize(
    ("given", "once"),
    [
        ({}, True),
        ({"fields": "twice: {type: number, compute: ticket.size * 2}", "routing": "ticket.twice > 5"}, True),
        ({"routing": 'ticket.priority == "P1" and now > ticket.opened_at'}, True),
        ({"routing": "'\"desk\" in actor.teams'"}, True),
        ({"adjust": 'ticket.team.id == "desk"'}, False),
        ({"adjust": 'ticket.agreement == "gold"'}, False),
        ({"agreement": "ticket.assignee != null"}, False),
        ({"fields": 'label: {type: text, compute: "ticket.priority"}'}, False),
        ({"fields": 'label: {type: text, compute: "ticket.state"}'}, False),
        ({"routing": "ticket.entered_at != null"}, False),
        ({"routing": "'\"routed\" in actor.roles'"}, False),
        ({"routing": "table.urgent.now"}, False),
    ],
)
def test_one_round_is_enough_where_nothing_derived_reads_what_comes_after_it(
    given: dict[str, str], once: bool
) -> None:
    assert plan_of(a_story(**given).definition).derives_in_order is once


def test_what_is_derived_follows_what_is_derived_after_it() -> None:
    story = a_story(fields='label: {type: text, compute: "ticket.agreement"}', impact="high", urgency="high")
    assert story.ticket.fields["label"] == story.ticket.agreement == "gold"


def test_what_is_derived_by_the_state_follows_into_the_next_one() -> None:
    story = a_story(
        fields="twice: {type: number, compute: ticket.size * 2}", routing='ticket.state == "found"'
    )
    assert story.ticket.fields["team"] == "desk"
    story.do("find")
    assert story.ticket.fields["team"] == "network"


def test_what_is_learned_while_deriving_counts_for_what_was_derived_before_it() -> None:
    fields = """
  vip: {type: boolean, compute: ticket.requester.vip}
  same: {type: person, compute: ticket.requester}
"""
    story = a_story(fields=fields)
    assert "vip" not in story.ticket.fields
    story.things["person:ann"] = {"id": "ann", "vip": True}
    story.do("move")
    assert story.ticket.fields["vip"] is True


@pytest.mark.parametrize(
    "condition",
    [
        'ticket.priority == "P1"',
        'ticket.agreement == "gold"',
        '"routed" in actor.roles',
        "table.urgent.now",
        'ticket["priority"] == "P1"',
    ],
)
def test_a_form_is_judged_by_what_follows_from_its_values(condition: str) -> None:
    urgent: dict[str, Json] = {"impact": "high", "urgency": "high"}
    form = f"hint: {{if: '{condition}', required: true}}"
    story = a_story(form=form, routing='ticket.priority == "P1"')
    before = story.ticket
    asked = story.send(Move("move", urgent))
    assert asked.refusal is not None and [one["field"] for one in asked.refusal.errors] == ["hint"]
    assert story.ticket.fields == before.fields
    story.do("move", **urgent, hint="now")
    assert story.ticket.fields["hint"] == "now" and story.ticket.fields["team"] == "network"


def test_a_default_of_a_form_sees_what_follows_from_its_values() -> None:
    story = a_story(form='hint: {default: "{{ ticket.priority }}"}', impact="high", urgency="high")
    assert story.ticket.fields["hint"] == "P1"
