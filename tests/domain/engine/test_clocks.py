"""Service-level clocks: the pass after a step, thresholds, targets and what stays history."""

# Over 400 lines: one clock after the other, from its start to what stays of it, and nothing else.

from __future__ import annotations

from datetime import datetime

import pytest

from domain.engine.clock_time import elapsed_of
from domain.engine.entries import Entry
from domain.engine.events import Edit, Move
from domain.engine.ticket import Clock
from tests.builders import START, Story, a_definition, accepted, effects, happenings

REST = """
fields:
  hot: {type: boolean}
  cold: {type: boolean}
  size: {type: choice, options: [big, small, odd]}
states:
  new: {category: new}
  work: {category: active}
  wait: {category: waiting}
  fixed: {category: done}
  gone: {category: closed}
transitions:
  work: {from: [new, wait], to: work, who: everyone}
  wait: {from: [new, work], to: wait, who: everyone}
  fix: {from: any, to: fixed, who: everyone, ask: {size: optional}}
  reopen: {from: fixed, to: work, who: everyone}
  close: {from: any, to: gone, who: everyone}
  ping: {from: any, who: everyone, do: [{raise: ping}]}
  pong: {from: any, who: everyone, do: [{raise: pong}]}
  both: {from: any, who: everyone, do: [{raise: ping}, {raise: pong}]}
"""


def a_story(clock: str, more: str = "", **fields: object) -> Story:
    forms = "forms: {create: {title: required, size: optional, hot: optional}}\n"
    story = Story(a_definition(REST + forms + more + f"\nclocks:\n  c: {{{clock}}}\n"))
    story.open(**fields)
    return story


def clock(story: Story, name: str = "c") -> Clock:
    return story.ticket.clocks[name]


def elapsed(story: Story, name: str = "c") -> float:
    """Minutes."""
    return elapsed_of(story.definition, clock(story, name), story.now).total_seconds() / 60


def what(story: Story, name: str = "c") -> list[str]:
    return [line.what for line in clock(story, name).ledger]


SIMPLE = "target: 1h, calendar: always, stop: {in: [done, closed]}"


# ---------------------------------------------------------------- the pass


def test_a_clock_starts_when_the_ticket_is_created_and_says_by_which_rule() -> None:
    story = a_story(SIMPLE)
    assert clock(story).status == "running" and clock(story).due_at == story.at(hours=1)
    started, retargeted = clock(story).ledger
    assert (started.what, started.why) == ("started", "clocks.c.start")
    assert (retargeted.target, retargeted.calendar, retargeted.due_at) == ("1h", "always", story.at(hours=1))


def test_reset_comes_before_stop() -> None:
    story = a_story(
        "target: 1h, calendar: always, start: {in: new}, stop: {when: raised.ping}, reset: {when: raised.pong}"
    )
    story.until(story.at(minutes=20))
    story.do("both")
    assert what(story) == ["started", "retargeted", "reset"]
    assert clock(story).status == "idle" and clock(story).cycle == 2 and elapsed(story) == 0


def test_stop_comes_before_resume() -> None:
    story = a_story("target: 1h, calendar: always, stop: {in: done}, resume: {when: raised.pong}")
    story.do("fix")
    story.do("pong")
    assert clock(story).status == "stopped", "the reason to stop still holds"
    story.do("reopen")
    assert clock(story).status == "stopped"
    story.do("pong")
    assert clock(story).status == "running"


def test_start_comes_before_pause_in_the_same_pass() -> None:
    story = a_story(
        "target: 1h, calendar: always, start: {if: ticket.hot}, pause: {if: ticket.hot}, stop: {in: done}",
        hot=True,
    )
    assert what(story) == ["started", "paused", "retargeted"] and clock(story).status == "paused"
    assert clock(story).due_at is None and clock(story).next_at is None


def test_when_sees_only_the_events_of_this_step() -> None:
    story = a_story("target: 1h, calendar: always, start: {in: work, when: raised.ping}, stop: {in: done}")
    story.do("ping")
    story.do("work")
    assert "c" not in story.ticket.clocks
    story.do("ping")
    assert clock(story).status == "running"


