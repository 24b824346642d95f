"""What was only given another name: found where it is evident, and carried through the old definition."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from pydantic import BaseModel

from domain.language.models import Process
from domain.language.words import (
    ApprovalRef,
    CalendarRef,
    EscalationRef,
    EventRef,
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

Renames = Mapping[str, Mapping[str, str]]
"""By section: old name to new name."""

SECTIONS = (
    "fields", "forms", "roles", "groups", "states", "transitions", "clocks", "approvals", "tasks", "escalations",
    "notifications", "links", "calendars", "agreements", "freezes", "maintenance",
)  # fmt: skip
_ALIKE = 0.7

_REFERENCES: tuple[tuple[type[Word], tuple[str, ...]], ...] = (
    (FieldRef, ("fields",)),
    (StateRef, ("states",)),
    (StatesRef, ("states", "groups")),
    (TaskRef, ("tasks",)),
    (ApprovalRef, ("approvals",)),
    (EscalationRef, ("escalations",)),
    (TemplateRef, ("notifications",)),
    (CalendarRef, ("calendars",)),
    (FormRef, ("forms",)),
    (LinkRef, ("links",)),
)
_EVENTS = {
    "entered": "states", "left": "states", "done": "transitions", "changed": "fields", "approval": "approvals",
    "task": "tasks", "clock": "clocks", "escalation": "escalations", "link": "links",
}  # fmt: skip
_ROOTS = {"ticket": "fields", "old": "fields", "task": "tasks", "clock": "clocks", "approval": "approvals",
          "link": "links", "links": "links"}  # fmt: skip
_READ = re.compile(r"\b(" + "|".join(_ROOTS) + r")\.([a-z][a-z0-9_]*)")
_KEYS_ARE_FIELDS = ("set", "save", "ask", "fields", "with")


def renames(old: Process, new: Process) -> dict[str, dict[str, str]]:
    """Names that went and came with nearly the same meaning; `migrate` lines of the new one count as said."""
    found: dict[str, dict[str, str]] = {}
    mapped = [line for line in new.migrate if line.from_ == old.version]
    for section in SECTIONS:
        before, after = getattr(old, section), getattr(new, section)
        gone = [name for name in before if name not in after]
        come = [name for name in after if name not in before]
        chosen: dict[str, str] = {}
        if section == "states":
            chosen = {
                name: str(line.states[name])
                for line in mapped
                for name in gone
                if str(line.states.get(name)) in come
            }
        for name in gone:
            rest = [other for other in come if other not in chosen.values()]
            if name in chosen or not rest:
                continue
            best = max(rest, key=lambda other: _likeness(before[name], after[other], name, other))
            if _likeness(before[name], after[best], name, best) >= _ALIKE:
                chosen[name] = best
        if chosen:
            found[section] = chosen
    return found


def _likeness(old: Any, new: Any, name: str, other: str) -> float:
    """The share of values that two items have in common; little that is said makes names count too."""
    ours, theirs = dict(_leaves(old)), dict(_leaves(new))
    shared = sum(bool(theirs.get(path) == value) for path, value in ours.items())
    likeness: float = 2 * shared / max(1, len(ours) + len(theirs))
    if len(ours) < 4 and not set(name.split("_")) & set(other.split("_")):
        return likeness if likeness == 1 and len(ours) > 1 else 0.0
    return likeness


def _leaves(value: Any, path: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], Any]]:
    if isinstance(value, BaseModel):
        given = {name: getattr(value, name) for name in type(value).model_fields}
        defaults = {
            name: field.get_default(call_default_factory=True)
            for name, field in type(value).model_fields.items()
        }
        items: Any = [(name, one) for name, one in given.items() if one != defaults[name]]
    elif isinstance(value, dict):
        items = list(value.items())
    elif isinstance(value, tuple | list):
        items = list(enumerate(value))
    else:
        return [(path, value)]
    return [leaf for name, one in items for leaf in _leaves(one, (*path, str(name)))]


def renamed(process: Process, names: Renames) -> Process:
    """The process with the new names wherever it speaks of the old ones."""
    changed = {
        field: _carried(getattr(process, field), names, (field.rstrip("_"),))
        for field in type(process).model_fields
    }
    return process.model_copy(update=changed)


def _carried(value: Any, names: Renames, path: tuple[str, ...]) -> Any:
    if isinstance(value, BaseModel):
        fields = {
            field: _carried(getattr(value, field), names, (*path, field.rstrip("_")))
            for field in type(value).model_fields
        }
        return type(value).model_construct(_fields_set=set(value.model_fields_set), **fields)
    if isinstance(value, dict):
        key = _key_of(names, path)
        return {key(name): _carried(child, names, (*path, str(name))) for name, child in value.items()}
    if isinstance(value, tuple | list):
        return type(value)(_carried(child, names, (*path, str(at))) for at, child in enumerate(value))
    return _name(value, names) if isinstance(value, str) else value


def _key_of(names: Renames, path: tuple[str, ...]) -> Callable[[str], str]:
    if len(path) == 1 and path[0] in names:
        return lambda name: names[path[0]].get(name, name)
    if path[-1] in _KEYS_ARE_FIELDS or path[0] == "forms":
        return lambda name: names.get("fields", {}).get(name, name)
    return lambda name: name


def _name(value: str, names: Renames) -> str:
    for kind, sections in _REFERENCES:
        if isinstance(value, kind):
            for section in sections:
                if value in names.get(section, {}):
                    return type(value)(names[section][value])
            return value
    if isinstance(value, EventRef):
        first, _, rest = value.partition(".")
        name, dot, ending = rest.partition(".")
        return (
            type(value)(f"{first}.{names.get(_EVENTS.get(first, ''), {}).get(name, name)}{dot}{ending}")
            if rest
            else value
        )
    if isinstance(value, Selector):
        before, colon, name = value.rpartition(":")
        section = "fields" if before.endswith(("-of", "field")) else "" if colon else "roles"
        return type(value)(f"{before}{colon}{names.get(section, {}).get(name, name)}")

    def read(found: re.Match[str]) -> str:
        return f"{found[1]}.{names.get(_ROOTS[found[1]], {}).get(found[2], found[2])}"

    changed = _READ.sub(read, value)
    if changed == value:
        return value
    return type(value)(changed) if isinstance(value, Word) else changed
