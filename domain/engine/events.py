"""What can happen to a ticket from outside, and the facts that travel with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from domain.engine.approval_state import StandIn
from domain.engine.ticket import Hashes, Json, Parent, Stretch


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, as far as conditions and permissions read it; looked up for one send and never stored."""

    id: str
    kind: str = "person"  # person | system
    teams: tuple[str, ...] = ()  # member of
    leads: tuple[str, ...] = ()  # teams this person leads
    groups: tuple[str, ...] = ()
    on_call: tuple[str, ...] = ()  # rosters and teams this person is on call for now
    manages: tuple[str, ...] = ()  # people whose manager this person is
    owns: tuple[str, ...] = ()  # services
    paged: bool = False  # was paged for this ticket
    vip: bool = False
    locale: str = "en"


SYSTEM = Actor(id="", kind="system")


@dataclass(frozen=True, slots=True)
class Facts:
    """What a step needs from outside, looked up for this send (architecture.md, rule 3).

    things: attributes of what is being set, by "kind:id" (`service:vpn` → {tier, critical, …}); a thing that does
            not exist is present with None.
    missing: names of facts that could not be had; a step that needs one of them is refused.
    """

    actor: Actor = SYSTEM
    things: dict[str, dict[str, Json] | None] = field(default_factory=dict)
    checks: dict[str, list[Json]] = field(default_factory=dict)
    published: tuple[str, ...] = ()  # processes that can be created or linked to
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Open:
    """Open a ticket."""

    id: str
    ref: str
    hashes: Hashes
    fields: dict[str, Json]
    channel: str = "api"
    time_shift: float = 0.0
    parent: Parent | None = None  # the ticket whose rule opens it
    carried: dict[str, tuple[Stretch, ...]] = field(default_factory=dict)  # what clocks have counted already


