"""Who may open a ticket, and when (`create`): a transition's rules, before there is a ticket."""

from __future__ import annotations

from domain.engine.draft import Draft
from domain.engine.events import Actor
from domain.engine.people import is_among, lower
from domain.errors import FactsMissing, NotPermitted, TransitionRefused
from domain.language.definition import Definition
from domain.language.models import text_in


def may_open(definition: Definition, actor: Actor) -> bool:
    """Whether somebody is one of those who may open a ticket. The system may: rules have it open tickets."""
    who = definition.process.create.who
    if who is None or actor.kind == "system":
        return True
    return is_among(actor, lower(definition, who, {"requester": actor.id}, {}))


def admit(draft: Draft) -> None:
    """Refuse who may not open a ticket, and what could not be looked up."""
    create = draft.definition.process.create
    if not may_open(draft.definition, draft.actor):
        title = draft.definition.process.title
        roles = ", ".join(create.who or ())
        raise NotPermitted(
            f"{draft.actor.id} may not open {draft.ticket.process}",
            text={
                "en": f"{draft.actor.id} may not open “{text_in(title, 'en')}”; it is for: {roles}.",
                "zh-CN": f"{draft.actor.id} 无权创建“{text_in(title, 'zh-CN')}”；仅限：{roles}。",
            },
        )
    for check in create.check:
        if check not in draft.facts.checks:
            raise FactsMissing(f"the check {check} could not be made; try again")


def admit_with_values(draft: Draft) -> None:
    """Refuse what the condition does not let through, the values and what follows from them in place."""
    create = draft.definition.process.create
    if draft.holds(create.if_):
        return
    text = draft.sentence(create.otherwise) or {
        "en": "The condition for opening this does not hold.",
        "zh-CN": "不满足创建条件。",
    }
    raise TransitionRefused(text.get("en") or next(iter(text.values())), text=text)
