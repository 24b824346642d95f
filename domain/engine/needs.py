"""What the desk has to look up before a request can be decided (architecture.md, rule 3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from domain.engine.events import (
    AddApprover,
    AddTask,
    Comment,
    CompleteTask,
    Delegate,
    Edit,
    HandOver,
    Message,
    Move,
    Open,
    Relink,
    Request,
    Vote,
)
from domain.engine.following import Chain
from domain.engine.forms import LIST_LIMIT
from domain.engine.links import MOST_LINKED
from domain.engine.plan import plan_of
from domain.engine.ticket import Json, Ticket
from domain.engine.values import refs_in, things_in, things_of
from domain.language.definition import Definition
from domain.language.models import OPENS, Effect, FieldDef

COMMENT = "comment:"
"""A thing called `comment:<id>` has the `text` of a comment, where a rule reads it."""

LONGEST_TEXT = 2_000
"""Characters of a comment that rules can read: it travels with the command."""


@dataclass(frozen=True, slots=True)
class Needs:
    """Facts to look up: attributes of things by "kind:id", checks by name, processes that must be published."""

    things: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()
    processes: tuple[str, ...] = ()
    follow: tuple[Chain, ...] = ()  # from these things, and from who acts, on to others (following.py)


def needs(definition: Definition, ticket: Ticket | None, request: Request | None) -> Needs:
    """What this request needs besides the actor, whose own attributes always travel along; None: a question."""
    plan = plan_of(definition)
    found = Needs() if request is None else _needs(definition, request)
    if plan.named and request is not None:
        found = replace(found, things=tuple(dict.fromkeys((*found.things, *plan.named))))
    return replace(found, follow=plan.follows) if plan.follows else found


def _needs(definition: Definition, request: Request) -> Needs:
    match request:
        case Open():
            checks = (*definition.process.create.check, *plan_of(definition).read_checks)
            return Needs(_things(definition, request.fields), tuple(dict.fromkeys(checks)))
        case Edit() | CompleteTask() | Vote():
            return Needs(_things(definition, request.fields), plan_of(definition).read_checks)
        case AddTask():
            people = [f"person:{request.assignee}"] if request.assignee else []
            teams = [f"team:{request.team}"] if request.team else []
            named = (*people, *teams, *_things(definition, request.fields))
            return Needs(named, plan_of(definition).read_checks)
        case Comment():
            reads = request.public and plan_of(definition).reads_replies
            return Needs((f"{COMMENT}{request.comment}",) if reads else ())
        case Move():
            plan = plan_of(definition)
            button = plan.by_name.get(request.transition)
            asked = (*(button.rule.check if button else ()), *plan.read_checks)
            processes = _created(button.rule.do) if button else ()
            return Needs(_things(definition, request.fields), tuple(dict.fromkeys(asked)), processes)
        case Message():
            declared = definition.process.messages.get(request.message)
            if declared is None:
                return Needs()
            kinds = {name: FieldDef(type=kind) for name, kind in declared.fields.items()}
            return Needs(_referred(kinds, request.fields))
        case Relink():
            link = definition.process.links.get(request.link)
            known = link.fields if link is not None else {}
            said = ((known[name].type, value) for name, value in request.fields.items() if name in known)
            return Needs(
                tuple(dict.fromkeys(thing for kind, value in said for thing in things_in(kind, value)))
            )
        case AddApprover():
            return Needs((f"person:{request.person}",))
        case HandOver() | Delegate():
            return Needs((f"person:{request.to}",))
    return Needs()


def _created(effects: Iterable[Effect]) -> tuple[str, ...]:
    return tuple(str(effect.argument.process) for effect in effects if effect.verb in OPENS)


def _things(definition: Definition, values: Mapping[str, Json]) -> tuple[str, ...]:
    tickets = [
        f"ticket:{ref}"
        for name, value in values.items()
        if name in definition.process.links and name not in definition.fields
        for ref in refs_in(value)[:MOST_LINKED]
    ]
    return (*_referred(definition.fields, values), *dict.fromkeys(tickets))


def _referred(fields: Mapping[str, FieldDef], values: Mapping[str, Json]) -> tuple[str, ...]:
    """What values refer to, each once, in order."""
    return tuple(
        dict.fromkeys(
            thing
            for name, value in values.items()
            if name in fields
            and (not isinstance(value, list) or len(value) <= LIST_LIMIT)  # longer ones are refused unread
            for thing in things_of(fields[name], value)
        )
    )
