"""What expressions can see: the ticket, who acts, the event, clocks, tasks, approvals, links, checks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Protocol

from domain.engine.clock_time import elapsed_of, left_of, target_length
from domain.engine.events import Actor
from domain.engine.task_rules import base_of, is_group
from domain.engine.ticket import Approval, Clock, Json, Link, Task, Ticket
from domain.engine.values import AS_KEPT, LISTS, REFERENCES, Reference, instant, typed
from domain.language.definition import Definition
from domain.language.event_fields import kind_of
from domain.language.models import FieldDef

Known = Mapping[str, Mapping[str, Json]]


class Seen(Protocol):
    """What a scope reads: the ticket as it is at this point of a step."""

    @property
    def definition(self) -> Definition: ...
    @property
    def at(self) -> datetime: ...
    @property
    def fields(self) -> Mapping[str, Json]: ...
    @property
    def known(self) -> Known: ...
    @property
    def clocks(self) -> Mapping[str, Clock]: ...
    @property
    def tasks(self) -> Mapping[str, Task]: ...
    @property
    def approvals(self) -> Mapping[str, Approval]: ...
    @property
    def links(self) -> Mapping[str, tuple[Link, ...]]: ...

    def built_in(self, name: str) -> object: ...


class Thing(Reference):
    """A person, team, service or asset: its id, and the attributes the ticket keeps of it."""

    __slots__ = ("_known",)

    def __init__(self, kind: str, id: str, known: Known) -> None:
        super().__init__(kind, id)
        self._known = known

    def get(self, name: str) -> object:
        """An attribute; names are looked up only when a text is rendered."""
        if name == "id":
            return self.id
        if name in ("name", "email"):
            return NameOf(self.kind, self.id)
        value = self._known.get(f"{self.kind}:{self.id}", {}).get(name)
        if name in ("manager", "owner", "lead") and isinstance(value, str):
            return Thing("person", value, self._known)
        if name in ("team", "service") and isinstance(value, str):
            return Thing(name, value, self._known)
        return value

    def __eq__(self, other: object) -> bool:
        if isinstance(other, str):
            return self.id == other
        return isinstance(other, Thing) and (self.kind, self.id) == (other.kind, other.id)

    def __hash__(self) -> int:
        return hash(self.id)


class NameOf(Reference):
    """The name of a thing, which the ticket does not hold: a text shows it when it is rendered."""

    __slots__ = ()

    def __str__(self) -> str:
        return self.id


class ActorScope(Thing):
    """Who acts. Equal to the person of the same id; `roles` are those of the definition this actor fills."""

    __slots__ = ("_actor", "_roles")

    def __init__(self, actor: Actor, known: Known, roles: Callable[[], frozenset[str]]) -> None:
        super().__init__("person", actor.id, known)
        self._actor = actor
        self._roles = roles

    def get(self, name: str) -> object:
        """An attribute of the actor."""
        match name:
            case "roles":
                return sorted(self._roles())
            case "teams":
                return list(self._actor.teams)
            case "groups":
                return list(self._actor.groups)
            case "vip":
                return self._actor.vip
            case "locale":
                return self._actor.locale
            case _:
                return super().get(name)


class TicketScope:
    """`ticket` in expressions: built-in members and fields, typed as the definition declares them."""

    __slots__ = ("_seen",)

    def __init__(self, seen: Seen) -> None:
        self._seen = seen

    def get(self, name: str) -> object:
        """A member's typed value; None when it is not set."""
        seen = self._seen
        value = seen.fields.get(name)
        if value is None:
            return seen.built_in(name)
        declared = seen.definition.fields.get(name)
        return value if declared is None else typed_value(declared, value, seen.known)


class Before:
    """The ticket before the present event, as `old` reads it."""

    __slots__ = ("_ticket", "definition")

    def __init__(self, definition: Definition, ticket: Ticket) -> None:
        self.definition = definition
        self._ticket = ticket

    def get(self, name: str) -> object:
        """A member's typed value then; None when it was not set."""
        ticket = self._ticket
        value = ticket.fields.get(name)
        if value is not None:
            declared = self.definition.fields.get(name)
            return value if declared is None else typed_value(declared, value, ticket.known)
        if not ticket.seq:
            return None  # it is being opened: nothing was before
        match name:
            case "id" | "ref" | "process" | "state" | "entered_at" | "opened_at":
                return getattr(ticket, name)
            case "agreement":
                return ticket.agreement or None
            case _:
                return None


def typed_value(declared: FieldDef, value: Json, known: Known) -> object:
    """A field's value as expressions see it; a row is an object with its columns."""
    if declared.type in AS_KEPT:
        return value
    if not declared.columns or not isinstance(value, list):
        return typed_field(declared.type, value, known)
    return [
        {name: typed_field(column.type, row.get(name), known) for name, column in declared.columns.items()}
        for row in value
        if isinstance(row, dict)
    ]


def typed_field(kind: str, value: Json, known: Known) -> object:
    """A field's value as expressions see it."""
    reference = REFERENCES.get(kind)
    if reference and isinstance(value, str):
        return Thing(reference, value, known)
    if kind in LISTS and isinstance(value, list):
        return [Thing(LISTS[kind], str(one), known) for one in value]
    return typed(kind, value)


