"""The directory's answer becomes seats: one for each person, with weight, veto and who stands in."""

from __future__ import annotations

from dataclasses import replace

import pytest

from domain.engine.approval_state import Seat, Stage, StandIn
from domain.engine.events import ApproversFound, Delegate
from domain.engine.handle import handle_result
from domain.engine.seating import awaits, is_awaited
from tests.builders import START, accepted, happenings
from tests.domain.engine.boards import Board, a_board

BOARD = """
stages:
  - {id: one, approvers: person:a}
  - id: two
    approvers: team:board
    exclude: [requester, "stage:one"]
    quorum: 100%
    weights: [{who: person:b, weight: 2}, {who: [person:b, person:c], weight: 3}]
    remind: {every: 2h}
    timeout: {after: 1h, add: group:more}
"""
FOR_NOW = StandIn("x", None, START)
UNTIL, FROM = StandIn("p", None, START), StandIn("q", START, None)
FOR_GOOD = StandIn("y")


def found(
    story: Board, *approvers: str, stage: str = "two", lookup: int = 2, **more: object
) -> ApproversFound:
    return ApproversFound("board", stage, lookup, story.now, approvers, **more)  # type: ignore[arg-type]  # of it


def the_second_stage() -> Board:
    """The first stage was decided by x, in the place of a; who decides in the second is not known yet."""
    story = a_board(BOARD)
    accepted(story.send(Delegate("board", "x"), "a"))
    story.answering = False
    story.vote("x")
    return story


def test_everybody_has_one_seat_with_their_weight_their_veto_and_who_stands_in_for_them() -> None:
    story = the_second_stage()
    stand_ins = {
        "b": (FOR_NOW, StandIn("c"), UNTIL, FROM, StandIn("ann"), FOR_GOOD, StandIn("z")),
        "c": (FOR_GOOD, FOR_NOW),
    }
    weights = (("b",), ("b", "c"), ("d",))
    (entry,) = story.answer(
        found(
            story, "a", "b", "x", "c", "d", excluded=("ann", "e"), veto=("d", "sara", "e"), weights=weights,
            stand_ins=stand_ins,
        )
    )  # fmt: skip
    assert story.stage("two") == Stage(
        "open",
        START,
        seats=(
            Seat("b", weight=3, stand_ins=(UNTIL, FROM, FOR_GOOD)),
            Seat("c", weight=3),
            Seat("d", veto=True),
            Seat("sara", "veto", 0, veto=True),
        ),
        excluded=("a", "ann", "e", "x"),
        remind_at=story.at(hours=2),
        lapse_at=story.at(hours=1),
    )
    told = [one.detail for one in happenings(entry, "approval")]
    assert told == [
        {"what": "stage_opened", "stage": "two"},
        {"what": "asked", "stage": "two", "people": ["q", "c", "d"]},
    ]
    assert entry.cause.name == "approvers board 2" and entry.cause.line


def test_who_is_brought_in_later_is_extra_and_who_could_only_veto_votes_now() -> None:
    story = the_second_stage()
    story.answer(found(story, "b", "c", excluded=("ann",), veto=("sara", "hans")))
    story.until(story.at(hours=1))
    (entry,) = story.answer(found(story, "sara", "b", "y", lookup=3, excluded=("c",), veto=("sara",)))
    assert [(one.person, one.kind, one.weight, one.veto) for one in story.stage("two").seats] == [
        ("b", "member", 1, False),
        ("c", "member", 1, False),
        ("hans", "veto", 0, True),
        ("sara", "extra", 1, True),
        ("y", "extra", 1, False),
    ]
    assert story.stage("two").excluded == ("a", "ann", "c", "x")
    assert [one.detail for one in happenings(entry, "approval")] == [
        {"what": "asked", "stage": "two", "people": ["sara", "y"]}
    ]


def test_where_only_vetoes_were_found_there_is_nobody_who_decides() -> None:
    story = the_second_stage()
    (entry,) = story.answer(found(story, "a", veto=("sara",)))
    assert [one.detail["what"] for one in happenings(entry, "approval")] == [
        "stage_opened",
        "nobody",
        "stage_ended",
        "ended",
    ]
    assert story.run.state == "rejected"


@pytest.mark.parametrize(
    ("approval", "stage", "lookup", "awaited"),
    [
        ("board", "two", 2, True),
        ("board", "two", 1, False),
        ("board", "one", 1, False),
        ("board", "three", 2, False),
        ("other", "two", 2, False),
    ],
)
def test_an_answer_to_another_question_is_not_awaited(
    approval: str, stage: str, lookup: int, *, awaited: bool
) -> None:
    story = the_second_stage()
    answer = replace(found(story, "b", stage=stage, lookup=lookup), approval=approval)
    assert is_awaited(story.ticket, answer) is awaits(story.ticket, approval, stage, lookup) is awaited
    outcome = handle_result(story.definition, story.ticket, answer, story.now)
    assert bool(outcome.entries) is awaited
    story.do("back")
    assert not is_awaited(story.ticket, answer), "the request was withdrawn"