def test_a_reset_by_an_event_happens_once() -> None:
    story = a_story("target: 1h, calendar: always, stop: {in: done}, reset: {when: raised.ping}")
    story.until(story.at(minutes=30))
    story.do("ping")
    assert clock(story).cycle == 2 and clock(story).due_at == story.at(minutes=90)
    story.edit(hot=True)
    assert clock(story).cycle == 2


def test_a_pause_by_condition_lasts_as_long_as_the_condition() -> None:
    story = a_story("target: 1h, calendar: always, pause: {in: wait}, stop: {in: done}")
    story.until(story.at(minutes=20))
    story.do("wait")
    assert (clock(story).status, elapsed(story), clock(story).due_at) == ("paused", 20, None)
    assert story.until(story.at(hours=5)) == []
    story.do("work")
    assert clock(story).due_at == story.at(hours=5, minutes=40)


def test_a_pause_by_event_lasts_until_the_clock_is_resumed() -> None:
    story = a_story(
        "target: 1h, calendar: always, pause: {when: raised.ping}, resume: {when: raised.pong}, stop: {in: done}"
    )
    story.do("ping")
    story.edit(hot=True)
    assert clock(story).status == "paused"
    story.do("pong")
    assert clock(story).status == "running"


def test_a_pause_by_event_within_a_state_ends_with_the_state() -> None:
    story = a_story("target: 1h, calendar: always, pause: {in: wait, when: raised.ping}, stop: {in: done}")
    story.do("ping")
    assert clock(story).status == "running"
    story.do("wait")
    story.do("ping")
    assert clock(story).status == "paused"
    story.do("work")
    assert clock(story).status == "running"


def test_closing_stops_every_clock_and_none_starts_again() -> None:
    story = a_story(
        "target: 1h, calendar: always, stop: {in: done}, reset: {when: raised.ping}, start: {if: 'not ticket.hot'}"
    )
    story.until(story.at(minutes=10))
    story.do("close")
    assert clock(story).status == "stopped" and elapsed(story) == 10
    story.do("ping")
    assert clock(story).status == "stopped" and elapsed(story) == 10 and clock(story).cycle == 1


# ---------------------------------------------------------------- thresholds

PAGES = """
    target: 1h, calendar: always, stop: {in: [done, closed]},
    at: {50%: [{page: "person:a"}], 30m left: [{page: "person:left"}], 75%: [{page: "person:b"}],
         100%: [{page: "person:d"}]},
    overdue: {every: 10m, times: 3, do: [{page: "person:o"}]}
"""


def pages(entries: list[Entry]) -> list[tuple[str, float]]:
    return [
        (effect.to[0][7:], (entry.at - START).total_seconds() / 60)
        for entry in entries
        for effect in entry.effects
    ]


def test_every_threshold_acts_when_it_is_due_and_once() -> None:
    story = a_story(PAGES)
    found = story.until(story.at(hours=5))
    assert pages(found) == [("left", 30), ("b", 45), ("d", 60), ("o", 70), ("o", 80), ("o", 90)], (
        "50% and 30m left are due at once"
    )
    assert clock(story).breached_at == story.at(hours=1) and clock(story).overdue_count == 3
    reached = clock(story).reached
    assert {name: one.acted for name, one in reached.items()} == {
        "50%": False,
        "30m left": True,
        "75%": True,
        "100%": True,
    }


def test_the_breach_is_kept_even_where_the_owner_wrote_no_threshold() -> None:
    story = a_story(SIMPLE)
    (entry,) = story.until(story.at(hours=2))
    assert happenings(entry, "breached", "c") and clock(story).breached_at == story.at(hours=1)
    assert entry.cause.name == "c 100%"


def test_a_breach_is_an_event() -> None:
    more = "\nescalations: {e: {steps: [{page: 'person:a', wait: 10m}], until: 'ticket.hot'}}"
    text = REST.replace("  close:", "  breached: {from: any, when: clock.c.breached, to: work}\n  close:")
    story = Story(a_definition(text + more + f"\nclocks:\n  c: {{{SIMPLE}}}\n"))
    story.open()
    story.until(story.at(hours=2))
    assert story.ticket.state == "work"


