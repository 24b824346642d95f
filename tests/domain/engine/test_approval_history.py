"""What an approval came to and from when: what is void or history, what a hold moves, what ends with its state."""

from __future__ import annotations

import pytest

from domain.engine.entries import Entry
from tests.builders import a_definition, effects, happenings
from tests.domain.engine.boards import Board, a_board, stage

HISTORY = """
fields: {plan: {type: text}, log: {type: text}}
states:
  new: {category: new}
  work: {category: active}
  fixed: {category: done}
  gone: {category: closed}
transitions:
  work: {from: new, to: work, who: everyone, do: [{request_approval: board}]}
  fix: {from: any, to: fixed, who: everyone}
  end: {from: any, to: gone, who: everyone}
  change: {from: any, who: everyone, do: [{set: {plan: "{{ ticket.plan }}."}}]}
  heard:
    from: any
    when: [approval.board.voided, approval.board.approved, approval.board.rejected]
    do: [{comment: "{{ event.name }} {{ event.stage }} {{ event.comment }} {{ event.person }}"}]
approvals:
  board:
    void_if_changed: plan
    skip: [{if: 'ticket.plan == "."', decide: rejected, because: No}]
    stages: [{id: s, approvers: person:a, if: 'ticket.plan != ".."'}]
"""


def heard(entry: Entry) -> tuple[object, ...]:
    """What a rule heard of an approval: the event, its stage, comment and person."""
    (effect,) = effects(entry, "comment")
    return tuple(effect.values.values())


def test_an_approval_that_was_given_is_void_from_when_it_changes_until_it_is_asked_again() -> None:
    story = Board(a_definition(HISTORY))
    story.open()
    story.do("work")
    voted = story.vote("a", comment="fine")
    person = {"$person": "a"}
    assert heard(voted) == ("approval.board.approved", "s", "fine", person)
    story.now = story.at(hours=1)
    entry = story.edit(plan="b")
    run = story.run
    assert (run.state, run.decided_by, run.comment, run.decided_at) == (
        "voided",
        "a",
        "fine",
        story.at(hours=1),
    )
    assert run.hash != story.stage().seats[0].hash
    assert [one.detail for one in happenings(entry, "approval")] == [{"what": "voided"}]
    assert heard(entry) == ("approval.board.voided", None, "fine", person)


@pytest.mark.parametrize(("move", "state"), [("work", "voided"), ("fix", "approved"), ("end", "approved")])
def test_what_was_approved_is_history_once_a_ticket_is_done(move: str, state: str) -> None:
    story = Board(a_definition(HISTORY))
    story.open()
    story.do("work")
    story.vote("a")
    if move != "work":
        story.do(move)
    story.do("change")
    assert story.run.state == state


def test_what_is_decided_without_people_is_told_without_a_stage() -> None:
    for plan, told in ((".", "rejected"), ("..", "approved")):
        story = Board(a_definition(HISTORY))
        story.open()
        story.edit(plan=plan)
        assert heard(story.do("work")) == (f"approval.board.{told}", None, None, None)


# ---------------------------------------------------------------- on hold

TIMED = (
    "remind: {every: 3h, calendar: office}, "
    "timeouts: [{after: 6h, add: person:x}, {after: 7h, calendar: office, decide: rejected}]"
)


@pytest.mark.parametrize(
    ("held", "released", "remind", "lapse"),
    [
        (1, 5, 7, 10),
        (1, 1, 3, 6),
        (2, 8, 25, 12),
        (3.5, 4, 6.5, 6.5),
        (5.5, 9, 24.5, 9.5),
    ],
)
def test_on_hold_reminders_and_timeouts_stand_still_each_in_its_hours(
    held: float, released: float, remind: float, lapse: float
) -> None:
    story = a_board(stage(TIMED))
    story.until(story.at(hours=held))
    story.do("hold")
    assert story.run.held_at == story.at(hours=held)
    story.until(story.at(hours=released))
    story.do("release")
    open_again = story.stage()
    assert (story.run.held_at, open_again.state) == (None, "open")
    assert (open_again.remind_at, open_again.lapse_at) == (story.at(hours=remind), story.at(hours=lapse))


def test_one_that_no_state_asked_for_goes_on_while_the_state_is_held_and_a_decided_one_stays() -> None:
    text = HISTORY.replace(
        "work: {category: active}", "work: {category: active}\n  held: {category: waiting, hold: true}"
    )
    text = text.replace("  end: {from", "  hold: {from: work, to: held, who: everyone}\n  end: {from", 1)
    text = text.replace("approvers: person:a", "approvers: person:a, remind: {every: 1h}")
    story = Board(a_definition(text))
    story.open()
    story.do("work")
    story.do("hold")
    assert story.run.held_at is None
    story.until(story.at(hours=1))
    assert len([one for one in effects(story.journal, "approval") if one.data["what"] == "reminded"]) == 1
    story.vote("a", comment="fine")
    decided = story.run
    entry = story.do("end")
    assert story.run == decided and happenings(entry, "approval") == []


@pytest.mark.parametrize(
    ("move", "why"), [("back", "states.asked.approval"), ("close", "states.asked.approval")]
)
def test_the_request_of_a_state_ends_with_it_and_says_why(move: str, why: str) -> None:
    story = a_board(stage("quorum: 2"))
    story.vote("a")
    story.now = story.at(hours=1)
    entry = story.do(move)
    told = {"what": "withdrawn", "why": why, "comment": ""}
    assert [one.detail for one in happenings(entry, "approval")] == [told]
    assert (story.run.state, story.run.decided_at, story.run.decided_by) == (
        "withdrawn",
        story.at(hours=1),
        "",
    )
    assert (story.stage().state, story.stage().remind_at, story.stage().lapse_at) == ("withdrawn", None, None)
    assert [letter.to for letter in effects(entry, "approval")] == [tuple(f"person:{one}" for one in "bcde")]


def test_a_closed_ticket_asks_nobody_whoever_requested_it() -> None:
    story = Board(a_definition(HISTORY))
    story.open()
    story.do("work")
    entry = story.do("end")
    told = {"what": "withdrawn", "why": "closed", "comment": ""}
    assert [one.detail for one in happenings(entry, "approval")] == [told]
    assert story.run.state == "withdrawn" and effects(entry, "approval")[0].to == ("person:a",)


def test_what_an_earlier_stage_wrote_stays_where_the_last_one_writes_nothing() -> None:
    two = "stages: [{id: s, approvers: person:a}, {id: t, approvers: person:b}]"
    for last, kept in (("", "fine"), ("mine", "mine")):
        story = a_board(two)
        story.vote("a", comment="fine")
        story.vote("b", comment=last)
        assert (story.run.comment, story.run.decided_by) == (kept, "b")
    story = a_board(two)
    story.vote("a", comment="fine")
    story.vote("b", "reject")
    assert (story.run.comment, story.run.state) == ("", "rejected")
