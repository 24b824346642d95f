"""Approvals in a simulation: who is asked answers after a while, as the profile says."""

from __future__ import annotations

import pytest

from domain.simulation.report.page import page
from domain.simulation.report.text import text_report
from domain.simulation.results import ApprovalResult, Results, results_of
from tests.domain.simulation.desks import plain, profile, run

LEAVE = """\
kind: process
lang: 1
id: leave
version: 1
title: Leave
owner: team:hr
number: LV-{n}
starts_in: asked
calendars:
  office: {time_zone: UTC, week: {mon-fri: "09:00-17:00"}}
fields:
  days: {type: number, min: 1}
forms:
  create: {title: required, days: required}
states:
  asked: {category: waiting, approval: leave}
  granted: {category: closed}
  refused: {category: closed}
transitions:
  grant: {from: asked, to: granted, when: approval.leave.approved}
  refuse: {from: asked, to: refused, when: approval.leave.rejected}
approvals:
  leave:
    stages:
      - {id: manager, approvers: "manager-of:requester", if_nobody: reject}
      - id: hr
        approvers: "team:hr"
        quorum: 2
        if_nobody: approve
        answers: {reject: {comment: required}}
        timeout: {after: 5d, decide: approved}
"""

PROFILE = """\
kind: simulation
lang: 1
process: leave
arrivals: {per_hour: 1}
teams:
  hr: {people: 3, calendar: office}
approvals:
  leave: {after: %s, answers: %s}
"""


def leaves(after: str, answers: str, *, text: str = LEAVE) -> Results:
    definition = plain(text)
    return results_of(run(definition, profile(PROFILE % (after, answers), definition), days=10))


def of(results: Results) -> tuple[ApprovalResult, dict[str, int]]:
    (found,) = results.approvals
    return found, {end.name: end.count for end in found.ends}


def test_two_stages_take_the_time_of_two_approvers() -> None:
    results = leaves("6h", "{approve: 1}")
    found, ends = of(results)
    assert ends["requested"] == results.arrived
    assert ends["approved"] == results.closed
    assert "rejected" not in ends
    assert found.decided_after is not None
    assert found.decided_after.median == found.decided_after.longest == 12 * 3600


def test_answers_are_as_frequent_as_their_weights() -> None:
    _, ends = of(leaves("1h", "{approve: 3, reject: 1}"))
    manager, two_of_three = 0.75, 0.75**2 * (1 + 2 * 0.25)
    share = ends["approved"] / (ends["approved"] + ends["rejected"])
    assert share == pytest.approx(manager * two_of_three, abs=0.1)


def test_who_is_too_slow_lets_the_timeout_decide() -> None:
    _, ends = of(leaves("{uniform: [2d, 20d]}", "{approve: 1}"))
    assert ends["lapsed"] > 0
    assert ends["approved"] > 0


def test_an_answer_that_is_refused_is_followed_by_another() -> None:
    text = LEAVE.replace(
        "answers: {reject: {comment: required}}",
        'answers: {approve: {if: "ticket.days < 0", otherwise: Never.}}',
    )
    results = leaves("1h", "{approve: 1000, reject: 1}", text=text)
    _, ends = of(results)
    assert "approved" not in ends and ends["rejected"] == results.closed > 0
    assert [one.name for one in results.refusals] == ["leave approve: Never."]


def test_reports_tell_what_became_of_approvals() -> None:
    results = leaves("6h", "{approve: 9, reject: 1}")
    assert "leave     requested" in text_report(results, 7)
    assert "发起" in page(plain(LEAVE), [results], 7, "zh-CN")
    assert "<td>approved</td>" in page(plain(LEAVE), [results, results], 7, "en")
