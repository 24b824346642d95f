"""Rights add up over the lines of `permissions`; what no line grants is denied; `hide` always wins."""

from __future__ import annotations

from collections.abc import Iterator

from domain.engine.events import Actor
from domain.engine.people import is_among, lower
from domain.engine.ticket import Ticket
from domain.language.builtin_fields import DERIVED
from domain.language.definition import Definition
from domain.language.models import Permission

OVERRIDES = "priority"


def roles_of(definition: Definition, ticket: Ticket, actor: Actor) -> frozenset[str]:
    """The roles of the definition this person fills for this ticket."""
    return frozenset(
        role
        for role, selectors in definition.roles.items()
        if is_among(actor, lower(definition, selectors, ticket.fields, ticket.known))
    )


def _lines(definition: Definition, ticket: Ticket, actor: Actor) -> Iterator[Permission]:
    for line in definition.process.permissions:
        if line.in_ and not definition.is_in(line.in_, ticket.state, ticket.fields):
            continue
        if is_among(actor, lower(definition, line.who, ticket.fields, ticket.known)):
            yield line


def may(definition: Definition, ticket: Ticket, actor: Actor, right: str) -> bool:
    """Whether a line grants this right: view, comment, comment_internal, attach, link, watch, assign."""
    return any(right in line.can for line in _lines(definition, ticket, actor))


def may_view(definition: Definition, ticket: Ticket, actor: Actor) -> bool:
    """Whether this person may see the ticket: a line grants it, or they work on it, decide about it or were paged for
    it.
    """
    if actor.paged or ticket.fields.get("assignee") == actor.id or may(definition, ticket, actor, "view"):
        return True
    if any(task.state == "open" and is_among(actor, task.assignees) for task in ticket.tasks.values()):
        return True
    return bool(ticket.approvals) and _was_asked(ticket, actor)


def _was_asked(ticket: Ticket, actor: Actor) -> bool:
    """Whether somebody decides, or decided, about this ticket: they must be able to read what about."""
    return any(
        seat.by == actor.id or seat.may_act(actor.id, ticket.last_at)
        for run in ticket.approvals.values()
        for stage in run.stages.values()
        for seat in stage.seats
    )


def may_send(definition: Definition, ticket: Ticket, actor: Actor, message: str) -> bool:
    """Whether this sender may send a message of the process.

    What linked tickets and the system tell comes from the system itself; one for the API also comes from those who
    work on the ticket.
    """
    if actor.kind == "system":
        return True
    declared = definition.process.messages.get(message)
    return (
        declared is not None
        and declared.from_ == "api"
        and may(definition, ticket, actor, "comment_internal")
    )


def visible_fields(definition: Definition, ticket: Ticket, actor: Actor) -> frozenset[str]:
    """The fields this person may see. Internal ones are for those who may write internal notes."""
    hidden: set[str] = set()
    internal = False
    rules = definition.process.states[ticket.state].fields
    if rules is not None:
        hidden.update(rules.hide)
    for line in _lines(definition, ticket, actor):
        hidden.update(line.hide)
        internal = internal or "comment_internal" in line.can
    return frozenset(
        name
        for name, declared in definition.fields.items()
        if name not in hidden and (internal or not declared.internal)
    )


def editable_fields(definition: Definition, ticket: Ticket, actor: Actor) -> frozenset[str]:
    """The fields this person may change by hand in the present state."""
    process = definition.process
    if process.states[ticket.state].category == "closed":
        return frozenset()
    allowed: set[str] = set()
    for line in _lines(definition, ticket, actor):
        if "all" in line.edit:
            allowed.update(definition.fields)
        else:
            allowed.update(line.edit)
        if "assign" in line.can:
            allowed.update(("team", "assignee"))
    rules = process.priority
    if rules is not None and OVERRIDES in allowed:
        overriders = lower(definition, rules.may_override, ticket.fields, ticket.known)
        if not is_among(actor, overriders):
            allowed.discard(OVERRIDES)
    fixed = {*DERIVED} | {name for name, declared in definition.fields.items() if declared.compute}
    here = process.states[ticket.state].fields
    if here is not None:
        fixed.update(here.lock)
    return frozenset(allowed & visible_fields(definition, ticket, actor)) - fixed
