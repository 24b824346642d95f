"""How tasks come out, and what was before the present event."""

from __future__ import annotations

from domain.engine.events import CompleteTask
from tests.builders import Story, a_definition, refused

PROCESS = """
fields: {log: {type: note}, size: {type: number}, impact: {type: choice, options: [low, high], default: low}}
forms: {create: {title: required}}
routing: [{if: old.impact == "high" and ticket.impact == "low", team: calm}, {team: desk}]
states: {new: {category: new, tasks: [check, call]}, gone: {category: closed}}
transitions:
  end: {from: new, to: gone, who: everyone}
  fell: {from: new, who: everyone, ask: {size: required}, if: ticket.size < old.size, otherwise: Not smaller.}
  declined: {from: new, when: task.check.done, if: event.outcome == "declined", do: [{set: {log: "{{ ticket.log }}d"}}]}
  redo: {from: new, who: everyone, do: [{run: check}]}
  told: {from: new, when: changed.size, do: [{set: {log: "{{ ticket.log }}{{ old.size }}>{{ ticket.size }} "}}]}
  counted: {from: new, who: everyone, if: 'tasks.count("incomplete") == 1 and task.check.outcome == "incomplete"'}
tasks:
  check: {assign: everyone, outcomes: [complete, incomplete, declined], ask: {size: optional}}
  call: {script: {name: x}}
"""


def a_story() -> Story:
    definition = PROCESS.replace('== "incomplete"\'}', '== "incomplete"\', do: [{raise: x}]}')
    story = Story(a_definition(definition))
    story.open()
    return story


def test_whoever_completes_a_task_says_how_it_came_out() -> None:
    story = a_story()
    assert refused(story.send(CompleteTask("check"))) == "form_invalid"
    assert refused(story.send(CompleteTask("check", {"outcome": "fine"}))) == "form_invalid"
    story.complete("check", outcome="declined", size=3)
    assert story.ticket.tasks["check"].outcome == "declined" and story.ticket.fields["log"] == ">3 d"


def test_a_task_that_is_done_again_comes_out_anew_and_outcomes_are_counted() -> None:
    story = a_story()
    story.complete("check", outcome="declined")
    story.do("redo")
    assert story.ticket.tasks["check"].state == "open" and story.ticket.tasks["check"].outcome == ""
    story.complete("check", outcome="incomplete")
    story.do("counted")


def test_a_short_response_stays_with_its_task() -> None:
    story = a_story()
    story.finish("call", response={"url": "x"})
    assert story.ticket.tasks["call"].response == {"url": "x"}
    story = a_story()
    story.finish("call", response="x" * 3000)
    assert story.ticket.tasks["call"].response is None


def test_old_is_what_was_before_the_event() -> None:
    story = a_story()
    assert refused(story.send(CompleteTask("check", {"size": 1}))) == "form_invalid"
    story.edit(size=5)
    story.edit(size=9)
    assert story.ticket.fields["log"] == ">5 5>9 "
    story.do("fell", "ann", size=8)
    story.edit(impact="high")
    assert story.ticket.fields["team"] == "desk"
    story.edit(impact="low")
    assert story.ticket.fields["team"] == "calm"
