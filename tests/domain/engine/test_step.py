"""Requests are admitted or refused; a refusal changes nothing."""

# Over 400 lines: a case for each rule of a step, read side by side.

from __future__ import annotations

from dataclasses import replace

import pytest

from domain.engine.events import Actor, Comment, CompleteTask, Edit, Message, Move, Request
from domain.engine.step import step
from domain.errors import FactsMissing, FormInvalid, NotPermitted
from tests.builders import (
    START,
    Story,
    a_definition,
    accepted,
    an_agent,
    effects,
    happenings,
    refused,
)

DESK = """
fields:
  impact: {type: choice, options: [high, low]}
  size: {type: number, min: 1, max: 9}
  hurry: {type: boolean}
  secret: {type: note, internal: true}
  twice: {type: number, compute: ticket.size * 2}
  buddy: {type: person}
forms:
  create: {title: required, size: optional, buddy: optional}
roles:
  agents: team:desk
  requester: field:requester
priority:
  levels: [P1, P2]
  rows: impact
  columns: impact
  matrix: {high: {high: P1, low: P1}, low: {high: P2, low: P2}}
  may_override: group:chiefs
permissions:
  - {who: requester, can: [view, comment], hide: secret}
  - {who: requester, in: new, edit: [title, secret]}
  - {who: agents, can: [view, comment, comment_internal, assign], edit: all}
states:
  new: {category: new}
  working: {category: active}
  over: {category: done}
  gone: {category: closed}
transitions:
  start:
    from: new
    to: working
    who: agents
    check: freezes
    ask: {impact: required, size: {if: ticket.impact == "high", required: true}, buddy: optional}
    if: ticket.priority == "P1" and check.freezes == []
    otherwise: {en: "Only P1 now, not {{ ticket.priority }}.", zh-CN: 只限 P1。}
  finish: {from: any, to: over, who: agents}
  close: {from: over, to: gone, who: everyone}
  note_it: {from: any, who: agents, do: [{set: {hurry: true}}]}
  told: {from: any, when: message.ping, do: [{set: {size: "{{ event.size }}", buddy: "{{ event.who }}"}}]}
messages:
  ping: {from: api, fields: {size: number, who: person, state: text}}
  inner: {from: linked}
"""


def a_story(**more: object) -> Story:
    people = {"ann": Actor("ann"), **an_agent(), "cho": Actor("cho", groups=("chiefs",), teams=("desk",))}
    story = Story(a_definition(DESK), people, checks={"freezes": []})
    story.open(**more)
    return story


def unchanged_by(story: Story, request: Request, person: str) -> str:
    """Send a request that is refused; nothing but the journal's counters may change. Returns the code."""
    before = story.ticket
    entry = story.send(request, person)
    after = story.ticket
    assert entry.patch == () and entry.effects == () and entry.happened == ()
    assert after.fields == before.fields and after.state == before.state and after.clocks == before.clocks
    assert after.revision == before.revision and after.seq == before.seq + 1
    assert after.handled == story.commands
    return refused(entry)


def test_the_state_is_looked_at_before_the_person() -> None:
    story = a_story()
    story.do("finish", "bob")
    assert unchanged_by(story, Move("start"), "ann") == "transition_refused"


def test_the_person_is_looked_at_before_the_form() -> None:
    assert unchanged_by(a_story(), Move("start", {"rubbish": 1}), "ann") == "not_permitted"


def test_checks_are_wanted_before_the_form_is_read() -> None:
    story = a_story()
    story.checks.clear()
    assert unchanged_by(story, Move("start", {"rubbish": 1}), "bob") == "facts_missing"


def test_the_form_is_read_before_the_condition_and_every_mistake_is_named() -> None:
    story = a_story()
    entry = story.send(Move("start", {"impact": "huge", "rubbish": 1, "twice": 2, "state": "gone"}), "bob")
    assert refused(entry) == "form_invalid" and entry.refusal is not None
    codes = [(error["field"], error["code"]) for error in entry.refusal.errors]
    assert codes == [
        ("impact", "option"),
        ("rubbish", "unknown"),
        ("state", "unknown"),
        ("twice", "forbidden"),
    ]


