"""What a case can expect of comments and tasks, and that who may not see a ticket gets a desk's answer."""

from __future__ import annotations

from textwrap import dedent, indent

import pytest

from domain.language.loader import load_tests
from domain.rehearsal.runner import run_case
from tests.builders import a_definition

PROCESS = """
locales: [en, zh-CN]
fields: {day: {type: datetime}}
forms: {create: {title: required, day: optional}}
roles: {agents: team:desk, requester: field:requester}
permissions: [{who: [requester, agents], can: [view, comment], edit: all}]
states:
  new: {category: new, tasks: [look, order]}
  gone: {category: closed}
transitions:
  say:
    from: new
    who: agents
    do:
      - comment: {text: {en: "{{ ticket.title }} is late", zh-CN: "{{ ticket.title }}迟了"}, internal: true}
      - comment: Sorry.
  close: {from: new, to: gone, who: agents}
tasks:
  look: {assign: agents, due: 2d, outcomes: [good, bad]}
  order: {assign: agents, needs: look}
"""

FILE = """\
kind: tests
lang: 1
process: thing.yaml
given:
  time_zone: Europe/Berlin
  people: {ann: {}, zoe: {}, bob: {teams: [desk]}}
cases:
  - name: it
    starts: 2026-03-02 10:00
    steps:
      - {as: ann, create: {title: It}}
"""


def failures(steps: str) -> list[str]:
    text = FILE + indent(dedent(steps), "      ")
    loaded = load_tests("thing.test.yaml", lambda name: text.encode())
    assert loaded.tests is not None and loaded.ok, loaded.problems
    result = run_case(loaded.tests.cases[0], a_definition(PROCESS), loaded.tests.given)
    return [line for failure in result.failures for line in failure.lines]


def test_comments_of_rules_are_expected_by_a_part_of_their_text_in_any_language() -> None:
    said = "- {as: bob, do: say, expect: {commented: %s}}\n"
    assert failures(said % "[It is late, Sorry]") == []
    assert failures(said % "[{text: It迟了, internal: true}, {text: Sorry, internal: false}]") == []
    assert failures(said % "[Sorry]") == ["commented: expected nothing else, got It is late"]
    assert failures(said % "[{text: late, internal: false}, Sorry]") == [
        "commented: expected late, got It is late; Sorry.",
        "commented: expected nothing else, got It is late",
    ]
    assert failures(said % "[]") == ["commented: expected nothing else, got It is late; Sorry."]
    assert failures("- {wait: 1m, expect: {commented: [Hello]}}") == [
        "commented: expected Hello, got nothing"
    ]


def test_what_people_reply_is_no_comment_of_a_rule() -> None:
    assert failures("- {as: ann, reply: Hello, expect: {commented: []}}") == []


def test_a_task_is_expected_with_its_due_time_and_its_outcome() -> None:
    due = "- {expect: {tasks: {look: {state: open, due: 2026-03-%s 10:00}, order: waiting}}}\n"
    assert failures(due % "04") == []
    assert failures(due % "05") == ["tasks.look.due: expected 2026-03-05 10:00, got 2026-03-04 10:00"]
    done = "- {as: bob, complete: look, with: {outcome: good}, expect: {tasks: {look: {outcome: %s}}}}\n"
    assert failures(done % "good") == []
    assert failures(done % "bad") == ["tasks.look.outcome: expected bad, got good"]
    assert failures("- {expect: {tasks: {order: {due: 2026-03-04 10:00}}}}") == [
        "tasks.order.due: expected 2026-03-04 10:00, got none"
    ]


@pytest.mark.parametrize(
    ("expectation", "message"),
    [
        ("{tasks: {look: opened}}", 'unknown state of a task "opened"; did you mean "open"?'),
        ("{tasks: {look: {due: soon}}}", '"soon" is no time; write it as 2026-11-27 18:21'),
    ],
)
def test_an_expectation_that_means_nothing_is_told_before_it_is_played(
    expectation: str, message: str
) -> None:
    whole = "kind: process\nlang: 1\nid: thing\nversion: 1\ntitle: T\nowner: team:desk\n"
    files = {
        "thing.test.yaml": FILE + f"      - {{expect: {expectation}}}\n",
        "thing.yaml": whole + 'number: "T-{n:4}"\nstarts_in: new\n' + PROCESS,
    }
    (problem,) = load_tests("thing.test.yaml", files.get).problems
    assert problem.message == message


def test_who_may_not_see_a_ticket_gets_the_answer_of_a_desk() -> None:
    for what in ("do: close", "reply: Hello", "edit: {title: Mine}"):
        assert failures(f"- {{as: zoe, {what}, expect: {{refused: you may not see it}}}}") == []
    assert failures("- {as: ann, do: close, expect: {refused: may not use}}") == []
