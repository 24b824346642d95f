"""What each name of an expression gives, typed: things with what is known of them, clocks, tasks, links, approvals."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache

import pytest

from domain.engine.draft import Draft
from domain.engine.entries import Cause
from domain.engine.events import Actor, CompleteTask, News, Relink
from domain.engine.scope import Thing, linked_scope, typed_element, typed_event, typed_field
from domain.engine.ticket import Json, Link
from tests.builders import START, a_definition, accepted
from tests.domain.engine.boards import Board

TEXT = """
fields:
  size: {type: number}
  owner: {type: person}
  team_of: {type: team}
  watchers: {type: people}
  lines: {type: rows, columns: {who: {type: person}, day: {type: date}}}
  wait: {type: duration}
  promised: {type: datetime}
forms: {create: {title: required, size: optional}}
roles: {agents: team:board}
links:
  cause: {process: problem, inverse: things, many: false, reads: {size: number, owner: person}}
  parts: {process: problem, inverse: wholes}
states:
  new: {category: new, tasks: [look, each, later], approval: board}
  gone: {category: closed}
transitions:
  end: {from: any, to: gone, who: everyone}
  done: {from: any, when: tasks.done, to: gone}
  if: {from: any, who: everyone, if: "tasks.exists(t, t.name == 'x')", do: [{raise: x}]}
clocks:
  c: {target: 1h, calendar: always, pause: {if: ticket.size == 5}, stop: {in: closed}}
  none: {target: 1h, calendar: always, start: {if: ticket.size == 77}, stop: {in: closed}}
  till: {until: ticket.opened_at + 5h, calendar: always, stop: {in: closed}}
  free: {until: ticket.promised, calendar: always, stop: {in: closed}}
tasks:
  look: {assign: everyone, due: 2h, outcomes: [good, bad]}
  each: {for_each: ticket.watchers, as: person, assign: everyone}
  later: {assign: everyone, due: 2h}
  http: {http: {url: "https://x.example"}}
approvals:
  board:
    stages: [{id: one, approvers: [person:a, person:b, person:maria], quorum: 2, veto: group:security},
             {id: two, approvers: person:c}]
  other: {stages: [{id: only, approvers: person:a}]}
