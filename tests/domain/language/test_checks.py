"""What is checked beyond the shape, each with the text and place of its problem."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.domain.language.files import SMALL, marked, problems_of, small

CLOSE = "\n  close: {from: new, to: closed, who: everyone}\n"
OFFICE = """
  office: {time_zone: UTC, week: {mon-fri: 09:00-17:00}}
  days: {time_zone: UTC, week: {mon-fri: 24h}}"""


def mistakes(section: str) -> list[tuple[str, str]]:
    """Pairs of a text, with ¦ where its problem stands, and the problem; from mistakes.txt."""
    lines = (Path(__file__).parent / "mistakes.txt").read_text("utf-8").split("\n")
    lines = lines[lines.index(f"[{section}]") + 1 :]
    lines = lines[: lines.index("")]
    return [(text, message.strip()) for text, message in zip(lines[::2], lines[1::2], strict=True)]


def assert_problem(process: str, message: str) -> None:
    """The process has this one problem, and it stands where ¦ is written."""
    text, place = marked(process)
    assert problems_of(text) == [f"{place}: {message}"]


def with_transition(text: str) -> str:
    """A process with one more transition."""
    return small(transitions=f"{CLOSE}  {text}")


def with_actions(*actions: str) -> str:
    """A process with a transition that does these; they begin in line 18."""
    lines = "".join(f"\n      - {action}" for action in actions)
    return small(transitions=f"{CLOSE}  x:\n    from: new\n    who: everyone\n    do:{lines}")


@pytest.mark.parametrize(("text", "expected"), mistakes("transitions"))
def test_a_transition_that_cannot_work_is_refused(text: str, expected: str) -> None:
    assert_problem(with_transition(text), expected)


@pytest.mark.parametrize(("text", "expected"), mistakes("actions"))
def test_an_action_that_cannot_work_is_refused(text: str, expected: str) -> None:
    assert_problem(with_actions(text), expected)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (
            "{require: ¦assignee}",
            '"assignee" is required from the start, and the form that opens a ticket does not ask for it',
        ),
        ("{hide: team, require: ¦team}", '"team" is hidden here, so nobody could fill it in'),
        ("{lock: ¦state}", 'unknown field "state"; did you mean "title"?'),
    ],
)
def test_what_a_state_cannot_do_to_fields_is_refused(fields: str, expected: str) -> None:
    states = f"\n  new: {{category: new, fields: {fields}}}\n  closed: {{category: closed}}"
    text, place = marked(small(states=states))
    assert f"{place}: {expected}" in problems_of(text)


def test_every_wrong_action_of_a_list_is_reported() -> None:
    found = problems_of(with_actions("{notfy: a}", "run: x", "{}", "set: {nope: 1}", "assign: everyone"))
    assert [message.split(":")[0] for message in found] == ["18", "19", "20", "21"]


@pytest.mark.parametrize(("text", "expected"), mistakes("fields"))
def test_a_field_that_cannot_work_is_refused(text: str, expected: str) -> None:
    assert_problem(small(fields=f"\n  {text}"), expected)


@pytest.mark.parametrize(("text", "expected"), mistakes("sections"))
def test_a_section_that_cannot_work_is_refused(text: str, expected: str) -> None:
    assert_problem(f"{SMALL}{text}\n", expected)


@pytest.mark.parametrize(("text", "expected"), mistakes("tasks"))
def test_a_task_that_cannot_work_is_refused(text: str, expected: str) -> None:
    assert_problem(small(tasks=f"\n  {text}", calendars=OFFICE), expected)


def test_tasks_that_wait_for_each_other_in_a_circle_are_reported_once() -> None:
    tasks = (
        "{a: {assign: everyone, needs: b}, b: {assign: everyone, needs: c}, c: {assign: everyone, needs: a}}"
    )
    assert problems_of(small(tasks=tasks)) == ["14:38: these tasks wait for each other: a → b → c → a"]


@pytest.mark.parametrize(("text", "expected"), mistakes("approvals"))
def test_an_approval_that_cannot_work_is_refused(text: str, expected: str) -> None:
    assert_problem(small(approvals=f"\n  {text}"), expected)


@pytest.mark.parametrize(("text", "expected"), mistakes("clocks"))
def test_a_clock_that_cannot_work_is_refused(text: str, expected: str) -> None:
    fields = "\n  kind: {type: choice, options: [a, b]}"
    assert_problem(small(fields=fields, calendars=OFFICE, clocks=f"\n  {text}"), expected)


def test_gaps_and_strangers_in_the_priority_matrix_are_reported() -> None:
    fields = "{a: {type: choice, options: [x, y]}, b: {type: choice, options: [u, v]}}"
    priority = """
  levels: [P1, P2]
  rows: a
  columns: b
  matrix:
    x: {u: P1, w: P2}
    z: {u: P1, v: P3}"""
    assert problems_of(small(fields=fields, priority=priority)) == [
        '19:3: no row for a "y"; add one',
        "20:5: no priority for b v; add it to this row",
        '20:16: unknown option of b "w"; known: u, v',
        '21:5: unknown option of a "z"; known: x, y',
        '21:19: unknown priority level "P3"; known: P1, P2',
    ]


def test_a_state_nobody_can_leave_is_an_error_and_one_nobody_reaches_a_warning() -> None:
    states = "\n  new: {category: new}\n  work: {category: active}\n  closed: {category: closed}"
    transitions = (
        "\n  go: {from: new, to: work, who: everyone}"
        "\n  back: {from: closed, who: everyone, ask: {title: required}}"
    )
    assert problems_of(small(states=states, transitions=transitions)) == [
        '11:3: nobody can leave the state "work"; add a transition, or give it the category closed',
        '12:3: warning: nothing leads to the state "closed"; add a transition to it, or remove it',
        '15:3: warning: "back" starts in no state that can be reached; change its `from`, or remove it',
    ]


def test_states_named_like_something_else_are_refused() -> None:
    states = """
  new: {category: new}
  any: {category: active}
  done: {category: active}
  closed: {category: closed}"""
    assert problems_of(small(states=states)) == [
        '11:3: "any" already stands for several states; take another name',
        '12:3: "done" is also a category, and this state has active; rename the state',
    ]


def test_a_missing_locale_is_a_warning_wherever_a_text_stands() -> None:
    text = small(
        locales="[en, zh-CN]",
        title="{en: X}",
        notifications="\n  n: {to: everyone, subject: {en: a, zh-CN: b}, body: {en: a}}",
        fields="\n  f: {type: choice, label: {zh-CN: x}, options: {a: {en: a}}}",
    ).replace("from: new", "from: new, if: ticket.f != null, do: [{notify: n}]")
    assert problems_of(text) == [
        "5:1: warning: this text is missing in zh-CN",
        "16:49: warning: this text is missing in zh-CN",
        "18:21: warning: this text is missing in en",
        "18:50: warning: this text is missing in zh-CN",
    ]


def test_places_inside_expressions_are_exact_however_they_are_written() -> None:
    fields = """
  a:
    type: number
    compute: >-
      ticket.reopen_count
      + ticket.reopen_cunt
      * 2
  b:
    type: text
    compute: |
      ticket.title ??
      ticket.titel
  c: {type: text, compute: "\\"x\\" + ticket.titel"}
  d: {type: text, compute: 'if ticket.title == "it''s" then ticket.titel else null'}
  e:
    type: text
    compute: ticket.title
      + ticket.titel"""
    assert [message.split(": ")[0] for message in problems_of(small(fields=fields))] == [
        "19:16",
        "25:14",
        "26:44",
        "27:68",
        "31:16",
    ]


def test_shapes_that_do_not_fit_are_explained() -> None:
    assert problems_of(SMALL.replace("lang: 1", "lang: 2")) == [
        "2:7: this Evertick reads version 1 of the language, not 2"
    ]
    assert problems_of(SMALL.replace("version: 1", 'version: "1"')) == ['4:10: "1" should be a whole number']
    assert problems_of(SMALL.replace("title: Small", "title: 5")) == [
        "5:8: 5 should be text, or a text per locale such as {en: …, zh-CN: …}"
    ]
    assert problems_of(SMALL.replace("title: Small", "title: {en: 5}")) == [
        "5:8: 5 should be text; put it in quotes"
    ]
    assert problems_of(SMALL.replace("title: Small", "title: {en_GB: x}")) == [
        '5:8: "en_GB" is not a locale such as en or zh-CN'
    ]
    assert problems_of(small(states="[]")) == [
        '9:9: a list should be a mapping, names with values; write "name: …" without a "- " before it'
    ]
    assert problems_of(small(number="SM-n")) == [
        '7:9: "SM-n" should be a pattern such as INC-{n:6}, or PUR-{year}-{n:4} to begin anew each year'
    ]
    assert problems_of(SMALL.replace("category: new", "categry: new")) == [
        '10:3: "category" is missing in states.new',
        '10:9: unknown key "categry" in states.new; did you mean "category"?',
    ]
    assert problems_of(small(states="{new: null, closed: {category: closed}}"))[0] == (
        "9:15: null should be a mapping; null removes something only in a file that extends another"
    )


def test_the_kind_must_fit() -> None:
    assert problems_of(SMALL.replace("kind: process", "kind: proces")) == [
        '1:7: "proces" is not one of: process, library, tests; did you mean "process"?'
    ]
    assert problems_of(SMALL.replace("kind: process\n", "")) == [
        '1:1: "kind" is missing; write `kind: process` at the top'
    ]
    assert problems_of("kind: process\n") == [
        f'1:1: "{name}" is missing'
        for name in (
            "id",
            "lang",
            "number",
            "owner",
            "starts_in",
            "states",
            "title",
            "transitions",
            "version",
        )
    ]


def test_a_freeze_is_checked_where_changes_look_at_freezes() -> None:
    freezes = "\n  f: {start: 2026-01-01 00:00, end: 2026-01-02 00:00, time_zone: UTC, if: ticket.nope}"
    library = f"kind: library\nlang: 1\nid: l\nversion: 1\nfreezes:{freezes}\n"
    text = small(uses="[l.yaml]")
    assert problems_of(text, l=library) == []
    checked = text.replace("who: everyone", "who: everyone, check: freezes")
    assert problems_of(checked, l=library) == ['l.yaml:6:82: ticket has no "nope"']


def test_a_notification_nobody_receives_is_refused() -> None:
    text = small(notifications="{n: {subject: a, body: b}}").replace(
        "who: everyone", "who: everyone, do: [{notify: ¦n}]"
    )
    assert_problem(text, 'nobody receives this: "n" has no `to`; write {template: …, to: …}')
    assert problems_of(text.replace("notify: ¦n", "notify: {template: n, to: requester}")) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "x: {from: new, to: closed, who: everyone, if: ¦!ticket.title}",
            '"!ticket.title" is read as a YAML tag; write `not ticket.title`, or quote text that starts with !',
        ),
        (
            "x: {from: new, to: closed, who: everyone, label: {en: Well, ¦done, zh-CN: 好}}",
            '"done" has no value; write one, and quote text that contains a comma',
        ),
        (
            "x: {from: new, to: closed, who: everyone, do: [{set: {title: ¦{{ now }}}}]}",
            'text that starts with {{ needs quotes: "{{ … }}"',
        ),
        (
            "x: {from: new, to: closed, who: ¦*everyone}",
            'the alias "*everyone" is not allowed; quote text that starts with *',
        ),
    ],
)
def test_what_the_yaml_has_torn_apart_is_said_once(text: str, expected: str) -> None:
    assert_problem(with_transition(text), expected)


def test_a_tagged_condition_is_one_problem() -> None:
    text = small(
        transitions=f"{CLOSE}  x:\n    from: new\n    to: closed\n    who: everyone\n    if: ¦!ticket.title"
    )
    assert_problem(
        text,
        '"!ticket.title" is read as a YAML tag; write `not ticket.title`, or quote text that starts with !',
    )


HOLDING = """
  new: {category: new}
  parked: {category: waiting, hold: true}
  closed: {category: closed}
