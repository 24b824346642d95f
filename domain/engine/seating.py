"""The directory's answer becomes seats: who is asked, who may veto, whose vote weighs more, who stands in for whom."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Literal

from domain.engine.approval_state import Approval, Seat, StandIn
from domain.engine.approvals import PENDING, count, nobody, set_stage
from domain.engine.approver_letters import ask_people
from domain.engine.approvers import OF_STAGE
from domain.engine.draft import Draft
from domain.engine.events import ApproversFound
from domain.engine.lapses import schedule
from domain.engine.plan import Sitting
from domain.engine.ticket import Json, Ticket


def is_awaited(ticket: Ticket, found: ApproversFound) -> bool:
    """Whether this answer still matters: its question was not overtaken by what happened since."""
    return awaits(ticket, found.approval, found.stage, found.lookup)


def awaits(ticket: Ticket, approval: str, stage: str, lookup: int) -> bool:
    """Whether the answer to a question is still awaited."""
    run = ticket.approvals.get(approval)
    if run is None or run.state != PENDING or stage not in run.stages:
        return False
    return any(one.number == lookup for one in run.stages[stage].lookups)


def people_found(draft: Draft, found: ApproversFound) -> None:
    """The people of a stage are known: ask them, or, when there is nobody, do what is said for that."""
    name = found.approval
    sitting = draft.plan.sittings[name][found.stage]
    stage = draft.approvals[name].stages[found.stage]
    lookup = next(one for one in stage.lookups if one.number == found.lookup)
    excluded = {*found.excluded, *_voters_of(draft.approvals[name], sitting)}
    opened = stage.state == "open"
    set_stage(
        draft,
        name,
        sitting.id,
        replace(
            stage,
            state="open",
            lookups=tuple(one for one in stage.lookups if one is not lookup),
            excluded=tuple(sorted({*stage.excluded, *excluded})),
        ),
    )
    if not opened:
        draft.note("approval", name, what="stage_opened", stage=sitting.id)
        schedule(draft, name, sitting)
    kind: Literal["member", "extra"] = "extra" if lookup.purpose == "add" else "member"
    take_seats(draft, name, sitting, _seats(draft, name, sitting, found, kind))
    if any(seat.kind != "veto" for seat in draft.approvals[name].stages[sitting.id].seats):
        count(draft, name, sitting.id)
    else:
        nobody(draft, name, sitting)


def take_seats(draft: Draft, name: str, sitting: Sitting, fresh: Iterable[Seat]) -> None:
    """Ask further people; who has a seat already keeps it."""
    stage = draft.approvals[name].stages[sitting.id]
    there = {seat.person for seat in stage.seats if seat.kind != "veto"}
    added = tuple(seat for seat in fresh if seat.person not in there)
    people = {seat.person for seat in added}
    kept = tuple(seat for seat in stage.seats if seat.person not in people)  # who could only veto now votes
    set_stage(draft, name, sitting.id, replace(stage, seats=(*kept, *added)))
    asked = [seat for seat in added if seat.kind != "veto"]
    if asked:
        names: list[Json] = [seat.turn_of(draft.at) for seat in asked]
        draft.note("approval", name, what="asked", stage=sitting.id, people=names)
        ask_people(draft, name, sitting, asked)


def _seats(
    draft: Draft, name: str, sitting: Sitting, found: ApproversFound, kind: Literal["member", "extra"]
) -> list[Seat]:
    """One seat for each person who may be asked; those who may only veto have one that is not waited for."""
    stage = draft.approvals[name].stages[sitting.id]
    excluded = set(stage.excluded)
    asked = [person for person in found.approvers if person not in excluded]
    taken = {*asked, *(seat.person for seat in stage.seats)}
    taken.update(one.person for seat in stage.seats for one in seat.stand_ins)
    seats = []
    for person in asked:
        stand_ins = _stand_ins(found.stand_ins.get(person, ()), excluded, taken)
        weight = _weight(person, sitting, found)
        seats.append(Seat(person, kind, weight, veto=person in found.veto, stand_ins=stand_ins))
    for person in found.veto:
        if person not in excluded and person not in asked:
            seats.append(Seat(person, "veto", 0, veto=True))
    return seats


def _stand_ins(named: Iterable[StandIn], excluded: set[str], taken: set[str]) -> tuple[StandIn, ...]:
    """Those who may stand in: not who is excluded, and nobody who decides already (one person, one vote)."""
    found = tuple(one for one in named if one.person not in excluded and one.person not in taken)
    always = next(
        (index for index, one in enumerate(found) if one.from_at is None and one.until_at is None), None
    )
    found = found if always is None else found[: always + 1]  # nobody comes after who stands in for good
    taken.update(one.person for one in found)
    return found


def _weight(person: str, sitting: Sitting, found: ApproversFound) -> int:
    lines = zip(sitting.rule.weights, found.weights, strict=False)
    return max((line.weight for line, people in lines if person in people), default=1)


def _voters_of(run: Approval, sitting: Sitting) -> set[str]:
    """Who voted in the stages that this one excludes."""
    names = [one.removeprefix(OF_STAGE) for one in sitting.rule.exclude if one.startswith(OF_STAGE)]
    stages = [run.stages[name] for name in names if name in run.stages]
    seats = [seat for stage in stages for seat in stage.seats if seat.answer]
    return {seat.person for seat in seats} | {seat.by for seat in seats}
