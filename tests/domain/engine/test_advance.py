"""Time passes (architecture.md section 5): one entry for each thing due, in order, and kindly after an outage."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.engine.advance import MOST_DUE, advance, next_deadline
from domain.engine.entries import Cause, Entry
from domain.engine.events import AddTask
from domain.engine.ticket import Ticket
from tests.builders import START, Story, a_definition, effects, happenings
from tests.domain.engine.boards import Board

EVERYTHING = """
fields: {hot: {type: boolean}, log: {type: note}}
states:
  new: {category: new, tasks: [look, nap]}
  fixed: {category: done}
  gone: {category: closed}
transitions:
  fix: {from: new, to: fixed, who: everyone}
  close: {from: any, to: gone, who: everyone}
  climb: {from: new, who: everyone, do: [{escalate: up}]}
  remind: {from: new, after: 1h, do: [{page: "person:timer"}]}
  later: {from: new, after: 1h, do: [{page: "person:timer2"}]}
clocks:
  b:
    target: 2h
    calendar: always
    stop: {in: [done, closed]}
    at: {50%: [{page: "person:b50"}], 75%: [{page: "person:b75"}], 100%: [{page: "person:b100"}]}
    overdue: {every: 10m, times: 10, do: [{page: "person:over"}]}
  a:
    target: 2h
    calendar: always
    stop: {in: [done, closed]}
    at: {50%: [{page: "person:a50"}]}
escalations:
  up:
    steps: [{page: "person:s1", wait: 1h}, {page: "person:s2", wait: 10m}, {page: "person:s3", wait: 10m}]
    repeat: 1
    until: ticket.hot
    otherwise: [{page: "person:nobody"}]
tasks:
  nap: {wait: {for: 1h}}
  look: {assign: "person:ann", due: 1h}