def test_a_zero_target_is_due_at_the_start_and_only_the_highest_threshold_acts() -> None:
    story = a_story(PAGES.replace("target: 1h", "target: 0m"))
    assert clock(story).due_at == START
    found = story.until(START)
    assert pages(found) == [("d", 0)] and clock(story).breached_at == START


def test_overdue_repetitions_stand_still_while_paused_and_go_on_from_the_resumption() -> None:
    story = a_story(
        "target: 1h, calendar: always, pause: {in: wait}, stop: {in: done}, "
        "overdue: {every: 10m, times: 5, do: [{page: 'person:o'}]}"
    )
    story.until(story.at(minutes=75))
    story.do("wait")
    assert story.until(story.at(minutes=200)) == []
    assert clock(story).due_at == story.at(hours=1), "a missed deadline stays visible while paused"
    story.do("work")
    assert pages(story.until(story.at(minutes=221))) == [("o", 210), ("o", 220)]


# ---------------------------------------------------------------- targets and calendars

BY_SIZE = """
    target: {big: 1h, small: 4h, odd: 2h}, calendar: {big: always, else: office}, by: size,
    stop: {in: [done, closed]}, pause: {in: wait},
    at: {50%: [{page: "person:a"}], 75%: [{page: "person:b"}], 100%: [{page: "person:d"}]}
"""
OFFICE = 'calendars: {office: {time_zone: UTC, week: {mon-fri: "09:00-12:00, 13:00-17:00"}}}'


def test_a_change_of_the_target_counts_the_whole_life_under_the_new_target_and_calendar() -> None:
    story = a_story(BY_SIZE, OFFICE, size="small")
    assert clock(story).due_at == story.at(hours=5), "4 h of work with a break at noon"
    story.until(story.at(minutes=20))
    story.edit(size="big")
    assert clock(story).due_at == story.at(hours=1) and clock(story).calendar == "always"
    assert [line.due_at for line in clock(story).ledger if line.what == "retargeted"] == [
        story.at(hours=5),
        story.at(hours=1),
    ]


def test_the_new_calendar_counts_what_went_before_it_too() -> None:
    story = a_story(BY_SIZE, OFFICE, size="big")
    story.now = datetime.fromisoformat("2026-03-02T09:10:00Z")
    story.edit(size="odd")
    story.until(story.at(hours=1))
    assert elapsed(story) == 60 and clock(story).due_at == story.at(hours=2)


def test_elapsed_time_outside_hours_counts_once_the_clock_runs_round_the_clock() -> None:
    story = a_story(BY_SIZE.replace("big: 1h", "big: 24h"), OFFICE, size="odd")
    story.do("wait")
    story.now = story.at(hours=8, minutes=30)  # 17:30, closed
    story.do("work")
    story.now = story.at(hours=10)
    assert elapsed(story) == 0
    story.edit(size="big")
    assert elapsed(story) == 90


def test_a_recomputed_deadline_that_lies_before_the_change_is_due_at_the_change() -> None:
    story = a_story(BY_SIZE, OFFICE, size="small")
    story.until(story.at(minutes=100))
    story.edit(size="big")
    assert clock(story).next_at == clock(story).due_at == story.at(minutes=100)
    found = story.until(story.at(minutes=100))
    assert pages(found) == [("d", 100)], "all three are due at once: only the highest acts"
    assert clock(story).breached_at == story.at(minutes=100)


def test_a_reached_deadline_is_history_whatever_comes_later() -> None:
    story = a_story(BY_SIZE, OFFICE, size="big")
    story.until(story.at(minutes=61))
    breached = story.at(hours=1)
    for change in (Edit({"size": "small"}), Move("wait"), Edit({"size": "odd"}), Move("work"), Move("fix")):
        accepted(story.send(change))
        assert clock(story).breached_at == breached and clock(story).due_at == breached
    assert [one.due_at for one in clock(story).reached.values()] == [
        story.at(minutes=30),
        story.at(minutes=45),
        breached,
    ]
    assert story.until(story.at(days=3)) == []


