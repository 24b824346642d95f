"""The buttons a person has: every transition they are one of, available or with the reason why not."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from domain.engine.draft import Draft
from domain.engine.entries import QUESTION
from domain.engine.events import Facts
from domain.engine.forms import default_of
from domain.engine.people import is_among, lower
from domain.engine.plan import Button, plan_of
from domain.engine.rules import asked_form
from domain.engine.step import cannot_open, otherwise_text
from domain.engine.ticket import Json, Ticket
from domain.expressions import names_read, parse
from domain.language.definition import Definition
from domain.language.models import FormEntry


@dataclass(frozen=True, slots=True)
class Action:
    """A transition as a button."""

    name: str
    label: dict[str, str]
    form: dict[str, FormEntry]
    available: bool
    why_not: dict[str, str] = field(default_factory=dict)
    defaults: dict[str, Json] = field(
        default_factory=dict
    )  # what the form is filled with where the ticket is empty


def actions(definition: Definition, ticket: Ticket, facts: Facts, now: datetime) -> tuple[Action, ...]:
    """The transitions from this state that are for this person, in the definition's order.

    A condition that reads what the form asks for is not judged before the form is filled.
    """
    draft = Draft(definition, ticket, now, now, QUESTION, facts)
    found = []
    for button in plan_of(definition).buttons:
        rule = button.rule
        if rule.who is None or not button.fits(ticket.state, ticket.fields):
            continue
        if not is_among(facts.actor, lower(definition, rule.who, ticket.fields, ticket.known)):
            continue
        form = asked_form(definition, button, ticket.fields)
        why_not = _why_not(draft, button, form)
        label = dict(rule.label or {"*": button.name})
        found.append(Action(button.name, label, form, not why_not, why_not, _defaults(draft, form)))
    return tuple(found)


def _why_not(draft: Draft, button: Button, form: dict[str, FormEntry]) -> dict[str, str]:
    if (hindrance := cannot_open(draft, button)) is not None:
        return hindrance.text
    condition = button.rule.if_
    if condition is None or _reads_form(condition, form) or draft.holds(condition):
        return {}
    return otherwise_text(draft, button)


def _defaults(draft: Draft, form: dict[str, FormEntry]) -> dict[str, Json]:
    return {
        name: default_of(draft, name, entry.default)
        for name, entry in form.items()
        if entry.default is not None and draft.fields.get(name) is None
    }


def _reads_form(condition: str, form: dict[str, FormEntry]) -> bool:
    reads = names_read(parse(condition))
    return any(
        path[0] == "check" or (path[0] == "ticket" and path[1:2] and path[1] in form) for path in reads
    )
