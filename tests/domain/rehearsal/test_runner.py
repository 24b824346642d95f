"""Cases of test files on the virtual clock."""

from __future__ import annotations

from pathlib import Path

import pytest

from domain.language.loader import load_tests
from domain.language.models_tests import Case, TestsFile, World
from domain.rehearsal.runner import run_case
from tests.builders import DEFINITIONS, a_definition, the_incident
from tests.domain.rehearsal.cases import PROCESS, a_case, failures, given, play


def shipped_cases() -> TestsFile:
    loaded = load_tests("incident.test.yaml", lambda name: (DEFINITIONS / Path(name)).read_bytes())
    assert loaded.tests is not None
    return loaded.tests


CASES = shipped_cases()


@pytest.mark.parametrize("case", CASES.cases, ids=lambda case: case.name)
def test_every_case_of_the_shipped_incident_passes(case: Case) -> None:
    result = run_case(case, the_incident(), CASES.given)
    assert result.passed, result.failures
    assert result.journal


CREATE = "- {as: ann, create: {title: It}}\n"


def test_a_case_that_holds_passes_and_keeps_its_journal() -> None:
    result = play(
        CREATE + "- {at: '10:31', expect: {state: new, paged: [{who: bob, at: '10:30'}, {who: ann}]}}"
    )
    assert result.passed and [entry.seq for entry in result.journal] == [1, 2, 3]


def test_every_difference_is_said_with_its_step() -> None:
    assert failures(
        CREATE
        + "- {wait: 5m, expect: {state: work, fields: {hot: true}, clocks: {c: {running: false, elapsed: 6m}}}}"
    ) == [
        (
            1,
            (
                "state: expected work, got new",
                "fields.hot: expected true, got null",
                "clocks.c.running: expected false, got true",
                "clocks.c.elapsed: expected 6m, got 5m",
            ),
        )
    ]


def test_a_refusal_that_was_not_expected_is_a_failure_and_one_that_was_must_say_so() -> None:
    assert failures(CREATE + "- {as: ann, do: start}") == [
        (1, ("refused: expected it to be accepted, got 'ann may not use “start”; it is for: agents.'",))
    ]
    assert failures(CREATE + "- {as: ann, do: start, expect: {refused: may not}}") == []
    assert failures(CREATE + "- {as: bob, do: start, expect: {refused: may not}}") == [
        (1, ("refused: expected 'may not', got accepted",))
    ]
    assert failures(
        CREATE + "- {as: bob, edit: {hot: true}}\n- {as: bob, do: close, expect: {refused: too cold}}"
    ) == [(2, ("refused: expected 'too cold', got 'Too hot.'",))]


def test_a_rule_about_several_fields_is_refused_with_its_sentence_alone() -> None:
    rules = "rules: {calm: {if: ticket.hot != true or ticket.moment != null, otherwise: Say until when it is hot.}}"
    definition = a_definition(PROCESS + rules)
    steps = "- {as: ann, create: {title: x, hot: true}}\n" + CREATE + "- {as: bob, edit: {hot: true}}"
    result = run_case(a_case(steps), definition, given())
    said = "refused: expected it to be accepted, got 'Say until when it is hot.'"
    assert [(one.step, one.lines) for one in result.failures] == [(0, (said,)), (2, (said,))]


def test_an_opening_may_be_refused_and_tried_again() -> None:
    assert failures("- {as: ann, create: {colour: red}, expect: {refused: colour}}\n" + CREATE) == []


def test_a_refusal_of_somebody_unknown_says_who_may_be_meant() -> None:
    (failure,) = failures(CREATE + "- {as: bbo, do: start}")
    assert failure[0] == 1 and "; bbo is not in given.people, did you mean bob?" in failure[1][0]


def test_a_case_begins_with_create_and_has_one_ticket() -> None:
    assert failures("- {as: bob, do: start}") == [(0, ("there is no ticket yet; begin with create",))]
    (failure,) = failures(CREATE + CREATE)
    assert failure[0] == 1 and "another case" in failure[1][0]


