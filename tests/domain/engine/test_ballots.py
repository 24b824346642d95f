"""Counting votes: what holds for every quorum, every set of people and every order of votes."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.engine.approval_state import Seat
from domain.engine.ballots import Decision, decide
from domain.engine.events import Vote
from domain.language.models import Stage
from tests.builders import happenings
from tests.domain.engine.boards import a_board

ANSWERS = ("approve", "reject", "abstain")
QUORUMS = st.sampled_from(
    [
        "any",
        "all",
        "1",
        "2",
        "3",
        "60%",
        "100%",
        {"approve": "50%", "of": "votes"},
        {"approve": "all", "of": "votes"},
    ]
)


def a_stage(quorum: object) -> Stage:
    return Stage.model_validate(
        {"id": "s", "approvers": "team:board", "quorum": quorum, "answers": {"abstain": {}}}
    )


@st.composite
def seats_with_votes(draw: st.DrawFn) -> tuple[Seat, ...]:
    size = draw(st.integers(1, 6))
    return tuple(
        Seat(
            f"p{index}",
            kind=draw(st.sampled_from(["member", "member", "member", "extra"])) if index else "member",
            weight=draw(st.integers(1, 3)),
            veto=draw(st.booleans()) and draw(st.booleans()),
            answer=draw(st.sampled_from(ANSWERS)),
        )
        for index in range(size)
    )


@given(QUORUMS, seats_with_votes())
def test_when_everybody_has_answered_it_is_decided(quorum: object, seats: tuple[Seat, ...]) -> None:
    assert decide(a_stage(quorum), seats) is not None


@given(QUORUMS, seats_with_votes())
def test_when_nobody_answers_any_more_it_is_decided(quorum: object, seats: tuple[Seat, ...]) -> None:
    silent = [replace(seat, answer="") if index % 2 else seat for index, seat in enumerate(seats)]
    assert decide(a_stage(quorum), silent, closed=True) is not None


@given(QUORUMS, seats_with_votes(), st.randoms(use_true_random=False))
def test_an_early_decision_is_the_one_that_all_votes_lead_to_in_whatever_order(
    quorum: object, seats: tuple[Seat, ...], random: object
) -> None:
    rule = a_stage(quorum)
    if rule.quorum.approve == "all":  # somebody brought in, or the silent one: the first decides (below)
        seats = tuple(replace(seat, kind="member") for seat in seats)
    final = decide(rule, seats)
    assert final is not None
    order = list(range(len(seats)))
    random.shuffle(order)  # type: ignore[attr-defined]  # a random.Random of hypothesis
    given_so_far = [replace(seat, answer="") for seat in seats]
    for index in order:
        given_so_far[index] = seats[index]
        early = decide(rule, given_so_far)
        if early is not None and early.why != "veto" and final.why != "veto":
            assert early.state in (final.state, _said(final))


def test_who_is_brought_in_for_a_silent_one_of_all_decides_if_first() -> None:
    rule, asked = a_stage("all"), Seat("ann")
    brought_in = Seat("bob", kind="extra")
    assert decide(rule, [asked, replace(brought_in, answer="approve")]) == Decision("approved", "quorum")
    assert decide(rule, [asked, replace(brought_in, answer="reject")]) == Decision("rejected", "unreachable")
    assert decide(rule, [replace(asked, answer="approve"), brought_in]) == Decision("approved", "quorum")


def _said(final: Decision) -> str:
    """Nobody having said yes is a no, also where all who said anything abstained."""
    return "rejected" if final.state == "nobody" else final.state


@settings(deadline=None, max_examples=40)
@given(st.data())
def test_random_votes_decide_once_and_nothing_hangs(data: st.DataObject) -> None:
    quorum = data.draw(st.sampled_from(["any", "all", "first", "2", "60%", "9", "{approve: 50%, of: votes}"]))
    story = a_board(
        "stages:\n"
        f"  - {{id: s, approvers: team:board, quorum: {quorum}, answers: {{abstain: {{}}}}}}\n"
        f"  - {{id: t, approvers: group:more, quorum: {quorum}, answers: {{abstain: {{}}}}}}"
    )
    people = data.draw(st.permutations([*"abcde", "x", "y", "zoe", "ann"]))
    for person in [*people, *people]:
        story.send(Vote("board", data.draw(st.sampled_from(ANSWERS))), person)
    for person in sorted(story.waiting):
        story.send(Vote("board", "abstain"), person)
    ended = [one for one in happenings(story.journal, "approval") if one.detail["what"] == "ended"]
    assert len(ended) <= 1
    assert (story.run.state == "pending") == (not ended)
    assert bool(story.waiting) == (story.run.state == "pending")
    if story.run.state == "pending":  # only the second stage may still wait: its people had one turn each
        assert story.waiting <= {"x", "y"}
    assert story.ticket.state == {"approved": "go", "rejected": "no", "pending": "asked"}[story.run.state]


WHAT = {
    "+": "approve",
    "-": "reject",
    "0": "abstain",
    "y": "with_conditions",
    "m": "more",
    ".": "",
    "?": "gone",
}


def seat(written: str) -> Seat:
    """`+` has approved, `-` rejected, `0` abstained, `.` is silent; `2+` weighs 2, `e+` is extra, `v-` only vetoes."""
    mark, rest = written[-1], written[:-1]
    kind: Literal["member", "extra", "veto"] = "extra" if "e" in rest else "veto" if "v" in rest else "member"
    weight = int(rest.strip("ev!")) if rest.strip("ev!") else 1
    return Seat(
        written, kind, 0 if kind == "veto" else weight, veto="v" in rest or "!" in rest, answer=WHAT[mark]
    )


@pytest.mark.parametrize(
    ("quorum", "votes", "decided", "closed"),
    [
        ("any", ". .", None, "nobody abstained"),
        ("any", "+ .", "approved quorum", "approved quorum"),
        ("any", "- .", None, "rejected unreachable"),
        ("any", "- -", "rejected quorum", "rejected quorum"),
        ("any", "0 -", "rejected quorum", "rejected quorum"),
        ("any", "0 0", "nobody abstained", "nobody abstained"),
        ("any", "0 .", None, "nobody abstained"),
        ("first", ". .", None, "nobody abstained"),
        ("first", "- .", "rejected unreachable", "rejected unreachable"),
        ("first", "0 +", "approved quorum", "approved quorum"),
        ("first", "0 0", "nobody abstained", "nobody abstained"),
        ("all", "+ .", None, "rejected unreachable"),
        ("all", "+ +", "approved quorum", "approved quorum"),
        ("all", "+ -", "rejected quorum", "rejected quorum"),
        ("all", "2+ .", None, "rejected unreachable"),
        ("all", "+ 0", "rejected quorum", "rejected quorum"),
        ("all", ". e+", "approved quorum", "approved quorum"),
        ("2", "+ + .", "approved quorum", "approved quorum"),
        ("2", "+ . -", None, "rejected unreachable"),
        ("2", "+ - -", "rejected quorum", "rejected quorum"),
        ("2", "2+ . .", "approved quorum", "approved quorum"),
        ("2", "0 0 .", "rejected unreachable", "rejected unreachable"),
        ("3", "+ .", "rejected unreachable", "rejected unreachable"),
        ("50%", "+ . .", None, "rejected unreachable"),
        ("50%", "+ + .", "approved quorum", "approved quorum"),
        ("50%", "+ .", "approved quorum", "approved quorum"),
        ("34%", "+ - .", None, "rejected unreachable"),
        ("33%", "+ - .", "approved quorum", "approved quorum"),
        ("1%", "- .", None, "rejected unreachable"),
        ("100%", "3+ e. 2.", None, "rejected unreachable"),
        ("100%", "3+ e2+ 2.", "approved quorum", "approved quorum"),
        ("50% of votes", ". . .", None, "nobody abstained"),
        ("50% of votes", "+ . .", None, "approved quorum"),
        ("50% of votes", "+ - .", None, "approved quorum"),
        ("50% of votes", "- - .", "rejected unreachable", "rejected unreachable"),
        ("50% of votes", "+ + .", "approved quorum", "approved quorum"),
        ("50% of votes", "+ 0 .", "approved quorum", "approved quorum"),
        ("50% of votes", "0 0 0", "nobody abstained", "nobody abstained"),
        ("50% of votes", "2- + .", None, "rejected unreachable"),
        ("50% of votes", "3- + .", "rejected unreachable", "rejected unreachable"),
        ("50% of votes", "2- + 2.", None, "rejected unreachable"),
        ("50% of votes", "- + +", "approved quorum", "approved quorum"),
        ("51% of votes", "- +", "rejected quorum", "rejected quorum"),
        ("any", ". v-", "rejected veto", "rejected veto"),
        ("any", ". v.", None, "nobody abstained"),
        ("any", ". !-", "rejected veto", "rejected veto"),
        ("any", "!+ .", "approved quorum", "approved quorum"),
        ("all", "m .", "more answer", "more answer"),
        ("all", "y +", "approved quorum", "approved quorum"),
        ("2", "? +", None, "rejected quorum"),
    ],
)
def test_votes_decide_so_early_and_so_in_the_end(
    quorum: str, votes: str, decided: str | None, closed: str
) -> None:
    approve, _, of = quorum.partition(" of ")
    rule = Stage.model_validate(
        {
            "id": "s",
            "approvers": "team:board",
            "quorum": {"approve": approve, "of": of or "members"},
            "answers": {"abstain": {}, "with_conditions": {"counts": "approve"}, "more": {"ends": "stage"}},
        }
    )
    seats = [seat(one) for one in votes.split()]
    found = decide(rule, seats)
    assert (f"{found.state} {found.why}" if found else None) == decided
    found = decide(rule, iter(seats), closed=True)
    assert found is not None and f"{found.state} {found.why}" == closed


@pytest.mark.parametrize(
    ("counts", "state"),
    [("approve", "approved"), ("reject", "rejected"), ("abstain", "last_word"), (None, "last_word")],
)
def test_an_answer_that_ends_the_stage_decides_as_what_it_counts(counts: str | None, state: str) -> None:
    rule = Stage.model_validate(
        {
            "id": "s",
            "approvers": "a",
            "quorum": "all",
            "answers": {"last_word": {"ends": "stage", "counts": counts}},
        }
    )
    assert decide(rule, [Seat("a"), Seat("b", answer="last_word")]) == Decision(state, "answer")
