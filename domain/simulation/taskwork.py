"""Tasks of tickets: queued for the people they are for, done after a while, sometimes not done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from domain.engine.task_rules import base_of
from domain.engine.ticket import Task
from domain.simulation.candidates import Candidates
from domain.simulation.casework import Casework
from domain.simulation.dice import Streams
from domain.simulation.jobs import Case, Job
from domain.simulation.organisation import Worker
from domain.simulation.staff import Staff
from domain.simulation.timeline import LATER, Timeline


@dataclass(frozen=True, slots=True)
class Taskwork:
    """Plans what is open for people. `stick` is told why a task cannot be done by anybody."""

    casework: Casework
    candidates: Candidates
    staff: Staff
    timeline: Timeline
    streams: Streams
    stick: Callable[[Case, str], None]

    def plan(self, case: Case) -> None:
        """Queue the tasks that are open, drop those that are not any more."""
        ticket = case.ticket
        if not ticket.tasks and not case.tasks:
            return
        wanted = {(name, task.run): task for name, task in ticket.tasks.items() if task.state == "open"}
        for key in [key for key in case.tasks if key not in wanted]:
            self.staff.cancel(case.tasks.pop(key))
        for (name, run), task in wanted.items():
            if (name, run) not in case.tasks and not (case.stuck and case.stuck_revision == ticket.revision):
                self._plan_one(case, name, task)

    def _plan_one(self, case: Case, name: str, task: Task) -> None:
        conduct = self.casework.conducts.tasks.get(base_of(name))
        takes = (conduct.work or conduct.after) if conduct else None
        dice = self.streams(f"{case.number}/{name}/{task.run}")
        seconds = max(1.0, takes.draw(dice)) if takes else 1.0
        organisation, now = self.candidates.organisation, self.timeline.now
        queries = tuple(query for query in task.assignees if organisation.workers_of((query,), now))
        person = self.candidates.anybody(case, task.assignees)
        if not queries and person is None:
            self.stick(case, f"nobody in the profile may do the task {name}")
            return
        job = self.candidates.job(case, name, seconds, task.assignees, queries, run=task.run)
        case.tasks[name, task.run] = job
        if queries:
            self.staff.offer(job)
        else:
            self.timeline.plan(now + timedelta(seconds=round(seconds)), LATER, self._done_by, job, person)

    def _done_by(self, job: Job, person: str) -> None:
        if job.live:
            job.live = False
            self._complete(job, person)

    def finish(self, job: Job, worker: Worker) -> None:
        """A worker has come to the end of a task."""
        job.case.tasks.pop((job.what, job.run), None)
        self._complete(job, worker.id)

    def _complete(self, job: Job, person: str) -> None:
        case = job.case
        conduct = self.casework.conducts.tasks.get(base_of(job.what))
        dice = self.streams(f"{case.number}/{job.what}/{job.run}/fails")
        failed = conduct is not None and dice() < conduct.fails.part
        why = self.casework.complete(case, person, job.what, failed=failed)
        if why and not case.stuck:
            self.stick(case, why)
