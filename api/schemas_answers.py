"""What clients get: the shapes that `bodies.py` writes, for the reference. A test holds the two together."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from api.shapes import Given, Named, Text


class FieldProblem(Given):
    """One mistake in what was sent."""

    field: Annotated[str, Field(examples=["urgency"])]
    code: Annotated[
        str,
        Field(
            description="missing, unknown, type, option, too_long, range, pattern, not_applicable, "
            "control or forbidden.",
            examples=["option"],
        ),
    ]
    message: Annotated[str, Field(examples=['unknown option "hihg"; did you mean "high"?'])]


class Problem(BaseModel):
    """A problem (RFC 9457). `code` is stable: branch on it, not on texts."""

    type: Annotated[str, Field(examples=["/api/docs#problem-form_invalid"])]
    title: Annotated[str, Field(examples=["Some values are missing or not valid"])]
    status: Annotated[int, Field(examples=[422])]
    detail: Annotated[str, Field(examples=['urgency: unknown option "hihg"; did you mean "high"?'])]
    instance: Annotated[str, Field(examples=["urn:evertick:request:4f0c6c1b2a9d8e77"])]
    code: Annotated[str, Field(examples=["form_invalid"])]
    errors: Annotated[list[FieldProblem], Field(description="Every mistake at once.")] = []
    error_id: Annotated[str | None, Field(description="With 500: what an operator finds in the log.")] = None


class ClockHead(Given):
    """A service-level clock of a ticket."""

    name: Annotated[str, Field(examples=["response"])]
    label: Text
    kind: Literal["sla", "ola", "uc"]
    status: Annotated[
        str, Field(description="idle, running, paused, stopped, outside_hours.", examples=["running"])
    ]
    target: Annotated[str, Field(examples=["1h"])]
    calendar: Annotated[str, Field(examples=["always"])]
    due_at: datetime | None
    breached_at: datetime | None


class Clock(ClockHead):
    """A clock as it stands now."""

    elapsed_seconds: Annotated[float, Field(description="Worked time so far.")]
    left_seconds: Annotated[
        float | None, Field(description="Worked time until the target; below 0 after it.")
    ]
    paused_why: Annotated[str | None, Field(description="The rule, and the line of YAML, that paused it.")]
    outside_why: Annotated[str | None, Field(description="Why its calendar is closed now.")]
    opens_at: datetime | None


class ClockWithLedger(Clock):
    """A clock with everything that explains it."""

    ledger: Annotated[list[dict[str, Any]], Field(description="What became of it, when, by which rule.")]
    thresholds: Annotated[list[dict[str, Any]], Field(description="What happens at which share of it.")]
    upcoming: Annotated[list[dict[str, Any]], Field(description="The next things that will happen.")]


class LinkedTicket(Given):
    """A ticket that this one is linked to."""

    id: str
    ref: str
    category: Annotated[str | None, Field(description="Of its state; null until it has told.")]
    fields: Annotated[dict[str, Any], Field(description="What is known of it here: fields of the link.")]


class May(Given):
    """What this caller may do besides transitions."""

    comment: bool
    comment_internal: bool


class Ticket(Given):
    """A ticket as this caller may see it."""

    id: Annotated[str, Field(examples=["0b6f7c1e-8f5a-4f3b-9f43-2a6f0f3b6a11"])]
    ref: Annotated[str, Field(examples=["INC-000042"])]
    process: Annotated[str, Field(examples=["incident"])]
    process_title: Text
    title: Annotated[str | None, Field(examples=["VPN unusable in Shanghai"])]
    state: Annotated[str, Field(examples=["in_progress"])]
    state_label: Text
    category: Annotated[str, Field(description="new, active, waiting, done or closed.", examples=["active"])]
    priority: Annotated[str | None, Field(examples=["P1"])]
    priority_label: Text
    priority_why: Annotated[list[Text], Field(description="Why it has this priority, in sentences.")]
    requester: Named | None
    assignee: Named | None
    team: Named | None
    service: Named | None
    opened_at: datetime
    entered_at: Annotated[datetime, Field(description="When it came into its state.")]
    updated_at: datetime
    revision: Annotated[int, Field(description="The same number as in `ETag`.", examples=[3])]
    fields: Annotated[dict[str, Any], Field(description="Every field this caller may see.")]
    editable: Annotated[list[str], Field(description="The fields that `PATCH` accepts from this caller now.")]
    clocks: list[ClockHead]
    tasks: list[dict[str, Any]]
    links: dict[str, list[LinkedTicket]]
    may: May
    pending_commands: Annotated[int, Field(description="Accepted commands that are still to be carried out.")]


class QueueRow(Given):
    """One ticket in a list."""

    id: str
    ref: Annotated[str, Field(examples=["INC-000042"])]
    process: str
    title: str
    state: str
    state_label: Text
    category: str
    priority: str | None
    requester: str | None
    assignee: Named | None
    team: Named | None
    service: str | None
    opened_at: datetime
    updated_at: datetime
    due_at: Annotated[datetime | None, Field(description="The nearest deadline of a running service clock.")]
    due_clock: str | None
    due_label: Text
    clock_status: Annotated[str, Field(description="running, paused, outside_hours, breached or none.")]
    elapsed_share: Annotated[float | None, Field(description="Of the target; above 1 after it.")]


class TicketList(Given):
    """One page of tickets, the nearest deadline first."""

    tickets: list[QueueRow]
    next_cursor: Annotated[str | None, Field(description="For the next page; null on the last one.")]


class Operation(Given):
    """An accepted command."""

    operation: str
    status: Annotated[Literal["pending", "done", "refused"], Field(examples=["pending"])]
    ticket_ref: str | None = None
    ticket: Annotated[Ticket | None, Field(description="When done: the ticket after it.")] = None
    problem: Annotated[Problem | dict[str, Any] | None, Field(description="When refused: why.")] = None


class Comment(Given):
    """A public reply or an internal note."""

    id: str
    author: Named | None
    public: bool
    text: str
    at: datetime


class CommentList(Given):
    """Every comment of a ticket that this caller may see, the oldest first."""

    comments: list[Comment]


class Delivery(Given):
    """Something that was sent, or is to be sent, to someone."""

    key: str
    seq: Annotated[int, Field(description="The journal entry that decided it.")]
    kind: Annotated[str, Field(examples=["page"])]
    recipient: Named | None
    channel: Annotated[str, Field(examples=["email"])]
    status: Annotated[str, Field(description="pending, sent, kept, failed, parked, nobody.")]
    subject: str
    body: str
    created_at: datetime
    sent_at: datetime | None
    attempts: int
    error: str | None


class DeliveryList(Given):
    """Deliveries of a ticket."""

    deliveries: list[Delivery]


class Outbox(DeliveryList):
    """One page of deliveries, the newest first."""

    next_cursor: str | None


class Cause(Given):
    """Why an entry exists."""

    kind: Annotated[str, Field(examples=["clock"])]
    name: Annotated[str, Field(examples=["response 50%"])]
    line: Annotated[str | None, Field(examples=["incident.yaml:219"])]


class Happening(Given):
    """One thing that happened."""

    what: str
    name: str
    detail: dict[str, Any]


class JournalEntry(Given):
    """One entry of a ticket's journal."""

    seq: int
    at: Annotated[datetime, Field(description="When it counts: a command's time, a deadline.")]
    handled_at: Annotated[datetime, Field(description="When it was really handled.")]
    late_by_seconds: float
    cause: Cause
    result: Literal["done", "refused", "faulted"]
    actor: Named | None
    command: int | None
    revision: int
    happened: list[Happening]
    refusal: dict[str, Any] | None
    words: Annotated[list[Text], Field(description="One sentence for each thing that happened.")]
    comment: Comment | None
    deliveries: list[Delivery]


