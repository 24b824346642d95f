"""What expressions can read at each place of a process, with its types."""

# Over 400 lines: one name after the other, each with its type, and nothing else is.

from __future__ import annotations

from collections.abc import Iterable

from domain.calendars import (
    ALWAYS_NAME,
    calendar_problems,
    duration_problem,
    next_time_problem,
)
from domain.expressions import (
    ANY,
    BOOLEAN,
    DATE,
    DATETIME,
    DURATION,
    NUMBER,
    TEXT,
    TIME,
    ExpressionError,
    Finding,
    Functions,
    Scope,
    Type,
    calendar_functions,
    check,
    choice_of,
    joined,
    list_of,
    object_of,
    parse,
    standard_functions,
)
from domain.expressions.ast import Ast
from domain.language.event_fields import What, kind_of
from domain.language.models import Cell, FieldDef, LinkTickets, Process, Tell, Unlink
from domain.language.models_process import CATEGORIES
from domain.language.names import ADHOC, CHECKS, Names, zone_of
from domain.language.places import Path

TASK_STATES = ("pending", "open", "running", "done", "failed", "skipped", "cancelled")
APPROVAL_STATES = ("pending", "approved", "rejected", "timed_out", "voided", "withdrawn")

PERSON: Type = object_of(
    "person",
    lambda: {
        "id": TEXT,
        "name": TEXT,
        "email": TEXT,
        "vip": BOOLEAN,
        "manager": PERSON,
        "locale": TEXT,
        "teams": list_of(TEXT),
    },
)
TEAM: Type = object_of("team", lambda: {"id": TEXT, "name": TEXT, "lead": PERSON})
SERVICE = object_of(
    "service",
    {
        "id": TEXT,
        "name": TEXT,
        "tier": TEXT,
        "critical": BOOLEAN,
        "customer_facing": BOOLEAN,
        "team": TEAM,
        "owner": PERSON,
    },
)
ASSET = object_of("asset", {"id": TEXT, "name": TEXT, "kind": TEXT, "owner": PERSON, "service": SERVICE})
ACTOR = object_of(
    "person",
    {
        "id": TEXT,
        "name": TEXT,
        "email": TEXT,
        "vip": BOOLEAN,
        "manager": PERSON,
        "locale": TEXT,
        "roles": list_of(TEXT),
        "teams": list_of(TEXT),
        "groups": list_of(TEXT),
    },
)
FILE = object_of("file", {"name": TEXT, "size": NUMBER, "type": TEXT})
LINKED = object_of("linked ticket", {"id": TEXT, "ref": TEXT, "category": choice_of(*CATEGORIES)})
CLOCK = object_of(
    "clock",
    {
        "due": DATETIME,
        "elapsed": DURATION,
        "left": DURATION,
        "target": DURATION,
        "running": BOOLEAN,
        "breached": BOOLEAN,
    },
)

_TYPES: dict[str, Type] = {
    "text": TEXT,
    "note": TEXT,
    "email": TEXT,
    "url": TEXT,
    "number": NUMBER,
    "money": NUMBER,
    "boolean": BOOLEAN,
    "choice": TEXT,
    "choices": list_of(TEXT),
    "date": DATE,
    "time": TIME,
    "datetime": DATETIME,
    "duration": DURATION,
    "person": PERSON,
    "people": list_of(PERSON),
    "team": TEAM,
    "teams": list_of(TEAM),
    "service": SERVICE,
    "services": list_of(SERVICE),
    "asset": ASSET,
    "assets": list_of(ASSET),
    "attachment": list_of(FILE),
    "rows": list_of(object_of("row")),
}


_PLAIN: dict[What, Type] = {
    "person": PERSON,
    "text": TEXT,
    "boolean": BOOLEAN,
    "datetime": DATETIME,
    "response": ANY,
}
"""Types of what events tell, wherever they tell it."""


def type_of(field: FieldDef | Cell) -> Type:
    """The type of a field, or of a cell, in expressions."""
    if isinstance(field, FieldDef) and field.columns:
        return list_of(object_of("row", {name: type_of(column) for name, column in field.columns.items()}))
    if field.type == "choice" and field.options:
        return choice_of(*field.options)
    if field.type == "choices" and field.options:
        return list_of(choice_of(*field.options))
    return _TYPES[field.type]


def type_named(name: str) -> Type:
    """The type a field of this type has, without options."""
    return _TYPES[name]


