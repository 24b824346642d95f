"""A choice field beside the state: `from` and `in` ask for both."""

from __future__ import annotations

import pytest

from domain.engine.actions import actions
from domain.engine.advance import next_deadline
from domain.engine.events import Actor, Move
from domain.engine.permissions import editable_fields
from domain.wording.vocabulary import Vocabulary
from tests.builders import Story, a_definition, refused
from tests.domain.language.files import problems_of, small

PROCESS = """
fields:
  major: {type: choice, options: [proposed, accepted, rejected]}
  size: {type: number}
  log: {type: note}
forms: {create: {title: required, major: optional}}
states: {new: {category: new}, work: {category: active}, gone: {category: closed}}
transitions:
  start: {from: new, to: work, who: everyone}
  accept: {from: [open, major:proposed], who: everyone, do: [{set: {major: accepted}}]}
  told: {from: [work, major:accepted], when: raised.x, do: [{set: {log: "{{ ticket.log }}told"}}]}
  tell: {from: any, who: everyone, do: [{raise: x}]}
  lapse: {from: major:proposed, after: 1h, do: [{set: {major: rejected}}]}
  end: {from: [work, major:accepted, major:rejected], to: gone, who: everyone}
clocks:
  answer:
    target: 4h
    calendar: always
    start: {in: [open, major:accepted]}
    pause: {in: major:rejected}
    stop: {in: closed}
permissions:
  - {who: everyone, can: [view, comment]}
  - {who: everyone, in: [open, major:proposed], edit: [size]}
  - {who: everyone, edit: [major]}
"""


def a_story(**fields: object) -> Story:
    story = Story(a_definition(PROCESS))
    story.open("ann", **fields)
    return story


def buttons(story: Story) -> list[str]:
    return [one.name for one in actions(story.definition, story.ticket, story.facts("ann"), story.now)]


def may_edit(story: Story, field: str) -> bool:
    return field in editable_fields(story.definition, story.ticket, Actor("ann"))


def test_a_button_is_there_while_state_and_field_fit() -> None:
    story = a_story()
    assert buttons(story) == ["start", "tell"]
    assert refused(story.send(Move("accept"))) == "transition_refused"
    story.edit(major="proposed")
    assert buttons(story) == ["start", "accept", "tell"]
    story.do("accept")
    story.do("start")
    assert buttons(story) == ["tell", "end"]


def test_an_event_is_heard_only_where_both_fit() -> None:
    story = a_story(major="accepted")
    story.do("tell")
    assert "log" not in story.ticket.fields
    story.do("start")
    story.do("tell")
    assert story.ticket.fields["log"] == "told"


def test_a_timer_begins_with_the_value_and_ends_with_it() -> None:
    story = a_story()
    assert next_deadline(story.ticket) is None
    story.until(story.at(minutes=30))
    story.edit(major="proposed")
    assert next_deadline(story.ticket) == story.at(minutes=90)
    story.edit(major="accepted")
    assert story.ticket.timers == {}
    story.edit(major="proposed")
    story.until(story.at(minutes=90))
    assert story.ticket.fields["major"] == "rejected"


def test_a_clock_and_a_right_ask_for_both_too() -> None:
    story = a_story()
    assert story.ticket.clocks == {} and not may_edit(story, "size")
    story.edit(major="proposed")
    assert may_edit(story, "size")
    story.edit(major="accepted")
    assert story.ticket.clocks["answer"].status == "running"
    story.edit(major="rejected")
    assert story.ticket.clocks["answer"].status == "paused"


@pytest.mark.parametrize(
    ("names", "message"),
    [
        ("[new, major:yes]", 'unknown option of major "yes"; known: proposed, accepted'),
        ("[new, major:propsed]", 'unknown option of major "propsed"; did you mean "proposed"?'),
        ("[new, majr:proposed]", 'unknown choice field "majr"; did you mean "major"?'),
        (
            "[new, major:proposed, site:rome]",
            "one field may be tested beside the state, and these are major and site",
        ),
    ],
)
def test_what_cannot_be_tested_beside_the_state_is_refused(names: str, message: str) -> None:
    fields = "{major: {type: choice, options: [proposed, accepted]}, site: {type: choice, options: [rome]}}"
    forms = "{create: {title: required, major: optional, site: optional}}"
    close = "close: {from: new, to: closed, who: everyone}"
    lines = f"\n  {close}\n  x: {{from: {names}, who: everyone, do: [{{raise: y}}]}}"
    (found,) = problems_of(small(fields=fields, forms=forms, transitions=lines))
    assert message in found


def test_two_that_ask_for_different_values_do_not_overlap() -> None:
    fields = "{major: {type: choice, options: [proposed, accepted]}}"
    forms = "{create: {title: required, major: optional}}"

    def found(first: str, second: str) -> list[str]:
        lines = f"""
  a: {{from: {first}, to: closed, when: replied}}
  b: {{from: {second}, when: replied, do: [{{comment: x}}]}}"""
        return problems_of(small(fields=fields, forms=forms, transitions=lines))

    assert found("[new, major:proposed]", "[new, major:accepted]") == []
    assert "never taken" in found("[new, major:proposed]", "[new, major:proposed]")[0]


def test_it_is_said_in_words() -> None:
    process = a_definition(PROCESS).process
    names = process.transitions["end"].from_
    assert Vocabulary(process).states(names) == "work where major is accepted or rejected"
    assert Vocabulary(process).states(("major:proposed",)) == "any state where major is proposed"