"""


def opened(text: str = EVERYTHING) -> Story:
    story = Story(a_definition(text))
    story.open()
    return story


def paged(entries: list[Entry]) -> list[str]:
    return [effect.to[0].removeprefix("person:") for effect in effects(entries, "page")]


def test_at_one_instant_timers_go_first_then_clocks_escalations_and_tasks_each_in_file_order() -> None:
    story = opened()
    story.do("climb")
    found = story.until(story.at(hours=1))
    assert [(entry.cause.kind, entry.cause.name) for entry in found] == [
        ("timer", "remind"),
        ("timer", "later"),
        ("clock", "b 50%"),
        ("clock", "a 50%"),
        ("escalation", "up"),
        ("task", "nap"),
        ("task", "look"),
    ]


def test_each_due_thing_has_its_own_entry_stamped_with_when_it_was_due_and_when_it_was_handled() -> None:
    story = opened()
    found = story.outage_until(story.at(hours=1, minutes=45))
    assert [entry.at for entry in found][:2] == [story.at(hours=1)] * 2
    assert {entry.handled_at for entry in found} == {story.at(hours=1, minutes=45)}
    assert found[0].late_by == 45 * 60
    assert [entry.at for entry in found] == sorted(entry.at for entry in found)


def test_what_is_handled_within_a_minute_is_not_late() -> None:
    story = opened()
    story.now = story.at(hours=1, seconds=50)
    found = story.keep(advance(story.definition, story.ticket, story.now))
    assert {entry.late_by for entry in found} == {0.0}


def test_nothing_due_gives_no_entry_and_the_same_ticket() -> None:
    story = opened()
    outcome = advance(story.definition, story.ticket, story.at(minutes=59))
    assert outcome.entries == () and outcome.ticket is story.ticket


def test_the_next_deadline_is_the_nearest_of_all() -> None:
    story = opened()
    assert next_deadline(story.ticket) == story.at(hours=1)
    story.do("fix")
    story.do("close")
    assert next_deadline(story.ticket) is None


# ---------------------------------------------------------------- after an outage


def test_of_several_missed_thresholds_of_a_clock_only_the_highest_acts() -> None:
    story = opened(_without("tasks", "timers"))
    found = story.outage_until(story.at(hours=2, minutes=5))
    assert paged(found) == ["a50", "b100"]
    reached = story.ticket.clocks["b"].reached
    assert {name: (one.due_at, one.acted) for name, one in reached.items()} == {
        "50%": (story.at(hours=1), False),
        "75%": (story.at(hours=1.5), False),
        "100%": (story.at(hours=2), True),
    }
    assert story.ticket.clocks["b"].breached_at == story.at(hours=2)


def test_a_missed_threshold_acts_when_the_ticket_may_have_moved_before_the_next_one() -> None:
    story = opened(
        _without("tasks").replace(
            "remind: {from: new, after: 1h,", "remind: {from: new, after: 80m, to: fixed,"
        )
    )
    found = story.outage_until(story.at(hours=5))
    assert paged(found) == ["timer2", "b50", "a50", "timer"] and story.ticket.clocks["b"].status == "stopped"


def test_missed_overdue_repetitions_collapse_into_one_marked_with_the_count() -> None:
    story = opened(_without("tasks", "timers"))
    story.until(story.at(hours=2, minutes=1))
    found = story.outage_until(story.at(hours=2, minutes=35))
    assert paged(found) == ["over"]
    assert happenings(found, "overdue")[0].detail == {"count": 3, "missed": 2}
    assert paged(story.until(story.at(hours=2, minutes=41))) == ["over"]
    assert story.ticket.clocks["b"].overdue_count == 4


def test_a_breach_and_its_missed_repetitions_are_two_decisions() -> None:
    story = opened(_without("tasks", "timers"))
    assert paged(story.outage_until(story.at(days=1))) == ["a50", "b100", "over"]
    assert story.ticket.clocks["b"].overdue_count == 10
    assert next_deadline(story.ticket) is None


def test_a_chain_resumes_at_its_latest_due_step_and_gives_its_full_time_from_now() -> None:
    story = opened(_without("tasks", "timers", "clocks"))
    story.do("climb")
    found = story.outage_until(story.at(hours=1, minutes=15))  # s2 was due at 60, s3 at 70
    assert paged(found) == ["s3"]
    assert happenings(found, "escalation")[0].detail == {
        "what": "stepped",
        "step": 3,
        "round": 1,
        "missed": 1,
    }
    assert next_deadline(story.ticket) == story.at(hours=1, minutes=25)


def test_a_chain_whose_every_step_was_missed_pages_the_last_one_before_it_gives_up() -> None:
    story = opened(_without("tasks", "timers", "clocks"))
    story.do("climb")
    found = story.outage_until(story.at(days=1))
    assert paged(found) == ["s3"] and happenings(found, "escalation")[0].detail["round"] == 2
    assert paged(story.until(story.at(days=1, minutes=10))) == ["nobody"]


def test_a_chain_that_is_only_a_little_late_goes_on_as_planned() -> None:
    story = opened(_without("tasks", "timers", "clocks"))
    story.do("climb")
    story.outage_until(story.at(hours=1, seconds=30))
    assert next_deadline(story.ticket) == story.at(hours=1, minutes=10)


def test_after_timers_armed_by_a_late_step_count_from_when_it_was_handled() -> None:
    story = opened("""
states: {new: {category: new}, fixed: {category: done}, gone: {category: closed}}
transitions:
  give_up: {from: new, to: fixed, after: 1h}
  close: {from: fixed, to: gone, after: 3d}
  reopen: {from: fixed, to: new, who: everyone}
""")
    found = story.outage_until(story.at(days=10))
    assert [entry.cause.name for entry in found] == ["give_up"], (
        "nobody gets three days and a closed ticket at once"
    )
    assert story.ticket.entered_at == story.at(hours=1), "due stamps measure"
    assert next_deadline(story.ticket) == story.at(days=13)


def test_a_command_that_was_handled_late_gives_time_from_when_it_was_handled() -> None:
    from domain.engine.events import Move

    story = opened("""