class Scopes:
    """The scopes of one process, each built once."""

    def __init__(self, process: Process, names: Names) -> None:
        self._process = process
        self._names = names
        self.functions = _functions(process)
        self.ticket = object_of("ticket", self._ticket())
        self._base: dict[str, Type] = {
            "ticket": self.ticket,
            "actor": ACTOR,
            "now": DATETIME,
            "clock": _each("clocks", names.clocks, CLOCK),
            "task": object_of("tasks", {name: self._task(name) for name in names.tasks}),
            "tasks": list_of(
                object_of("task", {"name": TEXT, "state": choice_of(*TASK_STATES), "outcome": TEXT})
            ),
            "approval": object_of(
                "approvals", {name: _approval(names.answers_of(name)) for name in names.approvals}
            ),
            "check": object_of("checks", {name: list_of(_found(name)) for name in CHECKS}),
            "link": object_of("links", {name: self._link(name) for name in names.links}),
        }
        self._base["table"] = object_of(
            "tables",
            {
                name: object_of("table", {column: type_of(one) for column, one in table.columns.items()})
                for name, table in process.tables.items()
            },
        )
        self._base["links"] = object_of("links", {name: list_of(self._linked(name)) for name in names.links})
        self.base = Scope(self._base, self.functions)
        before = object_of("ticket before", self._ticket())
        self._before = Scope({**self._base, "old": before}, self.functions)
        self._elements: dict[str, Type] = {}
        self._events: dict[tuple[str, ...], Scope] = {}

    def _linked(self, *names: str) -> Type:
        """A ticket at the other end of one of these links: itself, what is read of it, what is known of it here."""
        members: dict[str, Type] = {}
        for name in names:
            rule = self._process.links.get(name)
            if rule is None:
                continue
            read = {field: type_named(kind) for field, kind in rule.reads.items()}
            for field, type_ in {
                **read,
                **{field: type_of(one) for field, one in rule.fields.items()},
            }.items():
                before = members.get(field)
                members[field] = type_ if before is None else joined(before, type_) or ANY
        own = {"id": TEXT, "ref": TEXT, "category": choice_of(*CATEGORIES)}
        return object_of("linked ticket", members | own)

    def _picked(self, path: Path) -> Type:
        """A ticket that the action at this place picks, as its `linked` reads it."""
        found: object = self._process
        for key in path:
            match found:
                case dict():
                    found = found.get(key)
                case tuple():
                    found = found[key] if isinstance(key, int) and key < len(found) else None
                case _:
                    found = getattr(found, str(key), None)
        name: object = None
        if isinstance(found, LinkTickets):
            name = found.from_ or found.link
        elif isinstance(found, Tell | Unlink):
            name = found.link
        return self._linked(*((str(name),) if name in self._names.links else self._names.links))

    def _link(self, name: str) -> Type:
        rule = self._process.links.get(name)
        return list_of(self._linked(name)) if rule is None or rule.many else self._linked(name)

    def at(self, path: Path) -> Scope:
        """What can be read at a place of the definition."""
        action = (
            path[:-1] if path[-1] == "where" else path[:-2] if path[-3:-1] == ("link", "fields") else None
        )
        if action:
            return Scope({**self.at(action).names, "linked": self._picked(action)}, self.functions)
        if path[0] == "transitions" and len(path) > 1:
            transition = self._process.transitions[str(path[1])]
            return self._with_event(transition.when) if transition.when else self._before
        if path[0] == "schedule":  # there is no ticket yet
            return Scope({"now": DATETIME}, self.functions)
        if path[0] == "routing":
            return self._before
        if path[0] == "tasks" and len(path) > 1:
            return self._in_task(str(path[1]), path[2:3])
        if path[0] == "migrate" and "fields" in path[2:3]:
            return Scope({**self._base, "old": object_of("old fields")}, self.functions)
        return self.base

    def _in_task(self, name: str, key: Path) -> Scope:
        """What can be read in a task; one for each element of a list reads that element."""
        names = dict(self._base)
        rule = self._process.tasks.get(name)
        if "save" in key:
            names["response"] = ANY
        if rule is not None and rule.for_each is not None and "for_each" not in key:
            names[str(rule.as_)] = self.element(name)
        return Scope(names, self.functions)

    def element(self, task: str) -> Type:
        """What one element of a task's list is; anything when it has no list, or none that can be read."""
        if task not in self._elements:
            rule = self._process.tasks.get(task)
            try:
                given = check(parse(str(rule.for_each)), self.base)[0] if rule and rule.for_each else ANY
            except ExpressionError:  # reported where it is written
                given = ANY
            self._elements[task] = given.item or ANY if given.kind == "list" else ANY
        return self._elements[task]

    def _with_event(self, when: tuple[str, ...]) -> Scope:
        if when not in self._events:
            members: dict[str, Type] = {"name": choice_of(*when)}
            for event in when:
                for name, type_ in self.event_fields(event).items():
                    before = members.get(name)
                    members[name] = type_ if before is None else joined(before, type_) or ANY
            understood = all(event in self._names.events for event in when)
            event_type = object_of("event", members if understood else None)
            names = {**self._before.names, "event": event_type}
            self._events[when] = Scope(names, self.functions)
        return self._events[when]

    def event_fields(self, event: str) -> dict[str, Type]:
        """What an event tells, with the types this process gives it; without `name`, which every event has."""
        kind = kind_of(event)
        if kind is None:
            return {}
        section, _, name = event.partition(".")
        about = name.partition(".")[0]
        found: dict[str, Type] = {}
        for field, told in kind.fields.items():
            type_ = self._told(told.what, section, about)
            if type_ is not None:
                found[field] = type_
        if section == "message" and about in self._process.messages:
            own = self._process.messages[about].fields
            found = {name: type_named(type_) for name, type_ in own.items()} | found
        return found

    def _told(self, what: What, section: str, about: str) -> Type | None:
        """The type of what an event tells about something; None when it tells no such thing of it."""
        if what in _PLAIN:
            return _PLAIN[what]
        value = dict(self.ticket.all_members() or {}).get(about, ANY)
        match what:
            case "state":
                return choice_of(*self._names.states)
            case "transition":
                return choice_of(*self._names.transitions)
            case "task":
                return choice_of(*self._names.tasks)
            case "field names":
                return list_of(choice_of(*self._names.fields))
            case "value":
                return value
            case "values":
                return value if value.kind == "list" else None
            case "linked ticket":
                return LINKED if section == "message" else self._linked(about)
            case "element":
                rule = self._process.tasks.get(about)
                return self.element(about) if rule is not None and rule.for_each is not None else None
            case _:
                return self._outcome(about)

    def _task(self, name: str) -> Type:
        members = {"state": choice_of(*TASK_STATES), "error": TEXT, "attempt": NUMBER, "due": DATETIME}
        return object_of("task", {**members, "outcome": self._outcome(name), "response": ANY})

    def _outcome(self, task: str) -> Type:
        base, added = task.partition(".")[0], self._process.adhoc_tasks
        rule = added.task if base == ADHOC and added is not None else self._process.tasks.get(base)
        return choice_of(*rule.outcomes) if rule is not None and rule.outcomes else TEXT

    def _ticket(self) -> dict[str, Type]:
        process = self._process
        members: dict[str, Type] = dict.fromkeys(self._names.fields, ANY)  # some may not have been understood
        members |= {name: type_of(field) for name, field in self._names.field_defs.items()}
        risk = choice_of(*process.risk.levels) if process.risk else TEXT
        return members | {
            "id": TEXT,
            "ref": TEXT,
            "process": TEXT,
            "state": choice_of(*self._names.states),
            "entered_at": DATETIME,
            "opened_at": DATETIME,
            "agreement": choice_of(*process.agreements) if process.agreements else TEXT,
            "risk": risk,
            "risk_score": NUMBER,
            "risk_reasons": list_of(TEXT),
        }


