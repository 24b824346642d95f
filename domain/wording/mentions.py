"""Where a definition speaks of one of its parts: who sets a field, what waits for an approval."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from pydantic import BaseModel

from domain.expressions import ExpressionError, names_read, parse, parse_template
from domain.language.models import Process
from domain.language.words import (
    ApprovalRef,
    CalendarRef,
    EscalationRef,
    EventRef,
    Expr,
    FieldRef,
    FormRef,
    LinkRef,
    Selector,
    StateRef,
    StatesRef,
    TaskRef,
    TemplateRef,
    Word,
)

Path = tuple[str, ...]

SINGULAR = {
    "fields": "field",
    "states": "state",
    "transitions": "transition",
    "clocks": "clock",
    "approvals": "approval",
    "tasks": "task",
    "escalations": "escalation",
    "notifications": "notification",
    "calendars": "calendar",
    "forms": "form",
    "links": "link",
    "messages": "message",
    "roles": "role",
    "agreements": "agreement",
    "freezes": "freeze",
    "maintenance": "window",
    "groups": "group",
    "tables": "table",
    "rules": "rule",
}
"""Sections whose items have names, and what one item is called."""

_REFERENCES: dict[str, tuple[type[Word], ...]] = {
    "fields": (FieldRef,),
    "states": (StateRef, StatesRef),
    "groups": (StatesRef,),
    "approvals": (ApprovalRef,),
    "tasks": (TaskRef,),
    "escalations": (EscalationRef,),
    "notifications": (TemplateRef,),
    "calendars": (CalendarRef,),
    "forms": (FormRef,),
    "links": (LinkRef,),
    "roles": (Selector,),
}
_ROOTS = {"fields": "ticket", "links": "links"}  # what expressions call them, where it is not the singular
_EVENTS = {
    "fields": ("changed.{0}",),
    "states": ("entered.{0}", "left.{0}"),
    "transitions": ("done.{0}",),
    "messages": ("message.{0}",),
}
_NAMED_BY_KEYS = (
    "set",
    "save",
    "ask",
    "fields",
    "forms",
    "form",
    "default",
)  # mappings from fields to values


def mentions(process: Process, section: str, name: str) -> list[Path]:
    """Paths of the values that speak of an item, its own definition aside, in the order of the models."""
    found: dict[Path, None] = {}
    for path, value in _leaves(process):
        if path[:2] != (section, name) and _speaks_of(path, value, section, name):
            found[path] = None
    return list(found)


def _leaves(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    if isinstance(value, BaseModel):
        for key in type(value).model_fields:
            yield from _leaves(getattr(value, key), (*path, key.rstrip("_")))
    elif isinstance(value, dict):
        for key, child in value.items():
            yield (*path, str(key)), None  # the key itself
            yield from _leaves(child, (*path, str(key)))
    elif isinstance(value, tuple | list):
        for index, child in enumerate(value):
            yield from _leaves(child, (*path, str(index)))
    elif isinstance(value, str):
        yield path, value


def _speaks_of(path: Path, value: str | None, section: str, name: str) -> bool:
    if value is None:
        return section == "fields" and path[-1] == name and len(path) > 1 and path[-2] in _NAMED_BY_KEYS
    if isinstance(value, EventRef):
        kind = SINGULAR[section]
        patterns = _EVENTS.get(section, (kind + ".{0}",))
        return any(f"{value}.".startswith(f"{pattern.format(name)}.") for pattern in patterns)
    if isinstance(value, Selector):
        whom = value.rpartition(":")[2].strip()
        return whom == name and section == ("fields" if ":" in value else "roles")
    if isinstance(value, Word) and isinstance(value, _REFERENCES.get(section, ())):
        return str(value) == name
    root = _ROOTS.get(section, SINGULAR[section])
    return any(read[:2] == (root, name) for read in _read(str(value), expression=isinstance(value, Expr)))


@lru_cache(maxsize=8192)
def _read(text: str, *, expression: bool) -> frozenset[tuple[str, ...]]:
    try:
        return names_read(parse(text)) if expression else parse_template(text).names_read()
    except ExpressionError:
        return frozenset()
