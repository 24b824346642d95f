"""Who may do what comes next for a ticket, and in whose queues it waits."""

from __future__ import annotations

from dataclasses import dataclass

from domain.engine.actions import actions
from domain.engine.needs import Needs
from domain.engine.people import EVERYONE, PAGED, is_among, lower
from domain.engine.plan import plan_of
from domain.language.definition import Definition
from domain.simulation.jobs import Case, Job
from domain.simulation.organisation import Organisation, Worker
from domain.simulation.timeline import Timeline
from domain.simulation.words import REPLY, SPECIAL


@dataclass(frozen=True, slots=True)
class Candidates:
    """Selectors of buttons, answered by the simulated organisation."""

    definition: Definition
    organisation: Organisation
    timeline: Timeline

    def allowed(self, case: Case, choice: str) -> tuple[str, ...]:
        """The lowered selectors of those who may do this now."""
        if choice == REPLY:
            return (f"person:{case.requester}",)
        who = plan_of(self.definition).by_name[choice].rule.who or ()
        return lower(self.definition, who, case.ticket.fields, case.ticket.known)

    def queries(self, case: Case, allowed: tuple[str, ...]) -> tuple[str, ...]:
        """In whose queues a job waits: the assignee's, else the team's, else those of all who may."""
        now = self.timeline.now
        workers = {worker.id for worker in self.organisation.workers_of(allowed, now)}
        if not workers:
            return ()
        assignee, team = case.ticket.fields.get("assignee"), case.ticket.fields.get("team")
        if assignee in workers:
            return (f"person:{assignee}",)
        if f"members:{team}" in allowed and self.organisation.people(f"members:{team}", now):
            return (f"members:{team}",)
        return tuple(query for query in allowed if self.organisation.workers_of((query,), now))

    def anybody(self, case: Case, allowed: tuple[str, ...]) -> str | None:
        """Whoever presses a button that takes nobody's time: the requester before all others."""
        if f"person:{case.requester}" in allowed or EVERYONE in allowed:
            return case.requester
        for query in allowed:
            if query == PAGED and case.paged:
                return min(case.paged)
            people = self.organisation.people(query, self.timeline.now)
            if people:
                return people[0]
        return None

    def may(self, case: Case, worker: Worker, button: str) -> bool:
        """Whether this worker may press a button now."""
        actor = self.organisation.actor(worker.id, self.timeline.now, paged=worker.id in case.paged)
        return is_among(actor, self.allowed(case, button))

    def could(self, case: Case, button: str) -> bool:
        """Whether somebody sees this button as one that can be pressed now."""
        person = None if button in SPECIAL else self.anybody(case, self.allowed(case, button))
        if person is None:
            return False
        now = self.timeline.now
        facts = self.organisation.facts(person, Needs(), now, paged=person in case.paged)
        found = actions(self.definition, case.ticket, facts, now)
        return any(action.name == button and action.available for action in found)

    def job(
        self,
        case: Case,
        what: str,
        seconds: float,
        allowed: tuple[str, ...],
        queries: tuple[str, ...],
        *,
        run: int | None = None,
    ) -> Job:
        """A job for those whom `queries` find; with `run` it is a task."""
        workers = self.organisation.workers_of(queries, self.timeline.now)
        return Job(
            case=case,
            what=what,
            is_task=run is not None,
            run=run or 0,
            seconds=seconds,
            allowed=allowed,
            queries=queries,
            team=workers[0].team if workers else "",
            state=case.ticket.state,
            queued_at=self.timeline.now,
        )
