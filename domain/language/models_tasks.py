"""Tasks: work items for people and machines."""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field

from domain.language.models_actions import Effects
from domain.language.models_fields import Options
from domain.language.models_time import AnyCalendar, AnyLength, AnyMoment
from domain.language.models_work import Ask
from domain.language.words import (
    Cond,
    Dur,
    Expr,
    Ident,
    Int,
    Json,
    LinkRef,
    Many,
    MessageRef,
    Model,
    Number,
    ProcessRef,
    Selectors,
    StateNames,
    TaskRef,
    TemplateRef,
    Text,
    TimeExpr,
    Tmpl,
)


class Retry(Model):
    """How often an automatic task is tried again, and how long is waited between."""

    times: Int
    wait: Dur = Dur("10s")
    factor: Number = 2.0
    max_wait: Dur = Dur("10m")


class Http(Model):
    """An HTTP call. `secret` is a name, never the secret."""

    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"] = "GET"
    url: Tmpl
    headers: dict[str, Tmpl] = Field(default_factory=dict)
    body: Json = None
    secret: str | None = None
    expect: tuple[Int, ...] = (200, 201, 202, 204)


class Email(Model):
    """A notification sent as a task."""

    template: TemplateRef
    to: Selectors


class Script(Model):
    """A registered activity, by name."""

    name: Ident
    with_: dict[str, Json] = Field(default_factory=dict)


class Wait(Model):
    """Wait for a length of time or until a moment."""

    for_: AnyLength | None = None
    until: TimeExpr | None = None
    calendar: AnyCalendar | None = None


class TicketTask(Model):
    """A ticket of another process that has to be done before this one can go on."""

    process: ProcessRef
    link: LinkRef
    fields: dict[str, Json] = Field(default_factory=dict)
    if_cancelled: MessageRef | None = Field(
        None,
        description="The message it gets when this task is cancelled meanwhile; left out: its team reads of it.",
    )


class TaskRemind(Model):
    """People are reminded of a task they have not done, until it is due."""

    before: Dur | None = Field(None, description="First so long before it is due.")
    every: Dur | None = Field(None, description="Again and again; without `before` from when it opened.")
    times: Int = 10
    calendar: AnyCalendar | None = None
    do: Effects = Field((), description="Left out: everybody it is for is reminded.")


class TaskOverdue(Model):
    """What happens when a task was not done in time."""

    do: Effects
    every: Dur | None = Field(None, description="And again each time so much later.")
    times: Int = 10
    calendar: AnyCalendar | None = None


class Task(Model):
    """A work item: exactly one of assign, http, email, script, wait, ticket."""

    label: Text | None = None
    help: Text | None = None
    for_each: Expr | None = Field(None, description="A list: there is one such task for each element of it.")
    as_: Ident = Field(Ident("each"), description="What an element is called in this task.")
    if_: Cond | None = None
    needs: Annotated[tuple[TaskRef, ...], Many] = ()
    assign: Selectors | None = None
    ask: Ask | None = None
    outcomes: Options = Field(
        default_factory=dict, description="How it may come out; whoever completes it names one."
    )
    start: AnyMoment | None = Field(
        None, description="When it opens; left out: as soon as its needs are met."
    )
    due: AnyMoment | None = Field(None, description="When it should be done.")
    calendar: AnyCalendar | None = Field(None, description="For all its lengths that name none themselves.")
    remind: TaskRemind | None = None
    overdue: TaskOverdue | None = None
    http: Http | None = None
    email: Email | None = None
    script: Script | None = None
    wait: Wait | None = None
    ticket: TicketTask | None = Field(None, description="A ticket is opened; done when that ticket is.")
    save: dict[str, Expr] = Field(default_factory=dict)
    retry: Retry | None = None
    timeout: Dur | None = None
    if_fails: Literal["stop", "continue", "hand_over"] = "stop"
    hand_over_to: Selectors | None = None

    @cached_property
    def kind(self) -> str:
        """assign, http, email, script, wait or ticket."""
        return next((name for name in TASK_KINDS if getattr(self, name) is not None), "")


class AdhocTasks(Model):
    """Tasks that people add to a ticket while it runs: a title, who does it, when it is due."""

    who: Selectors
    in_: StateNames | None = Field(
        None, description="In these states; left out: in all that are neither done nor closed."
    )
    form: Ask | None = Field(None, description="What else is filled in when one is added.")
    ask: Ask | None = Field(None, description="What is filled in when one is completed.")
    outcomes: Options = Field(
        default_factory=dict, description="How one may come out; whoever completes it names one."
    )
    calendar: AnyCalendar | None = Field(None, description="For all lengths here that name none themselves.")
    remind: TaskRemind | None = None
    overdue: TaskOverdue | None = None

    @cached_property
    def task(self) -> Task:
        """What holds for each of them, as if it stood in the file."""
        return Task.model_construct(  # all of it was read already
            assign=self.who,
            ask=self.ask,
            outcomes=self.outcomes,
            calendar=self.calendar,
            remind=self.remind,
            overdue=self.overdue,
        )


TASK_KINDS = ("assign", "http", "email", "script", "wait", "ticket")