def test_thresholds_reached_before_a_change_do_not_act_again() -> None:
    story = a_story(BY_SIZE, OFFICE, size="big")
    assert pages(story.until(story.at(minutes=31))) == [("a", 30)]
    story.edit(size="odd")
    assert pages(story.until(story.at(hours=3))) == [("b", 90), ("d", 120)]


def test_a_change_while_paused_counts_when_the_clock_runs_again() -> None:
    story = a_story(BY_SIZE, OFFICE, size="small")
    story.until(story.at(minutes=50))
    story.do("wait")
    story.until(story.at(minutes=55))
    story.edit(size="big")
    assert clock(story).due_at is None and clock(story).target == "1h"
    story.do("work")
    assert clock(story).due_at == story.at(minutes=65)


def test_a_stopped_clock_keeps_the_measure_it_was_measured_by() -> None:
    story = a_story(BY_SIZE, OFFICE, size="big")
    story.until(story.at(minutes=10))
    story.do("fix")
    story.edit(size="small")
    assert (clock(story).target, clock(story).calendar, elapsed(story)) == ("1h", "always", 10)


def test_a_clock_without_a_target_runs_and_is_never_due() -> None:
    story = a_story(BY_SIZE, OFFICE)
    assert clock(story).status == "running" and clock(story).due_at is None and clock(story).next_at is None
    story.until(story.at(minutes=30))
    story.edit(size="big")
    assert clock(story).due_at == story.at(hours=1)
    story.edit(size=None)
    assert clock(story).due_at is None and clock(story).next_at is None


AGREED = (
    OFFICE
    + """
agreements:
  gold: {if: ticket.hot, targets: {thing.c: {target: {big: 20m, small: 30m, odd: 40m}, calendar: always}}}
  silver: {if: ticket.cold, targets: {thing.c: {target: 50m}}}
  other: {if: ticket.cold, targets: {elsewhere.c: {target: 1m}}}
"""
)


@pytest.mark.parametrize(
    ("given", "due"),
    [({"hot": True, "cold": True}, 20), ({"cold": True}, 50), ({}, 60)],
)
def test_the_first_agreement_that_fits_replaces_target_and_calendar(given: dict[str, bool], due: int) -> None:
    story = a_story(BY_SIZE, AGREED, size="big")
    if given:
        story.edit(**given)
    assert clock(story).due_at == story.at(minutes=due)
    why = clock(story).ledger[-1].why
    assert why == {20: "agreements.gold.targets.thing.c", 50: "agreements.silver.targets.thing.c"}.get(
        due, "clocks.c.target"
    )


def test_a_pause_across_a_weekend_costs_no_working_time() -> None:
    story = a_story(BY_SIZE, OFFICE, size="small")
    story.until(story.at(hours=1))
    story.do("wait")
    story.until(story.at(days=6))
    story.do("work")  # a Sunday
    assert elapsed(story) == 60
    assert clock(story).due_at == datetime.fromisoformat("2026-03-09T12:00:00Z"), (
        "the earliest instant at which 4 h are worked"
    )


def test_effects_of_a_threshold_see_its_condition_when_it_is_due() -> None:
    story = a_story(
        "target: 1h, calendar: always, stop: {in: done}, "
        'at: {50%: [{if: ticket.hot, page: "person:h"}, {if: not ticket.hot, page: "person:c"}]}'
    )
    story.edit(hot=True)
    (effect,) = effects(story.until(story.at(minutes=30)))
    assert effect.to == ("person:h",) and effect.why == "clocks.c.at.50%.0"


def test_a_reset_starts_a_clock_anew_only_where_it_may_start() -> None:
    story = a_story(
        "target: 1h, calendar: always, start: {in: new}, stop: {in: closed}, reset: {when: raised.pong}"
    )
    story.do("pong")
    assert what(story) == ["started", "retargeted", "reset", "started"]
    story.do("work")
    story.do("pong")
    assert what(story)[4:] == ["reset"] and clock(story).status == "idle"
    assert (clock(story).cycle, clock(story).target, clock(story).stretches) == (3, "1h", ())
