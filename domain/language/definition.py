"""A published definition, ready to be used: what the engine and everybody else reads."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import cast

from domain.calendars import Calendars, FrozenCalendar, due_after
from domain.expressions import (
    Compiled,
    CompiledTemplate,
    Functions,
    calendar_functions,
    compile_expression,
    parse,
    parse_template,
    standard_functions,
)
from domain.language.builtin_fields import field_defs
from domain.language.models import (
    AgreedTarget,
    Agreement,
    FieldDef,
    FormEntry,
    FormRef,
    Process,
    Selector,
    Windows,
    text_in,
)
from domain.language.names import BUILTIN_ROLES
from domain.language.published import Hashes, Published, hashes_of
from domain.language.state_names import states_in, status_in
from domain.language.words import Json

_NOTHING: Mapping[str, FormEntry] = MappingProxyType({})
_SIMPLEST: Mapping[str, FormEntry] = MappingProxyType(
    {"title": FormEntry(required=True), "description": FormEntry()}
)


class Definition:
    """Immutable. Expressions and templates are compiled once, when they are first asked for."""

    def __init__(
        self,
        process: Process,
        calendars: Mapping[str, FrozenCalendar],
        agreements: Mapping[str, Agreement],
        hashes: Hashes,
        marks: Mapping[str, str],
        lineage: tuple[str, ...] = (),
        zone: str = "UTC",
        windows: Windows | None = None,
    ) -> None:
        self.process = process
        self.calendars = Calendars(calendars)  # with `always`
        self.agreements: Mapping[str, Agreement] = MappingProxyType(dict(agreements))
        self.hashes = hashes
        self.lineage = lineage
        self.fields: Mapping[str, FieldDef] = MappingProxyType(field_defs(process))
        self.roles: Mapping[str, tuple[Selector, ...]] = MappingProxyType({**BUILTIN_ROLES, **process.roles})
        self.zone = zone
        self.windows = (
            windows or Windows()
        )  # as they were at publication, for rehearsals: no ticket pins them
        self.functions: Functions = standard_functions(self.zone).with_functions(
            *calendar_functions(list(self.calendars), self.calendars, self.zone)
        )
        self._marks = marks
        self._expressions: dict[str, Compiled] = {}
        self._templates: dict[str, CompiledTemplate] = {}
        self._states: dict[tuple[str, ...], frozenset[str]] = {}

    @classmethod
    def from_json(
        cls,
        process: Mapping[str, Json],
        calendars: Mapping[str, Json],
        agreements: Mapping[str, Json],
        windows: Mapping[str, Json] = MappingProxyType({}),
    ) -> Definition:
        """From the three canonical forms of a `Published`, order kept."""
        frozen = {
            name: FrozenCalendar.from_json(cast(Mapping[str, Json], form)) for name, form in calendars.items()
        }
        return cls(
            Process.model_validate(process["definition"]),
            frozen,
            {name: Agreement.model_validate(form) for name, form in agreements.items()},
            hashes_of(process, calendars, agreements),
            cast(Mapping[str, str], process["marks"]),
            tuple(cast(list[str], process["lineage"])),
            str(process["zone"]),
            Windows.from_json(windows),
        )

    @classmethod
    def from_published(cls, published: Published) -> Definition:
        """The same, from what `publish` gave."""
        return cls.from_json(published.process, published.calendars, published.agreements, published.windows)

    def with_process(self, process: Process) -> Definition:
        """The same frozen calendars, lines and hashes with another process: to try what a change would do."""
        calendars = {name: one for name, one in self.calendars.items() if name in process.calendars}
        return Definition(
            process,
            calendars,
            process.agreements,
            self.hashes,
            self._marks,
            self.lineage,
            self.zone,
            Windows(process.freezes, process.maintenance),
        )

    def line(self, path: str) -> str:
        """Where a rule stands, such as "incident.yaml:96"; the nearest path above it counts, else ""."""
        while path:
            if path in self._marks:
                return self._marks[path]
            path = path.rpartition(".")[0]
        return ""

    def expression(self, text: str) -> Compiled:
        """The compiled expression."""
        compiled = self._expressions.get(text)
        if compiled is None:
            compiled = self._expressions[text] = compile_expression(parse(text), self.functions)
        return compiled

    def template(self, text: str) -> CompiledTemplate:
        """The compiled template."""
        compiled = self._templates.get(text)
        if compiled is None:
            compiled = self._templates[text] = parse_template(text).compile(self.functions)
        return compiled

    def states_in(self, names: tuple[str, ...]) -> frozenset[str]:
        """The states that names of states, categories, groups, `open` and `any` stand for."""
        found = self._states.get(names)
        if found is None:
            found = self._states[names] = states_in(self.process, names)
        return found

    def is_in(self, names: tuple[str, ...], state: str, fields: Mapping[str, object]) -> bool:
        """Whether a ticket in this state is where names say, a choice field tested beside the state included."""
        status = status_in(names)
        return state in self.states_in(names) and (status is None or status.holds(fields))

    def form(self, ask: FormRef | Mapping[str, FormEntry] | None) -> Mapping[str, FormEntry]:
        """The fields that are asked for."""
        if ask is None:
            return _NOTHING
        return self.process.forms[ask] if isinstance(ask, str) else ask

    @property
    def create_form(self) -> Mapping[str, FormEntry]:
        """The fields asked for when a ticket is opened; title and description when no form says so."""
        return self.process.opening_form or _SIMPLEST

    def due_after(self, calendar: str | None, start: datetime, duration: str | timedelta) -> datetime | None:
        """When a length of time from `start` is over, in a calendar or in local days of the zone."""
        return due_after(self.calendars[calendar] if calendar else None, start, duration, self.zone)

    def agreed(self, agreement: str, clock: str) -> AgreedTarget | None:
        """What an agreement says about a clock of this process, or of the nearest process it extends."""
        terms = self.agreements.get(agreement)
        if terms is None:
            return None
        for process in (self.process.id, *self.lineage):
            if f"{process}.{clock}" in terms.targets:
                return terms.targets[f"{process}.{clock}"]
        return None

    def label(self, text: Mapping[str, str] | None, locale: str, otherwise: str = "") -> str:
        """A text in a locale; `otherwise` when there is none."""
        return text_in(text, locale) if text else otherwise