def test_a_form_field_is_required_only_where_its_condition_holds_for_the_new_values() -> None:
    story = a_story()
    entry = story.send(Move("start", {"impact": "high"}), "bob")
    assert entry.refusal is not None and [error["field"] for error in entry.refusal.errors] == ["size"]
    entry = story.send(Move("start", {"impact": "low", "size": 3}), "bob")
    assert entry.refusal is not None and entry.refusal.errors[0]["code"] == "not_applicable"


def test_the_condition_sees_the_new_values_and_what_follows_from_them() -> None:
    story = a_story()
    assert unchanged_by(story, Move("start", {"impact": "low"}), "bob") == "transition_refused"
    refusal = story.journal[-1].refusal
    assert refusal is not None and refusal.text == {"en": "Only P1 now, not P2.", "zh-CN": "只限 P1。"}
    story.do("start", "bob", impact="high", size=2)
    assert story.ticket.state == "working" and story.ticket.fields["priority"] == "P1"


def test_the_condition_sees_the_checks_that_travelled_along() -> None:
    story = a_story()
    story.checks["freezes"] = ["double eleven"]
    assert refused(story.send(Move("start", {"impact": "high", "size": 2}), "bob")) == "transition_refused"


def test_what_is_set_must_exist() -> None:
    story = a_story()
    entry = story.send(Move("start", {"impact": "high", "size": 2, "buddy": "nobody"}), "bob")
    assert entry.refusal is not None and entry.refusal.errors[0]["code"] == "unknown"


def test_facts_that_could_not_be_had_refuse_and_do_not_block() -> None:
    story = a_story()
    facts = story.facts("bob")
    things = {name: thing for name, thing in facts.things.items() if name != "person:cho"}
    missing = replace(facts, things=things, missing=("person:cho",))
    with pytest.raises(FactsMissing):
        step(story.definition, story.ticket, Edit({"buddy": "cho"}), START, missing)


def test_a_transition_that_is_not_for_people_cannot_be_pressed() -> None:
    assert unchanged_by(a_story(), Move("told"), "bob") == "transition_refused"
    assert unchanged_by(a_story(), Move("rubbish" * 100), "bob") == "transition_refused"


def test_a_closed_ticket_cannot_be_left_whatever_the_definition_says() -> None:
    story = a_story()
    story.do("finish", "bob")
    story.do("close")
    assert unchanged_by(story, Move("finish"), "bob") == "transition_refused"
    story.do("note_it", "bob")
    assert story.ticket.fields["hurry"] is True


# ---------------------------------------------------------------- opening


def test_opening_keeps_values_defaults_and_the_requester() -> None:
    definition = a_definition("""
        fields:
          estimate: {type: duration, default: 4h}
          when: {type: datetime, default: 2026-03-03 10:00}
          major: {type: boolean, default: false}
        calendars: {office: {time_zone: Asia/Shanghai, week: {mon-fri: "09:00-18:00"}}}
        states: {new: {category: new}, gone: {category: closed}}
        transitions: {end: {from: new, to: gone, who: everyone}}
    """)
    story = Story(definition)
    entry = story.open(title="Hello")
    fields = story.ticket.fields
    assert fields["estimate"] == 14_400 and fields["when"] == "2026-03-03T02:00:00Z"
    assert fields["major"] is False and fields["requester"] == "ann" and fields["channel"] == "portal"
    assert (entry.seq, entry.command, entry.revision) == (1, 1, 1) and story.ticket.handled == 1
    assert happenings(entry, "opened")


def test_a_refused_opening_stores_nothing_and_names_every_mistake() -> None:
    story = Story(a_definition(DESK))
    with pytest.raises(FormInvalid) as refusal:
        story.open(title="", size=99, colour="red")
    found = {(error.field, error.code) for error in refusal.value.errors}
    assert found == {("title", "missing"), ("size", "range"), ("colour", "unknown")}
    assert story.journal == []


def test_only_who_works_in_a_team_opens_for_somebody_else() -> None:
    people = {"ann": Actor("ann"), **an_agent()}
    with pytest.raises(FormInvalid):
        Story(a_definition(DESK), people).open("ann", requester="bob")
    story = Story(a_definition(DESK), people)
    story.open("bob", requester="ann")
    assert story.ticket.fields["requester"] == "ann" and story.journal[0].actor == "bob"


