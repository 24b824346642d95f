"""What can happen to a ticket from outside, and the facts that travel with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from domain.engine.ticket import Hashes, Json


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
class Message:
    """A declared message from a linked ticket, the API or the system."""

    message: str
    fields: dict[str, Json] = field(default_factory=dict)
    ticket: str = ""  # the linked ticket that sends it
    ref: str = ""


@dataclass(frozen=True, slots=True)
class Relink:
    """Link a ticket or let go of it: by a person, or from the other end. With `mirror` the other end is told too."""

    link: str
    ticket: str  # the other's id
    ref: str
    add: bool = True
    mirror: bool = False


@dataclass(frozen=True, slots=True)
class News:
    """What a linked ticket tells of itself."""

    ticket: str
    category: str
    values: dict[str, Json] = field(default_factory=dict)


Request = Relink | News | Open | Move | Edit | Comment | CompleteTask | Message


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


Result = Picked | TaskFinished