states: {new: {category: new}, fixed: {category: done}, gone: {category: closed}}
transitions:
  fix: {from: new, to: fixed, who: everyone}
  close: {from: fixed, to: gone, after: 1h}
""")
    story.now = story.at(hours=8)
    entry = story.send(Move("fix"), received_at=story.at(hours=1))
    assert entry.at == story.at(hours=1) and entry.late_by == 7 * 3600
    assert next_deadline(story.ticket) == story.at(hours=9)


def test_thresholds_are_not_skipped_for_ones_that_lie_after_the_commands_time() -> None:
    from domain.engine.events import Move

    story = opened(_without("tasks", "timers"))
    story.now = story.at(hours=8)
    story.send(Move("fix"), received_at=story.at(hours=1, minutes=10))
    assert paged(story.journal) == ["b50", "a50"], "75% was never reached: the command came first"
    assert story.ticket.clocks["b"].breached_at is None


# ---------------------------------------------------------------- standing still


def test_what_is_due_again_and_again_at_one_instant_parks_the_ticket() -> None:
    story = opened("""
states: {new: {category: new}, other: {category: active}, gone: {category: closed}}
transitions:
  there: {from: new, to: other, after: 0m}
  back: {from: other, to: new, after: 0m}
  end: {from: any, to: gone, who: everyone}
""")
    found = story.outage_until(START)
    assert len(found) == MOST_DUE + 1 and happenings(found, "parked") and story.ticket.parked
    assert (found[-1].cause.kind, found[-1].cause.name, found[-1].actor) == ("system", "park", "")
    assert story.ticket.parked == "more than 1000 things were due at once"
    assert next_deadline(story.ticket) is None


def test_advance_never_goes_back_in_time() -> None:
    story = opened(_without("tasks"))
    story.now = story.at(minutes=30)
    story.edit(log="x")
    early: Ticket = story.ticket
    assert advance(story.definition, early, START).entries == ()
    story.until(story.at(hours=3))
    times = [entry.at for entry in story.journal]
    assert times == sorted(times)


@pytest.mark.parametrize("zone", [timedelta(hours=8), timedelta(hours=-5)])
def test_the_zone_in_which_time_is_told_does_not_matter(zone: timedelta) -> None:
    from datetime import timezone

    here, there = opened(), opened()
    here.outage_until(here.at(hours=5))
    there.outage_until(there.at(hours=5).astimezone(timezone(zone)))
    assert here.journal == there.journal and here.snapshot == there.snapshot


def _without(*sections: str) -> str:
    """EVERYTHING without its tasks, state timers or clocks."""
    text = EVERYTHING
    if "tasks" in sections:
        text = text.replace("tasks: [look, nap]", "tasks: []")
    if "timers" in sections:
        text = "\n".join(line for line in text.splitlines() if "after:" not in line)
    if "clocks" in sections:
        text = text[: text.index("clocks:")] + text[text.index("escalations:") :]
    return text


AT_TEN = """
calendars: {late: {time_zone: UTC, week: {mon-fri: "10:00-17:00"}}}
states:
  new: {category: new, tasks: [t2, t1], enter: [{notify: news}, {request_approval: p2}, {request_approval: p1}]}
  gone: {category: closed}
transitions:
  end: {from: any, to: gone, who: everyone}
  climb: {from: any, who: everyone, do: [{escalate: e2}, {escalate: e1}]}
  b2: {from: new, after: 1h, if: 'ticket.title == ""', do: [{raise: x}]}
  b1: {from: new, after: 1h, do: [{raise: x}]}