def _found(check: str) -> Type:
    """What a check finds: a freeze, or another ticket with its planned window."""
    window = {"id": TEXT, "start": DATETIME, "end": DATETIME}
    if check in ("freezes", "maintenance"):
        return object_of("freeze" if check == "freezes" else "window", window)
    ticket = {"ref": TEXT, "title": TEXT, "requester": PERSON, "service": SERVICE, "opened_at": DATETIME}
    return object_of("ticket found", {**window, **ticket})


def _each(name: str, names: Iterable[str], type_: Type) -> Type:
    return object_of(name, dict.fromkeys(names, type_))


def _approval(answers: tuple[str, ...]) -> Type:
    return object_of(
        "approval",
        {
            "state": choice_of(*APPROVAL_STATES, *answers),
            "stage": TEXT,
            "waiting_for": list_of(PERSON),
            "comment": TEXT,
            "decided_by": PERSON,
            "decided_at": DATETIME,
        },
    )


def _functions(process: Process) -> Functions:
    sound = {
        name: calendar for name, calendar in process.calendars.items() if not calendar_problems(calendar)
    }

    def amount(arguments: tuple[Ast, ...]) -> list[Finding]:
        if len(arguments) != 3 or arguments[1][0] != "duration" or arguments[2][0] != "literal":
            return []
        problem = duration_problem(sound.get(arguments[2][2]), arguments[1][2])
        return [Finding(arguments[1][1], problem)] if problem else []

    def moment(arguments: tuple[Ast, ...]) -> list[Finding]:
        if not arguments or arguments[0][0] != "literal" or not isinstance(arguments[0][2], str):
            return []
        problem = next_time_problem(arguments[0][2])
        return [Finding(arguments[0][1], problem)] if problem else []

    try:
        standard = standard_functions(zone_of(process))
    except ValueError:  # reported where the zone is written
        standard = standard_functions()
    names = [*process.calendars, ALWAYS_NAME]
    return standard.with_functions(*calendar_functions(names, verify={"add_working": amount, "next": moment}))
