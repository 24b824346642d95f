"""The life of an approval: stages in order, skips, what makes it void, what withdraws it, what never hangs."""

from __future__ import annotations

import pytest

from domain.engine.events import Vote
from tests.builders import a_definition, effects, happenings, refused
from tests.domain.engine.boards import Board, a_board, stage

ORDER = """
stages:
  - parallel:
      - {id: peer, approvers: team:board, quorum: 2}
      - {id: owner, approvers: manager-of:requester, quorum: all}
      - {id: security, if: ticket.amount > 1000, approvers: group:security}
  - {id: last, approvers: group:chiefs}
"""


def told(story: Board, what: str) -> list[set[str]]:
    return [
        {one.removeprefix("person:") for one in effect.to}
        for effect in effects(story.journal, "approval")
        if effect.data["what"] == what
    ]


def test_parallel_stages_run_together_and_the_next_when_all_of_them_approved() -> None:
    story = a_board(ORDER)
    assert story.waiting == {"a", "b", "c", "d", "e", "maria"}
    assert story.stage("security").state == "skipped"
    story.vote("a")
    story.vote("maria")
    assert story.stage("owner").state == "approved"
    assert "last" not in story.run.stages
    story.vote("b")
    assert story.waiting == {"chief"}
    assert story.ticket.state == "asked"
    story.vote("chief")
    assert (story.ticket.state, story.run.state) == ("go", "approved")


def test_a_condition_brings_in_a_stage() -> None:
    assert "sara" in a_board(ORDER, amount=2000).waiting


def test_one_rejection_of_a_parallel_stage_ends_the_others_and_those_asked_are_told() -> None:
    story = a_board(ORDER)
    story.vote("a")
    story.vote("maria", "reject", comment="not now")
    assert (story.ticket.state, story.run.state) == ("no", "rejected")
    assert story.run.comment == "not now"
    assert story.run.decided_by == "maria"
    assert story.waiting == set()
    assert told(story, "released") == [{"b", "c", "d", "e"}]


def test_approvers_are_told_that_they_are_asked_and_the_last_ones_that_they_need_not_answer() -> None:
    story = a_board(stage("quorum: 2"))
    assert told(story, "asked") == [{"a", "b", "c", "d", "e"}]
    story.vote("b")
    story.vote("d")
    assert told(story, "released") == [{"a", "c", "e"}]


def test_the_requester_is_not_asked_unless_the_stage_says_so() -> None:
    assert a_board(stage(""), opened_by="a").waiting == {"b", "c", "d", "e"}
    assert a_board(stage("exclude: []"), opened_by="a").waiting == {"a", "b", "c", "d", "e"}


def test_who_voted_in_an_earlier_stage_can_be_excluded_from_a_later_one() -> None:
    story = a_board(
        """
stages:
  - {id: one, approvers: team:board}
  - {id: two, approvers: team:board, exclude: [requester, "stage:one"]}
"""
    )
    story.vote("c")
    assert story.waiting == {"a", "b", "d", "e"}


SKIP = """
skip:
  - {if: ticket.amount < 50, decide: approved, because: Little money}
  - {if: ticket.amount > 5000, decide: rejected, because: Too much}
stages: [{id: s, approvers: team:board}]
"""


@pytest.mark.parametrize(("amount", "state"), [(10, "go"), (9000, "no"), (100, "asked")])
def test_a_skip_decides_without_people(amount: int, state: str) -> None:
    story = a_board(SKIP, amount=amount)
    assert story.ticket.state == state
    assert bool(told(story, "asked")) == (state == "asked")


def test_an_approval_whose_stages_all_do_not_apply_is_approved() -> None:
    assert a_board(stage("if: ticket.amount > 1000")).ticket.state == "go"


# ---------------------------------------------------------------- nobody


@pytest.mark.parametrize(
    ("rule", "state"),
    [
        ("", "no"),
        ("if_nobody: reject", "no"),
        ("if_nobody: approve", "go"),
        ("if_nobody: {ask: group:empty}", "no"),
    ],
)
def test_a_stage_without_people_never_hangs(rule: str, state: str) -> None:
    story = a_board(f"stages: [{{id: s, approvers: group:empty{rule and ', ' + rule}}}]")
    assert story.ticket.state == state


def test_others_are_asked_when_there_is_nobody() -> None:
    story = a_board("stages: [{id: s, approvers: group:empty, if_nobody: {ask: group:more}}]")
    assert story.waiting == {"x", "y"}
    story.vote("y")
    assert story.ticket.state == "go"


@pytest.mark.parametrize("quorum", ["6", "7"])
def test_a_quorum_that_its_people_can_never_reach_fails_at_once(quorum: str) -> None:
    story = a_board(stage(f"quorum: {quorum}"))
    assert story.ticket.state == "no"
    assert happenings(story.journal, "approval")[-2].detail["why"] == "unreachable"


