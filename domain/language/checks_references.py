"""Every name must be known: states, fields, roles, calendars, tasks, forms, links, events and so on."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from domain.language import checks_lists
from domain.language.builtin_fields import DERIVED
from domain.language.checking import Checking
from domain.language.models import (
    BACK,
    AdhocTasks,
    ApprovalRef,
    CalendarRef,
    ClockRef,
    Condition,
    CreateTicket,
    EscalationRef,
    EventRef,
    FieldRef,
    FormRef,
    LevelRef,
    Link,
    LinkRef,
    Model,
    Permission,
    Selector,
    SourceRef,
    StateRef,
    StatesRef,
    TaskRef,
    Tell,
    TemplateRef,
    TicketTask,
    Transition,
    Word,
)
from domain.language.names import EVENT_KINDS, RESERVED_ROLES, STATE_WORDS
from domain.language.places import Path
from domain.language.suggest import did_you_mean, nearest, one_of

Parts = Iterable[tuple[Path, Model | Word]]

_RELATIONS = {
    "field": ("person", "people", "team", "teams"),
    "manager-of": ("person", "people"),
    "lead-of": ("team", "teams"),
    "members-of": ("team", "teams"),
    "on-call-of": ("team", "teams"),
    "owner-of": ("service", "services", "asset", "assets"),
}
_OF_A_TEAM = {"lead-of": "lead", "members-of": "team", "on-call-of": "on-call"}


def check_references(checking: Checking, parts: Parts) -> None:
    """Unknown names, each with the nearest known one."""
    names = checking.names
    known: dict[type[object], tuple[str, Callable[[], Iterable[str]]]] = {
        StateRef: ("state", lambda: names.states),
        StatesRef: ("state", lambda: (*names.states, *names.groups, *STATE_WORDS)),
        EventRef: ("event", lambda: names.events),
        CalendarRef: ("calendar", lambda: names.calendars),
        TemplateRef: ("notification", lambda: names.notifications),
        EscalationRef: ("escalation", lambda: names.escalations),
        ClockRef: ("clock", lambda: names.clocks),
        TaskRef: ("task", lambda: names.tasks),
        ApprovalRef: ("approval", lambda: names.approvals),
        FieldRef: ("field", lambda: names.fields),
        FormRef: ("form", lambda: names.forms),
        LinkRef: ("link", lambda: names.links),
        LevelRef: ("priority level", lambda: names.levels),
        SourceRef: ("link", lambda: (*names.links, "sender")),
    }
    sets: dict[type[object], frozenset[str]] = {
        kind: frozenset(list_names()) for kind, (_, list_names) in known.items()
    }
    for path, part in parts:
        kind = type(part)
        if kind in sets:
            if kind is StatesRef and ":" in part:
                _check_status(checking, path, str(part))
            elif part not in sets[kind] and not _needs_no_name(path, str(part)):
                what, list_names = known[kind]
                if kind is EventRef and not nearest(str(part), names.events):
                    checking.error(path, f'unknown event "{part}"; there are {EVENT_KINDS}')
                else:
                    checking.unknown(path, what, str(part), list_names())
        elif kind is Selector:
            _check_selector(checking, path, str(part))
        elif isinstance(part, Transition):
            _check_one_field(checking, (*path, "from"), part.from_)
        elif isinstance(part, AdhocTasks | Condition | Permission):
            _check_one_field(checking, (*path, "in"), part.in_ or ())
        elif isinstance(part, Link):
            _check_link(checking, path, part)
        elif isinstance(part, CreateTicket | TicketTask):
            _check_published(checking, (*path, "process"), part.process)
        elif isinstance(part, Tell):
            _check_tell(checking, path, part)
    for role in RESERVED_ROLES:
        if role in checking.process.roles:
            checking.error(
                ("roles", role), f'the role "{role}" is built in; give this one another name', key=True
            )


def _check_status(checking: Checking, path: Path, test: str) -> None:
    """A choice field that is tested beside the state."""
    name, value = test.split(":", 1)
    field = checking.names.field_defs.get(name)
    if name not in checking.names.fields:
        choices = [one for one, declared in checking.names.field_defs.items() if declared.type == "choice"]
        checking.unknown(path, "choice field", name, choices)
    elif field is not None and field.type != "choice":
        message = f'only a choice can be tested beside the state, and "{name}" is {field.type}; use `if`'
        checking.error(path, message, code="value")
    elif field is not None and value not in field.options:
        checking.unknown(path, f"option of {name}", value, field.options)


def _check_one_field(checking: Checking, path: Path, names: tuple[str, ...]) -> None:
    """Beside the state one field may be tested."""
    fields = dict.fromkeys(name.split(":", 1)[0] for name in names if ":" in name)
    if len(fields) > 1:
        message = f"one field may be tested beside the state, and these are {' and '.join(fields)}; use `if`"
        checking.error(path, message, code="value")


def _needs_no_name(path: Path, name: str) -> bool:
    """`edit: all`, `to: back`; and what stands for itself when nothing is declared: the priority, the create form."""
    if path[0] == "clocks":
        return name == "priority" and path[-1] == "by"
    if path[0] == "transitions":
        return name == BACK and "to" in path[2:3]
    return name == "all" and path[-2] == "edit"


def _check_selector(checking: Checking, path: Path, selector: str) -> None:
    relation, _, name = selector.partition(":")
    while relation == "manager-of" and ":" in name:  # of whoever the rest names
        relation, _, name = name.partition(":")
    if not name:
        if selector not in checking.names.roles:
            hint = did_you_mean(selector, checking.names.roles)
            if not hint and selector in checking.names.fields:
                hint = f'; write "field:{selector}" for the field'
            hint = hint or f"; known: {one_of(checking.names.roles)}, or write team:…, group:…, person:…"
            checking.error(path, f'unknown role "{selector}"{hint}')
        return
    if relation not in _RELATIONS:
        return  # team:x, group:x and so on live in the organisation
    if checks_lists.reads_element(checking, path, name):
        checks_lists.check_selector(checking, path, relation, name, _RELATIONS[relation])
        return
    if name in DERIVED or name not in checking.names.fields:
        if relation in _OF_A_TEAM and not nearest(name, checking.names.fields):
            message = f'unknown field "{name}"; "{relation}:" reads a field; for the team itself write '
            checking.error(path, f'{message}"{_OF_A_TEAM[relation]}:{name}"')
        else:
            checking.unknown(path, "field", name, checking.names.fields)
        return
    field = checking.names.field_defs.get(name)
    wanted = _RELATIONS[relation]
    if field is not None and field.type not in wanted:
        checking.error(
            path, f'"{relation}:" needs a field of type {" or ".join(wanted)}, and "{name}" is {field.type}'
        )


def _check_link(checking: Checking, path: Path, link: Link) -> None:
    for index, process in enumerate(link.process):
        _check_published(checking, (*path, "process", index), process)
    if set(map(str, link.process)) == {str(checking.process.id)} and link.inverse not in checking.names.links:
        checking.unknown((*path, "inverse"), "link", link.inverse, checking.names.links)


def _check_published(checking: Checking, path: Path, process: str) -> None:
    if process not in checking.known_processes:
        hint = did_you_mean(process, checking.known_processes)
        checking.warn(
            path, f'the process "{process}" is not published; until it is, this cannot be used{hint}'
        )


def _check_tell(checking: Checking, path: Path, tell: Tell) -> None:
    """Messages to other processes are theirs; those to tickets of this process can be checked."""
    link = checking.process.links.get(tell.link)
    if link is None or set(map(str, link.process)) != {str(checking.process.id)}:
        return
    message = checking.process.messages.get(tell.message)
    if message is None:
        if tell.message not in checking.names.messages:
            checking.unknown((*path, "message"), "message", tell.message, checking.names.messages)
        return
    for name in tell.with_:
        if name not in message.fields:
            checking.unknown(
                (*path, "with", name), f"field of the message {tell.message}", name, message.fields, key=True
            )
