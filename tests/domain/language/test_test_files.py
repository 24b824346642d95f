"""Loading files of test cases."""

from __future__ import annotations

import pytest

from domain.language.loader import load_tests
from tests.domain.language.files import from_folders, marked

HEAD = "kind: tests\nlang: 1\nprocess: incident.yaml\ncases:\n  - name: one\n    steps:\n"

NO_MOMENT = '"{}" is no time; write it as 2026-11-27 18:21'
NO_TIME = '"{}" is no time; write 18:21 or 2026-11-27 18:21'
NO_LENGTH = "{} should be a length of time such as 30m, 4h or 2d"

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
        'unknown key "stat" in cases[1].steps[1].expect; did you mean "state"?',
    ),
    (
        "      - {wait: 1h, expect: {clocks: {response: {elapsed: ¦one hour}}}}",
        '"one hour" should be a length of time such as 30m, 4h or 2d',
    ),
    ("      - {wait: 1h, expect: {clocks: {response: {elapsed: ¦4}}}}", NO_LENGTH.format("4")),
    (
        "      - {wait: 1h, expect: {clocks: {response: {running: ¦yes}}}}",
        '"yes" should be true or false',
    ),
    ("      - {wait: 1h, expect: {clocks: {response: {due: ¦never}}}}", NO_MOMENT.format("never")),
    ("      - {wait: 1h, expect: {tasks: {review_major: {due: ¦monday}}}}", NO_MOMENT.format("monday")),
    ("      - {wait: 1h, expect: {paged: [{who: x, at: ¦9:05}]}}", NO_TIME.format("9:05")),
    ("      - {wait: 1h, expect: {postponed: {received: ¦soon}}}", NO_TIME.format("soon")),
    ("      - {at: ¦25:00, as: x, do: start}", NO_TIME.format("25:00")),
    ("      - {at: ¦2026-11-31, as: x, do: start}", NO_TIME.format("2026-11-31")),
    (
        "      - {wait: 1h, expect: {fields: {resolved_at: ¦soon}}}",
        '"soon" should be a date and time such as 2026-11-27 18:00',
    ),
    (
        "      - {as: x, create: {impact: ¦moderat}}",
        '"moderat" is not one of: extensive, significant, moderate, minor; did you mean "moderate"?',
    ),
    ('      - {wait: 1h, expect: {if: "ticket.¦nix == 1"}}', 'ticket has no "nix"'),
    (
        '      - {wait: 1h, expect: {if: "ticket.title ==¦"}}',
        "the expression ends too early: expected a value",
    ),
    ("      - {wait: ¦1 day}", '"1 day" should be a length of time such as 30m, 4h or 2d'),
]


@pytest.mark.parametrize(("step", "expected"), MISTAKES)
def test_a_step_that_means_nothing_is_refused(step: str, expected: str) -> None:
    text, place = marked(f"{HEAD}{step}\n")
    loaded = load_tests("t.yaml", lambda name: text if name == "t.yaml" else from_folders(name))
    assert [str(problem) for problem in loaded.problems] == [f"t.yaml:{place}: {expected}"]


WORLD_MISTAKES = [
    ("people: {max: {delegates: [{to: eva, until: ¦07.12.2026}]}}", NO_MOMENT.format("07.12.2026")),
    ("people: {max: {delegates: [{to: eva, from: ¦2026-11-31}]}}", NO_MOMENT.format("2026-11-31")),
    ("tickets: {INC-000002: {process: incident, opened_at: ¦soon}}", NO_MOMENT.format("soon")),
]


ANSWER_MISTAKES = [
    ("scripts: {¦open_brige: {}}", 'unknown task with `script` "open_brige"; did you mean "open_bridge"?'),
    ("http: {¦open_bridge: {}}", 'unknown task with `http` "open_bridge"'),
    (
        "scripts: {open_bridge: ¦{fails: no line, url: x}}",
        "a script answers or fails: say only why, `{fails: no connection}`",
    ),
]


@pytest.mark.parametrize("of_case", [False, True])
@pytest.mark.parametrize(("given", "expected"), ANSWER_MISTAKES)
def test_scripts_and_calls_that_answer_are_tasks_there_are(given: str, expected: str, of_case: bool) -> None:
    text = HEAD.replace("cases:", f"given:\n  {given}\ncases:")
    if of_case:
        text = HEAD.replace("    steps:", f"    given:\n      {given}\n    steps:")
    text, place = marked(text + "      - {wait: 1h}\n")
    (problem,) = _problems(text)
    assert problem.startswith(f"t.yaml:{place}: {expected}")


@pytest.mark.parametrize(("given", "expected"), WORLD_MISTAKES)
def test_a_time_in_what_is_given_is_one(given: str, expected: str) -> None:
    text, place = marked(HEAD.replace("cases:", f"given:\n  {given}\ncases:") + "      - {wait: 1h}\n")
    assert _problems(text) == [f"t.yaml:{place}: {expected}"]


def test_a_case_begins_at_a_day_there_is() -> None:
    text, place = marked(
        HEAD.replace("    steps:", "    starts: ¦2026-11-31\n    steps:") + "      - {wait: 1h}\n"
    )
    assert _problems(text) == [f"t.yaml:{place}: {NO_MOMENT.format('2026-11-31')}"]


def test_a_value_may_be_wrong_where_the_case_expects_that_it_is_refused() -> None:
    step = "      - {as: x, create: {impact: moderat}, expect: {refused: is not one of}}\n"
    assert _problems(HEAD + step) == []


@pytest.mark.parametrize(
    "step",
    [
        "{as: ¦wangg, do: start}",
        "{as: ¦wnag, do: start}",
        "{as: ¦Wang, do: start}",
        "{as: x, hand_over: major, with: {to: ¦wan}}",
        "{wait: 1h, expect: {paged: [{who: ¦wamg}]}}",
        "{wait: 1h, expect: {not_paged: ¦wangg}}",
        "{wait: 1h, expect: {notified: [{received: [x, ¦wangg]}]}}",
        "{wait: 1h, expect: {may: {¦wangg: [start]}}}",
    ],
)
def test_a_name_one_letter_away_from_somebody_given_is_doubted(step: str) -> None:
    head = HEAD.replace("cases:", "given: {people: {wang: {}}}\ncases:")
    text, place = marked(f"{head}      - {step}\n")
    found = [one for one in _problems(text) if "given.people" in one]
    assert len(found) == 1
    assert found[0].startswith(f"t.yaml:{place}: warning: ")
    assert 'did you mean "wang"? Somebody else is listed there, too' in found[0]


@pytest.mark.parametrize("name", ["li", "pia", "huang", "wanda", "zoe"])
def test_people_who_are_only_mentioned_exist(name: str) -> None:
    head = HEAD.replace("cases:", "given: {people: {wang: {}, mia: {}, liu: {}}}\ncases:")
    found = _problems(f"{head}      - {{as: {name}, do: start}}\n")
    assert found == []


def _problems(text: str) -> list[str]:
    loaded = load_tests("t.yaml", lambda name: text if name == "t.yaml" else from_folders(name))
    return [str(problem) for problem in loaded.problems]


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