def test_a_priority_given_when_opening_is_kept() -> None:
    definition = a_definition(
        DESK.replace(
            "create: {title: required,", "create: {title: required, impact: optional, priority: optional,"
        )
    )
    story = Story(definition)
    story.open(impact="low", priority="P1")
    assert story.ticket.fields["priority"] == "P1" and story.ticket.overridden == ("priority",)


# ---------------------------------------------------------------- edits


def test_everybody_edits_what_their_lines_grant_in_this_state_and_nothing_else() -> None:
    story = a_story()
    story.edit("ann", title="Better")
    assert unchanged_by(story, Edit({"size": 3}), "ann") == "not_permitted"
    story.do("finish", "bob")
    assert unchanged_by(story, Edit({"title": "Worse"}), "ann") == "not_permitted"


def test_what_a_line_hides_cannot_be_edited_even_where_another_grants_it() -> None:
    story = a_story()
    assert unchanged_by(story, Edit({"secret": "x"}), "ann") == "not_permitted"
    story.edit("bob", secret="x")


def test_derived_and_computed_fields_are_not_edited() -> None:
    story = a_story()
    for name in ("state", "twice", "id", "agreement", "nothing"):
        assert unchanged_by(story, Edit({name: "x"}), "bob") == "form_invalid"


def test_the_title_cannot_be_emptied_and_an_edit_names_something() -> None:
    story = a_story()
    assert unchanged_by(story, Edit({"title": None}), "bob") == "form_invalid"
    assert unchanged_by(story, Edit({"title": "  "}), "bob") == "form_invalid"
    assert unchanged_by(story, Edit({}), "bob") == "form_invalid"


def test_only_those_who_may_override_edit_the_priority() -> None:
    story = a_story()
    assert unchanged_by(story, Edit({"priority": "P1"}), "bob") == "not_permitted"
    story.edit("cho", priority="P1")
    assert story.ticket.overridden == ("priority",)
    story.edit("bob", impact="low")
    assert story.ticket.fields["priority"] == "P1"
    story.edit("cho", priority=None)
    assert story.ticket.fields["priority"] == "P2"


def test_a_closed_ticket_is_not_edited() -> None:
    story = a_story()
    story.do("finish", "bob")
    story.do("close")
    assert unchanged_by(story, Edit({"title": "x"}), "bob") == "not_permitted"


def test_nothing_really_changed_keeps_the_revision() -> None:
    story = a_story(size=3)
    revision = story.ticket.revision
    story.edit("bob", size=3)
    assert story.ticket.revision == revision
    story.edit("bob", size=4)
    assert story.ticket.revision == revision + 1


# ---------------------------------------------------------------- comments


def test_a_comment_does_not_make_an_open_form_stale() -> None:
    story = a_story()
    story.reply("bob")  # the first one sets first_reply_at
    revision = story.ticket.revision
    for person in ("bob", "ann"):
        story.reply(person)
    story.reply("bob", public=False)
    assert story.ticket.revision == revision


def test_the_first_public_reply_of_an_agent_is_kept() -> None:
    story = a_story()
    story.reply("ann")
    story.reply("bob", public=False)
    assert "first_reply_at" not in story.ticket.fields
    story.reply("bob")
    assert story.ticket.fields["first_reply_at"] == "2026-03-02T09:00:00Z"


def test_internal_notes_are_for_those_who_work_on_the_ticket() -> None:
    story = a_story()
    assert unchanged_by(story, Comment("c", "", public=False), "ann") == "not_permitted"
    assert unchanged_by(story, Comment("c", "", public=True), "eve") == "not_permitted"


def test_a_closed_ticket_can_be_commented_on_and_does_nothing_of_its_own() -> None:
    story = a_story()
    story.do("finish", "bob")
    story.do("close")
    entry = story.reply("ann")
    assert [one.what for one in entry.happened] == ["commented"] and entry.patch == ()


