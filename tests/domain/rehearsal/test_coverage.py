"""What no case has exercised."""

from __future__ import annotations

from domain.rehearsal.coverage import Coverage, coverage
from domain.rehearsal.runner import run_case
from tests.builders import a_definition
from tests.domain.rehearsal.cases import a_case, given

PROCESS = """
fields: {hot: {type: boolean}}
forms: {create: {title: required, hot: optional}}
roles: {agents: team:desk}
states: {new: {category: new, tasks: [look]}, work: {category: active}, gone: {category: closed}}
transitions:
  start:
    from: new
    to: [{if: ticket.hot, state: gone}, {state: work}]
    who: agents
  end: {from: work, to: gone, who: agents, if: not ticket.hot}
routing: [{if: ticket.hot, team: fire}, {team: desk}]
clocks:
  c: {target: 2h, calendar: always, stop: {in: closed}, at: {50%: [{escalate: call}]}, overdue: {every: 1h, do: []}}
tasks: {look: {assign: agents}, unused: {assign: agents}}
escalations:
  call: {steps: [{page: team:desk, wait: 10m}, {page: team:desk, wait: 10m}], until: ticket.hot}
  unused: {steps: [{page: team:desk, wait: 10m}], until: ticket.hot}
"""


def of(*cases: str) -> Coverage:
    definition = a_definition(PROCESS)
    played = [
        run_case(a_case("- {as: ann, create: {title: It}}\n" + one), definition, given()) for one in cases
    ]
    assert all(one.passed for one in played), [one.failures for one in played]
    return coverage(definition, (one.journal for one in played))


def missing(found: Coverage) -> list[str]:
    return [item.path for item in found.missing]


def test_what_was_never_come_to_is_missing_in_the_order_of_the_file() -> None:
    found = of("- {wait: 1m}")
    assert missing(found) == [
        "states.work",
        "states.gone",
        "transitions.start",
        "transitions.start.to.0",
        "transitions.start.to.1",
        "transitions.end",
        "routing.0",
        "clocks.c.at.50%",
        "clocks.c.overdue",
        "escalations.call.steps.0",
        "escalations.call.steps.1",
        "tasks.look",
    ]
    assert found.percent == 14.2  # 2 of 14: the state it begins in, the last row of routing


def test_several_cases_add_up() -> None:
    found = of(
        "- {wait: 71m}\n- {as: bob, complete: look}\n- {as: bob, do: start}\n- {wait: 2h}\n- {as: bob, do: end}",
        "- {as: bob, edit: {hot: true}}\n- {as: bob, do: start}",
    )
    assert missing(found) == []
    assert found.percent == 100.0
    assert found.of_kind("branch") == (2, 2) and found.of_kind("approval") == (0, 0)


def test_branches_to_the_same_state_are_told_apart() -> None:
    ways = '[{if: ticket.hot, state: work}, {if: ticket.title == "It", state: work}, {state: work}]'
    definition = a_definition(PROCESS.replace("[{if: ticket.hot, state: gone}, {state: work}]", ways))
    played = run_case(a_case("- {as: ann, create: {title: It}}\n- {as: bob, do: start}"), definition, given())
    found = missing(coverage(definition, [played.journal]))
    assert [path for path in found if "start.to" in path] == [
        "transitions.start.to.0",
        "transitions.start.to.2",
    ]


def test_a_refused_button_and_a_begun_task_do_not_count() -> None:
    found = of("- {as: ann, do: start, expect: {refused: may not}}\n- {expect: {tasks: {look: open}}}")
    assert {"transitions.start", "tasks.look"} <= set(missing(found))


def test_what_a_library_gives_and_nothing_uses_is_not_counted() -> None:
    assert not [item.path for item in of("- {wait: 1m}").items if "unused" in item.path]


def test_every_missing_thing_has_its_line() -> None:
    item = of("- {wait: 1m}").missing[0]
    assert (item.kind, item.name, item.line) == ("state", "work", "thing.yaml:5")
