"""What people do with an approval besides voting: what becomes of the seats, who is written to, what is told."""

from __future__ import annotations

from typing import Any

from domain.engine.approval_state import Seat, StandIn
from domain.engine.entries import Entry
from domain.engine.events import AddApprover, Delegate, HandOver, ReturnTo, Vote, WithdrawApproval
from tests.builders import START, accepted, effects, happenings
from tests.domain.engine.boards import Board, a_board, stage
from tests.domain.engine.test_refusals import DENIED, sentence

MANAGED = stage(
    "quorum: 2, may_add: true, veto: group:security, weights: [{who: person:a, weight: 3}]",
    manage="person:maria",
)


def letters(entry: Entry) -> list[tuple[object, tuple[str, ...]]]:
    return [(effect.data["what"], effect.to) for effect in effects(entry, "approval")]


def told(entry: Entry) -> list[dict[str, Any]]:
    return [one.detail for one in happenings(entry, "approval")]


def seat_of(story: Board, person: str) -> Seat:
    return next(seat for seat in story.stage().seats if seat.person == person)


def test_who_is_brought_in_has_a_seat_from_whoever_did_and_is_asked() -> None:
    story = a_board(MANAGED)
    entry = accepted(story.send(AddApprover("board", "x", "s", " knows it "), "a"))
    assert story.stage().seats[-1] == Seat("x", since="a")
    assert told(entry) == [
        {"what": "added", "stage": "s", "person": "x", "comment": "knows it"},
        {"what": "asked", "stage": "s", "people": ["x"]},
    ]
    assert letters(entry) == [("asked", ("person:x",))]
    accepted(story.send(AddApprover("board", "sara"), "maria"))
    assert seat_of(story, "sara") == Seat("sara", since="maria"), "who could only veto votes now"


def test_a_seat_handed_over_keeps_its_weight_and_forgets_who_stood_in() -> None:
    story = a_board(MANAGED)
    accepted(story.send(Delegate("board", "y"), "a"))
    entry = accepted(story.send(HandOver("board", "x", comment="yours"), "a"))
    assert story.stage().seats[0] == Seat("x", weight=3, since="a")
    handed = {"what": "handed_over", "stage": "s", "person": "a", "to": "x"}
    assert told(entry) == [{**handed, "comment": "yours"}]
    assert letters(entry) == [("asked", ("person:x",))], "who gives it away knows"
    entry = accepted(story.send(HandOver("board", "zoe", person="x"), "maria"))
    assert story.stage().seats[0] == Seat("zoe", weight=3, since="maria")
    assert told(entry) == [{**handed, "person": "x", "to": "zoe", "comment": ""}]
    assert letters(entry) == [("released", ("person:x",)), ("asked", ("person:zoe",))]


def test_a_delegate_is_asked_when_it_is_their_turn_and_the_latest_comes_first() -> None:
    story = a_board(MANAGED)
    one, two = story.at(hours=1), story.at(hours=2)
    entry = accepted(story.send(Delegate("board", "x", one, two), "a"))
    span = {"from_at": "2026-03-02T10:00:00Z", "until_at": "2026-03-02T11:00:00Z"}
    assert told(entry) == [{"what": "delegated", "stage": "s", "person": "a", "to": "x", **span}]
    assert letters(entry) == []
    entry = accepted(story.send(Delegate("board", "y", None, two, person="a"), "maria"))
    assert told(entry)[0] | {"to": "y", "from_at": None} == told(entry)[0]
    assert letters(entry) == [("asked", ("person:y",))]
    assert seat_of(story, "a").stand_ins == (StandIn("y", None, two), StandIn("x", one, two))
    entry = accepted(story.send(Delegate("board", "bruno", START, None), "b"))
    assert letters(entry) == [("asked", ("person:bruno",))]
    for taken in ("x", "y", "a", "bruno"):
        refused = story.send(HandOver("board", taken), "c")
        assert sentence(refused) == (f"to forbidden: {taken} decides in this stage already",)


def test_an_answered_seat_and_one_that_may_only_veto_cannot_be_given_away() -> None:
    story = a_board(MANAGED)
    story.vote("b", "reject")
    for person in ("b", "sara"):
        for request in (HandOver("board", "x"), Delegate("board", "x")):
            assert sentence(story.send(request, person))[0] == "not_permitted"
    assert sentence(story.send(HandOver("board", "x", person="b"), "maria"))[0] == "not_permitted"
    stand_in = accepted(story.send(Delegate("board", "x"), "c"))
    assert stand_in.result == "done"
    assert sentence(story.send(HandOver("board", "y"), "x"))[0] == "not_permitted", "x only stands in"


RETURNED = """
manage: person:maria
stages:
  - {id: never, if: ticket.amount > 1000, approvers: person:x}
  - parallel: [{id: one, approvers: [person:a, person:b], quorum: all}, {id: two, approvers: person:c}]
  - {id: last, approvers: [person:d, person:e], quorum: all, may_return: false}
  - {id: end, approvers: group:chiefs}
"""


def returned() -> Board:
    story = a_board(RETURNED)
    for person in "abcd":
        story.vote(person)
    return story


def test_a_stage_that_decides_again_takes_those_after_it_along_and_leaves_the_one_beside_it() -> None:
    story = returned()
    assert sentence(story.send(ReturnTo("board", "one", "x"), "e")) == DENIED
    for wrong in ("never", "last", "end", "nothing"):
        refused = story.send(ReturnTo("board", wrong, "x"), "maria")
        assert sentence(refused) == ("stage option: write an earlier stage: one, two",)
    beside = story.stage("two")
    entry = accepted(story.send(ReturnTo("board", "one", " look again "), "maria"))
    assert told(entry)[0] == {"what": "returned", "stage": "one", "comment": "look again"}
    assert letters(entry) == [("released", ("person:e",))]
    assert list(story.run.stages) == ["never", "two", "one"] and story.stage("two") == beside
    assert [seat.answer for seat in story.stage("one").seats] == ["", ""]
    assert story.run.state == "pending" and story.waiting == {"a", "b"}
    for person in "abde":
        story.vote(person)
    story.vote("chief")
    assert story.ticket.state == "go"


def test_who_stands_in_for_an_approver_may_return_it_and_who_is_not_asked_may_not() -> None:
    story = a_board(
        "stages: [{id: one, approvers: person:a}, {id: two, approvers: [person:b, person:c], quorum: all}]"
    )
    story.vote("a")
    accepted(story.send(Delegate("board", "x"), "b"))
    assert sentence(story.send(ReturnTo("board", "one", "x"), "a")) == DENIED
    entry = accepted(story.send(ReturnTo("board", "one", "again"), "x"))
    assert letters(entry) == [("released", ("person:x", "person:c"))]


def test_a_request_is_taken_back_with_a_word_and_everybody_is_released() -> None:
    story = a_board(stage("quorum: 2", withdraw="requester", manage="person:maria"))
    story.vote("a")
    entry = accepted(story.send(WithdrawApproval("board", " never mind "), "ann"))
    assert told(entry) == [{"what": "withdrawn", "why": "request", "comment": "never mind"}]
    assert letters(entry) == [("released", tuple(f"person:{one}" for one in "bcde"))]
    assert (story.run.state, story.run.comment, story.run.decided_at) == ("withdrawn", "never mind", START)
    assert sentence(story.send(Vote("board", "approve"), "b"))[0] == "transition_refused"
