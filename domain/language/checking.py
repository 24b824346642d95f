"""What every check of a process needs: names, scopes, places, and where problems are collected."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import lru_cache

from domain.calendars import CalendarDef, calendar_problems
from domain.errors import MOST_PROBLEMS, Problem
from domain.expressions import Ast, ExpressionError, Template, parse, parse_template
from domain.language.merge import SHARED, Merged
from domain.language.models import (
    Agreement,
    ApprovalRef,
    CalendarRef,
    EscalationRef,
    FormRef,
    Model,
    Process,
    Selector,
    TaskRef,
    TemplateRef,
    Word,
)
from domain.language.names import Names
from domain.language.places import Path, Places
from domain.language.scope import Scopes
from domain.language.suggest import did_you_mean, one_of
from domain.language.walker import parts
from domain.language.yaml_source import Node

_SECTION_OF: dict[type[object], str] = {
    TemplateRef: "notifications",
    EscalationRef: "escalations",
    TaskRef: "tasks",
    ApprovalRef: "approvals",
    FormRef: "forms",
    Selector: "roles",
    CalendarRef: "calendars",
}


class EnoughProblems(Exception):
    """So many problems were noted that checking goes no further."""


class Checking:
    """One process being checked."""

    def __init__(
        self, process: Process, root: Node, merged: Merged, known_processes: frozenset[str], *, whole: bool
    ) -> None:
        assert merged.root is not None
        self.process = process
        self.whole = whole  # nothing had to be left out
        self.places = Places(root, merged.sources)
        self._written = Places(merged.root, merged.sources)
        self.names = Names(process, merged.root)
        self.scopes = Scopes(process, self.names)
        self.imported = merged.imported
        self.known_processes = known_processes | {process.id}
        self.own_ids = (process.id, *merged.lineage)
        self.problems: list[Problem] = []
        self._home = self.places.node(("id",))[0].mark.file
        self.area = "other"  # the code of problems that have none of their own
        self.calendars = {
            name: sound for name, sound in process.calendars.items() if not calendar_problems(sound)
        }

    def error(self, path: Path, message: str, *, key: bool = False, code: str = "") -> None:
        """Note a mistake."""
        if not self.places.node(path)[0].broken:
            self._note(self.places.problem(path, message, key=key, code=code or self.area))

    def is_broken(self, path: Path) -> bool:
        """Whether a part of this was left out, and why has been told."""
        return self.places.node(path)[0].broken

    def inside(self, path: Path, text: str, offset: int, message: str) -> None:
        """Note a mistake in an expression or template, at the character it stands at."""
        if not self.places.node(path)[0].broken:
            self._note(self.places.inside(path, text, offset, message))

    def warn(self, path: Path, message: str, *, key: bool = False, code: str = "") -> None:
        """Note something that is probably not meant."""
        if not self.places.node(path)[0].broken:
            found = self.places.problem(path, message, key=key, severity="warning", code=code or self.area)
            self._note(found)

    def doubt(self, path: Path, text: str, offset: int, message: str, *, code: str) -> None:
        """Note something in an expression that is probably not meant, at the character it stands at."""
        if not self.places.node(path)[0].broken:
            self._note(self.places.inside(path, text, offset, message, "warning", code))

    def _note(self, problem: Problem) -> None:
        if len(self.problems) >= MOST_PROBLEMS:
            message = f"more than {MOST_PROBLEMS} mistakes; the rest is not checked"
            self.problems.append(replace(problem, message=message, severity="error"))
            raise EnoughProblems
        self.problems.append(problem)

    def unknown(self, path: Path, what: str, name: str, known: Iterable[str], *, key: bool = False) -> None:
        """Note a name that is not known."""
        names = list(dict.fromkeys(known))
        hint = did_you_mean(name, names) or (f"; known: {one_of(names)}" if names else "; there is none")
        self.error(path, f'unknown {what} "{name}"{hint}', key=key, code="unknown-name")

    def is_own(self, path: Path) -> bool:
        """Whether it is written in the process's own file, not in a parent or library, which serve others too."""
        return self.places.node(path)[0].mark.file == self._home

    def lacks(self, path: Path, *keys: str) -> bool:
        """Whether none of the keys is written there; one that was written badly has been reported."""
        node, _ = self._written.node(path)
        return not isinstance(node.value, dict) or not node.value.keys() & set(keys)

    def whole_day_calendars(self) -> list[str]:
        """Calendars in which `2d` means something, to suggest."""
        return [name for name, calendar in self.calendars.items() if _whole_days(calendar)]

    def live_parts(self) -> Iterator[tuple[Path, Model | Word]]:
        """Every part of the process, without what it imports and does not use."""
        waiting: dict[tuple[str, str], object] = {}
        for section in SHARED:
            for name, value in getattr(self.process, section).items():
                if (section, name) in self.imported and not self._always(section, value):
                    waiting[(section, name)] = value
        queue: list[tuple[Path, object]] = []
        for name in type(self.process).model_fields:
            value = getattr(self.process, name)
            if name in SHARED:
                queue += [((name, item), part) for item, part in value.items() if (name, item) not in waiting]
            elif value is not None:
                queue.append(((name,), value))
        while queue:
            path, value = queue.pop()
            for inner, part in parts(value, path):
                yield inner, part
                used = _SECTION_OF.get(type(part))
                if used and (used, str(part)) in waiting:
                    queue.append(((used, str(part)), waiting.pop((used, str(part)))))

    @property
    def asks_for_freezes(self) -> bool:
        """Whether freezes stop anything here."""
        asked = [transition.check for transition in self.process.transitions.values()]
        return any("freezes" in checks for checks in (self.process.create.check, *asked))

    def _always(self, section: str, value: object) -> bool:
        if section in ("fields", "rules", "tables", "calendars"):
            return True
        if section in ("freezes", "maintenance"):
            return self.asks_for_freezes
        if isinstance(value, Agreement):
            return any(target.partition(".")[0] in self.own_ids for target in value.targets)
        return False


def _whole_days(calendar: CalendarDef) -> bool:
    return set(calendar.week.values()) == {"24h"} and set(calendar.open.values()) <= {"24h"}


@lru_cache(maxsize=4096)
def parsed(text: str) -> tuple[Ast | None, ExpressionError | None]:
    """The expression, or what is wrong with it."""
    try:
        return parse(text), None
    except ExpressionError as error:
        return None, error


@lru_cache(maxsize=4096)
def parsed_template(text: str) -> tuple[Template | None, ExpressionError | None]:
    """The template, or what is wrong with it."""
    try:
        return parse_template(text), None
    except ExpressionError as error:
        return None, error
