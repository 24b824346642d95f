"""What clients send."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

MAX_COMMENT = 32_000

Name = Annotated[str, Field(min_length=1, max_length=100)]
Values = Annotated[
    dict[str, Any],
    Field(description="Values by the names of fields, as the form of the process asks for them."),
]


class Sent(BaseModel):
    """Closed, and strict: the text "yes" is no boolean."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class NewTicket(Sent):
    """A ticket to open."""

    process: Annotated[
        Name, Field(description="The process's id, from `GET /processes`.", examples=["incident"])
    ]
    fields: Annotated[
        Values,
        Field(
            examples=[
                {
                    "title": "VPN unusable in Shanghai",
                    "description": "Nobody in the Shanghai office gets a connection since 9:40.",
                    "category": "vpn",
                    "service": "vpn",
                    "impact": "extensive",
                    "urgency": "high",
                    "affected_users": 120,
                }
            ]
        ),
    ] = {}
    channel: Annotated[
        str,
        Field(
            pattern=r"^[a-z][a-z0-9_-]{0,31}$",
            description="How the ticket came in.",
            examples=["api", "monitoring"],
        ),
    ] = "api"


class ChangedFields(Sent):
    """Fields to change by hand."""

    fields: Annotated[Values, Field(min_length=1, examples=[{"urgency": "critical"}])]


class NewTransition(Sent):
    """A transition to take, with the values of its form."""

    transition: Annotated[
        Name, Field(description="Its name, from `GET /tickets/{ref}/transitions`.", examples=["start"])
    ]
    fields: Annotated[Values, Field(examples=[{}])] = {}


class NewComment(Sent):
    """A public reply or an internal note."""

    text: Annotated[
        str,
        Field(min_length=1, max_length=MAX_COMMENT, examples=["We are looking into it; next news at 10:30."]),
    ]
    public: Annotated[
        bool,
        Field(
            description="True: the requester sees it. False: an internal note.",
            examples=[True],
        ),
    ]


class Assignment(Sent):
    """Who works on a ticket: a team, a person of it, or both. A team alone: nobody of it yet."""

    team: Annotated[
        Name | None, Field(description="A team's id; null: no change.", examples=["network-l2"])
    ] = None
    assignee: Annotated[Name | None, Field(description="A person's id.", examples=["li.wei"])] = None


class TaskCompletion(Sent):
    """A task that came to its end."""

    fields: Annotated[Values, Field(description="Values of the task's form.", examples=[{}])] = {}
    failed: Annotated[bool, Field(description="True: it could not be done.", examples=[False])] = False


class NewMessage(Sent):
    """A message that the process declares."""

    message: Annotated[Name, Field(examples=["workaround_found"])]
    fields: Annotated[Values, Field(examples=[{"workaround": "Use the Beijing gateway."}])] = {}


class NewLink(Sent):
    """Another ticket to link."""

    link: Annotated[Name, Field(description="The link, as the process names it.", examples=["incidents"])]
    ticket: Annotated[Name, Field(description="The other ticket's number.", examples=["INC-000042"])]
    fields: Annotated[
        Values, Field(description="What is said of it: fields of the link.", examples=[{}])
    ] = {}


class ChangedLink(Sent):
    """What is said of a ticket that is linked: the fields that are named, nothing else."""

    fields: Annotated[Values, Field(min_length=1, examples=[{"decision": "approved"}])]


class _Asked(BaseModel):
    """A query: texts, read leniently. Unknown names are refused, for a misspelt filter shows too much."""

    model_config = ConfigDict(frozen=True, extra="forbid")


Cursor = Annotated[str | None, Field(max_length=500, description="`next_cursor` of the page before.")]


class QueueQuery(_Asked):
    """Which tickets to list; every part narrows."""

    process: Annotated[str | None, Field(description="A process's id.", examples=["incident"])] = None
    state: Annotated[
        list[str],
        Field(description="States, categories (new, active, waiting, done, closed) or `open`; any of them."),
    ] = []
    team: Annotated[str | None, Field(description="A team's id.")] = None
    assignee: Annotated[str | None, Field(description="A person's id, `me` or `none`.")] = None
    requester: Annotated[str | None, Field(description="A person's id or `me`.")] = None
    priority: Annotated[list[str], Field(description="Any of these.", examples=[["P1", "P2"]])] = []
    service: Annotated[str | None, Field(description="A service's id.")] = None
    q: Annotated[str | None, Field(max_length=200, description="Words in number or title.")] = None
    overdue: Annotated[bool, Field(description="Only tickets with a missed deadline.")] = False
    limit: Annotated[int, Field(ge=1, le=200, description="How many at most.")] = 50
    cursor: Cursor = None


class JournalQuery(_Asked):
    """Which part of a journal to read."""

    after_seq: Annotated[int, Field(ge=0, le=2**53 - 1, description="Entries after this one.")] = 0
    limit: Annotated[int, Field(ge=1, le=200, description="How many at most.")] = 200


class OutboxQuery(_Asked):
    """Which part of the outbox to read."""

    limit: Annotated[int, Field(ge=1, le=200, description="How many at most.")] = 100
    cursor: Cursor = None
