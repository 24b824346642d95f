"""What people do with approvals in random lives, and what must always hold of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from domain.engine import approvers
from domain.engine.approvals import waiting_for
from domain.engine.entries import Effect, Entry
from domain.engine.events import (
    AddApprover,
    ApprovalRequest,
    ApproversFound,
    Delegate,
    HandOver,
    ReturnTo,
    Vote,
    WithdrawApproval,
)
from domain.engine.ticket import Ticket
from domain.language.definition import Definition
from domain.language.models_tests import World
from domain.rehearsal.world import WorldDirectory

DIRECTORY = WorldDirectory(
    World.model_validate(
        {
            "people": {
                "ann": {"manager": "bob"},
                "bob": {
                    "manager": "mia",
                    "teams": ["service-desk", "network-l2", "desk"],
                    "delegates": [{"to": "liu", "from": "2026-03-02 09:00", "until": "2026-03-03 09:00"}],
                },
                "liu": {"manager": "mia", "teams": ["network-l2"], "away": True},
                "mia": {"teams": ["service-desk"]},
            },
            "leads": {"network-l2": "liu"},
            "groups": {"incident-managers": ["mia"], "service-desk-leads": ["mia"]},
            "on_call": {"duty-manager": "mia"},
        }
    )
)
ANSWERS = ("approve", "approve", "approve", "reject", "abstain", "more", "maybe")


def pending_first(ticket: Ticket, definition: Definition) -> list[str]:
    """The approvals that somebody is asked for; all of them when there is none."""
    every = [*definition.process.approvals]
    return [
        name for name in every if name in ticket.approvals and ticket.approvals[name].state == "pending"
    ] or every


def request_of(
    names: Sequence[str], ticket: Ticket, which: int, value: int, person: str, now: datetime
) -> ApprovalRequest:
    """Something that somebody does with one of these approvals; `which` and `value` choose."""
    name = names[which % len(names)]
    run = ticket.approvals.get(name)
    stages = [*run.stages] if run else []
    stage = stages[value % len(stages)] if stages and which % 4 == 0 else ""
    match which // 2 % 12:
        case 8:
            return AddApprover(name, person, stage)
        case 9:
            return HandOver(name, person, stage=stage)
        case 10:
            return Delegate(name, person, now, now + timedelta(hours=value), stage=stage)
        case 11 if value > 4:
            return WithdrawApproval(name, "no longer needed")
        case 11:
            return ReturnTo(name, stages[0] if stages else "s1", "look again")
        case _:
            comment = "why" if value % 2 else ""
            shown = run.hash if run and value > 3 else ""
            return Vote(name, ANSWERS[value % len(ANSWERS)], comment, stage, {"size": value}, shown)


def found(entry: Entry, effect: Effect, value: int) -> ApproversFound:
    """What the directory says; sometimes it cannot be asked."""
    if value == 7:
        return approvers.nobody_found(effect.data, entry.at)
    return approvers.answer(effect.data, DIRECTORY, entry.at)


def look(ticket: Ticket, *, closed: bool) -> None:
    """What must always hold of the approvals of a ticket."""
    pending = {name: run for name, run in ticket.approvals.items() if run.state == "pending"}
    assert not (closed and pending), "a closed ticket asks nobody"
    if not pending:
        assert waiting_for(ticket, ticket.last_at) == ()
    for name, run in ticket.approvals.items():
        going_on = [stage for stage in run.stages.values() if not stage.is_over]
        assert bool(going_on) == (name in pending), "what is pending is asked, what is decided is not"
        assert (run.decided_at is None) == (name in pending)
        for stage in going_on:
            silent = [seat for seat in stage.seats if not seat.answer and seat.kind != "veto"]
            assert silent or stage.lookups, "a stage that nobody can decide any more has ended"
            assert (stage.state == "looking") <= bool(stage.lookups), (
                "a stage that looks for people has asked"
            )
        for stage in run.stages.values():
            people = [seat.person for seat in stage.seats]
            assert len(people) == len(set(people)), "one person has one seat"
            assert all(bool(seat.answer) == (seat.at is not None) for seat in stage.seats)
            assert all(not seat.answer or seat.hash == run.hash for seat in stage.seats if name in pending), (
                "a vote is for what was shown"
            )


def decisions(name: str, rounds: dict[str, int], decided: set[tuple[str, int]], what: str) -> None:
    """Count what an approval came to: one decision each time it is asked."""
    if what in ("requested", "reopened", "returned"):
        rounds[name] = rounds.get(name, 0) + 1
    if what in ("ended", "withdrawn"):
        key = (name, rounds.get(name, 0))
        assert key not in decided, "an approval is decided at most once in a round"
        decided.add(key)
