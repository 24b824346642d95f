"""The journal of an approval, word for word: who was asked, who did what, what came of it and by which rule."""

from __future__ import annotations

from domain.engine.events import AddApprover, Delegate, HandOver, ReturnTo, WithdrawApproval
from tests.builders import accepted
from tests.domain.engine.boards import Board, a_board

EVERYTHING = """
manage: person:maria
stages:
  - parallel:
      - id: one
        approvers: [person:a, person:b]
        quorum: all
        may_add: true
        remind: {every: 1h}
        timeouts: [{after: 90m, add: person:sara}, {after: 3h, do: [{set: {plan: late}}]}]
      - {id: none, if: ticket.amount > 1000, approvers: person:c}
      - {id: empty, approvers: group:empty, if_nobody: approve}
  - {id: two, approvers: group:chiefs, answers: {reject: {comment: required}, more: {ends: stage}}}
"""
CHANGED = """
void_if_changed: [amount]
withdraw: requester
skip: [{if: ticket.amount == 1, decide: approved, because: Small}]
stages: [{id: s, approvers: [person:a, person:b, person:c], quorum: 2, timeout: {after: 2h, decide: timed_out}}]
"""


def lines(story: Board) -> list[str]:
    """Everything that happened to the approval, each with the minute it happened at."""
    found = []
    for entry in story.journal:
        for one in entry.happened:
            if one.what == "approval":
                detail = {
                    name: value for name, value in one.detail.items() if name not in ("what", "line", "hash")
                }
                minute = int((entry.at - story.at()).total_seconds() // 60)
                shown = " ".join(
                    f"{name}={value}" for name, value in detail.items() if value not in ("", None)
                )
                found.append(f"{minute} {one.name} {one.detail['what']} {shown}".rstrip())
    return found


def a_life_with_everything() -> Board:
    story = a_board(EVERYTHING)
    accepted(story.send(AddApprover("board", "x", comment="knows it"), "a"))
    accepted(story.send(Delegate("board", "y", None, story.at(hours=1)), "b"))
    story.until(story.at(minutes=30))
    accepted(story.send(HandOver("board", "zoe", person="x", comment="away"), "maria"))
    story.until(story.at(hours=4))
    for person in ("a", "zoe"):
        story.vote(person, comment="fine")
    story.vote("b")
    accepted(story.send(ReturnTo("board", "one", "look again"), "chief"))
    for person in ("a", "b"):
        story.vote(person)
    story.vote("chief", "more", comment="which?")
    return story


def a_life_that_is_changed() -> Board:
    story = a_board(CHANGED)
    story.vote("a")
    story.edit(amount=200)
    story.until(story.at(hours=2))
    story.do("back")
    story.do("ask")
    story.vote("b", "reject", comment="no")
    story.vote("b", "approve")
    story.vote("a")
    story.edit(amount=300)
    accepted(story.send(WithdrawApproval("board", "never mind"), "ann"))
    story.edit(amount=1)
    story.do("ask")
    return story


def test_the_journal_of_an_approval_in_which_people_do_everything() -> None:
    assert lines(a_life_with_everything()) == WITH_EVERYTHING.strip().splitlines()


def test_the_journal_of_an_approval_that_is_changed_lapses_is_void_withdrawn_and_skipped() -> None:
    assert lines(a_life_that_is_changed()) == THAT_IS_CHANGED.strip().splitlines()


# Minute, approval, what happened, and its particulars.
WITH_EVERYTHING = """
0 board requested
0 board stage_skipped stage=none
0 board stage_opened stage=one
0 board asked stage=one people=['a', 'b']
0 board stage_opened stage=empty
0 board nobody stage=empty
0 board stage_ended stage=empty state=approved why=nobody
0 board added stage=one person=x comment=knows it
0 board asked stage=one people=['x']
0 board delegated stage=one person=b to=y until_at=2026-03-02T10:00:00Z
30 board handed_over stage=one person=x to=zoe comment=away
60 board reminded stage=one people=['a', 'b', 'zoe']
90 board lapsed stage=one timeout=0 last=False
90 board asked stage=one people=['sara']
120 board reminded stage=one people=['a', 'b', 'zoe', 'sara']
180 board lapsed stage=one timeout=1 last=True
180 board reminded stage=one people=['a', 'b', 'zoe', 'sara']
240 board reminded stage=one people=['a', 'b', 'zoe', 'sara']
240 board voted stage=one answer=approve person=a by=a comment=fine
240 board voted stage=one answer=approve person=zoe by=zoe comment=fine
240 board voted stage=one answer=approve person=b by=b
240 board stage_ended stage=one state=approved why=quorum
240 board stage_opened stage=two
240 board asked stage=two people=['chief']
240 board returned stage=one comment=look again
240 board stage_opened stage=one
240 board asked stage=one people=['a', 'b']
240 board voted stage=one answer=approve person=a by=a
240 board voted stage=one answer=approve person=b by=b
240 board stage_ended stage=one state=approved why=quorum
240 board stage_opened stage=two
240 board asked stage=two people=['chief']
240 board voted stage=two answer=more person=chief by=chief comment=which?
240 board stage_ended stage=two state=more why=answer
240 board ended state=more why=approvals.board.stages.1
"""
THAT_IS_CHANGED = """
0 board requested
0 board stage_opened stage=s
0 board asked stage=s people=['a', 'b', 'c']
0 board voted stage=s answer=approve person=a by=a
0 board reopened votes=1
0 board stage_opened stage=s
0 board asked stage=s people=['a', 'b', 'c']
120 board lapsed stage=s timeout=0 last=True
120 board stage_ended stage=s state=timed_out why=timeout
120 board ended state=timed_out why=approvals.board.stages.0
120 board requested
120 board stage_opened stage=s
120 board asked stage=s people=['a', 'b', 'c']
120 board voted stage=s answer=reject person=b by=b comment=no
120 board voted stage=s answer=approve person=b by=b
120 board voted stage=s answer=approve person=a by=a
120 board stage_ended stage=s state=approved why=quorum
120 board ended state=approved why=approvals.board.stages
120 board voided
120 board requested
120 board stage_opened stage=s
120 board asked stage=s people=['a', 'b', 'c']
120 board withdrawn why=request comment=never mind
120 board requested
120 board ended state=approved why=approvals.board.skip.0
"""