"""
KNOWN: dict[str, dict[str, Json]] = {
    "person:a": {"id": "a", "vip": True, "manager": "maria"},
    "person:maria": {"id": "maria", "team": "ops", "lead": 5},
    "team:desk": {"id": "desk", "lead": "maria", "service": "vpn", "name": "never kept"},
}


@cache
def a_story() -> Board:
    story = Board(a_definition(TEXT))
    story.open(size=1)
    story.edit(
        owner="a",
        watchers=["a", "maria"],
        lines=[{"who": "a", "day": "2026-03-09"}, {"who": None}],
        wait="90m",
    )
    accepted(
        story.send(Relink("cause", "p1", "P-1", category="active", values={"size": 3, "owner": "a"}), "")
    )
    accepted(story.send(Relink("parts", "p2", "P-2"), ""))
    story.now = story.at(minutes=90)
    story.until(story.now)
    story.send(News("p2", "done"), "")
    story.vote("b", comment="fine")
    accepted(story.send(CompleteTask("look", {"outcome": "bad"}), "ann"))
    story._ticket = replace(story.ticket, known=KNOWN, fields={**story.ticket.fields, "team_of": "desk"})
    return story


def a_draft() -> Draft:
    actor = Actor("a", teams=("board",), groups=("g",), vip=True, locale="zh-CN")
    story = a_story()
    facts = replace(story.facts("a"), actor=actor, things={**KNOWN, "person:b": None})
    return Draft(story.definition, story.ticket, story.now, story.now, Cause("command", "x"), facts)


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("ticket.size", 1),
        ("ticket.nothing", None),
        ("ticket.state", "new"),
        ("ticket.process", "thing"),
        ("ticket.opened_at", START),
        ("ticket.entered_at", START),
        ("ticket.agreement", None),
        ("ticket.wait", timedelta(minutes=90)),
        ("ticket.promised", None),
        ("ticket.owner", Thing("person", "a", {})),
        ("ticket.owner.id", "a"),
        ("ticket.owner.vip", True),
        ("ticket.owner.nothing", None),
        ("ticket.owner.manager", Thing("person", "maria", {})),
        ("ticket.owner.manager.team", Thing("team", "ops", {})),
        ("ticket.owner.manager.lead", 5),
        ("ticket.team_of.lead", Thing("person", "maria", {})),
        ("ticket.team_of.lead.team.id", "ops"),
        ("ticket.team_of.service", Thing("service", "vpn", {})),
        ("ticket.watchers[1].team", Thing("team", "ops", {})),
        ("ticket.lines[0].who.vip", True),
        ("ticket.lines[0].day", date(2026, 3, 9)),
        ("ticket.lines[1].who", None),
        ("ticket.lines[1].day", None),
        ("old.size", 1),
        ("old.owner.vip", True),
        ("old.nothing", None),
        ("old.state", "new"),
        ("old.opened_at", START),
        ("actor.id", "a"),
        ("actor.vip", True),
        ("actor.locale", "zh-CN"),
        ("actor.teams", ["board"]),
        ("actor.groups", ["g"]),
        ("actor.roles", ["agents", "everyone"]),
        ("actor.manager", Thing("person", "maria", {})),
        ("actor == ticket.owner", True),
        ("now", START + timedelta(minutes=90)),
        ("event", None),
        ("clock.c.due", START + timedelta(hours=1)),
        ("clock.c.running", True),
        ("clock.c.breached", True),
        ("clock.c.elapsed", timedelta(minutes=90)),
        ("clock.c.target", timedelta(hours=1)),
        ("clock.c.left", timedelta(0)),
        ("clock.none.due", None),
        ("clock.free.running", True),
        ("clock.till.target", timedelta(hours=5)),
        ("clock.till.left", timedelta(hours=3, minutes=30)),
        ("clock.free.breached", False),
        ("clock.free.target", None),
        ("clock.free.left", None),
        ("clock.free.due", None),
        ("task.look.state", "done"),
        ("task.look.outcome", "bad"),
        ("task.look.error", None),
        ("task.look.attempt", 0),
        ("task.look.due", None),
        ("task.later.due", START + timedelta(hours=2)),
        ("task.look.response", None),
        ("task.http.state", None),
        ("link.cause.id", "p1"),
        ("link.cause.ref", "P-1"),
        ("link.cause.category", "active"),
        ("link.cause.size", 3),
        ("link.cause.owner.vip", True),
        ("size(link.parts)", 1),
        ("link.parts[0].category", "done"),
        ("size(links.cause)", 1),
        ("links.parts[0].ref", "P-2"),
        ("approval.board.state", "pending"),
        ("approval.board.stage", "one"),
        ("approval.board.comment", None),
        ("approval.board.decided_by", None),
        ("approval.board.decided_at", None),
        ("approval.board.waiting_for", [Thing("person", "a", {}), Thing("person", "maria", {})]),
        ("approval.board.waiting_for[0].vip", True),
        ("approval.other.state", None),
    ],
)
def test_a_name_gives_what_is_there_with_its_type(expression: str, value: object) -> None:
    found = a_draft().value_of(expression)
    assert found == value and isinstance(found, bool) == isinstance(value, bool)


def test_tasks_are_counted_one_by_one_and_under_the_name_the_file_has_for_them() -> None:
    assert a_draft().scope()["tasks"] == [
        {"name": "each", "state": "open", "outcome": None},
        {"name": "each", "state": "open", "outcome": None},
        {"name": "later", "state": "open", "outcome": None},
        {"name": "look", "state": "done", "outcome": "bad"},
    ]


def test_nothing_was_before_a_ticket_that_is_being_opened() -> None:
    story = a_story()
    fresh = replace(story.ticket, seq=0, fields={"size": 4})
    draft = Draft(story.definition, fresh, START, START, Cause("command", "open"), story.facts(""))
    assert [draft.value_of(f"old.{name}") for name in ("size", "state", "ref")] == [4, None, None]
    agreed = replace(story.ticket, agreement="gold")
    draft = Draft(story.definition, agreed, START, START, Cause("command", "x"), story.facts(""))
    members = ("agreement", "id", "ref", "process", "entered_at", "owner", "closed_at")
    assert [draft.value_of(f"old.{name}") for name in members] == [
        "gold",
        agreed.id,
        "T-0001",
        "thing",
        START,
        "a",
        None,
    ]
    assert draft.value_of("actor") is None


def test_who_decided_an_approval_is_a_person_with_what_is_known_of_them() -> None:
    story = a_story()
    run = replace(
        story.ticket.approvals["board"], state="approved", decided_by="a", decided_at=START, comment="ok"
    )
    stages = {name: replace(stage, state="approved") for name, stage in run.stages.items()}
    ticket = replace(story.ticket, approvals={"board": replace(run, stages=stages)})
    draft = Draft(story.definition, ticket, START, START, Cause("command", "x"), story.facts(""))
    names = (
        "state",
        "comment",
        "decided_at",
        "decided_by.vip",
        "decided_by.manager.id",
        "stage",
        "waiting_for",
    )
    assert [draft.value_of(f"approval.board.{name}") for name in names] == [
        "approved",
        "ok",
        START,
        True,
        "maria",
        None,
        [],
    ]


@pytest.mark.parametrize(
    ("element", "value"),
    [
        (3, 3),
        ("x", "x"),
        (None, None),
        ({}, None),
        ({"$at": "2026-03-02T09:00:00Z"}, START),
        ({"$date": "2026-03-09"}, date(2026, 3, 9)),
        ({"$for": 90}, timedelta(seconds=90)),
        ({"$person": "a"}, Thing("person", "a", KNOWN)),
        ({"$row": {"who": {"$person": "a"}, "n": 1}}, {"who": Thing("person", "a", KNOWN), "n": 1}),
    ],
)
def test_an_element_that_was_kept_has_its_type_again(element: Json, value: object) -> None:
    assert typed_element(element, KNOWN) == value


def test_what_an_element_or_a_field_refers_to_is_known() -> None:
    element = typed_element({"$row": {"who": {"$person": "a"}}}, KNOWN)
    assert isinstance(element, dict) and element["who"].get("vip") is True
    owners = typed_field("people", ["a", "b"], KNOWN)
    assert isinstance(owners, list) and [one.id for one in owners] == ["a", "b"]
    assert owners[0].get("vip") is True
    assert typed_field("person", 5, KNOWN) == 5 and typed_field("people", "a", KNOWN) == "a"
    assert typed_field("datetime", "2026-03-02T09:00:00Z", KNOWN) == datetime(2026, 3, 2, 9, tzinfo=UTC)


def test_an_event_tells_people_moments_and_elements_with_their_types() -> None:
    told = typed_event("task.each.one_done", {"element": {"$person": "a"}, "by": "x"}, KNOWN)
    assert told["element"] == Thing("person", "a", KNOWN) and told["by"] == "x"
    told = typed_event("approval.board.approved", {"person": "a", "stage": "s", "comment": None}, KNOWN)
    assert told == {"person": Thing("person", "a", KNOWN), "stage": "s", "comment": None}
    assert typed_event("clock.c.breached", {"due": "2026-03-02T09:00:00Z"}, KNOWN) == {"due": START}
    assert typed_event("nothing.known", {"person": "a"}, KNOWN) == {"person": "a"}


def test_a_link_that_the_process_no_longer_has_still_shows_the_ticket() -> None:
    definition = a_story().definition
    assert linked_scope(definition, "lost", Link("p3", "P-3"), KNOWN) == {
        "id": "p3",
        "ref": "P-3",
        "category": None,
    }
    whole = linked_scope(definition, "cause", Link("p3", "P-3", "done", {"size": 2, "x": 1}), KNOWN)
    assert whole == {"id": "p3", "ref": "P-3", "category": "done", "size": 2, "owner": None}
