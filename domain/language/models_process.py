"""A process: what a ticket of it knows, the states it sits in, the transitions between them, its clocks."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import Field, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import PydanticCustomError, core_schema

from domain.language.models_actions import Effects, Pick
from domain.language.models_fields import FieldType, LinkField, StateFields
from domain.language.models_library import Common, Targets
from domain.language.models_schedule import Schedule
from domain.language.models_tasks import AdhocTasks
from domain.language.models_time import AnyCalendar, AnyLength, CalendarChoice
from domain.language.models_work import Ask, Condition, FormEntry
from domain.language.shorthand import TEXT, Shorthand
from domain.language.words import (
    ApprovalRef,
    Bool,
    ClockRef,
    Cond,
    Dur,
    EventRef,
    Events,
    Expr,
    FieldRef,
    Ident,
    Int,
    Key,
    Many,
    Model,
    ProcessRef,
    Selector,
    Selectors,
    StateNames,
    StateRef,
    TaskRef,
    Text,
    TimeExpr,
    Tmpl,
    show,
)

Category = Literal["new", "active", "waiting", "done", "closed"]
CATEGORIES: tuple[Category, ...] = ("new", "active", "waiting", "done", "closed")

BACK = "back"
"""As the target of a transition: the state that a state with `hold: true` interrupted."""

_THRESHOLD = re.compile(r"(?:(\d{1,4})%|((?:\d{1,6}[smhdw])+) (left|after))", re.ASCII)
MOST_PERCENT = 1000


class State(Model):
    """A state; its category says what it means to everybody else."""

    label: Text | None = None
    help: Text | None = None
    category: Category
    enter: Effects = ()
    leave: Effects = ()
    tasks: Annotated[tuple[TaskRef, ...], Many] = Field(
        (), description="Tasks that belong to this state: started on entry, cancelled on leaving."
    )
    approval: ApprovalRef | None = Field(
        None, description="Approval requested on entry, withdrawn on leaving."
    )
    hold: Bool = Field(
        False, description="The state before is only interrupted here; `to: back` leads to it again."
    )
    fields: StateFields | None = Field(None, description="Fields hidden, locked or required in this state.")


class Branch(Model):
    """One way a transition can lead; without `if` it is the way that is always open."""

    if_: Cond | None = None
    state: StateRef


def _branches(value: Any) -> Any:
    if isinstance(value, list) and any(
        isinstance(one, dict) and "to" in one and "state" not in one for one in value
    ):
        raise PydanticCustomError(
            "branch", "a branch names its target with `state`: {example}", {"example": "{if: …, state: …}"}
        )
    return [{"state": value}] if isinstance(value, str) else value


Check = Literal["conflicts", "freezes", "duplicates", "maintenance"]


class Transition(Model):
    """A way from state to state, or something done without leaving the state."""

    label: Text | None = None
    help: Text | None = None
    from_: StateNames
    to: Annotated[tuple[Branch, ...] | None, Shorthand(_branches, TEXT)] = Field(
        None, description="Target state, or back to the one held; left out: stay in the same state."
    )
    who: Selectors | None = Field(None, description="People who may press the button.")
    when: Events | None = Field(None, description="Events that trigger it without a person.")
    after: AnyLength | None = None
    every: AnyLength | None = Field(None, description="And again each time so much later, while it stays.")
    times: Int = Field(10, description="How often an `every` goes off at most.")
    restart: Events = Field((), description="Events that make its `after` begin anew.")
    calendar: AnyCalendar | None = None
    at: TimeExpr | None = None
    check: Annotated[tuple[Check, ...], Many] = ()
    if_: Cond | None = None
    otherwise: Text | None = Field(None, description="Message shown when the condition does not hold.")
    ask: Ask | None = None
    do: Effects = ()
    reenter: Bool = Field(
        False,
        description="Staying counts as entering: timers and `enter` run again, tasks and approval stay.",
    )


class Threshold(Model):
    """What happens when a clock has used a share of its target, has this much left, or is so much over it."""

    label: str
    percent: Int | None = None
    left: Dur | None = None
    after: Dur | None = None
    do: Effects

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """As it is written: the actions, under their label."""
        written: JsonSchemaValue = handler.resolve_ref_schema(handler(schema))["properties"]["do"]
        return written


def _thresholds(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    found = []
    for label, actions in value.items():
        match = _THRESHOLD.fullmatch(label)
        if match is None or (match[1] and not 0 < int(match[1]) <= MOST_PERCENT):
            raise PydanticCustomError(
                "threshold",
                '"{label}" should be a share such as 75% or 150%, a rest such as "30m left", '
                'or a time over such as "2h after"',
                {"label": label},
            )
        place = {"percent": int(match[1])} if match[1] else {match[3]: match[2]}
        found.append({"label": label, "do": actions, **place})
    return found


def _by_label(long: JsonSchemaValue) -> JsonSchemaValue:
    labels = r"^([1-9]\d{0,2}%|1000%|(\d{1,6}[smhdw])+ (left|after))$"
    return {
        "type": "object",
        "propertyNames": {"pattern": labels},
        "additionalProperties": long["items"],
    }


class Overdue(Model):
    """What is repeated after the deadline."""

    every: Dur
    times: Int = 10
    do: Effects


class Start(Condition):
    """When a clock starts; with `at` it counts from that moment, past or still to come."""

    at: TimeExpr | None = None


class Aim(Model):
    """One line of `targets`: the first one that fits gives the target."""

    if_: Cond | None = None
    target: Dur | None = None
    until: TimeExpr | None = None
    calendar: AnyCalendar | None = Field(None, description="Instead of the clock's own.")


class Clock(Model):
    """A clock that measures the ticket against one of `target`, `until`, `targets`."""

    label: Text | None = None
    kind: Literal["sla", "ola", "uc"] = "sla"
    whose: FieldRef | None = Field(
        None, description="The field that names the team or supplier it is measured against."
    )
    target: Targets = Field(default_factory=dict)
    until: TimeExpr | None = Field(None, description="The deadline is this moment; a pause does not move it.")
    targets: tuple[Aim, ...] = Field((), description="The first line that fits gives the target.")
    by: FieldRef = FieldRef("priority")
    calendar: AnyCalendar
    start: Start = Start(when=(EventRef("created"),))
    pause: Condition | None = None
    stop: Condition
    resume: Condition | None = Field(
        None, description="Event that sets a stopped clock running again, elapsed time kept."
    )
    reset: Condition | None = Field(None, description="Event that starts a new cycle from zero.")
    at: Annotated[tuple[Threshold, ...], Shorthand(_thresholds, shape=_by_label)] = ()
    overdue: Overdue | None = None

    def calendar_field(self, calendar: CalendarChoice) -> str:
        """The field a calendar of this clock, its lines or an agreement depends on: its own `by`, else the clock's."""
        return str(calendar.by or self.by)


