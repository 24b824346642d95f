"""Tickets that a ticket has opened for itself: asked for, linked at both ends, waited for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from domain.engine import links, tasks
from domain.engine.draft import SYSTEM_FACTS, Draft
from domain.engine.entries import Cause, Outcome
from domain.engine.events import ChildDone, ChildDropped, ChildOpened, TaskFinished
from domain.engine.macrostep import go, run_to_rest
from domain.engine.plan import plan_of
from domain.engine.task_rules import path_of
from domain.engine.ticket import Clock, LedgerLine, Link, Parent, Stretch, Ticket
from domain.errors import NotPermitted
from domain.language.definition import Definition


def errand_name(seq: int, index: int) -> str:
    """What the result of a `create` effect is called in the journal."""
    return f"create {seq}.{index}"


def child_opened(
    definition: Definition, ticket: Ticket, result: ChildOpened, now: datetime, at: datetime
) -> Outcome:
    """A ticket was opened, or could not be. One that is known already: no entry."""
    if any(one.ticket == result.ticket for one in ticket.links.get(result.link, ())):
        return Outcome(ticket)
    line = definition.line(path_of(definition, result.task)) if result.task else ""
    cause = Cause("result", errand_name(result.seq, result.index), line)
    draft = Draft(definition, ticket, at, now, cause, SYSTEM_FACTS)
    task = draft.tasks.get(result.task)
    if result.to:
        draft.converting = ""
    waits = task is not None and task.run == result.run and task.state == "running"
    if result.ticket:
        why = f"tasks.{result.task}" if result.task else "convert" if result.to else "create"
        links.add(draft, result.link, (Link(result.ticket, result.ref, result.category),), why=why)
        if task is not None and waits:
            draft.tasks[result.task] = replace(task, child=result.ticket)
        elif task is not None:  # cancelled, or begun anew, while it was being opened
            tasks.let_go(draft, result.task, replace(task, run=result.run, child=result.ticket))
        if result.to and draft.category != "closed":
            go(draft, plan_of(definition).by_name[result.by], result.to, silent=True)
    else:
        draft.note(
            "unavailable", "convert" if result.to else "create", process=result.process, reason=result.error
        )
        if waits:
            tasks.finish(draft, TaskFinished(result.task, result.run, False, at, error=result.error))
    run_to_rest(draft)
    return draft.close()


def opened_for(draft: Draft, parent: Parent) -> None:
    """A ticket that another had opened knows it."""
    draft.parent = parent
    links.add(draft, parent.link, (Link(parent.ticket, parent.ref),), why="create", mirror=False)


def carry(draft: Draft, counted: Mapping[str, tuple[Stretch, ...]]) -> None:
    """Clocks go on from what those of the ticket this one was converted from have counted. They start as they would
    anyway; what still ran there ends here.
    """
    for name, stretches in counted.items():
        if name in draft.definition.process.clocks:
            ran = tuple(replace(one, to_at=one.to_at or draft.at) for one in stretches)
            line = LedgerLine(draft.at, "carried", f"clocks.{name}", draft.definition.line(f"clocks.{name}"))
            draft.clocks[name] = Clock(stretches=ran, ledger=(line,))
            draft.note("clock", name, what="carried")


def child_done(draft: Draft, event: ChildDone) -> None:
    """The ticket of a task is done, and so is the task. A task that no longer waits for it stays as it is."""
    if draft.actor.kind != "system":
        raise NotPermitted("only the system tells that a ticket is done")
    task = draft.tasks.get(event.task)
    if task is not None and task.run == event.run and task.state == "running":
        response: Mapping[str, str] = {"ref": event.ref, "state": event.state}
        tasks.finish(draft, TaskFinished(event.task, event.run, True, draft.at, response=dict(response)))


def dropped(draft: Draft, event: ChildDropped) -> None:
    """Nobody waits for this ticket any more, and who works on it reads that; what becomes of it people decide."""
    if draft.actor.kind != "system":
        raise NotPermitted("only the system tells that a ticket is not waited for")
    parent = draft.parent
    if parent is None or (parent.task, parent.run) != (event.task, event.run) or parent.told:
        return
    draft.parent = replace(parent, told=True)
    draft.note("dropped", ref=event.ref)
    draft.ask_outside(
        "comment",
        "parent",
        texts={one: text.format(event.ref) for one, text in _DROPPED.items()},
        data={"public": False},
    )


_DROPPED = {
    "en": "{} no longer waits for this ticket, which was opened for it.",
    "zh-CN": "{} 不再等待此工单（此工单由其创建）。",
}
