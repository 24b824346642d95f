"""What somebody may answer now: their ballot papers, and what else they may do with an approval."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from domain.engine import approvals
from domain.engine.approval_requests import manages, may_withdraw
from domain.engine.draft import Draft
from domain.engine.entries import QUESTION
from domain.engine.events import Facts
from domain.engine.plan import Sitting
from domain.engine.ticket import Ticket
from domain.engine.voting import answers_for, form_of, places_of
from domain.language.definition import Definition
from domain.language.models import Answer, FormEntry

LABELS: dict[str, dict[str, str]] = {
    "approve": {"en": "Approve", "zh-CN": "同意"},
    "reject": {"en": "Reject", "zh-CN": "拒绝"},
    "abstain": {"en": "Abstain", "zh-CN": "弃权"},
}


@dataclass(frozen=True, slots=True)
class Choice:
    """An answer that may be given."""

    name: str
    label: dict[str, str]
    form: dict[str, FormEntry]
    comment_required: bool


@dataclass(frozen=True, slots=True)
class BallotPaper:
    """A seat somebody may answer for now. `person` is whose it is, `given` what was answered already."""

    approval: str
    stage: str
    person: str
    given: str
    choices: tuple[Choice, ...]
    may_delegate: bool
    may_add: bool
    may_return: bool


def ballot_papers(
    definition: Definition, ticket: Ticket, facts: Facts, now: datetime
) -> tuple[BallotPaper, ...]:
    """Every seat this person may answer for, in the definition's order."""
    draft = _question(definition, ticket, facts, now)
    found = []
    for name, run in ticket.approvals.items():
        if run.state != approvals.PENDING or name not in draft.plan.sittings or not facts.actor.id:
            continue
        for place in places_of(draft, name, facts.actor.id):
            rule = place.sitting.rule
            choices = tuple(
                _choice(draft, place.sitting, answer, one) for answer, one in answers_for(place).items()
            )
            own = place.seat.person == facts.actor.id and not place.seat.answer and place.seat.kind != "veto"
            found.append(
                BallotPaper(
                    approval=name,
                    stage=place.sitting.id,
                    person=place.seat.person,
                    given=place.seat.answer,
                    choices=choices,
                    may_delegate=own and rule.delegate,
                    may_add=rule.may_add,
                    may_return=rule.may_return and place.sitting.turn > 0,
                )
            )
    return tuple(found)


def may_manage(
    definition: Definition, ticket: Ticket, facts: Facts, name: str, now: datetime
) -> tuple[bool, bool]:
    """Whether this person looks after an approval, and whether they may take its request back."""
    draft = _question(definition, ticket, facts, now)
    pending = ticket.approvals[name].state == approvals.PENDING and name in draft.plan.sittings
    return pending and manages(draft, name), pending and may_withdraw(draft, name)


def _question(definition: Definition, ticket: Ticket, facts: Facts, now: datetime) -> Draft:
    return Draft(definition, ticket, now, now, QUESTION, facts)


def _choice(draft: Draft, sitting: Sitting, name: str, answer: Answer) -> Choice:
    label = dict(answer.label) if answer.label else LABELS.get(name, {"*": name.replace("_", " ")})
    return Choice(name, label, form_of(draft, sitting, answer), answer.comment == "required")