class Route(Model):
    """A rule of routing: the first one that fits gives the team."""

    if_: Cond | None = None
    team: Tmpl
    skills: Annotated[tuple[str, ...], Many] = ()
    pick: Pick | Literal["nobody"] | None = None


class RiskRow(Model):
    """Points, with the reason."""

    if_: Cond
    add: Int
    because: Text


def _level(value: Any) -> Any:
    return {"from": value} if isinstance(value, int) and not isinstance(value, bool) else value


class RiskLevel(Model):
    """A level of risk: from how many points it applies, and what people call it."""

    from_: Int
    label: Text | None = None


class Risk(Model):
    """Points add up; the level is the highest one whose bound is reached."""

    score: tuple[RiskRow, ...]
    levels: dict[str, Annotated[RiskLevel, Shorthand(_level, {"type": "integer"})]]


Right = Literal["view", "comment", "comment_internal", "attach", "link", "watch", "assign"]


class Permission(Model):
    """Who may do what, in which states. `edit` is `("all",)` or names of fields."""

    who: Selectors
    in_: StateNames | None = None
    can: Annotated[tuple[Right, ...], Many] = ()
    edit: Annotated[tuple[FieldRef, ...], Many] = ()
    hide: Annotated[tuple[FieldRef, ...], Many] = ()


