"""What can be told of a process without running it: each mistake is found, and the nearest correct file is silent."""

from __future__ import annotations

import time
from pathlib import Path
from typing import NamedTuple

import pytest

from domain.language.codes import CODES
from domain.language.loader import load_process
from tests.domain.language.files import (
    KNOWN,
    from_folders,
    load_small,
    marked,
    problems_of,
    reader,
    small,
)

HERE = Path(__file__).parent
WHOLE = (HERE / "whole.yaml").read_text("utf-8")


class Mistake(NamedTuple):
    """One block of static.txt: what stands in whole.yaml (-), a mistake (+), the nearest that is right (=).

    The problem stands at ¦; where that is elsewhere in the file, a line with @ says so.
    """

    code: str
    old: str
    wrong: str
    right: str
    at: str
    message: str


def mistakes() -> list[Mistake]:
    """Every block of static.txt."""
    found = []
    for block in (HERE / "static.txt").read_text("utf-8").strip().split("\n\n"):
        code, *edits, message = block.split("\n")
        by = {edit[0]: edit[2:].replace("\\n", "\n") for edit in edits}
        found.append(Mistake(code, by["-"], by["+"], by["="], by.get("@", ""), message))
    return found


MISTAKES = mistakes()


def test_the_process_that_is_spoilt_has_no_problem() -> None:
    assert problems_of(WHOLE) == []


@pytest.mark.parametrize(
    "mistake", MISTAKES, ids=lambda mistake: f"{mistake.code}: {mistake.wrong.strip()[:40]}"
)
def test_a_mistake_is_found_where_it_stands_and_the_nearest_correct_file_is_silent(mistake: Mistake) -> None:
    assert mistake.old in WHOLE
    text = WHOLE.replace(mistake.old, mistake.wrong, 1)
    if mistake.at:
        unmarked = mistake.at.replace("¦", "")
        assert unmarked in text
        text = text.replace(unmarked, mistake.at, 1)
    text, place = marked(text)
    found = [problem for problem in load_small(text).problems if problem.code == mistake.code]
    assert [str(problem) for problem in found] == [f"p.yaml:{place}: {mistake.message}"]
    assert problems_of(WHOLE.replace(mistake.old, mistake.right, 1)) == []


def test_every_check_of_this_kind_has_a_mistake_that_triggers_it() -> None:
    asked = (
        "unreachable-state stuck-state no-default-branch target-gap ambiguous-days constant-condition overlap "
        "clock-never-starts clock-never-stops clock-always-paused clock-never-pauses clock-never-resumes "
        "nobody-fills no-approvers may-be-empty quorum-too-large void-gap freeze-without-way-out "
        "hidden-field-asked endless-escalation late-reminder unused missing-language unknown-name "
        "unheard-outcome never-happens"
    )
    assert set(asked.split()) <= {mistake.code for mistake in MISTAKES} <= CODES.keys()


def test_what_a_library_or_a_parent_declares_may_be_unused() -> None:
    library = "kind: library\nlang: 1\nid: l\nversion: 1\nfields: {spare: {type: text}}\nroles: {x: team:x}\n"
    assert problems_of(small(uses="[l.yaml]"), l=library) == []
    child = "kind: process\nlang: 1\nid: child\nversion: 1\nextends: p.yaml\n"
    parent = small(fields="{spare: {type: text}}", abstract="true")
    files = {"child.yaml": child, "p.yaml": parent}
    assert load_process("child.yaml", files.get).problems == ()
    assert problems_of(parent) == []


def test_an_approval_that_an_action_asks_for_is_heard_somewhere() -> None:
    states = "{new: {category: new, enter: [{request_approval: ask}]}, closed: {category: closed}}"
    approvals = "{ask: {stages: [{id: one, approvers: team:x}]}}"

    def found(transition: str) -> list[str]:
        more = f"{{close: {{from: new, to: closed, who: everyone}}, heard: {transition}}}"
        return problems_of(small(states=states, approvals=approvals, transitions=more))

    (message,) = found("{from: new, to: closed, when: approval.ask.approved}")
    assert 'when "ask" is rejected, no transition hears it; add a transition with' in message
    assert found("{from: new, to: closed, when: [approval.ask.approved, approval.ask.rejected]}") == []
    assert found('{from: new, to: closed, after: 2d, if: approval.ask.state == "approved"}') == []


def test_the_field_behind_a_computed_one_need_not_void_when_the_computed_one_does() -> None:
    fields = "{price: {type: number}, doubled: {type: number, compute: ticket.price * 2}}"
    approval = """
  sign:
    void_if_changed: [VOID]
    skip: [{if: ticket.doubled < 5, decide: approved, because: Cheap}]
    stages: [{id: one, approvers: team:x}]"""
    states = "{new: {category: new, approval: sign}, closed: {category: closed}}"
    ends = "{close: {from: new, to: closed, when: [approval.sign.approved, approval.sign.rejected]}}"

    def found(void: str) -> list[str]:
        forms = "{create: {title: required, price: required}}"
        return problems_of(
            small(
                fields=fields,
                forms=forms,
                states=states,
                transitions=ends,
                approvals=approval.replace("VOID", void),
            )
        )

    assert found("doubled") == []
    assert found("price") == []
    assert len(found("title")) == 1
    assert "`skip` reads price" in found("title")[0]


def test_a_field_that_the_state_hides_from_everybody_is_not_asked_for() -> None:
    hiding = WHOLE.replace("  done: {category: done}", "  done: {category: done, fields: {hide: cost}}")

    def asking(states: str, field: str) -> list[str]:
        note = f"  note: {{from: {states}, who: desk, ask: {{{field}: required}}}}\n"
        return problems_of(hiding.replace("  reopen: {", f"{note}  reopen: {{"))

    (found,) = asking("done", "cost")
    assert 'nobody sees "cost" there: `fields` of the state hides it' in found
    assert asking("done", "size") == []
    assert asking("[done, work]", "cost") == []  # seen in one of the two


def test_checking_everything_takes_little_of_loading() -> None:
    text = reader()
    load_process("incident.yaml", text, known_processes=KNOWN)
    best = min(_seconds() for _ in range(5))
    assert best < 0.15, f"{best:.3f} s; about 0.02 s are normal, the limit leaves room for a busy machine"


def _seconds() -> float:
    before = time.process_time()
    load_process("incident.yaml", from_folders, known_processes=KNOWN)
    return time.process_time() - before