@dataclass(frozen=True, slots=True)
class Move:
    """Take a transition, with the values of its form."""

    transition: str
    fields: dict[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Edit:
    """Change fields by hand (assigning is editing `team` and `assignee`)."""

    fields: dict[str, Json]


@dataclass(frozen=True, slots=True)
class Comment:
    """A public reply or an internal note. Its text is a row of its own, referenced by id and content hash."""

    comment: str  # id of the row
    sha256: str
    public: bool = True


@dataclass(frozen=True, slots=True)
class CompleteTask:
    """A person has done (or, with `failed`, could not do) a task."""

    task: str
    fields: dict[str, Json] = field(default_factory=dict)
    failed: bool = False


@dataclass(frozen=True, slots=True)
class AddTask:
    """Add a task that no rule foresaw. Without a person and a team it is for whoever adds it."""

    title: str
    assignee: str = ""
    team: str = ""
    due_at: datetime | None = None
    fields: dict[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CancelTask:
    """Take a task back that somebody added."""

    task: str


@dataclass(frozen=True, slots=True)
class Message:
    """A declared message from a linked ticket, the API or the system."""

    message: str
    fields: dict[str, Json] = field(default_factory=dict)
    ticket: str = ""  # the linked ticket that sends it
    ref: str = ""


@dataclass(frozen=True, slots=True)
class Relink:
    """Link a ticket or let go of it: by a person, or from the other end. With `mirror` the other end is told too.

    fields: values of the link's fields, for a ticket that is linked already too.
    present: only set these; a ticket that is not linked (any more) is not linked by it.
    """

    link: str
    ticket: str  # the other's id
    ref: str
    add: bool = True
    mirror: bool = False
    category: str = ""  # of the other's state, when that tells
    values: dict[str, Json] = field(default_factory=dict)  # the fields it shows
    fields: dict[str, Json] = field(default_factory=dict)
    present: bool = False


@dataclass(frozen=True, slots=True)
class News:
    """What a linked ticket tells of itself."""

    ticket: str
    category: str
    values: dict[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Vote:
    """An approver's answer, with the values of its form. Without a stage: in every stage that waits for them."""

    approval: str
    answer: str  # approve, reject, or what else the stage offers
    comment: str = ""
    stage: str = ""
    fields: dict[str, Json] = field(default_factory=dict)
    hash: str = ""  # of what the voter was shown; refused when that has changed since


@dataclass(frozen=True, slots=True)
class AddApprover:
    """Bring in a further approver, whose vote counts like the others' (加签)."""

    approval: str
    person: str
    stage: str = ""
    comment: str = ""


@dataclass(frozen=True, slots=True)
class HandOver:
    """Give a seat to somebody else, for good (转审). `person`: whose seat, when it is not the actor's own."""

    approval: str
    to: str
    person: str = ""
    stage: str = ""
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Delegate:
    """Let somebody decide in one's place for a while; one may still decide oneself."""

    approval: str
    to: str
    from_at: datetime | None = None
    until_at: datetime | None = None
    person: str = ""
    stage: str = ""


@dataclass(frozen=True, slots=True)
class ReturnTo:
    """Send an approval back to an earlier stage, which decides again (退回)."""

    approval: str
    stage: str
    comment: str


@dataclass(frozen=True, slots=True)
class WithdrawApproval:
    """Take the request for an approval back (撤回)."""

    approval: str
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Migrate:
    """Move the ticket to the version of its process with these hashes.

    leave_behind: go on although something of the ticket has no place there.
    """

    hashes: Hashes
    leave_behind: bool = False


ApprovalRequest = Vote | AddApprover | HandOver | Delegate | ReturnTo | WithdrawApproval


@dataclass(frozen=True, slots=True)
class ChildDone:
    """A ticket that was opened for a task is done."""

    task: str
    run: int
    ref: str
    state: str


@dataclass(frozen=True, slots=True)
class ChildDropped:
    """The task for which this ticket was opened was cancelled: nobody waits for it any more."""

    task: str
    run: int
    ref: str  # of the ticket with the task


TaskRequest = CompleteTask | AddTask | CancelTask | ChildDone | ChildDropped
Step = TaskRequest | Relink | News | Open | Move | Edit | Comment | Message | ApprovalRequest
Request = Step | Migrate


@dataclass(frozen=True, slots=True)
class Command:
    """A request as it stands in the command log of a ticket."""

    number: int  # 1, 2, 3 … per ticket
    id: str  # the update id
    request: Request
    received_at: datetime
    actor: str


@dataclass(frozen=True, slots=True)
class Picked:
    """Who was picked for an assignment that entry `seq`, effect `index` asked for; None: there was nobody."""

    seq: int
    index: int
    team: str
    person: str | None
    asked_at: datetime  # `at` of the entry that asked
    known: dict[str, dict[str, Json]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TaskFinished:
    """An automatic task (script, http, email) came to its end."""

    task: str
    run: int
    ok: bool
    completed_at: datetime
    response: Json = None
    error: str = ""


@dataclass(frozen=True, slots=True)
class ApproversFound:
    """Who a stage's selectors stand for. `lookup` is the number of the question; `asked_at` when it was asked."""

    approval: str
    stage: str
    lookup: int
    asked_at: datetime
    approvers: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    veto: tuple[str, ...] = ()
    weights: tuple[tuple[str, ...], ...] = ()  # people of each line of `weights`
    stand_ins: dict[str, tuple[StandIn, ...]] = field(default_factory=dict)  # those away or delegating


@dataclass(frozen=True, slots=True)
class ChildOpened:
    """The ticket that entry `seq`, effect `index` asked for is open; without an id it could not be, and why."""

    seq: int
    index: int
    asked_at: datetime  # `at` of the entry that asked
    link: str
    process: str
    ticket: str = ""
    ref: str = ""
    task: str = ""
    run: int = 0
    error: str = ""
    category: str = ""  # of the state it is in
    to: str = ""  # the ticket is converted into it, and ends in this state
    by: str = ""  # the transition that converts


Result = Picked | TaskFinished | ApproversFound | ChildOpened