def test_time_does_not_run_backwards_in_a_case() -> None:
    (failure,) = failures(CREATE + "- {at: '09:00', expect: {state: new}}")
    assert failure == (1, ("at: 09:00 lies before the step above",))


def test_a_vote_that_nobody_asked_for_is_a_refusal() -> None:
    (failure,) = failures(CREATE + "- {as: bob, approve: it}")
    assert failure[0] == 1 and "not waiting for anybody" in failure[1][0]


def test_what_becomes_due_by_an_action_happens_before_the_look() -> None:
    past = "- {as: bob, edit: {moment: 2026-03-01 09:00}, expect: {paged: [{who: bob}]}}"
    assert failures(CREATE + past) == []


def test_tasks_calls_and_handing_over_play_as_the_world_says() -> None:
    assert (
        failures(
            CREATE
            + """\
- as: bob
  do: start
  expect:
    tasks: {call: done, status: open, look: open}
    fields: {url: "https://meet.example/1", assignee: bob}
- {as: bob, complete: status, expect: {tasks: {status: done}}}
- {as: bob, fail: look, expect: {tasks: {look: failed}}}
"""
        )
        == []
    )


def test_who_may_do_what_and_what_was_told_and_created() -> None:
    assert (
        failures(
            CREATE
            + """\
- expect: {notified: [received], may: {bob: [start, spawn, close], ann: []}}
- {message: ping, expect: {told: [{link: cause, message: pong}], created: []}}
- {as: ann, reply: Hello, expect: {if: ticket.first_reply_at == null, not_paged: [bob]}}
"""
        )
        == []
    )
    (failure,) = failures(CREATE + "- expect: {may: {bob: [start, fly]}, told: [{message: x}], notified: []}")
    assert failure[1] == (
        "notified: expected nothing, got received",
        'told: expected {"message": "x"}, got nothing',
        "told: expected 1, got 0",
        "may.bob: expected fly, start, got close, spawn, start",
    )


def test_whom_a_notification_reached_is_compared_where_a_case_says_so() -> None:
    create = "- {as: ann, create: {title: It}, expect: {notified: [%s]}}"
    assert failures(create % "received") == failures(create % "{received: ann}") == []
    assert failures(create % "{received: [ann, bob]}") == [
        (0, ("notified.received: expected ann, bob, got ann",))
    ]
    assert failures(create % "") == [(0, ("notified: expected nothing, got received",))]


def test_a_case_without_create_waits_for_a_schedule_and_links_are_steps_of_it() -> None:
    definition = a_definition(
        """
        time_zone: UTC
        links: {parts: {process: part, inverse: whole, reads: {weight: number}}}
        fields: {heavy: {type: number, compute: "sum(links.parts.map(x, x.weight))"}}
        states: {new: {category: new}, closed: {category: closed}}
        transitions:
          close: {from: new, to: closed, when: link.parts.entered.closed}
        schedule:
          board: {every: wed, at: "14:00", fields: {title: "Board of {{ date(now) }}"}}
        permissions: [{who: everyone, can: [view, link]}]
        """
    )
    steps = [
        {"at": "2026-11-25 13:59"},
        {"at": "14:00", "expect": {"state": "new", "fields": {"title": "Board of 2026-11-25"}}},
        {"as": "ann", "link": "parts", "with": {"ticket": "P-1"}},
        {"news": "parts", "with": {"category": "new", "weight": 3}, "expect": {"fields": {"heavy": 3}}},
        {"link": "parts", "with": {"ticket": "P-2"}},
        {"unlink": "parts", "with": {"ticket": "P-2"}, "expect": {"state": "new"}},
        {"news": "parts", "with": {"category": "closed", "ticket": "P-1"}, "expect": {"state": "closed"}},
    ]
    case = Case.model_validate({"name": "x", "starts": "2026-11-23 09:00", "steps": steps})
    assert run_case(case, definition, World()).failures == []
    too_early = Case.model_validate({"name": "x", "starts": "2026-11-23 09:00", "steps": steps[2:]})
    (failure,) = run_case(too_early, definition, World()).failures
    assert "let time pass until a schedule opens one" in failure.reason
