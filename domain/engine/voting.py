"""Votes: from which seats somebody may answer, what an answer asks for, and what it sets."""

from __future__ import annotations

from dataclasses import dataclass, replace

from domain.engine import approvals
from domain.engine.approval_state import Approval, Seat
from domain.engine.draft import Draft
from domain.engine.events import (
    Vote,
)
from domain.engine.forms import CONTROL, check_form
from domain.engine.macrostep import apply_values
from domain.engine.plan import Sitting
from domain.engine.values import plain_text
from domain.errors import FactsMissing, FieldError, FormInvalid, NotPermitted, TransitionRefused
from domain.language.models import Answer, FormEntry

COMMENT_LIMIT = 2_000


@dataclass(frozen=True, slots=True)
class Place:
    """A seat of an open stage."""

    sitting: Sitting
    index: int
    seat: Seat


def places_of(draft: Draft, name: str, person: str, stage: str = "") -> list[Place]:
    """The seats of open stages for which a person may answer: in each stage their own, else one they stand in for."""
    found: list[Place] = []
    for sitting in draft.plan.sittings[name].values():
        here = draft.approvals[name].stages.get(sitting.id)
        if here is None or here.state != "open" or stage not in ("", sitting.id):
            continue
        mine = [
            Place(sitting, index, seat)
            for index, seat in enumerate(here.seats)
            if seat.may_act(person, draft.at)
        ]
        own = [place for place in mine if place.seat.person == person]
        found += (own or mine)[:1]
    return found


def answers_for(place: Place) -> dict[str, Answer]:
    """What may be answered from a seat: who may only veto can only reject."""
    offered = place.sitting.rule.offered
    if place.seat.kind != "veto":
        return offered
    return {name: answer for name, answer in offered.items() if answer.counts == "reject"}


def form_of(draft: Draft, sitting: Sitting, answer: Answer) -> dict[str, FormEntry]:
    """What an answer asks for: its own form, else, for a yes, the stage's."""
    ask = answer.ask if answer.ask is not None else (sitting.rule.ask if answer.counts == "approve" else None)
    return dict(draft.definition.form(ask))


def vote(draft: Draft, event: Vote, run: Approval) -> None:
    """Give an answer from every seat it is for. Raises Refused with nothing decided."""
    places = _answered_by(draft, event, run)
    if event.hash and event.hash != run.hash:
        raise TransitionRefused(
            "what is decided on has changed since it was shown",
            text={
                "en": "What is decided on has changed since you looked; please look again.",
                "zh-CN": "审批内容在您查看后已变更，请重新查看。",
            },
        )
    comment = comment_of(event.comment)
    form: dict[str, FormEntry] = {}
    for place in places:
        form |= form_of(draft, place.sitting, answers_for(place)[event.answer])
    values = check_form(draft, form, event.fields)
    if not comment and any(answers_for(place)[event.answer].comment == "required" for place in places):
        raise FormInvalid([FieldError("comment", "missing", "say why")])
    # Conditions of answers see the new values in place, as those of transitions do.
    apply_values(draft, values, by=f"approvals.{event.approval}.vote")
    for place in places:
        _check_condition(draft, answers_for(place)[event.answer])
    approvals.bind_first_vote(draft, event.approval)
    for place in places:
        _put_vote(draft, event, place, comment)
    for place in places:
        stage = draft.approvals[event.approval].stages.get(place.sitting.id)
        if stage is not None and stage.state == "open":  # an earlier one may have ended the approval
            approvals.count(draft, event.approval, place.sitting.id, by=stage.seats[place.index])


def _answered_by(draft: Draft, event: Vote, run: Approval) -> list[Place]:
    """The seats this vote is for. Raises Refused when there is none, or none that may answer so."""
    places = places_of(draft, event.approval, draft.actor.id, event.stage)
    if not places:
        if any(stage.state == "looking" for stage in run.stages.values()):
            raise FactsMissing("the approvers are being looked up; try again in a moment")
        raise NotPermitted(
            f"{draft.actor.id} is not asked by the approval {event.approval}",
            text={"en": "Your decision is not asked for here.", "zh-CN": "此处不需要您审批。"},
        )
    if not any(event.answer in answers_for(place) for place in places):
        offered = dict.fromkeys(name for place in places for name in answers_for(place))
        message = f"{event.answer[:60]!r} is not one of: {', '.join(offered)}"
        raise FormInvalid([FieldError("answer", "option", message)])
    places = [place for place in places if event.answer in answers_for(place)]
    waiting = [place for place in places if not place.seat.answer]
    if waiting:
        return waiting
    changed = [place for place in places if place.seat.answer != event.answer]
    if not changed:
        raise TransitionRefused(
            f"{draft.actor.id} has answered {event.answer} already",
            text={"en": "You have given this answer already.", "zh-CN": "您已提交过该意见。"},
        )
    return changed


def _check_condition(draft: Draft, answer: Answer) -> None:
    if draft.holds(answer.if_):
        return
    written = answer.otherwise or {
        "en": "This answer is not possible as the ticket is now.",
        "zh-CN": "工单当前状况下不能选择该意见。",
    }
    texts = {}
    for locale, text in written.items():
        template = draft.definition.template(text)
        texts["en" if locale == "*" else locale] = template.render(template.values(draft.scope()), plain_text)
    raise TransitionRefused(texts.get("en") or next(iter(texts.values())), text=texts)


def _put_vote(draft: Draft, event: Vote, place: Place, comment: str) -> None:
    run = draft.approvals[event.approval]
    stage = run.stages[place.sitting.id]
    seat = replace(
        stage.seats[place.index],
        answer=event.answer,
        by=draft.actor.id,
        at=draft.at,
        comment=comment,
        hash=run.hash,
    )
    seats = (*stage.seats[: place.index], seat, *stage.seats[place.index + 1 :])
    approvals.set_stage(draft, event.approval, place.sitting.id, replace(stage, seats=seats))
    draft.note(
        "approval",
        event.approval,
        what="voted",
        stage=place.sitting.id,
        answer=event.answer,
        person=seat.person,
        by=seat.by,
        comment=comment,
        hash=run.hash,
    )


def comment_of(text: str) -> str:
    """What was said with it. Raises FormInvalid for what does not fit."""
    text = text.strip()
    if len(text) > COMMENT_LIMIT:
        message = f"{len(text)} characters; at most {COMMENT_LIMIT} fit"
        raise FormInvalid([FieldError("comment", "too_long", message)])
    if CONTROL.search(text):
        raise FormInvalid([FieldError("comment", "control", "control characters are not allowed")])
    return text