def typed_element(element: Json, known: Known) -> object:
    """An element as expressions see it."""
    if not isinstance(element, dict):
        return element
    row = element.get("$row")
    if isinstance(row, dict):
        return {name: typed_element(cell, known) for name, cell in row.items()}
    for key, value in element.items():
        if key == "$at":
            return instant(str(value))
        if key == "$date":
            return date.fromisoformat(str(value))
        if key == "$for" and isinstance(value, int | float):
            return timedelta(seconds=value)
        return Thing(key.removeprefix("$"), str(value), known)
    return None


def typed_event(name: str, data: Mapping[str, object], known: Known) -> dict[str, object]:
    """What an event tells, as expressions see it: what was kept as JSON has its type again."""
    kind = kind_of(name)
    found = dict(data)
    for field, told in kind.fields.items() if kind is not None else ():
        value = found.get(field)
        if told.what in ("person", "datetime") and isinstance(value, str):
            found[field] = typed_field(told.what, value, known)
        elif told.what == "element":
            found[field] = typed_element(value, known)
    return found


class Lazy:
    """An object whose members are computed when they are read."""

    __slots__ = ("get",)

    def __init__(self, get: Callable[[str], object]) -> None:
        self.get = get


def clock_scope(seen: Seen, name: str) -> object:
    """`clock.<name>`: due, elapsed, left, running, breached, target."""
    clock = seen.clocks.get(name)
    if clock is None:
        return None

    def member(what: str) -> object:
        match what:
            case "due":
                return clock.due_at
            case "running":
                return clock.status == "running"
            case "breached":
                return clock.breached_at is not None
            case "elapsed":
                return elapsed_of(seen.definition, clock, seen.at)
            case "target":
                return target_length(seen.definition, clock)
            case "left":
                left = left_of(seen.definition, clock, seen.at)
                return None if left is None else max(left, timedelta(0))
            case _:
                return None

    return Lazy(member)


def tasks_scope(seen: Seen) -> list[dict[str, object]]:
    """`tasks`: every task with its name, state and outcome, in the order of their names.

    Those of a list and those people added stand one by one, under the name the file has for them.
    """
    return [
        {"name": base_of(name), "state": task.state, "outcome": task.outcome or None}
        for name, task in sorted(seen.tasks.items())
        if not is_group(seen.definition, name)
    ]


def task_scope(task: Task | None) -> object:
    """`task.<name>`: state, error, attempt, due, outcome, response."""
    if task is None:
        return None
    return {
        "state": task.state,
        "error": task.error or None,
        "attempt": task.attempt,
        "due": task.due_at,
        "outcome": task.outcome or None,
        "response": task.response,
    }


def linked_scope(definition: Definition, name: str, link: Link, known: Known) -> dict[str, object]:
    """A linked ticket as conditions see it: itself, the category of its state, what is read of it."""
    rule = definition.process.links.get(name)
    reads = rule.reads if rule is not None else {}
    values = {field: typed_field(kind, link.values.get(field), known) for field, kind in reads.items()}
    for field, declared in rule.fields.items() if rule is not None else ():
        values[field] = typed_field(declared.type, link.fields.get(field), known)
    return {**values, "id": link.ticket, "ref": link.ref, "category": link.category or None}


def linked_scopes(seen: Seen, name: str) -> list[dict[str, object]]:
    """The tickets of a link."""
    return [linked_scope(seen.definition, name, one, seen.known) for one in seen.links.get(name, ())]


def link_scope(seen: Seen, name: str) -> object:
    """The tickets of a link, or the one ticket of a link to one."""
    rule = seen.definition.process.links.get(name)
    linked = linked_scopes(seen, name)
    return linked if rule is None or rule.many else next(iter(linked), None)


def approval_scope(seen: Seen, run: Approval | None) -> object:
    """`approval.<name>`: state, comment, decided_at, decided_by, stage, waiting_for."""
    if run is None:
        return None
    open_now = [(id, stage) for id, stage in run.stages.items() if stage.state == "open"]

    def member(what: str) -> object:
        match what:
            case "state" | "decided_at":
                return getattr(run, what)
            case "comment":
                return run.comment or None
            case "decided_by":
                return Thing("person", run.decided_by, seen.known) if run.decided_by else None
            case "stage":
                return open_now[0][0] if open_now else None
            case "waiting_for":
                waiting = [
                    seat.turn_of(seen.at)
                    for _, stage in open_now
                    for seat in stage.seats
                    if not seat.answer and seat.kind != "veto"
                ]
                return [Thing("person", person, seen.known) for person in dict.fromkeys(waiting)]
            case _:
                return None

    return Lazy(member)


def build_scope(seen: Seen, actor: ActorScope | None, checks: Mapping[str, object]) -> dict[str, Any]:
    """The names an expression may read; they always show the present values of `seen`."""
    links = Lazy(lambda name: linked_scopes(seen, name))
    return {
        "ticket": TicketScope(seen),
        "actor": actor,
        "now": seen.at,
        "event": None,
        "clock": Lazy(lambda name: clock_scope(seen, name)),
        "task": Lazy(lambda name: task_scope(seen.tasks.get(name))),
        "link": Lazy(lambda name: link_scope(seen, name)),
        "links": links,
        "approval": Lazy(lambda name: approval_scope(seen, seen.approvals.get(name))),
        "check": checks,
    }
