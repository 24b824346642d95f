"""What goes into and comes out of a ticket's workflow and its activities."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from domain.engine.entries import Effect, Entry
from domain.engine.events import Command, Facts
from domain.engine.following import chains_of
from domain.engine.ticket import Json, Ticket

WORKFLOW = "TicketWorkflow"
TASK_QUEUE = "tickets"


def effects_queue(task_queue: str) -> str:
    """The queue of what goes outside: whatever hangs there holds up neither the journal nor the picks."""
    return f"{task_queue}-effects"


def workflow_id(ticket_id: str) -> str:
    """The workflow id of a ticket."""
    return f"ticket/{ticket_id}"


@dataclass(frozen=True)
class DeliveryKey:
    """One row of the effects ledger: one decision, one key, at least one send."""

    seq: int
    index: int
    recipient: str
    channel: str


@dataclass(frozen=True)
class Unresolved:
    """An effect the workflow carries out itself (pick, approvers, script, http) whose result event is still awaited."""

    seq: int  # of the causing entry
    at: datetime  # of the causing entry
    effect: Effect


@dataclass(frozen=True)
class TicketStart:
    """The only way into a workflow: a snapshot, and what an earlier run had left to do (rules 9 to 11)."""

    ticket: Ticket
    incarnation: int
    acked_seq: int  # entries the row is known to have
    unrecorded: tuple[Entry, ...] = ()  # entries above acked_seq
    undelivered: tuple[DeliveryKey, ...] = ()
    unresolved: tuple[Unresolved, ...] = ()
    expects: int = 0  # the last command in the log: a run for it must not end before it came


@dataclass(frozen=True)
class Send:
    """One command on its way to the workflow, with its facts (rule 3). The update id is `command.id`."""

    command: Command
    incarnation: int
    acked_seq: int
    revision: int
    facts: Facts


@dataclass(frozen=True)
class Answer:
    """What the update answers: `handled` False means settled earlier or the run ends; the row tells."""

    handled: bool
    incarnation: int
    seq: int
    entries: tuple[Entry, ...] = ()  # those above the send's acked_seq
    run_ends: bool = False


@dataclass(frozen=True)
class Record:
    """Input of the `record` activity."""

    ticket_id: str
    incarnation: int
    entries: tuple[Entry, ...]
    after_seq: int  # deliveries of entries above this are asked for


@dataclass(frozen=True)
class Recorded:
    """Output of `record`. `ends` True: the row belongs to another run, this one has to end."""

    acked_seq: int
    deliveries: tuple[DeliveryKey, ...] = ()
    ends: bool = False


@dataclass(frozen=True)
class Deliver:
    """Input of the `deliver` activity: one ledger row."""

    ticket_id: str
    key: DeliveryKey


@dataclass(frozen=True)
class Delivered:
    """Output of `deliver`: what the ledger row says now (sent, kept, failed, parked, nobody)."""

    status: str


@dataclass(frozen=True)
class Pick:
    """Input of the `pick` activity: choose the person of a team (reservation keyed by ticket, seq, index)."""

    ticket_id: str
    seq: int
    index: int
    team: str
    how: str  # least_loaded | round_robin | on_call
    skills: tuple[str, ...] = ()
    follow: tuple[
        tuple[str, ...], ...
    ] = ()  # what else is asked about whoever is picked (domain/engine/following.py)

    @classmethod
    def asked(cls, ticket_id: str, seq: int, effect: Effect) -> Pick:
        """The question that effect of entry `seq` asks."""
        skills = effect.data.get("skills")
        return cls(
            ticket_id,
            seq,
            effect.index,
            str(effect.data["team"]),
            str(effect.data["how"]),
            tuple(str(one) for one in skills) if isinstance(skills, list | tuple) else (),
            chains_of(effect.data.get("follow")),
        )


@dataclass(frozen=True)
class PickedPerson:
    """Output of `pick`."""

    person: str | None
    known: dict[str, dict[str, Json]] = field(default_factory=dict)


@dataclass(frozen=True)
class FindApprovers:
    """Input of the `find_approvers` activity: the question of an effect, and when it was asked."""

    ticket_id: str
    asked_at: datetime
    data: dict[str, Json]


@dataclass(frozen=True)
class RunTask:
    """Input of `run_script` and `call_http`: an automatic task, its rendered parameters and its key."""

    ticket_id: str
    seq: int
    index: int
    task: str
    run: int
    kind: str  # script | http
    data: dict[str, Json]


@dataclass(frozen=True)
class TaskResult:
    """Output of an automatic task."""

    ok: bool
    completed_at: datetime
    response: Json = None
    error: str = ""


@dataclass(frozen=True)
class OpenChild:
    """Input of `open_child`: the ticket that an effect of an entry asks for."""

    ticket_id: str
    seq: int
    index: int
    data: dict[str, Json]


@dataclass(frozen=True)
class ChildTicket:
    """Output of `open_child`: the ticket; without an id it could not be opened, and why."""

    ticket: str = ""
    ref: str = ""
    error: str = ""
    category: str = ""  # of the state it is in
