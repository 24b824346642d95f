"""What a clock says to people."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.engine.clock_view import ClockFacts, ThresholdFacts, Upcoming, clock_facts, describe
from tests.builders import Story, a_definition

TEXT = """
fields: {hot: {type: boolean}}
calendars: {office: {time_zone: UTC, week: {mon-fri: "09:00-12:00, 13:00-17:00"}}}
states: {new: {category: new}, wait: {category: waiting}, gone: {category: closed}}
transitions:
  wait: {from: new, to: wait, who: everyone}
  back: {from: wait, to: new, who: everyone}
  climb: {from: any, who: everyone, do: [{escalate: up}]}
  end: {from: any, to: gone, who: everyone}
clocks:
  c:
    target: 4h
    calendar: office
    pause: {in: wait}
    stop: {in: closed}
    at:
      75%: [{page: "person:b"}, {if: ticket.hot, notify: near}]
      50%: [{page: "person:a"}]
    overdue: {every: 1h, times: 2, do: [{page: "person:o"}]}
  late: {target: 1h, calendar: always, start: {if: ticket.hot}, stop: {in: closed}}
escalations:
  up:
    steps: [{page: "person:s1", wait: 10m}, {page: ["person:s2", "person:s3"], wait: 10m}]
    until: ticket.hot
    otherwise: [{notify: near}]
notifications: {near: {to: "person:a", subject: Near, body: near}}
"""


def a_story() -> Story:
    story = Story(a_definition(TEXT))
    story.open()
    return story


def test_a_running_clock_says_how_much_is_left_and_what_comes_next() -> None:
    story = a_story()
    story.until(story.at(hours=1))
    facts = clock_facts(story.definition, story.ticket, "c", story.now)
    assert (facts.status, facts.elapsed, facts.left) == ("running", timedelta(hours=1), timedelta(hours=3))
    assert facts.due_at == story.at(hours=5) and facts.closed is None
    assert [(one.label, one.share, one.at) for one in facts.thresholds] == [
        ("50%", 0.5, story.at(hours=2)),
        ("75%", 0.75, story.at(hours=3)),
        ("100%", 1.0, story.at(hours=5)),
    ]
    assert [(one.what, one.at, one.does) for one in facts.upcoming] == [
        ("50%", story.at(hours=2), ("page person:a",)),
        ("75%", story.at(hours=3), ("page person:b", "notify near if ticket.hot")),
        ("100%", story.at(hours=5), ()),
    ]


def test_outside_hours_it_says_so_and_when_it_goes_on() -> None:
    story = a_story()
    story.until(story.at(hours=3, minutes=30))
    facts = clock_facts(story.definition, story.ticket, "c", story.now)
    assert (
        facts.status == "outside_hours" and facts.closed is not None and facts.closed.kind == "outside_hours"
    )
    assert facts.opens_at == story.at(hours=4)


def test_a_paused_clock_says_by_which_rule() -> None:
    story = a_story()
    story.do("wait")
    facts = clock_facts(story.definition, story.ticket, "c", story.now)
    assert facts.status == "paused" and facts.paused_why.startswith("clocks.c.pause (thing.yaml:")
    assert facts.due_at is None and facts.upcoming == ()


def test_after_the_deadline_the_rest_is_negative_and_the_repetitions_are_named() -> None:
    story = a_story()
    story.until(story.at(hours=5, minutes=30))
    facts = clock_facts(story.definition, story.ticket, "c", story.now)
    assert facts.breached_at == facts.due_at == story.at(hours=5) and facts.left == timedelta(minutes=-30)
    assert [(one.what, one.at) for one in facts.upcoming] == [
        ("overdue 1", story.at(hours=6)),
        ("overdue 2", story.at(hours=7)),
    ]
    assert all(one.reached for one in facts.thresholds)


def test_a_clock_that_has_not_started_is_idle_and_an_unknown_one_is_an_error() -> None:
    story = a_story()
    facts = clock_facts(story.definition, story.ticket, "late", story.now)
    assert facts.status == "idle" and facts.elapsed == timedelta(0) and facts.target is None
    with pytest.raises(KeyError):
        clock_facts(story.definition, story.ticket, "nothing", story.now)


def test_an_escalation_under_way_is_among_what_comes_next() -> None:
    story = a_story()
    story.do("climb")
    facts = clock_facts(story.definition, story.ticket, "c", story.now)
    assert (facts.upcoming[0].what, facts.upcoming[0].does) == ("up step 2", ("page person:s2, person:s3",))
    story.until(story.at(minutes=15))
    facts = clock_facts(story.definition, story.ticket, "c", story.now)
    assert (facts.upcoming[0].what, facts.upcoming[0].does) == ("up unanswered", ("notify near",))


def test_what_a_rule_does_is_said_in_words_of_the_definition() -> None:
    text = """
