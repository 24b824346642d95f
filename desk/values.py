"""What the desk is asked and what it answers. `api/` and `web/` speak to the desk in these words only."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from domain.engine.entries import Entry
from domain.engine.ticket import Json, Ticket


@dataclass(frozen=True, slots=True)
class Caller:
    """Who is signed in: a person of the organisation, found by token or session."""

    id: str
    name: str
    locale: str
    time_zone: str
    roles: tuple[
        str, ...
    ] = ()  # of the installation: admin | manager | process_owner | agent; none: requester


@dataclass(frozen=True, slots=True)
class Guard:
    """What protects a write: the idempotency key with the hash of the request, and the revision from `If-Match`."""

    key: str | None = None
    request_hash: str = ""  # sha256 over method, path and body
    revision: int | None = None  # None: not guarded (opening, commenting)


@dataclass(frozen=True, slots=True)
class Settled:
    """A command that has its outcome. Its entry tells accepted from refused."""

    ticket: TicketView
    command: int
    entry: Entry
    replayed: bool = False  # the same key came again: this is the first one's outcome


@dataclass(frozen=True, slots=True)
class Pending:
    """A command that is committed and will be carried out; poll the operation."""

    operation: str  # the command's id
    ref: str


@dataclass(frozen=True, slots=True)
class ClockView:
    """A clock as people see it."""

    name: str
    label: dict[str, str]
    kind: str  # sla | ola | uc
    status: str  # idle | running | paused | stopped, and what a calendar adds: outside_hours
    target: str
    calendar: str
    elapsed: float  # worked seconds
    left: float | None  # worked seconds until the target; negative after it
    due_at: datetime | None
    breached_at: datetime | None
    paused_why: str  # rule and line
    outside_why: str  # "" or why the calendar is closed now: outside hours, a holiday's name
    opens_at: datetime | None
    ledger: tuple[dict[str, Json], ...]  # {at, to, worked, what, why, line, target, calendar, due_at}
    upcoming: tuple[dict[str, Json], ...]  # the next things that will happen: {at, what, effects, line}
    thresholds: tuple[dict[str, Json], ...]  # {label, share, at, reached, acted, does}


@dataclass(frozen=True, slots=True)
class FieldView:
    """A field of a ticket or of a form, with what a page needs to show and ask for it."""

    name: str
    label: dict[str, str]
    help: dict[str, str]
    type: str
    value: Json
    display: dict[str, str]  # the value in words, by locale
    options: tuple[tuple[str, dict[str, str]], ...] = ()
    required: bool = False
    condition: str = ""  # shown only when this holds (forms)
    follows: tuple[
        str, ...
    ] = ()  # what is asked that decides the condition by way of what is computed from it
    editable: bool = False
    min: float | None = None
    max: float | None = None
    columns: tuple[FieldView, ...] = ()  # of a field of rows
    cells: tuple[tuple[dict[str, str], ...], ...] = ()  # its rows in words, by locale
    offered_by: str = ""  # the choice that decides which options are offered
    offers: dict[str, tuple[str, ...]] = field(default_factory=dict)  # by its options, `else` for the others


@dataclass(frozen=True, slots=True)
class ActionView:
    """A transition as a button: for exactly the people who may take it now; else `why_not` says why."""

    name: str
    label: dict[str, str]
    form: tuple[FieldView, ...]
    available: bool
    why_not: dict[str, str] = field(default_factory=dict)
    to_category: str = ""  # of the state it leads to; "" when it stays, or branches


@dataclass(frozen=True, slots=True)
class CommentView:
    """A public reply or an internal note."""

    id: str
    author: str
    author_name: str
    public: bool
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class DeliveryView:
    """One delivery of the ledger."""

    key: str
    seq: int
    kind: str  # page | notify | email | comment …
    recipient: str
    recipient_name: str
    channel: str
    status: Literal["pending", "sent", "kept", "failed", "parked", "nobody"]
    subject: str
    body: str
    created_at: datetime
    sent_at: datetime | None
    attempts: int
    error: str


@dataclass(frozen=True, slots=True)
class TimelineView:
    """One line of the timeline: a journal entry with what it means in words."""

    entry: Entry
    actor_name: str
    words: tuple[dict[str, str], ...]  # one sentence per happening, by locale
    comment: CommentView | None = None
    deliveries: tuple[DeliveryView, ...] = ()
    kinds: tuple[str, ...] = ()  # what each sentence is about: the happening's word, `refused` or `late`


@dataclass(frozen=True, slots=True)
class LinkedView:
    """A linked ticket, with what is known of it here."""

    ref: str
    category: str
    fields: tuple[FieldView, ...] = ()


@dataclass(frozen=True, slots=True)
class LinkView:
    """A link of the process, with the tickets it leads to."""

    name: str
    label: dict[str, str]
    tickets: tuple[LinkedView, ...]  # number, and category of its state ("" while unknown)
    may_link: bool  # and let go


@dataclass(frozen=True, slots=True)
class TicketView:
    """A ticket as this caller may see it (hidden fields are gone)."""

    ticket: Ticket
    revision: int
    process_title: dict[str, str]
    state_label: dict[str, str]
    category: str
    priority_label: dict[str, str]
    priority_why: tuple[dict[str, str], ...]
    requester_name: str
    assignee_name: str
    team_name: str
    service_name: str
    fields: tuple[FieldView, ...]
    clocks: tuple[ClockView, ...]
    actions: tuple[ActionView, ...]
    tasks: tuple[dict[str, Json], ...]
    may_comment: bool
    may_comment_internal: bool
    pending_commands: int
    approvals: tuple[dict[str, Json], ...] = ()
    adding_task: tuple[FieldView, ...] = ()  # what is filled in to add a task; empty: this caller may not
    links: tuple[LinkView, ...] = ()


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One row of a queue."""

    id: str
    ref: str
    process: str
    title: str
    state: str
    state_label: dict[str, str]
    category: str
    priority: str
    requester: str
    assignee: str
    assignee_name: str
    team: str
    team_name: str
    service: str
    opened_at: datetime
    updated_at: datetime
    due_at: datetime | None  # nearest open deadline of a running service clock
    due_clock: str
    due_label: dict[str, str]
    clock_status: str  # running | paused | outside_hours | breached | none
    elapsed_share: float | None  # of the target, 0.0 to 1.0 and above


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """What a queue shows; every part narrows."""

    process: str | None = None
    states: tuple[str, ...] = ()  # states, categories, `open`
    team: str | None = None
    assignee: str | None = None  # a person's id, or "none"
    requester: str | None = None
    priority: tuple[str, ...] = ()
    service: str | None = None
    text: str | None = None  # in ref and title
    overdue: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a queue, sorted by the nearest deadline (none last), then by opening; keyset cursors."""

    rows: tuple[QueueRow, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class ProcessView:
    """A published process and the form that opens a ticket of it."""

    id: str
    title: dict[str, str]
    number: int  # of the published version
    create_form: tuple[FieldView, ...]


@dataclass(frozen=True, slots=True)
class PersonView:
    """A person as pickers offer them."""

    id: str
    name: str
    teams: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TeamView:
    """A team as pickers offer it."""

    id: str
    name: str
    lead: str = ""  # a person's id


@dataclass(frozen=True, slots=True)
class ServiceView:
    """A service as pickers offer it."""

    id: str
    name: str
    team: str = ""  # the team that looks after it


@dataclass(frozen=True, slots=True)
class AssetView:
    """An asset as pickers offer it; its id is the number on its label."""

    id: str
    name: str
    kind: str = ""
    owner: str = ""  # a person's id


@dataclass(frozen=True, slots=True)
class Readiness:
    """Whether requests can be served. Degraded parts are missing, shown and alerted; intake goes on."""

    ready: bool
    degraded: tuple[str, ...] = ()  # such as "temporal", "workers"
    checks: dict[str, str] = field(default_factory=dict)  # part → "ok", or what is wrong with it