"""


def test_a_state_that_holds_is_waiting_and_somebody_comes_back_from_it() -> None:
    close = "\n  close: {from: [new, parked], to: closed, who: everyone}"
    park = f"{close}\n  park: {{from: new, to: parked, who: everyone}}"
    nobody = HOLDING.replace("hold:", "¦hold:")
    assert_problem(
        small(states=nobody, transitions=park),
        'warning: nothing leads back from "parked"; add a transition with `to: back`, or leave out `hold`',
    )
    back = park + "\n  release: {from: parked, to: back, who: everyone}"
    assert problems_of(small(states=HOLDING, transitions=back)) == []
    active = HOLDING.replace("waiting, hold", "active, ¦hold")
    assert_problem(
        small(states=active, transitions=back),
        "a state that holds another is waiting, and this one is active; make it waiting",
    )


def test_where_a_key_is_missing_is_said_by_what_is_written_and_counted_from_1() -> None:
    approvals = (
        "\n  a: {stages: [{id: one, approvers: team:x}, {approvers: team:x}, {aprovers: team:x, id: two}]}"
    )
    found = problems_of(small(approvals=approvals))
    assert any('"id" is missing in approvals.a.stages[2]' in one for one in found), found
    assert any('unknown key "aprovers" in approvals.a.stages[3]; did you' in one for one in found), found


@pytest.mark.parametrize(
    ("title", "told"),
    [
        ("Granted", True),
        ("已批准", True),
        ("VPN for {{ ticket.title }}", True),
        ("VPN: {{ ticket.title }} (24h)", False),
        ("100 %", False),
        ("https://example.com/help", False),
    ],
)
def test_a_plain_text_with_words_is_told_where_there_are_several_languages(title: str, told: bool) -> None:
    found = problems_of(small(locales="[en, zh-CN]", title=f'"{title}"'))
    message = "this text is the same in every language; write one for each: {en: …, zh-CN: …}"
    assert any(message in one for one in found) == told
    assert not any(message in one for one in problems_of(small(locales="[en]", title=f'"{title}"')))


def test_versions_count_up_from_1() -> None:
    assert_problem(
        small().replace("version: 1", "version: ¦0", 1),
        "version should be at least 1: versions count up from there",
    )
