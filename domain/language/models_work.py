"""What is done for a ticket: tasks, approvals, escalations, notifications, and forms."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag
from pydantic_core import PydanticCustomError

from domain.language.models_actions import Effects
from domain.language.shorthand import Shorthand
from domain.language.words import (
    Bool,
    CalendarRef,
    Cond,
    Dur,
    Events,
    FieldRef,
    FormRef,
    Ident,
    Int,
    Json,
    Many,
    Model,
    Selector,
    Selectors,
    StateNames,
    Text,
    show,
)

Channel = Literal["email", "chat", "sms", "push", "phone"]


class FormEntry(Model):
    """One field of a form."""

    required: Bool = False
    if_: Cond | None = Field(None, description="Shown (and required) only when this holds.")
    help: Text | None = None
    default: Json = Field(
        None, description="Taken when nobody gives a value: a value, or {{ an expression }}."
    )


def _entry(value: Any) -> Any:
    if value in ("required", "optional"):
        return {"required": value == "required"}
    if isinstance(value, dict):
        return value
    raise PydanticCustomError(
        "entry",
        "{shown} should be required, optional or a mapping with if, required, help, default",
        {"shown": show(value)},
    )


Form = dict[str, Annotated[FormEntry, Shorthand(_entry, {"enum": ["required", "optional"]})]]


def _ask_kind(value: Any) -> str:
    return "form" if isinstance(value, dict) else "name"


Ask = Annotated[
    Annotated[FormRef, Tag("name")] | Annotated[Form, Tag("form")],
    Discriminator(_ask_kind, custom_error_type="ask", custom_error_message="should be a form"),
]


class Remind(Model):
    """How often open approvers are reminded."""

    every: Dur
    calendar: CalendarRef | None = None


class Timeout(Model):
    """What happens when nobody answers: decide, or bring in more people."""

    after: Dur
    calendar: CalendarRef | None = None
    decide: Literal["approved", "rejected"] | None = None
    add: Selectors | None = Field(None, description="Bring in these people instead of deciding.")


def _quorum(value: Any) -> Any:
    if isinstance(value, int) and not isinstance(value, bool) and value > 0:
        return str(value)
    percent = isinstance(value, str) and value.endswith("%") and value[:-1].isascii() and value[:-1].isdigit()
    if value in ("any", "all") or (percent and 0 < int(value[:-1]) <= 100):
        return value
    raise PydanticCustomError(
        "quorum", "{shown} should be any, all, a number or a percentage", {"shown": show(value)}
    )


class Stage(Model):
    """People who decide together."""

    id: Ident
    label: Text | None = None
    if_: Cond | None = None
    approvers: Selectors
    quorum: Annotated[str, Shorthand(_quorum, {"type": "integer", "minimum": 1})] = "any"
    veto: Selectors = ()
    exclude: Selectors = (Selector("requester"),)
    delegate: Bool = True
    ask: Ask | None = None
    remind: Remind | None = None
    timeout: Timeout | None = None


class Parallel(Model):
    """Stages that run at the same time."""

    parallel: tuple[Stage, ...]


def _stage_kind(value: Any) -> str:
    return (
        "parallel"
        if isinstance(value, Parallel) or (isinstance(value, dict) and "parallel" in value)
        else "stage"
    )


class Skip(Model):
    """A case that needs no people."""

    if_: Cond
    decide: Literal["approved", "rejected"]
    because: Text


class Approval(Model):
    """Stages that run in order until one rejects or all approve."""

    label: Text | None = None
    skip: tuple[Skip, ...] = ()
    stages: tuple[
        Annotated[
            Annotated[Stage, Tag("stage")] | Annotated[Parallel, Tag("parallel")], Discriminator(_stage_kind)
        ],
        ...,
    ]
    void_if_changed: Annotated[tuple[FieldRef, ...], Many] = ()


class EscStep(Model):
    """Page somebody, then wait for an answer."""

    page: Selectors
    message: Text | None = None
    wait: Dur
    if_: Cond | None = None


class Escalation(Model):
    """A chain of people who are paged until the ticket is taken."""

    label: Text | None = None
    steps: tuple[EscStep, ...]
    repeat: Int = 0
    until: Cond
    otherwise: Effects = Field((), description="When every round went unanswered.")


class Notification(Model):
    """What is written to people."""

    to: Selectors = ()
    channels: Annotated[tuple[Channel, ...], Many] = ("email",)
    subject: Text
    body: Text


class Condition(Model):
    """When a clock starts, pauses, stops: in these states, if this holds, when this happened."""

    in_: StateNames | None = None
    if_: Cond | None = None
    when: Events | None = None
