"""A ticket that goes on as one of another process: opened first, then this one ends; what clocks counted goes along."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from domain.engine.actions import actions
from domain.engine.clock_view import clock_facts
from domain.engine.entries import Entry
from domain.engine.events import ChildOpened, Command, Move, Open
from domain.engine.handle import open_ticket
from domain.engine.ticket import Json, Link, Stretch
from tests.builders import START, TICKET_ID, Story, a_definition, effects, happenings, refused

INCIDENT = """
links: {became: {process: request, inverse: was, many: false}, was: {process: request, inverse: became}}
states:
  new: {category: new, tasks: [look]}
  waiting: {category: waiting}
  moved: {category: closed}
transitions:
  park: {from: new, to: waiting, who: everyone}
  is_request:
    from: open
    who: everyone
    do:
      - convert:
          process: request
          link: became
          to: moved
          fields: {title: "{{ ticket.title }}"}
          keep: comments
          clocks: {answer: response}
tasks: {look: {assign: everyone}}
clocks:
  response: {target: 4h, calendar: always, pause: {in: waiting}, stop: {in: closed}}
"""
REQUEST = """
id: request
states: {new: {category: new}, closed: {category: closed}}
transitions: {close: {from: new, to: closed, who: everyone}}
clocks: {answer: {target: 8h, calendar: always, stop: {in: closed}, at: {50%: [{comment: Half.}]}}}
"""


def an_incident() -> Story:
    story = Story(a_definition(INCIDENT), published=("request",))
    story.open()
    return story


def became(entry: Entry, error: str = "") -> ChildOpened:
    """What comes back when the request was opened, or could not be."""
    effect = effects(entry, "create")[0]
    data = effect.data
    asked = ChildOpened(
        entry.seq, effect.index, entry.at, "became", "request", to=str(data["to"]), by=str(data["by"])
    )
    if error:
        return replace(asked, error=error)
    return replace(asked, ticket="r1", ref="REQ-1", category="new")


def test_it_ends_when_the_other_ticket_is_open_and_not_before() -> None:
    story = an_incident()
    story.now = story.at(hours=1)
    story.do("park")
    story.now = story.at(hours=2)
    entry = story.do("is_request")
    data = effects(entry, "create")[0].data
    assert (data["process"], data["inverse"], data["field.title"]) == ("request", "was", "A thing")
    assert (data["to"], data["keep"]) == ("moved", ["comments"])
    assert data["carried"] == {"answer": [["2026-03-02T09:00:00Z", "2026-03-02T10:00:00Z"]]}
    assert story.ticket.state == "waiting", "the other one may still be refused"
    (done,) = story.answer(became(entry))
    assert story.ticket.state == "moved"
    assert story.ticket.links["became"] == (Link("r1", "REQ-1", "new"),)
    assert story.ticket.clocks["response"].status == "stopped"
    assert story.ticket.tasks["look"].state == "cancelled"
    assert happenings(done, "moved", "is_request")[0].detail == {"from": "waiting", "to": "moved"}


def test_one_that_could_not_be_opened_leaves_the_ticket_where_it_is_and_says_why() -> None:
    story = an_incident()
    entry = story.do("is_request")
    (told,) = story.answer(became(entry, error="title: missing"))
    assert story.ticket.state == "new"
    assert happenings(told, "unavailable", "convert")[0].detail["reason"] == "title: missing"


def test_it_is_converted_once_however_often_the_button_is_pressed() -> None:
    story = an_incident()
    entry = story.do("is_request")
    assert refused(story.send(Move("is_request"))) == "transition_refused"
    (button,) = [
        one
        for one in actions(story.definition, story.ticket, story.facts("ann"), story.now)
        if one.name == "is_request"
    ]
    assert not button.available and "going on as another one" in button.why_not["en"]
    story.answer(became(entry, error="title: missing"))
    assert effects(story.do("is_request"), "create"), "the first came to nothing: it can be tried again"


def test_a_rule_that_converts_what_is_being_converted_does_nothing_and_says_so() -> None:
    definition = a_definition(
        INCIDENT.replace("who: everyone\n    do", "when: replied\n    do").replace("from: open", "from: any")
    )
    story = Story(definition, published=("request",))
    story.open()
    assert effects(story.reply(), "create")
    entry = story.reply()
    assert not effects(entry, "create")
    assert happenings(entry, "unavailable", "convert")[0].detail["reason"] == "it is being converted already"


def test_a_process_that_is_not_published_is_said_at_once() -> None:
    story = Story(a_definition(INCIDENT))
    story.open()
    assert refused(story.send(Move("is_request"))) == "transition_refused"


def a_request(carried: dict[str, tuple[Stretch, ...]]) -> Story:
    story = Story(a_definition(REQUEST))
    fields: dict[str, Json] = {"title": "x", "requester": "ann"}
    request = Open(TICKET_ID, "T-0001", story.definition.hashes, fields, carried=carried)
    outcome = open_ticket(
        story.definition, Command(1, "c1", request, story.now, ""), story.facts("ann"), story.now
    )
    story.keep(outcome)
    story.commands = 1
    return story


def test_a_clock_goes_on_from_what_was_counted_before() -> None:
    before = START - timedelta(hours=10)
    counted = (Stretch(before, before + timedelta(hours=1)), Stretch(START - timedelta(hours=2)))
    story = a_request({"answer": counted, "unknown": counted})
    clock = story.ticket.clocks["answer"]
    assert clock.status == "running"
    assert clock.due_at == START + timedelta(hours=5), "three of eight hours were counted before"
    assert [line.what for line in clock.ledger] == ["carried", "started", "retargeted"]
    assert clock_facts(story.definition, story.ticket, "answer", START).elapsed == timedelta(hours=3)
    assert "unknown" not in story.ticket.clocks
    story.until(story.at(hours=1))
    assert clock.reached == {} and set(story.ticket.clocks["answer"].reached) == {"50%"}


def test_a_promise_that_was_broken_before_is_known_at_once() -> None:
    story = a_request({"answer": (Stretch(START - timedelta(hours=9)),)})
    story.until(START)
    assert story.ticket.clocks["answer"].breached_at == START
