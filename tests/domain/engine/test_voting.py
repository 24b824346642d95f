"""Votes and what else people do with an approval: who may, what it asks for, what it leads to."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.engine.events import (
    AddApprover,
    Delegate,
    HandOver,
    ReturnTo,
    Vote,
    WithdrawApproval,
)
from domain.engine.permissions import may_view
from domain.language.models_tests import World
from tests.builders import accepted, effects, happenings, refused
from tests.domain.engine.boards import WORLD, Board, a_board, stage


def told(story: Board, what: str) -> list[set[str]]:
    return [
        {one.removeprefix("person:") for one in effect.to}
        for effect in effects(story.journal, "approval")
        if effect.data["what"] == what
    ]


@pytest.mark.parametrize(
    ("rest", "votes", "state"),
    [
        ("", {"a": "approve"}, "go"),
        ("", {"a": "reject"}, "asked"),
        ("quorum: first", {"a": "reject"}, "no"),
        ("quorum: all", dict.fromkeys("abcde", "approve"), "go"),
        ("quorum: all", {"a": "approve", "b": "reject"}, "no"),
        ("quorum: 60%", {"a": "approve", "b": "reject", "c": "approve"}, "asked"),
        ("quorum: 60%", {"a": "approve", "b": "approve", "c": "approve"}, "go"),
        (
            "quorum: {approve: 50%, of: votes}, answers: {abstain: {}}",
            dict.fromkeys("abcde", "abstain"),
            "no",
        ),
        (
            "quorum: {approve: 60%, of: votes}, answers: {abstain: {}}",
            {"a": "approve", "b": "abstain", "c": "abstain", "d": "abstain", "e": "abstain"},
            "go",
        ),
        ("quorum: 4, weights: [{who: person:a, weight: 3}]", {"a": "approve", "b": "approve"}, "go"),
        ("quorum: 4, weights: [{who: person:a, weight: 3}]", {"c": "approve", "b": "approve"}, "asked"),
        ("veto: person:b, quorum: 2", {"a": "approve", "b": "reject"}, "no"),
        ("veto: group:security, quorum: 2", {"a": "approve", "sara": "reject"}, "no"),
    ],
)
def test_a_stage_is_decided_by_its_quorum_its_weights_and_its_vetoes(
    rest: str, votes: dict[str, str], state: str
) -> None:
    story = a_board(stage(rest))
    for person, answer in votes.items():
        story.vote(person, answer)
    assert story.ticket.state == state


def test_who_may_only_veto_is_not_waited_for_and_cannot_approve() -> None:
    story = a_board(stage("veto: group:security"))
    assert "sara" not in story.waiting
    assert refused(story.send(Vote("board", "approve"), "sara")) == "form_invalid"


def test_others_cannot_vote_and_nobody_the_same_twice() -> None:
    story = a_board(stage("quorum: 2"))
    assert refused(story.send(Vote("board", "approve"), "zoe")) == "not_permitted"
    assert refused(story.send(Vote("board", "perhaps"), "a")) == "form_invalid"
    story.vote("a")
    assert refused(story.send(Vote("board", "approve"), "a")) == "transition_refused"


def test_a_vote_may_be_changed_while_the_stage_is_open() -> None:
    story = a_board(stage("quorum: 2"))
    story.vote("a")
    story.vote("a", "reject")
    story.vote("b")
    assert story.run.state == "pending"
    story.vote("c")
    assert story.ticket.state == "go"
    assert refused(story.send(Vote("board", "approve"), "d")) == "transition_refused"


def test_a_rejection_can_demand_a_comment() -> None:
    story = a_board(stage("answers: {reject: {comment: required}}"))
    entry = story.send(Vote("board", "reject"), "a")
    assert entry.refusal is not None and entry.refusal.errors[0]["field"] == "comment"
    story.vote("a", "reject", comment="too dear")


def test_the_form_of_a_stage_is_asked_of_who_approves_and_its_values_are_kept() -> None:
    story = a_board(stage("ask: {code: required}"))
    assert refused(story.send(Vote("board", "approve"), "a")) == "form_invalid"
    story.vote("b", "reject")
    story.vote("a", "approve", fields={"code": "K-1"})
    assert story.ticket.fields["code"] == "K-1"


def test_a_condition_of_an_answer_sees_what_its_form_says() -> None:
    answers = "answers: {approve: {ask: {amount: required}, if: ticket.amount < 50, otherwise: Too much}}"
    story = a_board(stage(answers))
    entry = story.send(Vote("board", "approve", fields={"amount": 60}), "a")
    assert entry.refusal is not None and entry.refusal.text["en"] == "Too much"
    assert story.ticket.fields["amount"] == 100
    story.vote("a", "approve", fields={"amount": 40})
    assert story.ticket.state == "go"


def test_what_the_form_of_a_stage_said_is_read_by_its_answers_the_next_stage_and_who_hears_of_it() -> None:
    answers = "{approve: {if: ticket.amount < 50, otherwise: Too much}}"
    first = f"{{id: s, approvers: 'person:a', ask: {{amount: required}}, answers: {answers}}}"
    story = a_board(f"stages: [{first}, {{id: t, approvers: 'person:b', if: ticket.amount > 20}}]")
    entry = story.send(Vote("board", "approve", fields={"amount": 60}), "a")
    assert entry.refusal is not None and entry.refusal.text["en"] == "Too much"
    story.vote("a", "approve", fields={"amount": 40})
    assert story.waiting == {"b"}
    other = a_board(f"stages: [{first}, {{id: t, approvers: 'person:b', if: ticket.amount > 20}}]")
    other.vote("a", "approve", fields={"amount": 10})
    assert other.ticket.state == "go"


def test_a_vote_is_bound_to_what_its_own_form_said() -> None:
    story = a_board(stage("ask: {amount: required}", void_if_changed="[amount]"))
    story.vote("a", "approve", fields={"amount": 40})
    assert (story.ticket.state, story.run.state) == ("go", "approved")
    story.edit("ann", amount=41)
    assert story.ticket.state == "asked"


def test_a_form_that_changes_what_others_have_voted_on_has_them_asked_again() -> None:
    story = a_board(stage("quorum: 2, ask: {amount: required}", void_if_changed="[amount]"))
    story.vote("a", "approve", fields={"amount": 40})
    story.vote("b", "approve", fields={"amount": 50})
    assert story.ticket.state == "asked" and story.waiting == {"a", "b", "c", "d", "e"}
    story.vote("a", "approve", fields={"amount": 50})
    story.vote("b", "approve", fields={"amount": 50})
    assert story.ticket.state == "go"


def test_an_answer_of_the_owners_own_ends_the_approval_by_its_name() -> None:
    story = a_board(stage("answers: {more_info: {ends: stage, comment: required}}"))
    story.vote("a", "more_info", comment="Which site?")
    assert (story.run.state, story.run.comment) == ("more_info", "Which site?")
    assert story.ticket.state == "asked"
    assert story.waiting == set()


def test_an_answer_can_count_as_a_yes() -> None:
    story = a_board(stage("answers: {with_conditions: {counts: approve, comment: required}}"))
    story.vote("a", "with_conditions", comment="only at night")
    assert story.ticket.state == "go"


TWO = """
stages:
  - parallel:
      - {id: one, approvers: team:board, quorum: 2}
      - {id: two, approvers: person:a}
  - {id: last, approvers: group:chiefs}
