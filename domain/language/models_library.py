"""What can be shared between processes: fields, forms, roles, priority, calendars, agreements and more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

from pydantic import Field

from domain.calendars import CalendarDef
from domain.language.models_approvals import Approval
from domain.language.models_fields import FieldDef, Options, Rule
from domain.language.models_tables import Table
from domain.language.models_tasks import Task
from domain.language.models_time import AnyCalendar
from domain.language.models_work import Escalation, Form, Notification
from domain.language.shorthand import TEXT, Shorthand
from domain.language.words import (
    Cond,
    Dur,
    FieldRef,
    Ident,
    Int,
    Json,
    Key,
    LevelRef,
    Model,
    Selectors,
    Text,
)
from domain.local_time import weekly_moment, written_moment


class Adjust(Model):
    """A reason to raise a priority."""

    if_: Cond
    raise_by: Int | None = None
    at_least: LevelRef | None = None
    because: Text | None = None


class Priority(Model):
    """Levels, highest first, and how one is found from two choice fields."""

    levels: Options
    rows: FieldRef = FieldRef("impact")
    columns: FieldRef = FieldRef("urgency")
    matrix: dict[str, dict[str, LevelRef]]
    adjust: tuple[Adjust, ...] = ()
    may_override: Selectors = ()


def _target(value: Any) -> Any:
    return {"all": value} if isinstance(value, str) else value


Targets = Annotated[dict[str, Dur], Shorthand(_target, TEXT)]
"""Target by value of the clock's `by` field; `all` for every value."""


class AgreedTarget(Model):
    """What an agreement says about one clock."""

    target: Targets
    calendar: AnyCalendar | None = None


class Agreement(Model):
    """Targets of one contract, by `process.clock`."""

    label: Text | None = None
    if_: Cond | None = None
    targets: dict[str, AgreedTarget]


class Window(Model):
    """A stretch of time in which changes may not, or should, happen."""

    label: Text | None = None
    start: str
    end: str
    time_zone: str
    if_: Cond | None = None
    allow_if: Cond | None = None
    approvers: Selectors | None = None

    @property
    def once(self) -> tuple[datetime, datetime] | None:
        """From and to when, in local time; None when it comes every week."""
        start, end = written_moment(self.start), written_moment(self.end, until=True)
        return (start, end) if start is not None and end is not None else None

    @property
    def weekly(self) -> tuple[timedelta, timedelta] | None:
        """From and to when, since the beginning of a Monday; None when it comes only once."""
        start, end = weekly_moment(self.start), weekly_moment(self.end)
        return (start, end) if start is not None and end is not None else None


@dataclass(frozen=True, slots=True)
class Windows:
    """The freezes and maintenance windows that count now: no ticket pins them."""

    freezes: Mapping[str, Window] = field(default_factory=dict)
    maintenance: Mapping[str, Window] = field(default_factory=dict)

    @classmethod
    def from_json(cls, form: Mapping[str, Any]) -> Windows:
        """From what is stored: {"freezes": {name: window}, "maintenance": {name: window}}."""
        freezes, maintenance = (
            {name: Window.model_validate(one) for name, one in form.get(section, {}).items()}
            for section in WINDOWS
        )
        return cls(freezes, maintenance)


WINDOWS = ("freezes", "maintenance")


class Common(Model):
    """What libraries and processes have in common."""

    lang: Literal[1]
    id: Ident
    version: Int
    description: Text | None = None
    uses: tuple[str, ...] = ()
    fields: dict[Key, FieldDef] = Field(default_factory=dict)
    forms: dict[Key, Form] = Field(default_factory=dict)
    rules: dict[Key, Rule] = Field(
        default_factory=dict, description="What must be true of several values that people give together."
    )
    tables: dict[Key, Table] = Field(default_factory=dict)
    roles: dict[Key, Selectors] = Field(default_factory=dict)
    priority: Priority | None = None
    escalations: dict[Key, Escalation] = Field(default_factory=dict)
    approvals: dict[Key, Approval] = Field(default_factory=dict)
    tasks: dict[Key, Task] = Field(default_factory=dict)
    notifications: dict[Key, Notification] = Field(default_factory=dict)
    calendars: dict[Key, CalendarDef] = Field(default_factory=dict)
    agreements: dict[Key, Agreement] = Field(default_factory=dict)
    freezes: dict[Key, Window] = Field(default_factory=dict)
    maintenance: dict[Key, Window] = Field(default_factory=dict)
    meta: dict[str, Json] = Field(default_factory=dict)


class Library(Common):
    """A file of shareable items."""

    kind: Literal["library"]
