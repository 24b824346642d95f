"""Rights add up, what no line grants is denied, `hide` wins."""

from __future__ import annotations

from dataclasses import replace

from domain.engine.events import SYSTEM, Actor, Delegate
from domain.engine.permissions import (
    editable_fields,
    may,
    may_send,
    may_view,
    roles_of,
    visible_fields,
)
from tests.builders import Story, a_definition, accepted, an_agent
from tests.domain.engine.boards import a_board

TEXT = """
fields:
  impact: {type: choice, options: [high]}
  notes: {type: note, internal: true}
  twice: {type: number, compute: 1 + 1}
roles: {agents: team:desk, requester: field:requester}
priority:
  levels: [P1]
  rows: impact
  columns: impact
  matrix: {high: {high: P1}}
  may_override: group:chiefs
permissions:
  - {who: requester, can: [view, comment], hide: [description]}
  - {who: requester, in: new, edit: [title]}
  - {who: agents, can: [view, comment_internal], edit: all}
  - {who: team:other, can: [view, assign]}
messages: {api: {from: api}, linked: {from: linked}, system: {from: system}}
states: {new: {category: new}, work: {category: active}, gone: {category: closed}}
transitions:
  go: {from: new, to: work, who: agents}
  end: {from: work, to: gone, who: agents}
"""


def a_story() -> Story:
    story = Story(a_definition(TEXT), {"ann": Actor("ann"), **an_agent()})
    story.open()
    return story


ANN, BOB, EVE = Actor("ann"), Actor("bob", teams=("desk",)), Actor("eve")


def test_what_no_line_grants_is_denied() -> None:
    story = a_story()
    definition, ticket = story.definition, story.ticket
    assert may(definition, ticket, ANN, "comment") and not may(definition, ticket, ANN, "comment_internal")
    assert may_view(definition, ticket, ANN) and may_view(definition, ticket, BOB)
    assert not may_view(definition, ticket, EVE)


def test_whoever_works_on_a_ticket_or_was_paged_for_it_may_see_it() -> None:
    story = a_story()
    story.edit("bob", assignee="bob")
    assert may_view(story.definition, story.ticket, Actor("bob"))
    assert may_view(story.definition, story.ticket, Actor("eve", paged=True))


def test_rights_add_up_over_lines_and_states() -> None:
    story = a_story()
    assert editable_fields(story.definition, story.ticket, ANN) == {"title"}
    story.do("go", "bob")
    assert editable_fields(story.definition, story.ticket, ANN) == frozenset()


def test_hide_wins_over_every_grant() -> None:
    story = a_story()
    both = Actor("ann", teams=("desk",))
    assert "description" not in visible_fields(story.definition, story.ticket, both)
    assert "description" not in editable_fields(story.definition, story.ticket, both)
    assert "description" in visible_fields(story.definition, story.ticket, BOB)


def test_internal_fields_are_for_those_who_may_write_internal_notes() -> None:
    story = a_story()
    assert "notes" not in visible_fields(story.definition, story.ticket, ANN)
    assert "notes" in visible_fields(story.definition, story.ticket, BOB)


def test_derived_and_computed_fields_and_a_priority_of_others_are_never_edited() -> None:
    story = a_story()
    fields = editable_fields(story.definition, story.ticket, BOB)
    assert "impact" in fields and not fields & {"priority", "twice", "state"}
    chief = Actor("cho", teams=("desk",), groups=("chiefs",))
    assert "priority" in editable_fields(story.definition, story.ticket, chief)


def test_the_right_to_assign_is_a_right_to_two_fields() -> None:
    story = a_story()
    assert editable_fields(story.definition, story.ticket, Actor("o", teams=("other",))) == {
        "team",
        "assignee",
    }


def test_a_closed_ticket_is_not_edited_by_anybody() -> None:
    story = a_story()
    story.do("go", "bob")
    story.do("end", "bob")
    assert editable_fields(story.definition, story.ticket, BOB) == frozenset()


