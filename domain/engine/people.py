"""Selectors: who may, who is told. A selector is lowered to a directory query with the ticket's own ids in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from domain.engine.events import Actor
from domain.engine.ticket import Json
from domain.language.definition import Definition

EVERYONE = "everyone"
PAGED = "paged"
TASK_PEOPLE = "task_people"
"""Whoever a task is for, in the task's own actions."""

Fields = Mapping[str, Json]
Known = Mapping[str, Mapping[str, Json]]


def lower(definition: Definition, selectors: Iterable[str], fields: Fields, known: Known) -> tuple[str, ...]:
    """Directory queries for selectors: `person:wang`, `members:network-l2`, `lead:network-l2`,
    `on-call:duty-manager`, `group:stakeholders`; `everyone` and `paged` stay. What points at nothing is left out.
    """
    found: dict[str, None] = {}
    for selector in selectors:
        for query in _lower_one(definition, selector, fields, known, depth=0):
            found[query] = None
    return tuple(found)


def lower_or_nobody(
    definition: Definition, selectors: Iterable[str], fields: Fields, known: Known
) -> tuple[str, ...]:
    """Like `lower`, but what points at nothing says so: `nobody:<selectors>`."""
    wanted = tuple(selectors)
    return lower(definition, wanted, fields, known) or ("nobody:" + ", ".join(wanted),)


def _lower_one(definition: Definition, selector: str, fields: Fields, known: Known, depth: int) -> list[str]:
    if depth > 8:  # a role that names itself; the loader reports it
        return []
    kind, colon, rest = selector.partition(":")
    if not colon:
        if selector in (EVERYONE, PAGED, TASK_PEOPLE):
            return [selector]
        role = definition.roles.get(selector, ())
        return [query for part in role for query in _lower_one(definition, part, fields, known, depth + 1)]
    if kind == "team":
        return [f"members:{rest}"]
    if kind in ("person", "group", "lead", "on-call"):
        return [selector]
    if kind == "field":
        return _people_in(definition, rest, fields)
    if kind == "manager-of" and ":" in rest:  # of whoever that names; the directory knows their managers
        inner = _lower_one(definition, rest, fields, known, depth + 1)
        return [f"manager-of:{query}" for query in inner]
    return _relation(definition, kind, rest, fields, known)


def _people_in(definition: Definition, name: str, fields: Fields) -> list[str]:
    value = fields.get(name)
    declared = definition.fields.get(name)
    kind = declared.type if declared else "person"
    prefix = "members" if kind == "team" else "person"
    return [f"{prefix}:{one}" for one in _each(value)]


def _relation(definition: Definition, kind: str, name: str, fields: Fields, known: Known) -> list[str]:
    queries: list[str] = []
    for value in _each(fields.get(name)):
        if kind == "members-of":
            queries.append(f"members:{value}")
        elif kind == "lead-of":
            queries.append(f"lead:{value}")
        elif kind == "on-call-of":
            queries.append(f"on-call:{value}")
        elif kind == "manager-of":
            queries.extend(_attribute(known, f"person:{value}", "manager"))
        elif kind == "owner-of":
            declared = definition.fields.get(name)
            owned = "asset" if declared is not None and declared.type in ("asset", "assets") else "service"
            queries.extend(_attribute(known, f"{owned}:{value}", "owner"))
    return queries


def _attribute(known: Known, thing: str, name: str) -> list[str]:
    value = known.get(thing, {}).get(name)
    return [f"person:{value}"] if isinstance(value, str) and value else []


def _each(value: Json) -> list[str]:
    if isinstance(value, str):
        return [value] if value else []
    if isinstance(value, list):
        return [one for one in value if isinstance(one, str)]
    return []


def is_among(actor: Actor, queries: Iterable[str]) -> bool:
    """Whether the actor is one of those a lowered query names."""
    return any(_is(actor, query) for query in queries)


def _is(actor: Actor, query: str) -> bool:
    if query == EVERYONE:
        return True
    if query == PAGED:
        return actor.paged
    kind, _, name = query.partition(":")
    match kind:
        case "person":
            return actor.id == name
        case "members":
            return name in actor.teams
        case "lead":
            return name in actor.leads
        case "group":
            return name in actor.groups
        case "on-call":
            return name in actor.on_call
        case "manager-of":  # one step up; who is farther up, only the directory knows
            inner, _, person = name.partition(":")
            return inner == "person" and person in actor.manages
        case _:
            return False
