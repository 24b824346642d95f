"""What is known of each linked ticket: set by people and rules, read, told to the other end."""

from __future__ import annotations

from dataclasses import replace

import pytest

from domain.comparing.report import compare
from domain.engine.events import Message, Relink
from domain.engine.needs import needs
from domain.engine.scope import Thing, linked_scope
from domain.engine.ticket import Json
from domain.engine.values import instant_json
from tests.builders import START, Story, a_definition, accepted, effects, happenings, refused

BOARD = """
id: board
links:
  agenda:
    process: change
    inverse: boards
    shows: place
    fields:
      decision: {type: choice, options: [go, no, later]}
      minute: {type: note, max: 20}
      speaker: {type: person}
      at: {type: datetime}
  next: {process: board, inverse: before, many: false}
  before: {process: board, inverse: next}
messages: {hello: {from: linked}}
fields:
  place: {type: text}
  going: {type: number, compute: 'links.agenda.filter(one, one.decision == "go").size()'}
  heard: {type: text}
forms: {create: {title: required, agenda: optional}}
states: {new: {category: new}, closed: {category: closed}}
transitions:
  adjourn:
    from: new
    who: everyone
    do:
      - link: {link: agenda, where: linked.decision == null, fields: {decision: later, minute: "{{ linked.ref }} late"}}
      - move_links: {link: agenda, to: next}
  overdo:
    from: new
    who: everyone
    do: [{link: {link: agenda, fields: {minute: "more than twenty characters", at: "{{ now }}", speaker: nobody}}}]
  add: {from: new, when: message.hello, do: [{link: {link: agenda, from: sender, fields: {decision: go}}}]}
  note:
    from: new
    when: link.agenda.changed
    do: [{set: {heard: "{{ event.ticket.ref }} {{ event.ticket.decision }}"}}]
  close: {from: new, to: closed, who: everyone, do: [
    {tell: {link: agenda, where: linked.decision == "go", message: decided}}]}
permissions: [{who: everyone, can: [view, link], edit: all}]
"""
THINGS: dict[str, dict[str, Json] | None] = {
    "ticket:CHG-1": {"id": "c1", "ref": "CHG-1", "process": "change"},
    "ticket:CHG-2": {"id": "c2", "ref": "CHG-2", "process": "change"},
    "person:ann": {"vip": True},
    "person:nobody": None,
}


def a_board() -> Story:
    story = Story(a_definition(BOARD), things=THINGS)
    story.open(agenda=["CHG-1", "CHG-2"])
    return story


def say(ticket: str, **fields: Json) -> Relink:
    return Relink("agenda", ticket, ticket.replace("c", "CHG-"), fields=fields)


def said(story: Story) -> dict[str, dict[str, Json]]:
    return {one.ref: one.fields for one in story.ticket.links["agenda"]}


def test_people_say_something_of_a_linked_ticket_and_rules_and_fields_read_it() -> None:
    story = a_board()
    entry = accepted(story.send(say("c1", decision="go", minute="Fine"), "ann"))
    assert said(story) == {"CHG-1": {"decision": "go", "minute": "Fine"}, "CHG-2": {}}
    assert [one.detail["field"] for one in happenings(entry, "link_set")] == ["decision", "minute"]
    assert story.ticket.fields["going"] == 1
    assert story.ticket.fields["heard"] == "CHG-1 go"
    accepted(story.send(say("c1", minute=None), "ann"))
    assert said(story)["CHG-1"] == {"decision": "go"}
    entry = accepted(story.send(say("c1", decision="go"), "ann"))
    assert not happenings(entry, "link_set"), "nothing is new"


def test_it_can_be_said_when_a_ticket_is_linked() -> None:
    story = Story(a_definition(BOARD), things=THINGS)
    story.open()
    accepted(story.send(say("c1", decision="go", minute=None), "ann"))
    assert said(story) == {"CHG-1": {"decision": "go"}}
    (told,) = effects(story.journal[-1], "link")
    assert told.data["values"] == {"decision": "go"}, "the other end knows it at once"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"decision": "yes"}, "option"),
        ({"minute": "x" * 21}, "too_long"),
        ({"verdict": "go"}, "unknown"),
        ({"speaker": "nobody"}, "unknown"),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_changes(given: dict[str, Json], code: str) -> None:
    story = a_board()
    entry = story.send(say("c1", **given, at=7), "ann")
    assert entry.refusal is not None
    assert [(one["field"], one["code"]) for one in entry.refusal.errors] == [(*given, code), ("at", "type")]
    assert said(story) == {"CHG-1": {}, "CHG-2": {}}