def test_roles_are_those_of_this_ticket() -> None:
    story = a_story()
    assert roles_of(story.definition, story.ticket, ANN) == {"requester", "everyone"}
    assert roles_of(story.definition, story.ticket, BOB) == {"agents", "everyone"}


def test_messages_come_from_where_they_may() -> None:
    story = a_story()
    senders = {
        name: [who.id for who in (SYSTEM, BOB, ANN) if may_send(story.definition, story.ticket, who, name)]
        for name in ("api", "linked", "system", "unknown")
    }
    assert senders == {"api": ["", "bob"], "linked": [""], "system": [""], "unknown": [""]}


def test_who_has_an_open_task_of_it_may_see_a_ticket() -> None:
    story = Story(
        a_definition(
            """
states: {new: {category: new, tasks: [a]}, closed: {category: closed}}
transitions: {end: {from: new, to: closed, when: tasks.done}}
tasks: {a: {assign: team:desk}}
permissions: [{who: requester, can: view}]
"""
        ),
        people={"bob": Actor("bob", teams=("desk",))},
    )
    story.open("ann")
    assert may_view(story.definition, story.ticket, Actor("bob", teams=("desk",)))
    assert not may_view(story.definition, story.ticket, Actor("eve"))
    story.complete("a", "bob")
    assert not may_view(story.definition, story.ticket, Actor("bob", teams=("desk",)))


CLOSELY = """
fields: {kind: {type: choice, options: [a, b]}, secret: {type: text}, notes: {type: note, internal: true}}
forms: {create: {title: required, kind: optional}}
roles: {handlers: manager-of:requester, kin: field:requester}
permissions:
  - {who: manager-of:requester, can: [view, attach]}
  - {who: requester, in: "kind:a", can: [comment], edit: [secret], hide: [description]}
  - {who: everyone, in: work, can: [comment_internal], edit: all}
states:
  new: {category: new}
  work: {category: active, fields: {hide: [secret], lock: [title]}}
  gone: {category: closed}
transitions:
  go: {from: new, to: work, who: requester}
  end: {from: any, to: gone, who: requester}
"""


def test_lines_are_for_relations_states_and_a_second_status_and_states_hide_and_lock() -> None:
    story = Story(a_definition(CLOSELY), {"ann": Actor("ann"), "maria": Actor("maria")})
    story.things["person:ann"] = {"id": "ann", "manager": "maria"}
    story.open(kind="a")
    definition, maria = story.definition, Actor("maria")
    assert may(definition, story.ticket, maria, "attach") and may_view(definition, story.ticket, maria)
    assert roles_of(definition, story.ticket, maria) == {"handlers", "everyone"}
    assert roles_of(definition, story.ticket, ANN) == {"kin", "requester", "everyone"}
    assert editable_fields(definition, story.ticket, ANN) == {"secret"}
    assert not {"description", "notes"} & visible_fields(definition, story.ticket, ANN)
    assert {"description", "secret"} < visible_fields(definition, story.ticket, EVE)
    other = replace(story.ticket, fields={**story.ticket.fields, "kind": "b"})
    assert editable_fields(definition, other, ANN) == frozenset()
    assert not may(definition, other, ANN, "comment") and may(definition, story.ticket, ANN, "comment")
    story.do("go")
    seen = visible_fields(definition, story.ticket, ANN)
    assert "notes" in seen and "secret" not in seen
    edited = editable_fields(definition, story.ticket, EVE)
    assert {"kind", "notes", "description", "team", "assignee"} <= edited and not edited & {"secret", "title"}


def test_who_was_asked_in_an_approval_or_decided_there_may_read_the_ticket() -> None:
    story = a_board(
        "stages: [{id: s, approvers: [person:a, person:b], quorum: all}]\nmanage: person:maria",
        opened_by="ann",
    )
    accepted(story.send(Delegate("board", "x", None, story.at(hours=2)), "a"))
    story.vote("x")
    story.now = story.at(hours=3)
    story.edit("ann", plan="later")

    def readers() -> list[str]:
        people = ("a", "b", "x", "y", "ann")
        return [one for one in people if may_view(story.definition, story.ticket, Actor(one))]

    assert readers() == ["a", "b", "x", "ann"]
