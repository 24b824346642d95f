"""People at work: who is free takes the most urgent job, one at a time, within their hours."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from domain.calendars import ALWAYS, Calendars, FrozenCalendar, due, open_spans
from domain.simulation.jobs import NEVER, Job, Queues
from domain.simulation.measures import Measures
from domain.simulation.organisation import Organisation, Worker
from domain.simulation.timeline import SHIFT, WORKED, Timeline


@dataclass(slots=True)
class Staff:
    """Gives jobs to workers. `taken` is called when somebody starts one, `finished` when it is done."""

    organisation: Organisation
    calendars: Calendars
    timeline: Timeline
    measures: Measures
    start: datetime
    end: datetime
    taken: Callable[[Job, Worker], None]
    finished: Callable[[Job, Worker], None]
    working: dict[str, bool] = field(default_factory=dict)  # calendars that are open now
    _queues: Queues = field(default_factory=Queues)
    _called: dict[str, list[Job]] = field(default_factory=dict)  # by worker: what they were called for

    # ---- hours

    def plan_shifts(self) -> None:
        """Put the opening and closing of every calendar that somebody works by on the time line."""
        for name in dict.fromkeys(worker.calendar for worker in self.organisation.workers.values()):
            self.working[name] = False
            for opens, closes in open_spans(self.calendars[name], self.start, self.end):
                self.timeline.plan(opens, SHIFT, self._open, name)
                self.timeline.plan(closes, SHIFT, self._close, name)

    def plan_absences(self) -> None:
        """Put the absences of everybody on the time line. Who goes away finishes first what they are at."""
        for worker in self.organisation.workers.values():
            for goes, returns in worker.absences:
                self.timeline.plan(goes, SHIFT, self.organisation.leaves, worker, returns)
                self.timeline.plan(returns, SHIFT, self._return, worker)

    def _return(self, worker: Worker) -> None:
        self.organisation.leaves(worker, None)
        self.take_next(worker)

    def _is_there(self, worker: Worker) -> bool:
        """Whether somebody is at work."""
        return self.working[worker.calendar] and worker.away_until is None

    def _open(self, calendar: str) -> None:
        self.working[calendar] = True
        for worker in self.organisation.workers.values():
            if worker.calendar == calendar:
                self.take_next(worker)

    def _close(self, calendar: str) -> None:
        self.working[calendar] = False

    def call(self, job: Job, worker: Worker) -> None:
        """Somebody was called for a job: outside their hours they do it, one after the other."""
        if not self.working[worker.calendar] and worker.away_until is None:
            self._called.setdefault(worker.id, []).append(job)
            self._work_at_home(worker)

    def _work_at_home(self, worker: Worker) -> None:
        waiting = self._called.get(worker.id)
        while waiting and not worker.busy and not self.working[worker.calendar]:
            job = waiting.pop(0)
            if job.live and job.worker is None:
                self.begin(job, worker, ALWAYS, overtime=True)

    # ---- queues

    def offer(self, job: Job) -> None:
        """Queue a job; somebody who is free takes it, or what is more urgent, at once."""
        self.measures.queued(job, self.timeline.now)
        self._queues.put(job, _deadline(job))
        while job.live and job.worker is None:
            free = [
                worker
                for worker in self.organisation.workers_of(job.queries, self.timeline.now)
                if not worker.busy and self._is_there(worker)
            ]
            if not free:
                return
            self.take_next(min(free, key=lambda one: (one.free_since or self.start, one.order)))

    def move(self, job: Job, allowed: tuple[str, ...], queries: tuple[str, ...]) -> None:
        """The ticket of a waiting job changed: perhaps it waits for others now, or is more urgent."""
        if queries and queries != job.queries:
            self.measures.unqueued(job, self.timeline.now)
            job.allowed, job.queries = allowed, queries
            job.team = self.organisation.workers_of(queries, self.timeline.now)[0].team
            self.offer(job)
        elif (deadline := _deadline(job)) != job.deadline:
            self._queues.put(job, deadline)

    def take_next(self, worker: Worker) -> None:
        """Somebody who is free and at work takes the most urgent job they may do."""
        now = self.timeline.now
        if worker.busy or not self._is_there(worker):
            return
        mine = [
            query
            for query in worker.queries
            if not query.startswith("on-call:") or worker.id in self.organisation.people(query, now)
        ]
        job = self._queues.first(mine)
        if job is not None:
            self.begin(job, worker, self.calendars[worker.calendar])

    # ---- work

    def begin(self, job: Job, worker: Worker, calendar: FrozenCalendar, *, overtime: bool = False) -> None:
        """Somebody starts a job that waits; it goes on in these hours."""
        now = self.timeline.now
        job.worker, job.started_at, job.overtime = worker, now, overtime
        worker.busy = True
        self.measures.started(job, now)
        amount = timedelta(seconds=max(1, round(job.seconds)))
        self.timeline.plan(due(calendar, now, amount) or self.end, WORKED, self._worked, job)
        self.taken(job, worker)

    def _worked(self, job: Job) -> None:
        worker = job.worker
        if not job.live or worker is None:
            return
        job.live = False
        self._release(job, worker)
        self.finished(job, worker)
        self._next(worker)

    def _next(self, worker: Worker) -> None:
        self._work_at_home(worker)
        self.take_next(worker)

    def cancel(self, job: Job) -> None:
        """A job is no longer wanted; who works on it stops and takes the next."""
        if not job.live:
            return
        job.live = False
        if job.worker is not None:
            self._release(job, job.worker)
            self._next(job.worker)
        elif job.queries:
            self.measures.unqueued(job, self.timeline.now)

    def _release(self, job: Job, worker: Worker) -> None:
        self.count(job)
        worker.busy = False
        worker.free_since = self.timeline.now

    def count(self, job: Job) -> None:
        """Count the time somebody has spent on a job so far."""
        assert job.worker is not None and job.started_at is not None, "nobody works on it"
        self.measures.worked(job.worker, job.started_at, self.timeline.now, overtime=job.overtime)


def _deadline(job: Job) -> datetime:
    """The nearest deadline of the ticket (of a task its own too): what is most urgent is done first."""
    ticket = job.case.ticket
    moments = [clock.due_at for clock in ticket.clocks.values() if clock.status == "running" and clock.due_at]
    if job.is_task and (due_at := ticket.tasks[job.what].due_at) is not None:
        moments.append(due_at)
    return min(moments, default=NEVER)