def test_who_may_not_link_says_nothing_and_what_is_not_linked_any_more_is_not_linked_by_it() -> None:
    story = Story(a_definition(BOARD.replace("can: [view, link]", "can: view")), things=THINGS)
    story.open(agenda=["CHG-1"])
    assert refused(story.send(say("c1", decision="go"), "ann")) == "not_permitted"
    story = a_board()
    gone = replace(say("c3", decision="go"), present=True)
    assert refused(story.send(gone, "ann")) == "transition_refused"
    accepted(story.send(replace(say("c2", decision="go"), present=True), "ann"))
    assert said(story) == {"CHG-1": {}, "CHG-2": {"decision": "go"}}


def test_rules_say_something_of_some_of_the_linked_tickets_and_it_stays_behind_when_they_move() -> None:
    story = a_board()
    accepted(story.send(say("c1", decision="no"), "ann"))
    accepted(story.send(Relink("next", "b2", "BRD-2"), "ann"))
    entry = story.do("adjourn")
    assert [(one.detail["ref"], one.detail["new"]) for one in happenings(entry, "link_set")] == [
        ("CHG-2", "later"),
        ("CHG-2", "CHG-2 late"),
    ]
    assert "agenda" not in story.ticket.links
    (moved,) = [
        one for one in effects(entry, "link") if one.data["tickets"] == ["c1", "c2"] and one.data["add"]
    ]
    assert "values" not in moved.data


def test_what_a_rule_says_is_made_to_fit_or_left_empty_with_a_note() -> None:
    story = a_board()
    entry = story.do("overdo")
    assert said(story)["CHG-1"] == {"minute": "more than twenty cha", "at": instant_json(START)}
    assert [one.detail["link"] for one in happenings(entry, "unavailable")] == ["agenda", "agenda"]


def test_a_ticket_that_is_linked_by_a_rule_is_linked_with_what_is_said_of_it() -> None:
    story = Story(a_definition(BOARD), things=THINGS)
    story.open()
    accepted(story.send(Message("hello", {}, "c7", "CHG-7"), ""))
    assert said(story) == {"CHG-7": {"decision": "go"}}


def test_each_linked_ticket_is_told_what_is_said_of_it_and_no_other() -> None:
    story = a_board()
    told = effects(accepted(story.send(say("c1", decision="go"), "ann")), "news")
    assert [(one.data["tickets"], one.data["values"]) for one in told] == [(["c1"], {"decision": "go"})]
    told = effects(story.edit(place="Room 1"), "news")
    assert [(one.data["tickets"], one.data["values"]) for one in told] == [
        (["c1"], {"place": "Room 1", "decision": "go"}),
        (["c2"], {"place": "Room 1"}),
    ]
    entry = story.do("close")
    assert effects(entry, "tell")[0].data["tickets"] == ["c1"]


def test_whom_a_link_names_is_looked_up_and_can_be_asked_about() -> None:
    story = a_board()
    request = say("c1", speaker="ann", verdict="x")
    assert needs(story.definition, story.ticket, request).things == ("person:ann",)
    accepted(story.send(say("c1", speaker="ann"), "ann"))
    assert story.ticket.known == {"person:ann": {"vip": True}}
    seen = linked_scope(story.definition, "agenda", story.ticket.links["agenda"][0], story.ticket.known)
    assert isinstance(seen["speaker"], Thing) and seen["speaker"].get("vip") is True
    accepted(story.send(say("c1", speaker=None), "ann"))
    assert story.ticket.known == {"person:ann": {"vip": True}}, "the requester is the same person"


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        (
            "      minute: {type: note, max: 20}\n",
            "",
            "minute of the link agenda is gone, and it is said of CHG-1",
        ),
        (
            "options: [go, no, later]",
            "options: [no, later]",
            "decision of the link agenda: there is no option go",
        ),
        (
            "minute: {type: note, max: 20}",
            "minute: {type: number}",
            "minute of the link agenda: it is of another type",
        ),
    ],
)
def test_what_has_no_place_in_another_version_is_told_before_and_left_behind_on_demand(
    old: str, new: str, why: str
) -> None:
    text = BOARD.replace(
        'fields: {decision: later, minute: "{{ linked.ref }} late"}', "fields: {decision: later}"
    )
    text = text.replace('minute: "more than twenty characters", ', "").replace(
        'decision == "go"', 'decision == "no"'
    )
    text = text.replace("fields: {decision: go}", "fields: {decision: no}")
    story = Story(a_definition(text), things=THINGS)
    story.open(agenda=["CHG-1"])
    accepted(story.send(say("c1", decision="go", minute="Fine"), "ann"))
    assert old in text
    onto = a_definition(text.replace(old, new) + "\nversion: 2\nmigrate: [{from: 1}]\n")
    entry = story.migrate(onto)
    assert entry.refusal is not None and why in entry.refusal.text["en"]
    notes = compare(story.definition.process, onto.process).notes
    assert any("said of tickets linked as agenda" in note.text and not note.safe for note in notes), notes
    story.migrate(onto, leave_behind=True)
    assert len(said(story)["CHG-1"]) == 1
