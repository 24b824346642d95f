"""The sentence a refusal has for the log, where people are shown another one: who wanted what, by its names."""

from __future__ import annotations

from dataclasses import replace

import pytest

from domain.engine.events import (
    Actor,
    AddApprover,
    Comment,
    CompleteTask,
    Delegate,
    Edit,
    HandOver,
    Message,
    Move,
    Relink,
    Request,
    ReturnTo,
    Vote,
    WithdrawApproval,
)
from domain.engine.step import step
from domain.errors import Refused
from tests.builders import Story
from tests.domain.engine.boards import Board, a_board, stage
from tests.domain.engine.test_refusals import TWO, a_story


def reason(story: Story, person: str, request: Request, **facts: object) -> str:
    """Why the engine refuses this; refusing what was not asked for fails the test."""
    known = replace(story.facts(person), **facts)  # type: ignore[arg-type]  # of Facts
    with pytest.raises(Refused) as refused:
        step(story.definition, story.ticket, request, story.now, known)
    return str(refused.value)


@pytest.mark.parametrize(
    ("person", "request_", "said"),
    [
        ("ann", Move("take"), "ann may not take"),
        ("bob", Move("spawn"), "the process 'problem' is not published yet"),
        ("bob", Move("hot"), "Not hot: A thing"),
        ("ann", Edit({"hot": True}), "ann may not edit hot"),
        ("ann", Comment("c", "0" * 64), "ann may not comment"),
        ("bob", Comment("c", "0" * 64, public=False), "bob may not comment_internal"),
        ("ann", CompleteTask("x" * 120), f"the task {'x' * 100!r} is not open"),
        ("ann", CompleteTask("look"), "ann may not complete look"),
        ("bob", Message("m" * 120), f"this process hears no message {'m' * 100!r}"),
        ("ann", Message("ping"), "ann may not send ping"),
        ("bob", Relink("parts", "x", "X-1"), "this process has no link 'parts'"),
        ("bob", Relink("cause", "x", "X-1"), "bob may not link"),
        ("bob", Vote("b" * 120, "approve"), f"the approval {'b' * 100!r} waits for nobody"),
    ],
)
def test_the_log_says_what_was_refused(person: str, request_: Request, said: str) -> None:
    story = a_story()
    story.people = {"ann": Actor("ann"), "bob": Actor("bob", teams=("desk",))}
    assert reason(story, person, request_) == said


@pytest.mark.parametrize(
    ("approval", "person", "request_", "said"),
    [
        (stage(""), "zoe", Vote("board", "approve"), "zoe is not asked by the approval board"),
        (
            stage(""),
            "a",
            Vote("board", "approve", hash="0"),
            "what is decided on has changed since it was shown",
        ),
        (stage(""), "a", AddApprover("board", "x"), "a may not add approvers"),
        (stage("delegate: false"), "a", HandOver("board", "x"), "a may not hand over their vote"),
        (stage("delegate: false"), "a", Delegate("board", "x"), "a may not let somebody else decide"),
        (stage(""), "a", HandOver("board", "x", "b"), "a may not dispose of somebody else's vote"),
        (
            stage("", manage="person:zoe"),
            "zoe",
            HandOver("board", "x", "y"),
            "y is not asked by the approval board",
        ),
        (stage("may_return: false"), "a", ReturnTo("board", "s", "why"), "a may not return it"),
        (stage(""), "ann", WithdrawApproval("board"), "ann may not withdraw it"),
        (TWO, "zoe", Vote("board", "approve", stage="two"), "zoe is not asked by the approval board"),
    ],
)
def test_the_log_says_what_was_refused_in_an_approval(
    approval: str, person: str, request_: Request, said: str
) -> None:
    assert reason(a_board(approval), person, request_) == said


def test_the_log_says_that_an_answer_was_given_already() -> None:
    story = a_board(stage("quorum: 2"))
    story.vote("a")
    assert reason(story, "a", Vote("board", "approve")) == "a has answered approve already"


def test_what_could_not_be_looked_up_may_be_tried_again() -> None:
    story: Board = a_board(stage("may_add: true"))
    said = reason(story, "a", AddApprover("board", "x"), missing=("person:x",))
    assert said == "person:x could not be looked up; try again"
    story.do("back")
    story.answering = False
    story.do("ask")
    said = reason(story, "a", Vote("board", "approve"))
    assert said == "the approvers are being looked up; try again in a moment"
