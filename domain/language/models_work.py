"""What is done for a ticket: escalations, notifications, and forms."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag
from pydantic_core import PydanticCustomError

from domain.language.models_actions import Channels, Effects
from domain.language.models_time import AnyCalendar
from domain.language.shorthand import Shorthand
from domain.language.suggest import did_you_mean
from domain.language.words import (
    Bool,
    Cond,
    Dur,
    Events,
    FormRef,
    Int,
    Json,
    Many,
    Model,
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
        "{shown} should be required, optional or a mapping with if, required, help, default{hint}",
        {"shown": show(value), "hint": did_you_mean(str(value), ("required", "optional"))},
    )


Form = dict[str, Annotated[FormEntry, Shorthand(_entry, {"enum": ["required", "optional"]})]]


def _ask_kind(value: Any) -> str:
    return "form" if isinstance(value, dict) else "name"


Ask = Annotated[
    Annotated[FormRef, Tag("name")] | Annotated[Form, Tag("form")],
    Discriminator(_ask_kind, custom_error_type="ask", custom_error_message="should be a form"),
]


class EscStep(Model):
    """Page somebody, then wait for an answer."""

    page: Selectors
    message: Text | None = None
    channels: Channels | None = None
    pick: Literal["least_loaded", "round_robin"] | None = Field(
        None, description="Call only one of them: who has least to do, or whose turn it is."
    )
    wait: Dur
    calendar: AnyCalendar | None = Field(None, description="For its `wait`, instead of the escalation's own.")
    if_: Cond | None = None


class Escalation(Model):
    """A chain of people who are paged until the ticket is taken."""

    label: Text | None = None
    wait: Dur | None = Field(None, description="How long it waits before it pages anybody.")
    calendar: AnyCalendar | None = Field(
        None, description="The hours in which its waits count; left out: around the clock."
    )
    steps: tuple[EscStep, ...]
    repeat: Int = 0
    until: Cond
    otherwise: Effects = Field((), description="When every round went unanswered.")


class Notification(Model):
    """What is written to people."""

    to: Selectors = ()
    channels: Annotated[tuple[Channel, ...], Many] = ("email",)
    calendar: AnyCalendar | None = Field(
        None, description="While it is closed, this waits; what waits for the same people is one message."
    )
    subject: Text
    body: Text


class Condition(Model):
    """When a clock starts, pauses, stops: in these states, if this holds, when this happened."""

    in_: StateNames | None = None
    if_: Cond | None = None
    when: Events | None = None
