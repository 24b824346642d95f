"""Checks on the virtual clock: freezes of the definition, conflicts and duplicates among the tickets of the file."""

from __future__ import annotations

from textwrap import dedent, indent

import pytest

from domain.language.loader import load_tests
from domain.rehearsal.runner import run_case
from tests.builders import a_definition

PROCESS = """
locales: [en, zh-CN]
fields:
  planned_start: {type: datetime}
  planned_end: {type: datetime}
  urgent: {type: boolean, default: false}
  why: {type: text}
  said: {type: text}
roles: {chiefs: group:chiefs}
forms:
  create: {title: required, service: optional, assets: optional}
  plan: {planned_start: optional, planned_end: optional, urgent: optional, why: optional}
create:
  check: duplicates
  if: not check.duplicates.exists(d, d.requester == ticket.requester)
  otherwise: "The same as {{ check.duplicates }}."
freezes:
  sales: {label: {en: Sales freeze, zh-CN: 封网}, start: 2026-11-08, end: 2026-11-11, time_zone: Asia/Shanghai,
    if: ticket.service.customer_facing, allow_if: ticket.urgent}
  nights: {start: sun 22:00, end: mon 04:00, time_zone: Asia/Shanghai, approvers: chiefs,
    if: 'ticket.service.id == "erp"'}
states:
  new: {category: new}
  agreed: {category: waiting, approval: board}
  planned: {category: waiting}
  gone: {category: closed}
transitions:
  plan:
    from: new
    to: agreed
    who: everyone
    ask: plan
    check: [freezes, conflicts]
    if: size(check.freezes) == 0 and (size(check.conflicts) == 0 or ticket.why != null)
    otherwise: {en: "{{ check.freezes }} {{ check.conflicts }}", zh-CN: "{{ check.freezes }}"}
    do: [{set: {said: "for {{ check.conflicts }}"}}]
  approved: {from: agreed, to: planned, when: approval.board.approved}
  again: {from: planned, to: agreed, when: approval.board.voided}
  move: {from: planned, who: everyone, ask: plan}
  close: {from: any, to: gone, who: everyone}
approvals:
  board:
    void_if_changed: [planned_start, planned_end]
    skip: [{if: size(check.conflicts) == 0, decide: approved, because: Free}]
    stages: [{id: all, approvers: group:chiefs, quorum: any}]
"""
GIVEN = """
time_zone: Asia/Shanghai
people: {ann: {}, bob: {}}
groups: {chiefs: [bob]}
services:
  shop: {name: Shop, customer_facing: true}
  erp: {name: ERP}
  wiki: {name: Wiki}
assets: {db1: {name: db1}}
tickets:
  T-7: {process: thing, category: waiting, title: Other, service: wiki, requester: bob,
    planned_start: 2026-11-20 20:00, planned_end: 2026-11-20 23:00}
  T-8: {process: other, category: active, service: erp, assets: [db1],
    planned_start: 2026-11-21 20:00, planned_end: 2026-11-21 23:00}
  T-9: {process: thing, category: done, title: done, service: wiki,
    planned_start: 2026-11-20 20:00, planned_end: 2026-11-20 23:00}
"""


def failures(steps: str, checks: str = "") -> list[str]:
    """What differs when these steps are played."""
    text = f"""\
kind: tests
lang: 1
process: thing.yaml
given:
{indent(dedent(GIVEN + checks), "  ")}
cases:
  - name: it
    starts: 2026-11-02 10:00
    steps:
{indent(dedent(steps), "      ")}
"""
    loaded = load_tests("thing.test.yaml", lambda name: text.encode())
    assert loaded.tests is not None and loaded.ok, "\n".join(map(str, loaded.problems))
    result = run_case(loaded.tests.cases[0], a_definition(PROCESS), loaded.tests.given)
    return [line for failure in result.failures for line in failure.lines]


def planned(service: str, start: str, end: str, expect: str, more: str = "", who: str = "ann") -> str:
    return f"""
    - {{as: {who}, create: {{title: Mine, service: {service}}}}}
    - {{as: {who}, do: plan, with: {{planned_start: {start}, planned_end: {end}{more}}}, expect: {expect}}}
    """