def test_a_stage_fails_as_soon_as_its_quorum_is_out_of_reach() -> None:
    story = a_board(stage("quorum: 60%"))
    story.vote("a", "reject")
    story.vote("b", "reject")
    assert story.run.state == "pending"
    story.vote("c", "reject")
    assert story.ticket.state == "no"


def test_until_the_directory_has_answered_nobody_can_vote() -> None:
    story = a_board(stage(""))
    story.do("back")
    story.answering = False
    story.do("ask")
    assert refused(story.send(Vote("board", "approve"), "a")) == "facts_missing"


def test_an_answer_of_the_directory_that_came_too_late_changes_nothing() -> None:
    from domain.engine.approvers import answer

    story = a_board(stage(""))
    story.do("back")
    story.answering = False
    question = effects(story.do("ask"), "approvers")[0]
    story.do("back")
    found = answer(question.data, story.directory, story.now)
    assert story.answer(found) == []


# ---------------------------------------------------------------- changes


VOID = "void_if_changed: [plan, amount]\nstages: [{id: s, approvers: team:board, quorum: 2}]"


def test_votes_carry_a_hash_of_what_they_were_given_on() -> None:
    story = a_board(VOID)
    story.vote("a")
    assert len(story.run.hash) == 32
    assert story.stage().seats[0].hash == story.run.hash
    voted = happenings(story.journal, "approval")[-1]
    assert voted.detail["hash"] == story.run.hash


def test_a_change_of_what_is_decided_on_reopens_the_votes() -> None:
    story = a_board(VOID)
    story.vote("a")
    before = story.run.hash
    story.edit(plan="another")
    assert story.run.hash != before
    assert story.waiting == {"a", "b", "c", "d", "e"}
    assert story.run.round == 2
    story.vote("b")
    assert story.run.state == "pending"
    story.vote("a")
    assert story.ticket.state == "go"


def test_a_change_of_anything_else_leaves_the_votes() -> None:
    story = a_board(VOID)
    story.vote("a")
    story.edit(title="Renamed")
    story.vote("b")
    assert story.ticket.state == "go"


def test_a_change_after_the_decision_makes_the_approval_void() -> None:
    story = a_board(VOID)
    story.vote("a")
    story.vote("b")
    assert story.ticket.state == "go"
    story.edit(amount=101)
    assert story.ticket.state == "asked"  # `void` sent it back
    assert story.waiting == {"a", "b", "c", "d", "e"}


def test_a_change_after_a_rejection_or_when_all_is_done_changes_nothing() -> None:
    story = a_board(VOID)
    for person in "abcd":
        story.vote(person, "reject")
    assert story.ticket.state == "no"
    story.edit(amount=101)
    assert story.run.state == "rejected"


def test_a_vote_on_what_has_changed_since_it_was_shown_is_refused() -> None:
    story = a_board(VOID)
    shown = story.run.hash
    story.edit(plan="another")
    assert refused(story.send(Vote("board", "approve", hash=shown), "a")) == "transition_refused"
    story.vote("a", "approve", hash=story.run.hash)


# ---------------------------------------------------------------- leaving


def test_leaving_the_state_withdraws_the_approval_and_coming_back_asks_anew() -> None:
    story = a_board(stage("quorum: 2"))
    story.vote("a")
    story.do("back")
    assert story.run.state == "withdrawn"
    assert told(story, "released") == [{"b", "c", "d", "e"}]
    story.do("ask")
    assert (story.run.state, story.run.round) == ("pending", 2)
    assert story.waiting == {"a", "b", "c", "d", "e"}


def test_votes_stay_while_the_ticket_is_on_hold() -> None:
    story = a_board(stage("quorum: 2"))
    story.vote("a")
    story.do("hold")
    assert story.run.state == "pending"
    story.do("release")
    story.vote("b")
    assert story.ticket.state == "go"


def test_a_vote_given_on_hold_is_heard_when_the_ticket_comes_back() -> None:
    story = a_board(stage(""))
    story.do("hold")
    story.vote("a")
    assert (story.run.state, story.ticket.state) == ("approved", "held")
    story.do("release")
    assert story.ticket.state == "go"


def test_a_third_state_after_a_hold_withdraws_the_approval() -> None:
    story = a_board(stage(""))
    story.do("hold")
    story.do("back")
    assert story.run.state == "withdrawn"


def test_a_closed_ticket_asks_nobody() -> None:
    story = a_board(stage(""))
    story.do("close")
    assert story.run.state == "withdrawn"
    assert story.waiting == set()


def test_an_action_can_request_an_approval_that_belongs_to_no_state() -> None:

    story = Board(
        a_definition(
            """
states: {new: {category: new}, more: {category: active}, closed: {category: closed}}
transitions:
  go: {from: new, to: more, who: everyone, do: [{request_approval: x}]}
  done: {from: more, to: closed, when: approval.x.approved}
approvals: {x: {stages: [{id: s, approvers: team:board}]}}
"""
        )
    )
    story.open()
    story.do("go")
    story.send(Vote("x", "approve"), "a")
    assert story.ticket.state == "closed"
