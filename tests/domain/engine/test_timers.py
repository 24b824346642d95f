"""State timers: repeated, begun anew, of lengths from data; and staying that counts as entering."""

from __future__ import annotations

from datetime import datetime

from domain.engine.advance import next_deadline
from tests.builders import Story, a_definition, happenings

STATES = """
fields:
  log: {type: note}
  wait: {type: duration}
  site: {type: choice, options: [berlin, shanghai]}
forms: {create: {title: required, wait: optional, site: optional}}
calendars:
  berlin: {time_zone: Europe/Berlin, week: {mon-fri: "09:00-17:00"}}
  shanghai: {time_zone: Asia/Shanghai, week: {mon-fri: "09:00-17:00"}}
states:
  new: {category: new, enter: [{set: {log: "{{ ticket.log }}E"}}], tasks: [a]}
  gone: {category: closed}
tasks: {a: {assign: everyone}}
transitions:
  end: {from: new, to: gone, who: everyone}
  entered: {from: new, when: entered.new, do: [{set: {log: "{{ ticket.log }}e"}}]}
"""
TICK = 'do: [{set: {log: "{{ ticket.log }}."}}]'


def a_story(transition: str, **fields: object) -> Story:
    story = Story(a_definition(STATES + f"  t: {{from: new, {transition}}}\n"))
    story.open("ann", "portal", **fields)
    return story


def fired(story: Story) -> list[datetime]:
    return [e.at for e in story.journal for one in happenings(e, "timer", "t") if one.detail["fired"]]


def test_a_timer_goes_off_again_and_again_but_not_for_ever() -> None:
    story = a_story(f"after: 4h, every: 1h, times: 3, {TICK}")
    story.until(story.at(days=2))
    assert fired(story) == [story.at(hours=4), story.at(hours=5), story.at(hours=6)]
    assert next_deadline(story.ticket) is None


def test_every_alone_begins_with_its_own_length() -> None:
    story = a_story(f"every: 2h, times: 2, {TICK}")
    story.until(story.at(days=2))
    assert fired(story) == [story.at(hours=2), story.at(hours=4)]


def test_a_repetition_whose_condition_does_not_hold_is_passed_over() -> None:
    story = a_story(f"every: 1h, times: 3, if: ticket.wait != null, {TICK}")
    story.until(story.at(hours=1))
    story.edit(wait="1h")
    story.until(story.at(days=1))
    assert fired(story) == [story.at(hours=2), story.at(hours=3)]


def test_what_an_outage_missed_is_not_made_up_for() -> None:
    story = a_story(f"every: 1h, {TICK}")
    story.outage_until(story.at(hours=3, minutes=30))
    assert len(fired(story)) == 1 and next_deadline(story.ticket) == story.at(hours=4, minutes=30)


def test_an_event_begins_a_timer_anew_even_when_it_is_spent() -> None:
    story = a_story(f"after: 4h, restart: [updated], {TICK}")
    story.until(story.at(hours=3))
    story.reply()
    story.until(story.at(hours=5))
    assert fired(story) == []
    story.until(story.at(hours=8))
    assert fired(story) == [story.at(hours=7)]
    story.edit(wait="1h")
    story.until(story.at(days=2))
    assert fired(story) == [story.at(hours=7), story.at(hours=12)]


def test_a_length_can_come_from_a_field_and_without_one_nothing_is_waited_for() -> None:
    story = a_story(f"after: ticket.wait * 2, restart: changed.wait, {TICK}", wait="30m")
    assert next_deadline(story.ticket) == story.at(hours=1)
    story.edit(wait="2h")
    assert next_deadline(story.ticket) == story.at(hours=4)
    story.edit(wait=None)
    assert next_deadline(story.ticket) is None


def test_length_and_calendar_can_depend_on_a_choice() -> None:
    times = "after: {by: site, berlin: 2h, else: 4h}, calendar: {by: site, shanghai: shanghai, else: berlin}"
    opened = {site: a_story(f"{times}, {TICK}", site=site) for site in ("berlin", "shanghai", None)}
    assert {site: next_deadline(story.ticket) for site, story in opened.items()} == {
        "berlin": opened["berlin"].at(hours=2),
        "shanghai": opened["berlin"].at(hours=20),  # it is 17:00 there: four hours from the next morning on
        None: opened["berlin"].at(hours=4),
    }


def test_staying_that_counts_as_entering_runs_timers_and_enter_again_and_keeps_tasks() -> None:
    timer = (
        f"after: 4h, {TICK}}}\n  again: {{from: new, who: everyone, reenter: true, ask: {{wait: optional}}"
    )
    story = a_story(timer)
    story.complete("a")
    story.until(story.at(hours=3))
    story.do("again")
    assert story.ticket.fields["log"] == "EeEe" and story.ticket.tasks["a"].state == "done"
    assert story.ticket.entered_at == story.at(hours=3) and next_deadline(story.ticket) == story.at(hours=7)