class Link(Model):
    """A typed link to tickets of other processes, with its name at the other end."""

    process: Annotated[tuple[ProcessRef, ...], Many]
    label: Text | None = None
    inverse: Ident
    many: Bool = True
    reads: dict[Key, FieldType] = Field(
        default_factory=dict, description="Fields of the other ticket that are read here, with their types."
    )
    shows: Annotated[tuple[FieldRef, ...], Many] = Field(
        (), description="Fields of this ticket that the other end may read."
    )
    fields: dict[Key, LinkField] = Field(
        default_factory=dict,
        description="What is known here of each linked ticket; the other end may read it.",
    )


class Message(Model):
    """A message this process understands."""

    help: Text | None = None
    from_: Literal["system", "linked", "api"] = "system"
    fields: dict[str, FieldType] = Field(default_factory=dict)


class Migrate(Model):
    """Where tickets of an older version land."""

    from_: Int
    states: dict[str, StateRef] = Field(default_factory=dict)
    fields: dict[str, Expr] = Field(default_factory=dict)
    clocks: dict[str, ClockRef] = Field(default_factory=dict)
    tasks: dict[str, TaskRef] = Field(default_factory=dict)
    approvals: Literal["keep", "restart"] = "keep"
    note: Text | None = None


def _number(value: Any) -> Any:
    if isinstance(value, str) and re.fullmatch(r"[A-Z][A-Z0-9]{0,9}-(\{year\}-)?\{n(:\d{1,2})?\}", value):
        return value
    raise PydanticCustomError(
        "number",
        "{shown} should be a pattern such as INC-{n:6}, or PUR-{year}-{n:4} to begin anew each year",
        {"shown": show(value)},
    )


class Create(Model):
    """Opening a ticket: the same words as a transition's. Who is not let in leaves no trace."""

    who: Selectors | None = Field(None, description="People who may open one; left out: everybody.")
    form: Ask | None = Field(None, description="What is asked; left out: the form `create`.")
    check: Annotated[tuple[Check, ...], Many] = ()
    if_: Cond | None = Field(None, description="Only when this holds, the form filled in.")
    otherwise: Text | None = Field(None, description="Message shown when the condition does not hold.")


class Process(Common):
    """A process definition, merged with its parents and libraries."""

    kind: Literal["process"]
    title: Text
    owner: Selector
    number: Annotated[str, Shorthand(_number)]
    locales: tuple[str, ...] = ("en",)
    time_zone: str | None = Field(
        None, description="Where expressions read days; left out: that of the first calendar."
    )
    extends: str | None = None
    abstract: Bool = False
    starts_in: StateRef
    create: Create = Field(Create(), description="Who may open a ticket, with which form, and when.")
    schedule: dict[Key, Schedule] = Field(
        default_factory=dict, description="Tickets that open by themselves, by the calendar, by name."
    )
    groups: dict[Key, Annotated[tuple[StateRef, ...], Many]] = Field(default_factory=dict)
    states: dict[Key, State]
    transitions: dict[Key, Transition]
    clocks: dict[Key, Clock] = Field(default_factory=dict)
    routing: tuple[Route, ...] = ()
    risk: Risk | None = None
    permissions: tuple[Permission, ...] = ()
    links: dict[Key, Link] = Field(default_factory=dict)
    messages: dict[Key, Message] = Field(default_factory=dict)
    adhoc_tasks: AdhocTasks | None = Field(
        None, description="Tasks that people may add to a ticket while it runs."
    )
    migrate: tuple[Migrate, ...] = ()

    @property
    def opening_form(self) -> dict[str, FormEntry]:
        """What is asked when a ticket is opened; nothing when no form says so."""
        form = self.create.form
        return form if isinstance(form, dict) else self.forms.get(form or "create", {})

    @property
    def opening_form_path(self) -> tuple[str, ...]:
        """Where that form stands."""
        form = self.create.form
        return ("create", "form") if isinstance(form, dict) else ("forms", str(form or "create"))
