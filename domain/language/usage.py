"""What a process reads and what it fills: the fields behind its conditions, texts, forms and actions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property

from domain.expressions import names_read
from domain.language.checking import Checking, parsed
from domain.language.models import Assign, Effect, Escalation, FormEntry, Model, Task, Word
from domain.language.places import Path
from domain.language.yaml_source import Node

Parts = Iterable[tuple[Path, Model | Word]]

_TOKEN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_PLACEHOLDER = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)


class Usage:
    """Asked by the checks that judge what is never used, never filled or never changed."""

    def __init__(self, checking: Checking, parts: Parts) -> None:
        self._checking = checking
        self._process = checking.process
        self._parts = list(parts)

    @cached_property
    def words(self) -> frozenset[str]:
        """Every word the definition mentions, except where something is declared and inside texts for people.

        Generous on purpose: what is not among them is certainly not used.
        """
        found: set[str] = set()
        locales = frozenset(self._process.locales)
        for section, node in self._checking.places.root.value.items():
            entries = node.value.values() if isinstance(node.value, dict) else [node]
            for entry in entries:
                found.update(_words(entry, locales))
            if isinstance(node.value, dict) and section not in _DECLARING:
                found.update(node.value)
        return frozenset(found)

    def fields_read(self, condition: str | None, known: frozenset[str] = frozenset()) -> frozenset[str]:
        """The fields a condition reads, also through computed fields and the risk; not what is behind `known`."""
        return self._behind([condition], known)

    def fields_of_risk(self, known: frozenset[str] = frozenset()) -> frozenset[str]:
        """The fields the risk is found from; not what is behind `known`."""
        return self._behind(self._risk, known)

    @property
    def _risk(self) -> list[str | None]:
        return [row.if_ for row in self._process.risk.score] if self._process.risk is not None else []

    def _behind(self, conditions: Iterable[str | None], known: frozenset[str]) -> frozenset[str]:
        waiting, seen, found = list(conditions), set(known), set[str]()
        while waiting:
            condition = waiting.pop()
            ast = parsed(str(condition))[0] if condition is not None else None
            for path in names_read(ast) if ast is not None else ():
                name = path[1] if path[0] == "ticket" and len(path) > 1 else ""
                if not name or name in seen:
                    continue
                seen.add(name)
                field = self._checking.names.field_defs.get(name)
                if field is not None and field.compute is not None:
                    waiting.append(str(field.compute))
                elif name in ("risk", "risk_score", "risk_reasons"):
                    waiting += self._risk
                elif name == "priority" and self._process.priority is not None:
                    rules = self._process.priority
                    found.update({str(rules.rows), str(rules.columns)} - known)
                elif field is not None:
                    found.add(name)
        return frozenset(found)

    @cached_property
    def filled(self) -> frozenset[str]:
        """Fields that a form, an action, a task or the routing fills, or that fill themselves."""
        found = {"requester", "title", "channel", "reopen_count"}
        found.update(("resolved_at", "closed_at", "first_reply_at"))  # kept by the engine
        for path, part in self._parts:
            match part:
                case FormEntry():
                    found.add(str(path[-1]))
                case Effect():
                    found.update(part.set or ())
                case Task():
                    found.update(part.save)
                case Assign():
                    found.update(("team", "assignee"))
                case _:
                    pass
        for name, field in self._checking.names.field_defs.items():
            if field.default is not None or field.compute is not None or name == "priority":
                found.add(name)
        if self._process.routing:
            found.update(("team", "assignee"))
        for line in self._process.permissions:
            found.update(map(str, line.edit))
            found.update(("team", "assignee") if "assign" in line.can else ())
        return frozenset(found)

    @cached_property
    def all_may_be_edited(self) -> bool:
        """Whether somebody may fill every field by hand."""
        return "all" in self.filled

    @cached_property
    def always_in_a_team(self) -> bool:
        """Whether the routing gives every ticket a team."""
        return bool(self._process.routing) and self._process.routing[-1].if_ is None

    @cached_property
    def always_given(self) -> frozenset[str]:
        """Fields that every new ticket has, because its form demands them."""
        form = self._process.opening_form
        demanded = (name for name, entry in form.items() if entry.required and entry.if_ is None)
        return frozenset({"requester", *demanded})

    @cached_property
    def pages(self) -> bool:
        """Whether anybody is ever paged."""
        effects = (part for _, part in self._parts if isinstance(part, Effect))
        return any(effect.page is not None or effect.escalate is not None for effect in effects)

    @property
    def escalations(self) -> Iterator[tuple[Path, Escalation]]:
        """The escalations of the process, and those of libraries that it starts."""
        return ((path, part) for path, part in self._parts if isinstance(part, Escalation))


_DECLARING = frozenset(
    {
        "fields",
        "rules",
        "tables",
        "forms",
        "roles",
        "groups",
        "states",
        "transitions",
        "clocks",
        "escalations",
        "approvals",
        "tasks",
        "links",
        "messages",
        "notifications",
        "calendars",
        "agreements",
        "freezes",
        "maintenance",
    }
)


def _words(node: Node, locales: frozenset[str]) -> Iterator[str]:
    value = node.value
    if isinstance(value, str):
        yield from _TOKEN.findall(value)
    elif isinstance(value, list):
        for child in value:
            yield from _words(child, locales)
    elif isinstance(value, dict):
        if value.keys() & locales:  # a text for people
            for child in value.values():
                for inside in _PLACEHOLDER.findall(child.value if isinstance(child.value, str) else ""):
                    yield from _TOKEN.findall(inside)
            return
        for name, child in value.items():
            yield from _TOKEN.findall(name)
            yield from _words(child, locales)
