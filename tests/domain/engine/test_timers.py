"""State timers: repeated, begun anew, of lengths from data; and staying that counts as entering."""

from __future__ import annotations

from datetime import datetime

from domain.engine.advance import next_deadline
from domain.engine.draft import Draft
from domain.engine.entries import Cause
from domain.engine.events import Facts
from domain.engine.ticket import StateTimer
from domain.engine.timers import counted_from, same_time
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


PARTS = (
    "after: 1h",
    "after: 2h",
    "every: 1h, after: 1h",
    "every: 1h, times: 2, after: 1h",
    "after: 1h, calendar: berlin",
)
TIMES = (*PARTS, "at: ticket.moment", "at: ticket.moment + 1h")


def test_two_rules_give_the_same_time_only_when_they_say_the_same_of_it() -> None:
    text = STATES.replace("  wait: {type: duration}", "  wait: {type: duration}\n  moment: {type: datetime}")
    text += "".join(f"  t{number}: {{from: new, {part}, {TICK}}}\n" for number, part in enumerate(TIMES))
    rules = a_definition(text).process.transitions
    for one in range(len(TIMES)):
        for other in range(len(TIMES)):
            assert same_time(rules[f"t{one}"], rules[f"t{other}"]) is (one == other)


def test_a_timer_counted_from_before_is_due_now_when_its_time_has_passed() -> None:
    text = (
        STATES
        + f"  t: {{from: new, after: 4h, calendar: berlin, {TICK}}}\n  u: {{from: new, every: 2h, {TICK}}}\n"
    )
    text += f"  v: {{from: new, after: ticket.wait, {TICK}}}\n"
    story = Story(a_definition(text))
    story.open()

    def counted(name: str, since: float, at: float) -> datetime | None:
        now = story.at(hours=at)
        draft = Draft(story.definition, story.ticket, now, now, Cause("command", "x"), Facts())
        timer = counted_from(draft, draft.plan.by_name[name], story.at(hours=since))
        return timer.due_at if timer is not None else None

    assert counted("t", 0, 1) == story.at(hours=4) and counted("t", 5, 5) == story.at(hours=25)
    assert counted("t", 0, 6) == story.at(hours=6) and counted("u", 1, 2) == story.at(hours=3)
    assert counted("v", 0, 1) is None


def test_a_timer_that_asks_for_a_second_status_runs_while_that_holds() -> None:
    text = STATES.replace(
        "  log: {type: note}", "  log: {type: note}\n  major: {type: choice, options: [no, yes]}"
    )
    story = Story(a_definition(text + f"  t: {{from: 'major:yes', after: 1h, {TICK}}}\n"))
    story.open()
    assert story.ticket.timers == {}
    story.now = story.at(minutes=10)
    story.edit(major="yes")
    assert story.ticket.timers == {"t": StateTimer(story.at(minutes=70))}
    story.edit(major="no")
    assert story.ticket.timers == {}
    story.edit(major="yes")
    story.until(story.at(hours=2))
    assert fired(story) == [story.at(minutes=70)]
    assert story.ticket.timers["t"] == StateTimer(story.at(minutes=70), spent=True, count=1)
