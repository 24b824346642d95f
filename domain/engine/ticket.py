"""What a ticket is: the value the engine decides on, the workflow carries and the row keeps.

Everything in it is JSON-able. Instants are aware UTC datetimes, lengths are in seconds or in the language's
own duration text. Values of fields are kept as JSON (see `fields.py` for the typed reading).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from domain.engine.approval_state import Approval
from domain.language.published import Hashes

__all__ = [
    "ENGINE",
    "Approval",
    "Chain",
    "Clock",
    "Hashes",
    "Held",
    "Json",
    "LedgerLine",
    "Link",
    "Parent",
    "Postponed",
    "Reached",
    "StateTimer",
    "Stretch",
    "Task",
    "Ticket",
    "Unheard",
]

Json = object
"""A JSON value: None, bool, int, float, str, list or dict of these."""

ENGINE = 1
"""The number of the snapshot's format and of what the core returns (ADR 0006). What changes either raises it."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """One interval in which a clock ran. `to_at` is None while it runs."""

    from_at: datetime
    to_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """One line of a clock's ledger: what became of it, when, by which rule of the definition."""

    at: datetime
    what: Literal["started", "paused", "resumed", "stopped", "reset", "retargeted", "moved", "carried"]
    why: str  # the rule, such as `clocks.resolve.pause`
    line: str = ""  # where the rule stands, such as `incident.yaml:318`
    target: str = ""  # the target and calendar that apply from here on
    calendar: str = ""
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Reached:
    """A threshold that was reached: history, whatever happens to the clock later."""

    due_at: datetime
    acted: bool  # False: a higher threshold of the same clock was due at once and acted instead


@dataclass(frozen=True, slots=True)
class Clock:
    """A service-level clock. Elapsed time is always computed from `stretches`, never carried along."""

    status: Literal["idle", "running", "paused", "stopped"] = "idle"
    cycle: int = 0
    target: str = ""  # duration text that applies now
    calendar: str = ""
    until: datetime | None = (
        None  # the deadline itself, where the definition names a moment instead of a length
    )
    from_at: datetime | None = None  # the moment it counts from, where `start` names one
    stretches: tuple[Stretch, ...] = ()
    ledger: tuple[LedgerLine, ...] = ()
    reached: dict[str, Reached] = field(default_factory=dict)
    due_at: datetime | None = None  # when the target is reached if it runs on; kept after a breach
    breached_at: datetime | None = None
    overdue_count: int = 0
    next_at: datetime | None = None  # nearest threshold or overdue repetition
    next_what: str = ""  # "50%", "30m left", "2h after", "overdue", "start"


@dataclass(frozen=True, slots=True)
class StateTimer:
    """An `after` or `at` transition waiting for its time. Dropped when the state is left."""

    due_at: datetime
    spent: bool = False
    count: int = 0  # how often it has gone off


@dataclass(frozen=True, slots=True)
class Unheard:
    """What the work of a held state reported; it is heard when the ticket comes back."""

    name: str  # such as `task.order.done`
    data: dict[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Held:
    """The state that a state with `hold: true` interrupts, and what stands still with it."""

    state: str
    since: datetime
    entered_at: datetime
    timers: dict[str, StateTimer] = field(default_factory=dict)
    tasks_settled: bool = False
    unheard: tuple[Unheard, ...] = ()


@dataclass(frozen=True, slots=True)
class Chain:
    """A running escalation: which step pages next, and when."""

    step: int
    round: int
    next_at: datetime
    started_at: datetime


@dataclass(frozen=True, slots=True)
class Task:
    """A work item of the ticket."""

    state: Literal["pending", "open", "running", "done", "failed", "skipped", "cancelled"]
    since: datetime
    due_at: datetime | None = None  # `assign`: when it should be done; `wait`: when it is over
    overdue_at: datetime | None = None  # when `due_at` passed and was said
    start_at: datetime | None = None  # pending: when it opens
    remind_at: datetime | None = None  # when its people are reminded next
    reminded: int = 0
    repeat_at: datetime | None = None  # overdue: when it is said again
    repeated: int = 0
    assignees: tuple[str, ...] = ()  # lowered selectors (see people.py)
    attempt: int = 0
    run: int = 0  # counts starts of this task, so that a late result of an earlier one is told apart
    of_state: str = ""  # the state it belongs to; "" when started by `run`
    error: str = ""
    outcome: str = ""  # how whoever completed it says it came out
    response: Json = None  # what an automatic task or its ticket answered, when it is short
    child: str = ""  # `ticket`: the id of the ticket that was opened for it
    title: str = ""  # of one that people added
    element: Json = None  # of a list: what it is for, tagged (values.py)
    place: int = 0  # where that element stands in the list
    shown: dict[str, Json] = field(default_factory=dict)  # values of the {{ }} of its label, tagged


@dataclass(frozen=True, slots=True)
class Parent:
    """The ticket that had this one opened. With `task`, it is told when this one is done."""

    ticket: str  # its id
    ref: str
    link: str = ""  # what this process calls the link to it
    task: str = ""
    run: int = 0
    told: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """A link to another ticket."""

    ticket: str  # its id
    ref: str
    category: str = ""  # of its state, as it told last
    values: dict[str, Json] = field(default_factory=dict)  # the fields it shows, as it told last
    fields: dict[str, Json] = field(default_factory=dict)  # what is known of it here: `fields` of the link


@dataclass(frozen=True, slots=True)
class Postponed:
    """A notification that waits for its calendar to open. Its values are those of when it was decided."""

    template: str
    due_at: datetime
    decided_at: datetime
    calendar: str
    to: tuple[str, ...] = ()  # as an effect's
    channels: tuple[str, ...] = ()
    values: dict[str, Json] = field(default_factory=dict)
    why: str = ""


@dataclass(frozen=True, slots=True)
class Ticket:
    """One running item, whole."""

    id: str
    ref: str  # INC-000042
    process: str
    hashes: Hashes
    state: str
    opened_at: datetime
    entered_at: datetime
    last_at: datetime
    engine: int = ENGINE
    time_shift: float = 0.0  # seconds added to the server's clock; zero except on temporary desks
    fields: dict[str, Json] = field(default_factory=dict)
    overridden: tuple[str, ...] = ()  # derived fields (priority, team, assignee) a person has set by hand
    known: dict[str, dict[str, Json]] = field(
        default_factory=dict
    )  # "service:vpn" → attributes conditions read
    agreement: str = ""
    priority_because: tuple[str, ...] = ()  # rules of `adjust` that applied, as indexes into the definition
    clocks: dict[str, Clock] = field(default_factory=dict)
    timers: dict[str, StateTimer] = field(default_factory=dict)  # by transition
    chains: dict[str, Chain] = field(default_factory=dict)  # by escalation
    tasks: dict[str, Task] = field(default_factory=dict)
    approvals: dict[str, Approval] = field(default_factory=dict)
    links: dict[str, tuple[Link, ...]] = field(default_factory=dict)
    tasks_settled: bool = False  # `tasks.done` was raised for this entry of the state
    held: Held | None = None  # while the ticket is on hold
    parent: Parent | None = None
    postponed: tuple[Postponed, ...] = ()  # notifications that wait for the end of quiet hours
    converting: str = ""  # the process of which a ticket was asked for that this one goes on as
    parked: str = ""  # why the engine stopped working on this ticket, for operators
    revision: int = 0
    seq: int = 0
    handled: int = 0
