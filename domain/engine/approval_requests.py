"""What people do with an approval: vote, add, hand over, delegate, return, withdraw. Admitted, then carried out."""

from __future__ import annotations

from dataclasses import replace

from domain.engine import approvals, seating
from domain.engine.approval_state import Approval, Seat, Stage, StandIn
from domain.engine.approver_letters import ask_people, release_people
from domain.engine.draft import Draft
from domain.engine.events import (
    AddApprover,
    ApprovalRequest,
    Delegate,
    HandOver,
    ReturnTo,
    Vote,
    WithdrawApproval,
)
from domain.engine.people import is_among, lower
from domain.engine.plan import Sitting
from domain.engine.values import instant_json
from domain.engine.voting import Place, comment_of, places_of, vote
from domain.errors import FactsMissing, FieldError, FormInvalid, NotPermitted, TransitionRefused

_NAMES: dict[type[object], str] = {
    Vote: "vote",
    AddApprover: "add approver",
    HandOver: "hand over",
    Delegate: "delegate",
    ReturnTo: "return",
    WithdrawApproval: "withdraw",
}


def name_of(event: ApprovalRequest) -> str:
    """What a request is called in the journal."""
    return _NAMES[type(event)]


def carry_out_request(draft: Draft, event: ApprovalRequest) -> None:
    """Admit a request about an approval and do it. Raises Refused with nothing decided."""
    run = draft.approvals.get(event.approval)
    if run is None or run.state != approvals.PENDING or event.approval not in draft.plan.sittings:
        raise TransitionRefused(
            f"the approval {event.approval[:100]!r} waits for nobody",
            text={"en": "This approval is not waiting for anybody.", "zh-CN": "该审批当前不在进行中。"},
        )
    match event:
        case Vote():
            vote(draft, event, run)
        case AddApprover():
            _add(draft, event)
        case HandOver():
            _hand_over(draft, event)
        case Delegate():
            _delegate(draft, event)
        case ReturnTo():
            _return(draft, event, run)
        case WithdrawApproval():
            _withdraw(draft, event)


# ---------------------------------------------------------------- people


def manages(draft: Draft, name: str) -> bool:
    """Whether the actor looks after this approval: may add, replace, return and withdraw without a seat."""
    who = draft.definition.process.approvals[name].manage
    return is_among(draft.actor, lower(draft.definition, who, draft.fields, draft.known))


def may_withdraw(draft: Draft, name: str) -> bool:
    """Whether the actor may take the request back."""
    who = draft.definition.process.approvals[name].withdraw
    return manages(draft, name) or is_among(
        draft.actor, lower(draft.definition, who, draft.fields, draft.known)
    )


def _denied(draft: Draft, what: str) -> NotPermitted:
    return NotPermitted(
        f"{draft.actor.id} may not {what}",
        text={"en": "You may not do this with this approval.", "zh-CN": "您无权对该审批执行此操作。"},
    )


def _own_place(draft: Draft, name: str, stage: str, person: str) -> Place:
    """The unanswered seat an actor disposes of: their own, or, for who manages the approval, anybody's."""
    whose = person or draft.actor.id
    if whose != draft.actor.id and not manages(draft, name):
        raise _denied(draft, "dispose of somebody else's vote")
    places = [place for place in places_of(draft, name, whose, stage) if not place.seat.answer]
    places = [place for place in places if place.seat.kind != "veto" and place.seat.person == whose]
    if not places:
        raise NotPermitted(
            f"{whose} is not asked by the approval {name}",
            text={"en": "There is no open decision to give away.", "zh-CN": "没有可转交的待审批事项。"},
        )
    if len(places) > 1:
        names = ", ".join(place.sitting.id for place in places)
        raise FormInvalid([FieldError("stage", "missing", f"say which stage: {names}")])
    return places[0]


def _check_newcomer(draft: Draft, name: str, sitting: Sitting, person: str, field: str) -> None:
    """Raises FormInvalid for somebody who does not exist, may not decide here, or does so already."""
    thing = f"person:{person}"
    if thing in draft.facts.missing:
        raise FactsMissing(f"{thing} could not be looked up; try again")
    stage = draft.approvals[name].stages[sitting.id]
    if not person or draft.facts.things.get(thing) is None:
        raise FormInvalid([FieldError(field, "unknown", f"there is no person {person[:100]!r}")])
    if person in stage.excluded:
        raise FormInvalid([FieldError(field, "forbidden", f"{person} may not decide in this stage")])
    if any(
        seat.kind != "veto" and (seat.person == person or person in {one.person for one in seat.stand_ins})
        for seat in stage.seats
    ):
        raise FormInvalid([FieldError(field, "forbidden", f"{person} decides in this stage already")])


def _open_stage(draft: Draft, name: str, stage: str) -> Sitting:
    """The stage a request is for: the named one, or the only one that is open."""
    stages = draft.approvals[name].stages
    found = [
        sitting
        for sitting in draft.plan.sittings[name].values()
        if sitting.id in stages and stages[sitting.id].state == "open" and stage in ("", sitting.id)
    ]
    if not found:
        raise FormInvalid([FieldError("stage", "option", "no such stage is open")])
    if len(found) > 1:
        names = ", ".join(sitting.id for sitting in found)
        raise FormInvalid([FieldError("stage", "missing", f"say which stage: {names}")])
    return found[0]