clocks:
  c2: {target: 2h, calendar: always, stop: {in: closed}, at: {50%: []}}
  c1: {target: 2h, calendar: always, stop: {in: closed}, at: {1h left: []}}
  c0: {target: 30m, calendar: always, stop: {in: closed}, overdue: {every: 30m, times: 1, do: []}}
escalations:
  e2: {steps: [{page: "person:a", wait: 1h}], until: false}
  e1: {steps: [{page: "person:a", wait: 1h}], until: false}
approvals:
  p2: {stages: [{id: s, approvers: "person:a", remind: {every: 1h}}]}
  p1: {stages: [{id: s, approvers: "person:a", timeout: {after: 1h, add: "person:b"}}]}
tasks:
  t2: {assign: everyone, due: 1h}
  t1: {wait: {for: 1h}}
adhoc_tasks: {who: everyone}
notifications: {news: {to: requester, calendar: late, subject: News, body: news}}
permissions: [{who: everyone, can: [view, comment], edit: all}]
"""


def test_what_is_due_at_one_instant_comes_in_order_and_each_names_its_rule_with_its_line() -> None:
    story = Board(a_definition(AT_TEN))
    story.open()
    story.do("climb")
    story.send(AddTask("More", due_at=story.at(hours=1)))
    story.until(story.at(minutes=30))
    story.answering = False
    found = story.until(story.at(hours=1))
    assert {entry.at for entry in found} == {story.at(hours=1)}
    line = story.definition.line
    assert [entry.cause for entry in found] == [
        Cause("timer", "b2", line("transitions.b2")),
        Cause("timer", "b1", line("transitions.b1")),
        Cause("clock", "c2 50%", line("clocks.c2.at.50%")),
        Cause("clock", "c1 1h left", line("clocks.c1.at.1h left")),
        Cause("clock", "c0 overdue", line("clocks.c0.overdue")),
        Cause("escalation", "e2", line("escalations.e2")),
        Cause("escalation", "e1", line("escalations.e1")),
        Cause("approval", "p2", line("approvals.p2")),
        Cause("approval", "p1", line("approvals.p1")),
        Cause("task", "t2", line("tasks.t2")),
        Cause("task", "t1", line("tasks.t1")),
        Cause("task", "adhoc.1", line("adhoc_tasks")),
        Cause("notification", "postponed"),
    ]
    assert all(entry.cause.line for entry in found[:-1])
    assert [one.detail["fired"] for one in happenings(found, "timer")] == [False, True]
    assert {entry.actor for entry in found} == {""}


def test_the_next_deadline_is_that_of_whatever_is_due_first() -> None:
    story = Board(a_definition(AT_TEN))
    story.open()
    story.do("climb")
    ticket = replace(story.ticket, timers={}, clocks={}, chains={}, approvals={}, tasks={}, postponed=())
    assert next_deadline(ticket) is None
    for part in ("timers", "chains", "approvals", "tasks", "postponed"):
        alone = replace(ticket, **{part: getattr(story.ticket, part)})
        assert next_deadline(alone) == story.at(hours=1), part
        assert next_deadline(replace(alone, parked="why")) is None
    assert next_deadline(replace(ticket, clocks=story.ticket.clocks)) == story.at(minutes=30)
    spent = {name: replace(timer, spent=True) for name, timer in story.ticket.timers.items()}
    assert next_deadline(replace(ticket, timers=spent)) is None


def test_nothing_is_handled_after_the_moment_until_which_it_is_asked_and_all_that_is_due_at_it() -> None:
    story = Board(a_definition(AT_TEN))
    story.open()
    before = advance(story.definition, story.ticket, story.at(days=1), until=story.at(minutes=59))
    assert {entry.at for entry in before.entries} == {story.at(minutes=30)}
    then = advance(story.definition, before.ticket, story.at(days=1), until=story.at(hours=1))
    assert {entry.handled_at for entry in then.entries} == {story.at(days=1)}
    assert {entry.late_by for entry in then.entries} == {timedelta(hours=23).total_seconds()}