@pytest.mark.parametrize(
    ("service", "start", "end", "more", "expect"),
    [
        (
            "shop",
            "2026-11-07 22:00",
            "2026-11-08 00:00",
            "",
            "{state: planned}",
        ),  # it ends when the freeze begins
        ("shop", "2026-11-07 22:00", "2026-11-08 00:01", "", "{refused: Sales freeze, state: new}"),
        (
            "shop",
            "2026-11-11 23:00",
            "2026-11-12 00:30",
            "",
            "{refused: Sales freeze}",
        ),  # a day counts to its end
        ("shop", "2026-11-12 00:00", "2026-11-12 01:00", "", "{state: planned}"),
        ("shop", "2026-11-09 00:00", "2026-11-09 01:00", ", urgent: true", "{state: planned}"),  # allow_if
        ("wiki", "2026-11-09 12:00", "2026-11-09 13:00", "", "{state: planned}"),  # not customer facing
    ],
)
def test_a_freeze_stops_what_it_is_meant_for(
    service: str, start: str, end: str, more: str, expect: str
) -> None:
    assert failures(planned(service, start, end, expect, more)) == []


@pytest.mark.parametrize(
    ("start", "end", "expect"),
    [
        ("2026-11-29 21:00", "2026-11-29 22:00", "{state: planned}"),
        ("2026-11-29 21:00", "2026-11-29 22:01", "{refused: nights}"),
        ("2026-11-30 03:59", "2026-11-30 05:00", "{refused: nights}"),
        ("2026-11-30 04:00", "2026-11-30 05:00", "{state: planned}"),
        ("2026-11-23 10:00", "2026-11-30 10:00", "{refused: nights}"),
    ],
)
def test_a_weekly_freeze_comes_every_week(start: str, end: str, expect: str) -> None:
    assert failures(planned("erp", start, end, expect)) == []


def test_who_may_allow_it_is_let_through() -> None:
    assert (
        failures(planned("erp", "2026-11-29 23:00", "2026-11-29 23:30", "{state: planned}", who="bob")) == []
    )


def test_an_overlapping_plan_for_the_same_service_is_a_conflict() -> None:
    late = ("wiki", "2026-11-20 22:59", "2026-11-21 01:00")
    assert failures(planned(*late, "{refused: T-7, state: new}")) == []
    assert (
        failures(planned(*late, "{state: agreed, fields: {said: for T-7}, waiting_for: bob}", ", why: Must"))
        == []
    )
    assert failures(planned("wiki", "2026-11-20 23:00", "2026-11-21 01:00", "{state: planned}")) == []
    assert failures(planned("shop", *late[1:], "{state: planned}")) == []


def test_an_overlapping_plan_for_the_same_asset_is_a_conflict_whatever_the_service_and_process() -> None:
    steps = """
    - {as: ann, create: {title: Mine, service: wiki, assets: [db1]}}
    - {as: ann, do: plan, with: {planned_start: 2026-11-21 22:00, planned_end: 2026-11-22 01:00},
       expect: {refused: T-8}}
    """
    assert failures(steps) == []


def test_what_a_skip_reads_is_looked_up_for_every_button() -> None:
    steps = (
        planned("wiki", "2026-11-25 20:00", "2026-11-25 21:00", "{state: planned}")
        + """
    - {as: ann, do: move, with: {planned_start: 2026-11-20 20:00, planned_end: 2026-11-20 21:00},
       expect: {state: agreed}}
    """
    )
    assert failures(steps) == [], "the new window has a conflict, so people are asked"


def test_a_duplicate_has_the_same_title_read_aloud_and_the_same_service() -> None:
    same = "{as: %s, create: {title: ' OTHER ', service: %s}, expect: %s}"
    assert failures("- " + same % ("bob", "wiki", "{refused: T-7}")) == []
    assert failures("- " + same % ("ann", "wiki", "{state: new}")) == [], "the requester is another"
    assert failures("- " + same % ("bob", "erp", "{state: new}")) == []


def test_a_test_file_may_say_what_a_check_finds() -> None:
    steps = planned("wiki", "2026-11-25 20:00", "2026-11-25 21:00", "{refused: CHG-1}")
    assert failures(steps, "checks: {conflicts: [CHG-1]}") == []
    free = planned("shop", "2026-11-09 20:00", "2026-11-09 21:00", "{state: planned}")
    assert failures(free, "checks: {freezes: []}") == []
