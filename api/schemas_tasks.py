"""Tasks: what is sent to add one, and the list of them."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AwareDatetime, Field

from api.schemas import Name, Sent, Values
from api.schemas_answers import FormField
from api.shapes import Given


class NewTask(Sent):
    """A task that no rule foresaw. Without a person and a team it is for whoever adds it."""

    title: Annotated[Name, Field(description="What is to be done.", examples=["Call the vendor"])]
    assignee: Annotated[Name | None, Field(description="A person's id.", examples=["li.wei"])] = None
    team: Annotated[Name | None, Field(description="A team's id.", examples=["network-l2"])] = None
    due_at: Annotated[
        AwareDatetime | None,
        Field(strict=False, description="When it should be done.", examples=["2026-11-27T16:00:00+08:00"]),
    ] = None
    fields: Annotated[Values, Field(description="Values of the form for it.", examples=[{}])] = {}  # noqa: RUF012 - pydantic copies a default


class TaskList(Given):
    """The tasks of a ticket, and what is asked for when one is added."""

    tasks: list[dict[str, Any]]
    may_add: Annotated[bool, Field(description="Whether this person may add one now.")]
    form: Annotated[list[FormField], Field(description="Title, person, team, due, then the process's own.")]
