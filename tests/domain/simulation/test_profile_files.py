"""Mistakes in a profile: every one at its line and column, with a way out."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from domain.language.definition import Definition
from domain.simulation.profile_files import load_profile
from domain.simulation.profile_text import profile_text
from domain.simulation.study import whole_profile
from tests.domain.simulation.desks import incident, plain

HEAD = "kind: simulation\nlang: 1\nprocess: incident\n"


def said(text: str) -> list[str]:
    return [str(problem) for problem in load_profile("p.yaml", HEAD + text, incident()).problems]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("stats: {}", '4:1: unknown key "stats"; did you mean "states"?'),
        ("teams: {desk: {people: 2}}", "4:15: people and calendar belong together"),
        (
            "teams: {desk: {people: 2, calendar: ofice}}",
            '4:37: unknown calendar "ofice"; did you mean "office"?',
        ),
        (
            "teams: {desk: {people: 2, calendar: office, away: lots}}",
            '4:51: "lots" should be a share such as 80%',
        ),
        (
            "teams: {desk: {people: 2, calendar: office, away_for: 0m}}",
            "4:15: away_for should be longer than nothing",
        ),
        (
            "teams: {desk: {people: 1, calendar: office}}\ngroups: {x: {of: desk, away: 5%}}",
            "5:13: these are people of a team; say there how often they are away",
        ),
        ("teams: {desk: {people: -1, calendar: office}}", "4:24: -1 should be from 0 to 2000"),
        (
            "groups: {major-incident-team: {of: netwrk}}\nteams: {network: {people: 1, calendar: office}}",
            '4:36: unknown team of this profile "netwrk"; did you mean "network"?',
        ),
        (
            "states:\n  new: {work: 5m, then: {strat: 1}}",
            '5:26: unknown button "strat"; did you mean "start"?',
        ),
        (
            "states:\n  new: {work: 5m, then: {reopen: 1}}",
            '5:26: "reopen" does not start from new; here are: assign, acknowledge, start, resolve, cancel, ',
        ),
        (
            "states:\n  waiting_requester: {after: 5h, then: {give_up_waiting: 1}}",
            '5:41: nobody presses "give_up_waiting": it has no who, so a rule takes it',
        ),
        ("states:\n  new: {work: 5, then: {start: 1}}", "5:15: 5 should be a length of time such as 20m"),
        (
            "states:\n  new: {work: {normal: 5m}, then: {start: 1}}",
            '5:16: unknown key "normal" in states.new.work; did you mean "lognormal"?',
        ),
        ("states:\n  new: {then: {start: 1}}", "5:8: say how long it takes until then: work or after"),
        ("states:\n  new: {work: 5m}", "5:8: say what happens then: a button and its weight"),
        (
            "states:\n  new: {work: 5m, then: {reply: 1}}",
            "5:15: an agent works towards a button; for reply and nothing write after",
        ),
        (
            "states:\n  waiting_vendor: {after: 2d, calendar: office, then: {resume: 1}}",
            '5:27: "2d" is ambiguous in a calendar with opening hours: write 16h (2 days of 8h), or use',
        ),
        (
            "states:\n  new: {work: {lognormal: {median: 2h, p90: 1h}}, then: {start: 1}}",
            "5:27: p90 should be longer than the median, and both above 0",
        ),
        ("fields: {category: {netwrk: 1}}", '4:21: unknown option "netwrk"; did you mean "network"?'),
        ("fields: {category: {network: many}}", '4:30: "many" should be a weight: a number from 0 on'),
        ("fields: {categry: network}", '4:10: unknown field "categry"; did you mean "category"?'),
        ("fields: {affected_users: {uniform: 5}}", "4:36: write it like uniform: [5, 200]"),
        ("arrivals: {per_hour: {mun-fri: 5}}", '4:23: "mun" is not a day: write mon, tue'),
        ("arrivals: {per_hour: 0}", "4:22: no ticket ever comes: give at least one hour a rate above 0"),
        ("arrivals: {per_hour: {mon: {9-12: 3}}}", '4:29: cannot read "9-12"'),
        ("tasks: {review: {work: 1h}}", '4:9: unknown task "review"; did you mean "review_major"?'),
        ("pages: {answered: 0.8}", "4:19: 0.8 should be a share such as 80%"),
        ("starts: 2026-13-01", '4:9: "2026-13-01" is not a date: write it like 2026-01-05'),
        (
            "calendars: {night: {time_zone: Asia/Shangai, week: {mon: 24h}}}",
            '4:32: unknown time zone "Asia/Shangai"; did you mean "Asia/Shanghai"?',
        ),
    ],
)
def test_a_mistake_is_said_at_its_place(text: str, problem: str) -> None:
    assert any(one.startswith(f"p.yaml:{problem}") for one in said(text)), said(text)


def test_every_mistake_is_said_at_once() -> None:
    found = said("teams: {desk: {people: 2, calendar: ofice}}\nstates: {nwe: {work: 5m, then: {start: 1}}}\n")
    assert len(found) == 2


def test_a_profile_of_another_process_is_refused() -> None:
    text = HEAD.replace("incident", "change")
    problems = load_profile("p.yaml", text, incident()).problems
    assert str(problems[0]) == 'p.yaml:3:10: this profile is for "change", not for "incident"'


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00\x01",
        b"\xff\xfe\x00",
        b"- 1\n- 2\n",
        b"kind: simulation\n" * 2,
        b"a: &a [x]\nb: *a\n",
        b"{" * 10_000,
        b"x: " + b"[" * 40 + b"]" * 40,
        HEAD.encode() + b"fields: {category: {" + b", ".join(b"x%d: 1" % n for n in range(3000)) + b"}}",
        HEAD.encode() + b"arrivals: {per_hour: .inf}",
        HEAD.encode() + b"arrivals: {per_hour: 1000000000000000000000}",
        HEAD.encode() + b"teams: {desk: {people: 1000000000, calendar: office}}",
        HEAD.encode() + b"requesters: {people: 1000000000}",
        HEAD.encode() + b"states: {new: {work: 999999d, then: {start: 1}}}",
        HEAD.encode() + b"fields: {affected_users: {exponential: -5}}",
        HEAD.encode() + b"starts: 9999-12-31",
    ],
)
def test_a_hostile_profile_is_refused_quickly(content: bytes) -> None:
    begun = time.process_time()
    loaded = load_profile("p.yaml", content, incident())
    assert not loaded.ok and loaded.problems
    assert time.process_time() - begun < 1.0


@pytest.mark.parametrize("definition", [plain, incident])
def test_the_derived_profile_has_no_mistakes_and_reads_back_the_same(
    definition: Callable[[], Definition],
) -> None:
    whole = whole_profile(None, definition())
    loaded = load_profile("p.yaml", profile_text(whole, "p.yaml"), definition())
    assert not loaded.problems
    assert loaded.profile == whole
