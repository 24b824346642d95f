"""On hold and back: what stands still, what stays, what a third state ends."""

from __future__ import annotations

from datetime import timedelta

from domain.engine.advance import next_deadline
from tests.builders import START, Story, a_definition

PROCESS = """
fields: {log: {type: note}, moment: {type: datetime}}
calendars: {office: {time_zone: UTC, week: {mon-fri: "09:00-17:00"}}}
states:
  new: {category: new}
  work:
    category: active
    tasks: [a, b]
    enter: [{set: {log: "{{ ticket.log }}E"}}]
    leave: [{set: {log: "{{ ticket.log }}L"}}]
  parked: {category: waiting, hold: true, tasks: [c], leave: [{set: {log: "{{ ticket.log }}p"}}]}
  vendor: {category: waiting, hold: true}
  other: {category: waiting}
  gone: {category: closed}
transitions:
  go: {from: [new, other], to: work, who: everyone}
  park: {from: [new, work, vendor], to: parked, who: everyone}
  ask_vendor: {from: [work, parked], to: vendor, who: everyone}
  release: {from: [parked, vendor], to: back, who: everyone}
  by_name: {from: parked, to: work, who: everyone}
  elsewhere: {from: parked, to: other, who: everyone}
  end: {from: open, to: gone, who: everyone}
  slow: {from: work, after: 4h, calendar: office, do: [{set: {log: "{{ ticket.log }}s"}}]}
  plain: {from: work, after: 5h, do: [{set: {log: "{{ ticket.log }}t"}}]}
  meet: {from: work, at: ticket.moment, do: [{set: {log: "{{ ticket.log }}m"}}]}
  left: {from: any, when: [left.work, entered.work], do: [{set: {log: "{{ ticket.log }}!"}}]}
  task: {from: work, when: task.a.done, do: [{set: {log: "{{ ticket.log }}a"}}]}
  all: {from: work, when: tasks.done, do: [{set: {log: "{{ ticket.log }}*"}}]}
clocks: {c: {target: 8h, calendar: always, pause: {in: waiting}, stop: {in: closed}}}
tasks:
  a: {assign: everyone}
  b: {assign: everyone}
  c: {assign: everyone}
"""


def a_story(**fields: object) -> Story:
    story = Story(a_definition(PROCESS))
    story.open()
    story.do("go")
    return story


def log_of(story: Story) -> object:
    return story.ticket.fields.get("log")


def state(story: Story, task: str) -> str:
    return story.ticket.tasks[task].state


def test_what_is_held_is_neither_left_nor_entered_again() -> None:
    story = a_story()
    story.complete("b")
    before = story.ticket
    story.now = story.at(hours=1)
    story.do("park")
    assert story.ticket.state == "parked" and state(story, "a") == "open" and log_of(story) == "E!"
    story.now = story.at(hours=3)
    story.do("release")
    assert story.ticket.state == "work" and story.ticket.held is None
    assert story.ticket.entered_at == before.entered_at
    assert story.ticket.tasks["a"] == before.tasks["a"] and state(story, "b") == "done"
    assert log_of(story) == "E!p"


def test_the_timers_of_a_held_state_stand_still_and_go_on() -> None:
    story = a_story()
    story.until(story.at(hours=1))
    story.do("park")
    assert next_deadline(story.ticket) is None
    story.until(story.at(hours=6))  # Monday 15:00
    story.do("release")
    timers = story.ticket.timers
    assert timers["slow"].due_at == START + timedelta(
        days=1, hours=1
    )  # 2 of 3 office hours today, 1 tomorrow
    assert timers["plain"].due_at == story.at(hours=10)
    story.until(story.at(days=2))
    assert log_of(story) == "E!pts"


def test_a_timer_that_went_off_before_the_hold_does_not_go_off_again() -> None:
    story = a_story()
    story.until(story.at(hours=5))
    assert log_of(story) == "E!st"
    story.do("park")
    story.do("release")
    story.until(story.at(days=2))
    assert log_of(story) == "E!stp"


def test_a_moment_that_passed_on_hold_is_acted_on_when_the_ticket_comes_back() -> None:
    story = a_story()
    story.edit(moment=story.at(hours=1).isoformat())
    story.do("park")
    story.until(story.at(hours=2))
    assert log_of(story) == "E!"
    story.do("release")
    story.until(story.now)
    assert log_of(story) == "E!pm"


def test_what_a_held_states_tasks_report_is_heard_when_it_comes_back() -> None:
    story = a_story()
    story.do("park")
    story.complete("a")
    story.complete("b")
    assert log_of(story) == "E!"
    story.do("release")
    assert log_of(story) == "E!pa*"


def test_what_a_task_said_on_hold_is_heard_with_who_did_it_and_how_it_came_out() -> None:
    text = PROCESS.replace('{{ ticket.log }}a"', '{{ event.person.id }} {{ event.outcome }}"')
    story = Story(
        a_definition(text.replace("  a: {assign: everyone}", "  a: {assign: everyone, outcomes: [good]}"))
    )
    story.open()
    for button in ("go", "park"):
        story.do(button)
    story.complete("a", "ann", outcome="good")
    story.do("release")
    assert log_of(story) == "ann good"


def test_a_hold_after_a_hold_still_leads_back_to_the_state_before_both() -> None:
    story = a_story()
    story.do("park")
    assert state(story, "c") == "open"
    story.do("ask_vendor")
    story.do("release")
    assert story.ticket.state == "work" and state(story, "c") == "cancelled" and state(story, "a") == "open"


def test_naming_the_held_state_is_coming_back_too() -> None:
    story = a_story()
    story.do("park")
    story.do("by_name")
    assert story.ticket.state == "work" and log_of(story) == "E!p"


def test_a_third_state_ends_what_was_kept() -> None:
    for move in ("elsewhere", "end"):
        story = a_story()
        story.do("park")
        story.do(move)
        assert story.ticket.held is None and log_of(story) == "E!pL!"
        assert {state(story, name) for name in "abc"} == {"cancelled"}


def test_a_clock_pauses_while_its_state_is_held() -> None:
    story = a_story()
    story.do("park")
    assert story.ticket.clocks["c"].status == "paused"
    story.now = story.at(hours=5)
    story.do("release")
    assert story.ticket.clocks["c"].due_at == story.at(hours=13)