def test_replies_are_events_and_say_who_wrote() -> None:
    story = Story(
        a_definition("""
            fields: {who: {type: person}, log: {type: text}}
            states: {new: {category: new}, gone: {category: closed}}
            transitions:
              end: {from: new, to: gone, who: everyone}
              by_requester: {from: any, when: replied.requester, do: [{set: {log: "{{ ticket.log }}R"}}]}
              by_agent: {from: any, when: replied.agent, do: [{set: {log: "{{ ticket.log }}A"}}]}
              by_any: {from: any, when: replied, do: [{set: {who: "{{ event.author }}", log: "{{ ticket.log }}+"}}]}
              updated: {from: any, when: updated, do: [{set: {log: "{{ ticket.log }}."}}]}
        """),
        {"ann": Actor("ann"), **an_agent()},
    )
    story.open()
    story.reply("ann")
    story.reply("bob")
    assert story.ticket.fields["log"] == "R+.A+." and story.ticket.fields["who"] == "bob"


# ---------------------------------------------------------------- messages


def test_a_message_is_checked_like_a_form() -> None:
    story = a_story()
    assert unchanged_by(story, Message("ping", {"size": "three"}), "") == "form_invalid"
    assert unchanged_by(story, Message("ping", {"colour": 1}), "") == "form_invalid"
    assert unchanged_by(story, Message("ping", {"who": "nobody"}), "") == "form_invalid"
    assert unchanged_by(story, Message("rubbish"), "") == "transition_refused"
    story.tell("ping", size=5, who="bob", state="a field of the message may be called anything")
    assert story.ticket.fields["size"] == 5 and story.ticket.fields["buddy"] == "bob"


def test_a_message_for_the_api_comes_from_those_who_work_on_the_ticket() -> None:
    story = a_story()
    assert unchanged_by(story, Message("ping", {"size": 5}), "ann") == "not_permitted"
    story.tell("ping", "bob", size=5)


def test_what_linked_tickets_tell_comes_from_no_person() -> None:
    story = a_story()
    assert unchanged_by(story, Message("inner"), "bob") == "not_permitted"
    story.tell("inner")


def test_step_needs_a_ticket_for_everything_but_opening() -> None:
    story = a_story()
    with pytest.raises(TypeError):
        step(story.definition, None, Edit({"title": "x"}), START, story.facts("bob"))


def test_step_itself_raises_what_handle_writes_down() -> None:
    story = a_story()
    with pytest.raises(NotPermitted):
        step(story.definition, story.ticket, Move("note_it"), START, story.facts("ann"))


def test_a_task_is_completed_only_by_whom_it_is_for_and_only_once() -> None:
    story = Story(
        a_definition("""
            fields: {result: {type: text}}
            states: {new: {category: new, tasks: look}, gone: {category: closed}}
            transitions: {end: {from: new, to: gone, who: everyone}}
            tasks: {look: {assign: team:desk, ask: {result: required}}}
        """),
        {"ann": Actor("ann"), **an_agent()},
    )
    story.open()
    assert unchanged_by(story, CompleteTask("look", {"result": "ok"}), "ann") == "not_permitted"
    assert unchanged_by(story, CompleteTask("look"), "bob") == "form_invalid"
    assert unchanged_by(story, CompleteTask("rubbish"), "bob") == "transition_refused"
    story.complete("look", "bob", result="ok")
    assert story.ticket.fields["result"] == "ok" and story.ticket.tasks["look"].state == "done"
    assert unchanged_by(story, CompleteTask("look", {"result": "ok"}), "bob") == "transition_refused"


def test_a_transition_that_needs_an_unpublished_process_is_refused_with_the_reason() -> None:
    story = Story(
        a_definition("""
            states: {new: {category: new}, gone: {category: closed}}
            transitions:
              end: {from: new, to: gone, who: everyone}
              spawn:
                from: any
                who: everyone
                do: [{create: {process: problem, link: cause, fields: {title: "{{ ticket.title }}!"}}}]
            links: {cause: {process: problem, inverse: incidents}}
        """)
    )
    story.open()
    assert unchanged_by(story, Move("spawn"), "ann") == "transition_refused"
    story.published = ("problem",)
    entry = accepted(story.send(Move("spawn")))
    assert effects(entry)[0].data == {
        "process": "problem",
        "link": "cause",
        "inverse": "incidents",
        "field.title": "A thing!",
        "field.requester": "ann",
    }
