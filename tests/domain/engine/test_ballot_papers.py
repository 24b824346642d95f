"""What somebody is offered in an approval: every seat they may answer for, with all that may be answered from it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from domain.engine.ballot_papers import LABELS, BallotPaper, Choice, ballot_papers, may_manage
from domain.engine.events import Delegate
from domain.language.models import FormEntry
from tests.builders import a_definition, accepted
from tests.domain.engine.boards import WORLD, Board, a_board, stage


def papers(story: Board, person: str) -> tuple[BallotPaper, ...]:
    return ballot_papers(story.definition, story.ticket, story.facts(person), story.now)


def paper(person: str, **more: object) -> BallotPaper:
    """A paper of the stage `s` for a plain yes or no."""
    yes_or_no = tuple(Choice(one, LABELS[one], {}, comment_required=False) for one in ("approve", "reject"))
    plain = BallotPaper(
        "board", "s", person, "", yes_or_no, may_delegate=True, may_add=False, may_return=False
    )
    return replace(plain, **more)  # type: ignore[arg-type]  # of BallotPaper


def test_a_paper_says_whole_what_may_be_answered_and_what_each_answer_asks_for() -> None:
    answers = """answers: {reject: {comment: required, label: {en: Send back, zh-CN: 退回}},
        abstain: {}, more_info: {ends: stage, ask: {plan: optional}}}"""
    story = a_board(stage(f"quorum: 2, ask: {{code: required}}, may_add: true, {answers}"))
    assert papers(story, "a") == (
        paper(
            "a",
            choices=(
                Choice(
                    "approve",
                    {"en": "Approve", "zh-CN": "同意"},
                    {"code": FormEntry(required=True)},
                    comment_required=False,
                ),
                Choice("reject", {"en": "Send back", "zh-CN": "退回"}, {}, comment_required=True),
                Choice("abstain", {"en": "Abstain", "zh-CN": "弃权"}, {}, comment_required=False),
                Choice("more_info", {"*": "more info"}, {"plan": FormEntry()}, comment_required=False),
            ),
            may_add=True,
        ),
    )


def test_what_was_answered_is_on_the_paper_and_cannot_be_given_away_any_more() -> None:
    story = a_board(stage("quorum: 2"))
    story.vote("a", "reject")
    assert papers(story, "a") == (paper("a", given="reject", may_delegate=False),)
    assert papers(story, "b") == (paper("b"),)


def test_who_stands_in_has_the_paper_of_the_absent_for_as_long_as_it_is_their_turn() -> None:
    story = a_board(stage("quorum: 2"))
    accepted(story.send(Delegate("board", "x", None, story.at(hours=2)), "a"))
    assert papers(story, "x") == (paper("a", may_delegate=False),)
    assert papers(story, "a") == (paper("a"),)
    story.now = story.at(hours=2)
    assert papers(story, "x") == ()


def test_who_may_only_veto_is_offered_that_alone_and_passes_it_to_nobody() -> None:
    no = Choice("reject", LABELS["reject"], {}, comment_required=False)
    assert papers(a_board(stage("veto: group:security")), "sara") == (
        paper("sara", choices=(no,), may_delegate=False),
    )


@pytest.mark.parametrize(("rest", "offered"), [("", True), ("delegate: false", False)])
def test_a_seat_is_given_away_where_the_stage_allows_it(rest: str, offered: bool) -> None:
    (found,) = papers(a_board(stage(rest)), "a")
    assert found.may_delegate is offered


def test_only_a_later_stage_may_return_it_and_one_that_forbids_it_may_not() -> None:
    story = a_board(
        """
stages:
  - {id: one, approvers: person:a}
  - parallel: [{id: s, approvers: person:b}, {id: t, approvers: person:b, may_return: false}]
"""
    )
    assert papers(story, "a") == (paper("a", stage="one"),)
    story.vote("a")
    assert papers(story, "b") == (paper("b", may_return=True), paper("b", stage="t"))


SEVERAL = """
states: {new: {category: new}, gone: {category: closed}}
transitions:
  ask: {from: new, who: everyone, do: [{request_approval: first}, {request_approval: second}]}
  end: {from: new, to: gone, who: everyone}
approvals:
  first: {stages: [{id: s, approvers: person:a}]}
  second: {stages: [{id: s, approvers: person:a}]}
"""


def test_an_approval_that_is_decided_offers_nothing_and_hides_no_other() -> None:
    story = Board(a_definition(SEVERAL))
    story.open()
    story.do("ask")
    assert [one.approval for one in papers(story, "a")] == ["first", "second"]
    first = replace(story.ticket.approvals["first"], state="approved")
    story._ticket = replace(story.ticket, approvals={**story.ticket.approvals, "first": first})
    assert [one.approval for one in papers(story, "a")] == ["second"]


def test_one_that_the_definition_no_longer_has_offers_nothing_and_hides_no_other() -> None:
    story = Board(a_definition(SEVERAL))
    story.open()
    story.do("ask")
    second = {name.replace("first", "gone"): run for name, run in story.ticket.approvals.items()}
    story._ticket = replace(story.ticket, approvals=second)
    assert [one.approval for one in papers(story, "a")] == ["second"]
    managed = may_manage(story.definition, story.ticket, story.facts("a"), "gone", story.now)
    assert managed == (False, False)


def test_the_system_and_who_is_not_asked_have_no_paper() -> None:
    story = a_board(stage("quorum: 2"))
    assert papers(story, "") == () == papers(story, "zoe")


@pytest.mark.parametrize(
    ("person", "may"),
    [("maria", (True, True)), ("ann", (False, True)), ("a", (False, False)), ("bruno", (True, True))],
)
def test_who_manages_an_approval_and_who_may_only_take_its_request_back(
    person: str, may: tuple[bool, bool]
) -> None:
    story = a_board(
        stage("", manage="[manager-of:requester, person:bruno]", withdraw="requester"), world=WORLD
    )
    asked = may_manage(story.definition, story.ticket, story.facts(person), "board", story.now)
    assert asked == may
    story.vote("a")
    assert may_manage(story.definition, story.ticket, story.facts(person), "board", story.now) == (
        False,
        False,
    )
