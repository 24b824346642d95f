"""Time passes: everything due is handled in the order of language.md section 6, each thing with its own entry."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from domain.engine import chains, clocks, lapses, quiet_hours, task_times, tasks, timers
from domain.engine.draft import SYSTEM_FACTS, Draft
from domain.engine.entries import Cause, Entry, Outcome
from domain.engine.macrostep import park, run_to_rest, take
from domain.engine.plan import Plan, plan_of
from domain.engine.task_rules import path_of
from domain.engine.ticket import Ticket
from domain.language.definition import Definition

TIMER, CLOCK, CHAIN, APPROVAL, TASK, NOTIFICATION = range(6)
"""At one instant state timers go first, then clocks, escalations, approvals and tasks, each in file order; then what
was postponed until now is sent.
"""

MOST_DUE = 1000
"""More due at once than any definition can mean: the ticket stands still and an operator has to look."""


@dataclass(frozen=True, slots=True, order=True)
class Due:
    """Something that is due."""

    at: datetime
    kind: int
    order: int
    name: str


def next_deadline(ticket: Ticket) -> datetime | None:
    """The nearest instant at which something is due on this ticket; None when nothing is planned."""
    if ticket.parked:
        return None
    moments = [timer.due_at for timer in ticket.timers.values() if not timer.spent]
    moments += [clock.next_at for clock in ticket.clocks.values() if clock.next_at is not None]
    moments += [chain.next_at for chain in ticket.chains.values()]
    moments += [at for run in ticket.approvals.values() if (at := lapses.next_at(run)) is not None]
    moments += [at for task in ticket.tasks.values() if (at := task_times.next_at(task)) is not None]
    if (at := quiet_hours.next_at(ticket)) is not None:
        moments.append(at)
    return min(moments, default=None)


def _due(plan: Plan, ticket: Ticket, until: datetime) -> list[Due]:
    """All that is due at or before `until`, in order."""
    found = [
        Due(timer.due_at, TIMER, plan.by_name[name].order, name)
        for name, timer in ticket.timers.items()
        if not timer.spent and timer.due_at <= until and name in plan.by_name
    ]
    found += [
        Due(clock.next_at, CLOCK, plan.clock_order[name], name)
        for name, clock in ticket.clocks.items()
        if clock.next_at is not None and clock.next_at <= until
    ]
    found += [
        Due(chain.next_at, CHAIN, plan.chain_order[name], name)
        for name, chain in ticket.chains.items()
        if chain.next_at <= until
    ]
    found += [
        Due(at, APPROVAL, plan.approval_order[name], name)
        for name, run in ticket.approvals.items()
        if name in plan.approval_order and (at := lapses.next_at(run)) is not None and at <= until
    ]
    found += [
        Due(at, TASK, plan.place_of_task(name), name)
        for name, task in ticket.tasks.items()
        if (at := task_times.next_at(task)) is not None and at <= until
    ]
    if (at := quiet_hours.next_at(ticket)) is not None and at <= until:
        found.append(Due(at, NOTIFICATION, 0, "postponed"))
    return sorted(found)


def advance(definition: Definition, ticket: Ticket, now: datetime, until: datetime | None = None) -> Outcome:
    """Handle everything due at or before `until` (default: `now`), one entry each, stamped with when it was due
    and handled at `now`. Nothing due gives no entries and the same ticket.
    """
    plan = plan_of(definition)
    horizon = now if until is None else until
    entries: list[Entry] = []
    while not ticket.parked:
        found = _due(plan, ticket, horizon)
        if not found:
            break
        if len(entries) >= MOST_DUE:
            outcome = _park(definition, ticket, now)
        else:
            outcome = _handle(definition, plan, ticket, found, horizon, now)
        ticket = outcome.ticket
        entries.extend(outcome.entries)
    return Outcome(ticket, tuple(entries))


def _park(definition: Definition, ticket: Ticket, now: datetime) -> Outcome:
    draft = Draft(definition, ticket, ticket.last_at, now, Cause("system", "park"), SYSTEM_FACTS)
    park(draft, f"more than {MOST_DUE} things were due at once")
    return draft.close()


def _handle(
    definition: Definition, plan: Plan, ticket: Ticket, found: list[Due], until: datetime, now: datetime
) -> Outcome:
    due = found[0]
    draft = Draft(
        definition, ticket, max(due.at, ticket.last_at), now, _cause(definition, ticket, due), SYSTEM_FACTS
    )
    if due.kind == TIMER:
        button = plan.by_name[due.name]
        timers.went_off(draft, button)
        fires = button.fits(draft.state, draft.fields) and draft.holds(button.rule.if_)
        draft.note("timer", due.name, fired=fires)
        if fires:
            take(draft, button)
    elif due.kind == CLOCK:
        moves_at = min(
            (other.at for other in found[1:] if other.kind in (TIMER, APPROVAL, TASK)), default=None
        )
        clocks.reach(draft, due.name, until, moves_at)
    elif due.kind == CHAIN:
        chains.next_due(draft, due.name, until)
    elif due.kind == APPROVAL:
        lapses.due(draft, due.name, due.at)
    elif due.kind == TASK:
        tasks.timed_out(draft, due.name, until)
    else:
        quiet_hours.send_due(draft)
    run_to_rest(draft)
    return draft.close()


def _cause(definition: Definition, ticket: Ticket, due: Due) -> Cause:
    if due.kind == TIMER:
        return Cause("timer", due.name, definition.line(f"transitions.{due.name}"))
    if due.kind == CHAIN:
        return Cause("escalation", due.name, definition.line(f"escalations.{due.name}"))
    if due.kind == APPROVAL:
        return Cause("approval", due.name, definition.line(f"approvals.{due.name}"))
    if due.kind == TASK:
        return Cause("task", due.name, definition.line(path_of(definition, due.name)))
    if due.kind == NOTIFICATION:
        return Cause("notification", due.name)
    what = ticket.clocks[due.name].next_what
    part = "overdue" if what == clocks.OVERDUE else f"at.{what}"
    return Cause("clock", f"{due.name} {what}", definition.line(f"clocks.{due.name}.{part}"))