fields: {hot: {type: boolean}, size: {type: number}}
states: {new: {category: new}, gone: {category: closed}}
links: {cause: {process: problem, inverse: things}, parts: {process: problem, inverse: wholes}}
messages: {ping: {from: system}}
tasks: {t1: {wait: {for: 1h}}, t2: {wait: {for: 1h}}}
approvals: {board: {stages: [{id: s, approvers: "team:board"}]}}
escalations: {up: {steps: [{page: "person:a", wait: 10m}], until: ticket.hot}}
notifications: {near: {to: "person:a", subject: Near, body: near}}
transitions:
  end: {from: new, to: gone, who: everyone}
  hear: {from: any, when: raised.x, do: [{stand_down: up}]}
  all:
    from: any
    who: everyone
    do:
      - set: {hot: true, size: 2}
      - notify: near
      - page: ["person:a", "team:b"]
      - escalate: up
      - stand_down: up
      - {if: ticket.hot, assign: "team:desk"}
      - comment: "{{ ticket.size }}"
      - run: [t1, t2]
      - request_approval: board
      - create: {process: problem, link: cause, fields: {title: x}}
      - tell: {link: cause, message: ping}
      - link: {link: parts, from: cause}
      - unlink: parts
      - move_links: {link: parts, to: cause}
      - raise: x
"""
    said = describe(a_definition(text).process.transitions["all"].do)
    assert [one for one in said if not one.startswith("assign")] == [
        "set hot, size",
        "notify near",
        "page person:a, team:b",
        "escalate up",
        "stand_down up",
        "comment",
        "run t1, t2",
        "request_approval board",
        "create problem",
        "tell ping",
        "link parts",
        "unlink parts",
        "move_links parts",
        "raise x",
    ]
    assert next(one for one in said if one.startswith("assign")).endswith(" if ticket.hot")


def test_all_a_running_clock_says() -> None:
    story = a_story()
    story.until(story.at(hours=2, minutes=30))
    facts = clock_facts(story.definition, story.ticket, "c", story.now)
    line = story.definition.line
    half, most, whole = (line(f"clocks.c.at.{label}") for label in ("50%", "75%", "100%"))
    assert half and most and half != most
    a, b = ("page person:a",), ("page person:b", "notify near if ticket.hot")
    assert facts == ClockFacts(
        status="running",
        elapsed=timedelta(hours=2, minutes=30),
        target=timedelta(hours=4),
        left=timedelta(hours=1, minutes=30),
        due_at=story.at(hours=5),
        breached_at=None,
        paused_why="",
        closed=None,
        opens_at=None,
        thresholds=(
            ThresholdFacts("50%", 0.5, story.at(hours=2), reached=True, acted=True, does=a, line=half),
            ThresholdFacts("75%", 0.75, story.at(hours=3), reached=False, acted=False, does=b, line=most),
            ThresholdFacts("100%", 1.0, story.at(hours=5), reached=False, acted=False, does=(), line=whole),
        ),
        upcoming=(
            Upcoming(story.at(hours=3), "75%", b, most),
            Upcoming(story.at(hours=5), "100%", (), whole),
            Upcoming(story.at(hours=6), "overdue 1", ("page person:o",), line("clocks.c.overdue")),
        ),
    )


def test_what_comes_next_goes_through_the_rounds_of_repetitions_and_escalations() -> None:
    story = a_story()
    story.until(story.at(hours=6, minutes=30))
    story.do("climb")
    facts = clock_facts(story.definition, story.ticket, "c", story.now)
    line = story.definition.line
    pages = ("page person:s2, person:s3",)
    assert facts.upcoming == (
        Upcoming(story.at(hours=6, minutes=40), "up step 2", pages, line("escalations.up")),
        Upcoming(story.at(hours=7), "overdue 2", ("page person:o",), line("clocks.c.overdue")),
    )
    assert [one.acted for one in facts.thresholds] == [True, True, True]
    story.do("wait")
    story.until(story.at(hours=6, minutes=45))
    paused = clock_facts(story.definition, story.ticket, "c", story.now)
    assert [one.what for one in paused.upcoming] == ["up unanswered"], "a paused clock does nothing"
    assert [one.at for one in paused.thresholds] == [story.at(hours=n) for n in (2, 3, 5)]
    assert paused.left == timedelta(hours=-1, minutes=-30) and paused.due_at == story.at(hours=5)


def test_a_clock_without_a_target_has_nothing_before_it_and_one_of_nothing_is_full_at_once() -> None:
    text = TEXT.replace("    target: 4h\n", "    target: {big: 0m, all: 4h}\n    by: size\n")
    text = text.replace("fields: {", "fields: {size: {type: choice, options: [big, small]}, ")
    story = Story(a_definition(text))
    story.open()
    story.edit(size="big")
    facts = clock_facts(story.definition, story.ticket, "c", story.now)
    assert [(one.label, one.share) for one in facts.thresholds] == [("75%", 1.0), ("50%", 1.0), ("100%", 1.0)]
    late = clock_facts(story.definition, story.ticket, "late", story.now)
    assert (late.thresholds, late.upcoming, late.left, late.opens_at) == ((), (), None, None)
