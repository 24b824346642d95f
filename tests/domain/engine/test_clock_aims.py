"""What a clock aims at: moments, lines that fit, regions, and starts that lie before or after now."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from domain.engine.advance import next_deadline
from domain.engine.clock_view import clock_facts
from domain.engine.ticket import Clock, Json
from tests.builders import START, Story, a_definition, effects, happenings

OFFICE = """
calendars:
  office: {time_zone: UTC, week: {mon-fri: "09:00-17:00"}}
  berlin: {time_zone: Europe/Berlin, week: {mon-fri: "09:00-17:00"}}
fields:
  promised: {type: datetime}
  called: {type: datetime}
  size: {type: choice, options: [small, large]}
  region: {type: choice, options: [cn, de]}
  vendor: {type: text}
forms: {create: {title: required, promised: optional, called: optional, size: optional, region: optional,
                 vendor: optional}}
states:
  new: {category: new}
  paused: {category: waiting}
  closed: {category: closed}
transitions:
  pause: {from: new, to: paused, who: everyone}
  go_on: {from: paused, to: new, who: everyone}
  close: {from: any, to: closed, who: everyone}
"""


def a_story(clock: str, **fields: Json) -> Story:
    text = OFFICE + f"clocks:\n  c: {{{clock}, pause: {{in: paused}}, stop: {{in: closed}}}}\n"
    story = Story(a_definition(text))
    story.open(**fields)
    return story


def the_clock(story: Story) -> Clock:
    return story.ticket.clocks["c"]


def at(hour: int, minute: int = 0, day: int = 2) -> datetime:
    return datetime.fromisoformat(f"2026-03-{day:02} {hour:02}:{minute:02}+00:00")


PAGES = (
    f"at: {{{', '.join(f'{label}: [{{page: everyone}}]' for label in ('50%', '100%', '150%', '2h after'))}}}"
)


def paged(story: Story) -> list[datetime]:
    return [entry.at for entry in story.journal if effects(entry, "page")]


def test_a_deadline_that_is_a_moment_is_not_moved_by_a_pause() -> None:
    story = a_story(f"until: ticket.promised, calendar: office, {PAGES}", promised="2026-03-02T15:00:00Z")
    assert the_clock(story).due_at == at(15)
    story.until(at(10))
    story.do("pause")
    assert the_clock(story).due_at is None
    story.until(at(14))
    story.do("go_on")
    assert the_clock(story).due_at == at(15)
    story.until(at(12, day=3))
    # half of the six working hours passed while it was paused; 150% is three working hours after 15:00
    assert paged(story) == [at(14), at(15), at(17), at(10, day=3)]
    assert the_clock(story).breached_at == at(15)


def test_a_moved_moment_moves_the_deadline_and_a_missing_one_is_waited_for() -> None:
    story = a_story("until: ticket.promised, calendar: office")
    assert the_clock(story).due_at is None and the_clock(story).status == "running"
    story.edit(promised="2026-03-03T12:00:00Z")
    assert the_clock(story).due_at == at(12, day=3)
    facts = clock_facts(story.definition, story.ticket, "c", at(16))
    assert (facts.left, facts.target) == (timedelta(hours=4), timedelta(hours=11))
    story.edit(promised="2026-03-02T08:00:00Z")  # before the ticket was opened: due at once
    story.until(START)
    assert the_clock(story).breached_at == START
    late = clock_facts(story.definition, story.ticket, "c", at(11)).left
    assert late == -timedelta(hours=2)


def test_a_deadline_outside_of_office_hours_stays_where_it_was_put() -> None:
    story = a_story("until: ticket.promised, calendar: office", promised="2026-03-07T12:00:00Z")
    story.until(at(12, day=8))
    assert the_clock(story).breached_at == at(12, day=7)


def test_the_first_line_that_fits_gives_target_and_calendar() -> None:
    lines = (
        "targets: [{if: ticket.promised != null, until: ticket.promised}, "
        "if_small, {target: 3h}], calendar: office".replace(
            "if_small", '{if: ticket.size == "small", target: 1h, calendar: always}'
        )
    )
    story = a_story(lines, size="small")
    assert (the_clock(story).target, the_clock(story).calendar) == ("1h", "always")
    story.edit(size="large")
    assert (the_clock(story).target, the_clock(story).due_at) == ("3h", at(12))
    story.edit(promised="2026-03-02T13:00:00Z")
    assert (the_clock(story).target, the_clock(story).due_at) == ("", at(13))
    line = the_clock(story).ledger[-1]
    assert (line.target, line.why) == ("until 2026-03-02T13:00:00Z", "clocks.c.targets.0")


def test_calendars_by_region_stand_beside_targets_by_something_else() -> None:
    clock = "target: {small: 1h, large: 2h}, by: size, calendar: {by: region, de: berlin, else: office}"
    story = a_story(clock, size="large", region="cn")
    assert (the_clock(story).target, the_clock(story).calendar) == ("2h", "office")
    story.edit(region="de")
    assert the_clock(story).calendar == "berlin"


def test_thresholds_go_on_after_the_end() -> None:
    story = a_story(f"target: 1h, calendar: always, {PAGES}")
    story.until(at(14))
    assert paged(story) == [at(9, 30), at(10), at(10, 30), at(12)]


def test_a_clock_counts_from_a_moment_that_has_passed() -> None:
    story = a_story("target: 2h, calendar: always, start: {at: ticket.called}", called="2026-03-02T08:00:00Z")
    assert the_clock(story).due_at == at(10)
    assert the_clock(story).ledger[0].at == at(8)


def test_a_closed_ticket_waits_for_no_moment() -> None:
    story = Story(
        a_definition(
            """
