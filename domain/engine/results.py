"""What activities found out: it is no command, and one that came too late leaves no trace."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from domain.engine import seating, tasks
from domain.engine.approvers import errand_of
from domain.engine.derive import set_field
from domain.engine.draft import SYSTEM_FACTS, Draft
from domain.engine.entries import Cause, Outcome
from domain.engine.events import ApproversFound, Picked, TaskFinished
from domain.engine.macrostep import run_to_rest
from domain.engine.task_rules import path_of
from domain.engine.ticket import Ticket
from domain.language.definition import Definition


def picked(definition: Definition, ticket: Ticket, result: Picked, now: datetime, at: datetime) -> Outcome:
    """A person was picked for the team. Outdated (somebody has taken it, another team has it, it is done): no entry."""
    team = ticket.fields.get("team")
    over = definition.process.states[ticket.state].category in ("done", "closed")
    if over or team != result.team or ticket.fields.get("assignee") is not None:
        return Outcome(ticket)
    facts = replace(SYSTEM_FACTS, things={**result.known})
    draft = Draft(definition, ticket, at, now, Cause("result", "pick"), facts)
    draft.note("picked", person=result.person, team=team)
    if result.person is not None:
        set_field(draft, "assignee", result.person, by="pick", derived=True)
    run_to_rest(draft)
    return draft.close()


def task_finished(
    definition: Definition, ticket: Ticket, result: TaskFinished, now: datetime, at: datetime
) -> Outcome:
    """An automatic task came to its end. A result of an earlier run, or of a task no longer running: no entry."""
    task = ticket.tasks.get(result.task)
    if task is None or task.run != result.run or task.state != "running":
        return Outcome(ticket)
    cause = Cause("result", result.task, definition.line(path_of(definition, result.task)))
    draft = Draft(definition, ticket, at, now, cause, SYSTEM_FACTS)
    tasks.finish(draft, result)
    run_to_rest(draft)
    return draft.close()


def approvers_found(
    definition: Definition, ticket: Ticket, result: ApproversFound, now: datetime, at: datetime
) -> Outcome:
    """The people of a stage were found. An answer that nothing waits for any more: no entry."""
    if not seating.is_awaited(ticket, result):
        return Outcome(ticket)
    line = definition.line(f"approvals.{result.approval}")
    cause = Cause("result", errand_of(result.approval, result.lookup), line)
    draft = Draft(definition, ticket, at, now, cause, SYSTEM_FACTS)
    seating.people_found(draft, result)
    run_to_rest(draft)
    return draft.close()