class Journal(Given):
    """A part of a journal, the oldest entry first."""

    entries: list[JournalEntry]
    next_after_seq: Annotated[int | None, Field(description="For the next part; null past the end.")]


class Option(Given):
    """One choice."""

    value: str
    label: Text


class FormField(Given):
    """A field of a form."""

    name: str
    label: Text
    help: dict[str, str]
    type: Annotated[str, Field(examples=["choice"])]
    required: bool
    condition: Annotated[str | None, Field(description="The field applies only when this expression holds.")]
    options: list[Option]
    min: float | None
    max: float | None
    columns: Annotated[list[FormField], Field(description="Of a field of rows: what a row holds.")]
    offered_by: Annotated[str | None, Field(description="The field that decides which options are offered.")]
    offers: Annotated[
        dict[str, list[str]],
        Field(description="The options offered for each option of `offered_by`; `else` for the others."),
    ]
    value: Annotated[Any, Field(description="What it holds now, or its default.")]


class Transition(Given):
    """A transition as this caller finds it now."""

    name: Annotated[str, Field(examples=["resolve"])]
    label: Text
    available: bool
    why_not: Annotated[dict[str, str] | None, Field(description="Why it is not available, in words.")]
    form: list[FormField]


class TransitionList(Given):
    """Every transition that starts from the ticket's state."""

    transitions: list[Transition]


class ClockList(Given):
    """Every clock of a ticket."""

    clocks: list[Clock]


class Process(Given):
    """A published process."""

    id: Annotated[str, Field(examples=["incident"])]
    title: Text
    version: Annotated[int, Field(description="The number of the published version.")]


class ProcessList(Given):
    """Every process this caller can open tickets of."""

    processes: list[Process]


class Form(Given):
    """What opening a ticket asks for."""

    process: str
    fields: list[FormField]


class Me(Given):
    """The person behind the token."""

    id: str
    name: str
    locale: str
    time_zone: str
    roles: list[str]


class Person(Given):
    """A person, for pickers."""

    id: str
    name: str
    teams: list[str]


class PersonList(Given):
    """People of the organisation."""

    people: list[Person]


class Team(Given):
    """A team, for pickers."""

    id: str
    name: str
    lead: Annotated[str | None, Field(description="A person's id.")]


class TeamList(Given):
    """Teams of the organisation."""

    teams: list[Team]


class Service(Given):
    """A service, for pickers."""

    id: str
    name: str
    team: Annotated[str | None, Field(description="The team that looks after it.")]


class ServiceList(Given):
    """Services of the organisation."""

    services: list[Service]


class Asset(Given):
    """An asset, for pickers."""

    id: Annotated[str, Field(description="The number on its label.")]
    name: str
    kind: Annotated[str | None, Field(examples=["laptop"])]
    owner: Annotated[str | None, Field(description="A person's id.")]


class AssetList(Given):
    """Assets of the organisation."""

    assets: list[Asset]


class Liveness(Given):
    """The process answers."""

    status: Literal["live"]


class ReadinessReport(Given):
    """Whether requests are served."""

    status: Literal["ready", "degraded", "unready"]
    degraded: Annotated[list[str], Field(description="What is missing while intake goes on.")]
    checks: Annotated[dict[str, str], Field(examples=[{"database": "ok", "temporal": "not reachable"}])]
