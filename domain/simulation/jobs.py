"""Work that waits for people: each job in the queues of all who may do it, the nearest deadline first."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from heapq import heappop, heappush

from domain.engine.ticket import Ticket
from domain.simulation.organisation import Worker

NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(slots=True, eq=False)
class Case:
    """One simulated ticket, and what is planned for it."""

    number: int
    requester: str
    opened_at: datetime
    ticket: Ticket
    job: Job | None = None
    tasks: dict[tuple[str, int], Job] = field(default_factory=dict)  # by task and run
    visit: tuple[str, datetime] | None = None  # the state and since when
    visits: dict[str, int] = field(default_factory=dict)  # how often each state was entered
    turn: int = 0  # what was planned in this visit so far
    tries: int = 0  # how often somebody looked again in this visit, after everything was refused
    plan: int = 0  # counts plans: an older one that comes due is forgotten
    planned: bool = False  # something will happen in this visit without rules
    acts: int = 0
    commands: int = 0
    replied: bool = False
    paged: set[str] = field(default_factory=set)
    answering: set[str] = field(default_factory=set)  # people who will answer their page
    asked: set[tuple[str, int, str, str]] = field(
        default_factory=set
    )  # votes planned: approval, round, stage, person
    deadline: datetime | None = None  # the one the time line knows of
    stuck: str = ""  # why nobody can do anything
    stuck_revision: int = -1
    holder: str = ""  # whose open ticket it counts as


@dataclass(slots=True, eq=False)
class Job:
    """Something for one person: a button of the ticket's state, or one of its tasks."""

    case: Case
    what: str  # a transition or a task
    is_task: bool
    run: int
    seconds: float
    allowed: tuple[str, ...]  # lowered selectors of those who may do it
    queries: tuple[str, ...]  # in whose queues it waits
    team: str
    state: str
    queued_at: datetime
    deadline: datetime = NEVER
    live: bool = True
    worker: Worker | None = None
    started_at: datetime | None = None
    overtime: bool = False


class Queues:
    """Every queue, by the query that finds its people."""

    def __init__(self) -> None:
        self._heaps: dict[str, list[tuple[datetime, int, Job]]] = {}
        self._count = 0

    def put(self, job: Job, deadline: datetime) -> None:
        """Queue a job, or move one to the place of its new deadline."""
        job.deadline = deadline
        self._count += 1
        for query in job.queries:
            heappush(self._heaps.setdefault(query, []), (deadline, self._count, job))

    def first(self, queries: list[str]) -> Job | None:
        """The job with the nearest deadline that waits in one of these queues; of equal ones the oldest."""
        best: tuple[datetime, int, Job] | None = None
        for query in queries:
            heap = self._heaps.get(query)
            while heap:
                deadline, _, job = heap[0]
                if job.live and job.worker is None and job.deadline == deadline and query in job.queries:
                    if best is None or heap[0][:2] < best[:2]:
                        best = heap[0]
                    break
                heappop(heap)
        return best[2] if best else None