fields: {called: {type: datetime}}
forms: {create: {title: required, called: optional}}
states: {new: {category: new}, gone: {category: closed}}
transitions: {end: {from: new, to: gone, who: everyone}}
clocks: {c: {target: 2h, calendar: always, start: {at: ticket.called}, stop: {in: gone}}}
"""
        )
    )
    story.open(called="2026-03-02T12:00:00Z")
    assert next_deadline(story.ticket) == at(12)
    story.do("end")
    assert next_deadline(story.ticket) is None


def test_a_clock_waits_for_a_moment_to_come_and_follows_it() -> None:
    story = a_story("target: 2h, calendar: always, start: {at: ticket.called}", called="2026-03-02T12:00:00Z")
    assert (the_clock(story).status, the_clock(story).next_what) == ("idle", "start")
    story.edit(called="2026-03-02T13:00:00Z")
    story.until(at(13, 30))
    assert (the_clock(story).status, the_clock(story).due_at) == ("running", at(15))
    story.edit(called="2026-03-02T11:00:00Z")
    assert the_clock(story).due_at == at(13, 30)  # would have been due at 13:00: due when it was moved
    story.until(at(13, 30))
    assert the_clock(story).breached_at == at(13, 30)
    assert [line.what for line in the_clock(story).ledger] == ["started", "retargeted", "moved"]


def test_a_start_moved_into_the_future_waits_again() -> None:
    story = a_story("target: 2h, calendar: always, start: {at: ticket.called}", called="2026-03-02T08:30:00Z")
    story.edit(called="2026-03-02T12:00:00Z")
    assert (the_clock(story).status, the_clock(story).next_at) == ("idle", at(12))
    assert clock_facts(story.definition, story.ticket, "c", at(11)).elapsed == timedelta(0)
    assert happenings(story.until(at(12, 1)), "reached") == [], "it starts, and nothing else is due"
    assert the_clock(story).due_at == at(14)


def test_a_moved_start_takes_pauses_into_account() -> None:
    story = a_story("target: 8h, calendar: always, start: {at: ticket.called}", called="2026-03-02T08:00:00Z")
    story.until(at(10))
    story.do("pause")
    story.until(at(11))
    story.edit(called="2026-03-02T10:30:00Z")  # while it stood still: nothing has been counted
    assert clock_facts(story.definition, story.ticket, "c", at(11)).elapsed == timedelta(0)
    story.do("go_on")
    assert the_clock(story).due_at == at(19)


def test_a_moved_start_cuts_or_lengthens_what_ran_between_pauses() -> None:
    story = a_story("target: 8h, calendar: always, start: {at: ticket.called}", called="2026-03-02T08:00:00Z")
    for hour, button in ((10, "pause"), (11, "go_on"), (12, "pause"), (13, "go_on")):
        story.until(at(hour))
        story.do(button)
    story.until(at(14))
    for called, due in (("11:30", at(20, 30)), ("11:00", at(20)), ("12:00", at(21)), ("14:00", at(22))):
        entry = story.edit(called=f"2026-03-02T{called}:00Z")
        assert (the_clock(story).due_at, the_clock(story).status) == (due, "running"), called
        assert [one.detail for one in happenings(entry, "clock", "c")] == [{"what": "moved"}]
        line = the_clock(story).ledger[-1]
        assert (line.what, line.at, line.why) == ("moved", at(14), "clocks.c.start")
        assert line.line.startswith("thing.yaml:")


def test_a_missed_deadline_says_whose_it_was() -> None:
    story = a_story("kind: uc, whose: vendor, target: 1h, calendar: always", vendor="ACME")
    story.until(at(11))
    (missed,) = [one for entry in story.journal for one in happenings(entry, "breached")]
    assert missed.detail["whose"] == "ACME"


@pytest.mark.parametrize("moment", ["2026-03-02T08:00:00Z", "2026-03-02T09:00:00Z"])
def test_a_promise_that_cannot_be_kept_any_more_is_missed_at_once(moment: str) -> None:
    story = a_story(f"until: ticket.promised, calendar: always, {PAGES}", promised=moment)
    story.until(START)
    assert the_clock(story).breached_at == START


def test_a_moment_that_comes_while_a_clock_may_not_run_is_passed_by_once() -> None:
    clock = "target: 2h, calendar: always, start: {at: ticket.called}, stop: {in: [paused, closed]}"
    story = Story(a_definition(OFFICE + f"clocks: {{c: {{{clock}}}}}\n"))
    story.open(called="2026-03-02T12:00:00Z")
    story.do("pause")
    (entry,) = story.until(at(13))
    assert (entry.cause.name, entry.happened, story.ticket.parked) == ("c start", (), "")
    idle = the_clock(story)
    assert (idle.status, idle.next_at, idle.next_what) == ("idle", None, "")
    story.do("go_on")
    assert (the_clock(story).status, the_clock(story).due_at) == ("running", at(14))