"""


def test_a_vote_counts_in_every_stage_that_waits_for_this_person_or_in_the_named_one() -> None:
    story = a_board(TWO)
    story.vote("a", stage="two")
    assert story.stage("one").state == "open"
    assert "a" in story.waiting
    story = a_board(TWO)
    story.vote("a")
    assert story.stage("two").state == "approved"
    assert story.stage("one").seats[0].answer == "approve"


# ---------------------------------------------------------------- in somebody's place


def test_the_manager_stands_in_for_who_is_away() -> None:
    story = a_board("stages: [{id: s, approvers: manager-of:requester, quorum: all}]", opened_by="carla")
    assert story.waiting == {"bruno"}
    story.vote("bruno")
    seat = story.stage().seats[0]
    assert (seat.person, seat.by) == ("otto", "bruno")
    assert story.ticket.state == "go"


def test_nobody_stands_in_where_the_stage_forbids_it() -> None:
    text = "stages: [{id: s, approvers: manager-of:requester, delegate: false}]"
    assert a_board(text, opened_by="carla").waiting == {"otto"}


def test_who_is_excluded_or_decides_already_does_not_stand_in() -> None:
    text = "stages: [{id: s, approvers: [person:otto, person:bruno], quorum: 2}]"
    story = a_board(text)
    assert story.waiting == {"zoe", "bruno"}  # bruno has a seat of his own, so it falls to who is above him


def test_a_chain_of_managers_is_followed() -> None:
    assert a_board("stages: [{id: s, approvers: manager-of:manager-of:requester}]").waiting == {"bruno"}


def test_a_delegation_with_dates_counts_for_its_time() -> None:
    people = {
        **{name: person.model_dump() for name, person in WORLD.people.items()},
        "maria": {
            "manager": "bruno",
            "delegates": [{"to": "x", "from": "2026-03-02 10:00", "until": "2026-03-02 12:00"}],
        },
    }
    for person in people.values():
        person["delegates"] = tuple(person.get("delegates", ()))
    world = World.model_validate({"people": people, "groups": WORLD.groups})
    story = a_board("stages: [{id: s, approvers: manager-of:requester}]", world=world)
    assert story.waiting == {"maria"}
    assert refused(story.send(Vote("board", "approve"), "x")) == "not_permitted"
    story.now = story.at(hours=1, minutes=30)
    assert story.waiting == {"x"}
    story.vote("x")
    assert story.stage().seats[0].by == "x"


def test_an_approver_delegates_for_a_while_and_may_still_decide_herself() -> None:
    story = a_board(stage("quorum: 2"))
    until = story.at(hours=2)
    accepted(story.send(Delegate("board", "x", None, until), "a"))
    assert "x" in story.waiting and "a" not in story.waiting
    assert told(story, "asked")[-1] == {"x"}
    story.now = story.at(hours=3)
    assert "a" in story.waiting
    assert refused(story.send(Vote("board", "approve"), "x")) == "not_permitted"
    story.vote("a")


def test_a_vote_is_handed_over_for_good() -> None:
    story = a_board(stage("quorum: 2"))
    accepted(story.send(HandOver("board", "x", comment="you know it better"), "a"))
    assert refused(story.send(Vote("board", "approve"), "a")) == "not_permitted"
    story.vote("x")
    story.vote("b")
    assert story.ticket.state == "go"


@pytest.mark.parametrize("to", ["ann", "b", "nobody"])
def test_a_vote_is_not_handed_to_who_may_not_decide_does_so_already_or_does_not_exist(to: str) -> None:
    story = a_board(stage("quorum: 2"))
    assert refused(story.send(HandOver("board", to), "a")) == "form_invalid"


def test_who_manages_the_approval_replaces_an_approver() -> None:
    story = a_board(stage("quorum: 2", manage="person:maria"))
    assert refused(story.send(HandOver("board", "x", person="a"), "b")) == "not_permitted"
    accepted(story.send(HandOver("board", "x", person="a"), "maria"))
    assert told(story, "released") == [{"a"}]
    assert "x" in story.waiting


def test_an_approver_brings_in_another_where_the_stage_allows_it() -> None:
    story = a_board(stage("quorum: all"))
    assert refused(story.send(AddApprover("board", "x"), "a")) == "not_permitted"
    story = a_board(stage("quorum: all, may_add: true"))
    accepted(story.send(AddApprover("board", "x"), "a"))
    for person in "abcde":
        story.vote(person)
    assert story.run.state == "pending"
    story.vote("x")
    assert story.ticket.state == "go"


def test_a_later_stage_returns_it_to_an_earlier_one() -> None:
    story = a_board(TWO)
    story.vote("a")
    story.vote("b")
    assert story.waiting == {"chief"}
    assert refused(story.send(ReturnTo("board", "one", ""), "chief")) == "form_invalid"
    assert refused(story.send(ReturnTo("board", "last", "again"), "chief")) == "form_invalid"
    accepted(story.send(ReturnTo("board", "one", "again"), "chief"))
    assert story.waiting == {"a", "b", "c", "d", "e"}
    assert story.stage("two").state == "approved"
    story.vote("c")
    story.vote("d")
    story.vote("chief")
    assert story.ticket.state == "go"


def test_the_request_is_taken_back_by_whom_it_is_allowed() -> None:
    story = a_board(stage(""))
    assert refused(story.send(WithdrawApproval("board"), "ann")) == "not_permitted"
    story = a_board(stage("", withdraw="requester"))
    accepted(story.send(WithdrawApproval("board", "found another way"), "ann"))
    assert (story.run.state, story.ticket.state) == ("withdrawn", "new")
    assert told(story, "released") == [{"a", "b", "c", "d", "e"}]


def test_who_is_asked_may_read_the_ticket() -> None:
    story = a_board("stages: [{id: s, approvers: group:chiefs}]")
    seen = [
        one for one in ("chief", "zoe") if may_view(story.definition, story.ticket, story.facts(one).actor)
    ]
    assert seen == ["chief"]


def test_the_journal_says_who_voted_what_for_whom_and_why() -> None:
    story = a_board("stages: [{id: s, approvers: manager-of:requester}]", opened_by="carla")
    entry = story.vote("bruno", comment="fine")
    (voted,) = [one for one in happenings(entry, "approval", "board") if one.detail["what"] == "voted"]
    assert voted.detail | {"hash": ""} == {
        "what": "voted",
        "stage": "s",
        "answer": "approve",
        "person": "otto",
        "by": "bruno",
        "comment": "fine",
        "hash": "",
    }
    assert entry.at - story.now == timedelta(0)


def test_an_approver_of_one_stage_of_several_brings_somebody_in_there() -> None:
    one, two = "{id: one, approvers: team:board, may_add: true}", "{id: two, approvers: person:maria}"
    story = a_board(f"stages: [{{parallel: [{one}, {two}]}}]")
    accepted(story.send(AddApprover("board", "x"), "c"))
    assert [seat.person for seat in story.stage("one").seats][-1] == "x"
    assert [seat.person for seat in story.stage("two").seats] == ["maria"]


def test_a_vote_in_several_stages_is_asked_for_the_forms_of_all_of_them() -> None:
    one = "{id: one, approvers: [person:a, person:b], quorum: all, ask: {code: required}}"
    two = "{id: two, approvers: [person:a, person:c], quorum: all, ask: {plan: required}}"
    story = a_board(f"stages: [{{parallel: [{one}, {two}]}}]")
    assert refused(story.send(Vote("board", "approve", fields={"plan": "p"}), "a")) == "form_invalid"
    story.vote("a", fields={"code": "K-1", "plan": "p"})
    assert (story.ticket.fields["code"], story.ticket.fields["plan"]) == ("K-1", "p")
    assert story.waiting == {"b", "c"}