def _add(draft: Draft, event: AddApprover) -> None:
    name = event.approval
    mine = [place.sitting for place in places_of(draft, name, draft.actor.id, event.stage)]
    if not manages(draft, name):
        mine = [sitting for sitting in mine if sitting.rule.may_add]
        if not mine:
            raise _denied(draft, "add approvers")
    sitting = mine[0] if len(mine) == 1 else _open_stage(draft, name, event.stage)
    _check_newcomer(draft, name, sitting, event.person, "person")
    draft.note(
        "approval",
        name,
        what="added",
        stage=sitting.id,
        person=event.person,
        comment=comment_of(event.comment),
    )
    seating.take_seats(draft, name, sitting, [Seat(event.person, since=draft.actor.id)])
    approvals.count(draft, name, sitting.id)


def _hand_over(draft: Draft, event: HandOver) -> None:
    name = event.approval
    place = _own_place(draft, name, event.stage, event.person)
    if not place.sitting.rule.delegate and not manages(draft, name):
        raise _denied(draft, "hand over their vote")
    _check_newcomer(draft, name, place.sitting, event.to, "to")
    seat = replace(place.seat, person=event.to, stand_ins=(), since=draft.actor.id)
    _replace_seat(draft, name, place, seat)
    draft.note(
        "approval",
        name,
        what="handed_over",
        stage=place.sitting.id,
        person=place.seat.person,
        to=event.to,
        comment=comment_of(event.comment),
    )
    if place.seat.person != draft.actor.id:
        release_people(draft, name, place.sitting, [place.seat])
    ask_people(draft, name, place.sitting, [seat])


def _delegate(draft: Draft, event: Delegate) -> None:
    name = event.approval
    place = _own_place(draft, name, event.stage, event.person)
    if not place.sitting.rule.delegate:
        raise _denied(draft, "let somebody else decide")
    if event.from_at and event.until_at and event.until_at <= event.from_at:
        raise FormInvalid([FieldError("until", "range", "this lies before the beginning")])
    _check_newcomer(draft, name, place.sitting, event.to, "to")
    stand_in = StandIn(event.to, event.from_at, event.until_at)
    seat = replace(place.seat, stand_ins=(stand_in, *place.seat.stand_ins))
    _replace_seat(draft, name, place, seat)
    draft.note(
        "approval",
        name,
        what="delegated",
        stage=place.sitting.id,
        person=place.seat.person,
        to=event.to,
        from_at=instant_json(event.from_at) if event.from_at else None,
        until_at=instant_json(event.until_at) if event.until_at else None,
    )
    if stand_in.covers(draft.at):
        ask_people(draft, name, place.sitting, [seat])


def _replace_seat(draft: Draft, name: str, place: Place, seat: Seat) -> None:
    stage = draft.approvals[name].stages[place.sitting.id]
    seats = (*stage.seats[: place.index], seat, *stage.seats[place.index + 1 :])
    approvals.set_stage(draft, name, place.sitting.id, replace(stage, seats=seats))


# ---------------------------------------------------------------- back and away


def _return(draft: Draft, event: ReturnTo, run: Approval) -> None:
    """An earlier stage decides again, and all that come after it."""
    name = event.approval
    mine = [place for place in places_of(draft, name, draft.actor.id) if place.sitting.rule.may_return]
    if not mine and not manages(draft, name):
        raise _denied(draft, "return it")
    comment = comment_of(event.comment)
    if not comment:
        raise FormInvalid([FieldError("comment", "missing", "say why")])
    target = draft.plan.sittings[name].get(event.stage)
    now = max(draft.plan.sittings[name][id].turn for id in run.stages)
    if target is None or target.turn >= now or run.stages[target.id].state == "skipped":
        earlier = [
            sitting.id
            for sitting in draft.plan.sittings[name].values()
            if sitting.turn < now and run.stages[sitting.id].state != "skipped"
        ]
        message = f"write an earlier stage: {', '.join(earlier)}" if earlier else "there is no earlier stage"
        raise FormInvalid([FieldError("stage", "option", message)])
    kept: dict[str, Stage] = {}
    for id, stage in run.stages.items():
        sitting = draft.plan.sittings[name][id]
        if sitting.turn < target.turn or (sitting.turn == target.turn and id != target.id):
            kept[id] = stage
        else:
            release_people(draft, name, sitting, approvals.waiting_seats(stage))
    draft.approvals[name] = replace(run, stages=kept)
    draft.note("approval", name, what="returned", stage=target.id, comment=comment)
    draft.announce(f"approval.{name}.returned", stage=target.id, comment=comment, person=draft.actor.id)
    approvals.proceed(draft, name)


def _withdraw(draft: Draft, event: WithdrawApproval) -> None:
    if not may_withdraw(draft, event.approval):
        raise _denied(draft, "withdraw it")
    approvals.withdraw(draft, event.approval, why="request", comment=comment_of(event.comment))
