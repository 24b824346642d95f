"""Loading files of test cases."""

from __future__ import annotations

import pytest

from domain.language.loader import load_tests
from tests.domain.language.files import from_folders, marked

HEAD = "kind: tests\nlang: 1\nprocess: incident.yaml\ncases:\n  - name: one\n    steps:\n"

MISTAKES = [
    ("      - {as: x, do: ¦strt}", 'unknown transition "strt"; did you mean "start"?'),
    ("      - ¦{do: start}", "say who does this: add `as` to `do`"),
    (
        "      - ¦{as: x, do: start, reply: y}",
        "a step is one action, and this one has do and reply; make it two steps",
    ),
    ("      - {at: 10:00, ¦wait: 1h}", "give either `at` or `wait`"),
    ("      - ¦{as: x}", "this step does nothing"),
    (
        "      - {as: x, reply: y, ¦with: {title: z}}",
        (
            "`with` goes with one of do, approve, reject, abstain, answer, add_approver, hand_over, delegate, "
            "return_to, withdraw, complete, fail, add_task, cancel_task, message, link, unlink, news"
        ),
    ),
    ("      - {as: x, create: {¦titel: y}}", 'unknown field "titel"; did you mean "title"?'),
    ("      - {as: x, complete: ¦review_majr}", 'unknown task "review_majr"; did you mean "review_major"?'),
    (
        "      - {as: x, complete: ¦review_major.2}",
        'unknown task "review_major.2"; did you mean "review_major"?',
    ),
    ("      - {as: x, ¦add_task: Call}", "nobody can add tasks: the process has no `adhoc_tasks`"),
    (
        "      - {message: ¦problem_resolvd}",
        'unknown message "problem_resolvd"; did you mean "problem_resolved"?',
    ),
    ("      - {wait: 1h, expect: {state: ¦resolvd}}", 'unknown state "resolvd"; did you mean "resolved"?'),
    (
        "      - {wait: 1h, expect: {clocks: {¦respons: {}}}}",
        'unknown clock "respons"; did you mean "response"?',
    ),
    (
        "      - {wait: 1h, expect: {clocks: {response: {¦runing: true}}}}",
        'unknown word about a clock "runing"; did you mean "running"?',
    ),
    (
        "      - {wait: 1h, expect: {notified: [¦recieved]}}",
        'unknown notification "recieved"; did you mean "received"?',
    ),
    (
        "      - {wait: 1h, expect: {¦stat: new}}",
        'unknown key "stat" in cases.0.steps.0.expect; did you mean "state"?',
    ),
    ("      - {wait: ¦1 day}", '"1 day" should be a length of time such as 30m, 4h or 2d'),
]


@pytest.mark.parametrize(("step", "expected"), MISTAKES)
def test_a_step_that_means_nothing_is_refused(step: str, expected: str) -> None:
    text, place = marked(f"{HEAD}{step}\n")
    loaded = load_tests("t.yaml", lambda name: text if name == "t.yaml" else from_folders(name))
    assert [str(problem) for problem in loaded.problems] == [f"t.yaml:{place}: {expected}"]


def test_a_process_that_is_not_there_is_reported() -> None:
    text = HEAD.replace("incident", "incidnt") + "      - {wait: 1h}\n"
    loaded = load_tests("t.yaml", lambda name: text if name == "t.yaml" else from_folders(name))
    assert [str(problem) for problem in loaded.problems] == ['t.yaml:3:10: there is no file "incidnt.yaml"']


def test_cases_keep_times_as_they_are_written() -> None:
    tests = load_tests("incident.test.yaml", from_folders).tests
    assert tests is not None
    assert tests.given.on_call["duty-manager"] == "zhao"
    first = tests.cases[0]
    assert first.starts == "2026-11-27 17:50"
    assert first.steps[0].expect is not None
    assert first.steps[0].expect.clocks["response"] == {"due": "2026-11-27 18:50"}
    assert first.steps[0].expect.paged == ({"who": "deng", "at": "17:50"},)
