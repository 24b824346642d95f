"""Tasks in random lives: done, added, taken back, their tickets opened and done; and what must always hold of them."""

from __future__ import annotations

from datetime import datetime, timedelta

from domain.engine.children import errand_name
from domain.engine.entries import Effect, Entry
from domain.engine.events import AddTask, CancelTask, ChildDone, ChildOpened, CompleteTask
from domain.engine.task_rules import base_of, find_rule, is_group, of_group
from domain.engine.tasks import OPEN, SETTLED
from domain.engine.ticket import Json, Ticket
from domain.language.definition import Definition

TITLES = ("Call the vendor", "{{ ticket.nonsense", " ", "two\nlines", "x" * 300, "再来一次")


def task_named(definition: Definition, ticket: Ticket, which: int) -> str:
    """A task the ticket has, or one the definition knows."""
    names = [*sorted(ticket.tasks), *definition.process.tasks]
    return names[which % len(names)]


def completion(
    definition: Definition, ticket: Ticket, which: int, number: int, values: dict[str, Json]
) -> CompleteTask:
    """Somebody completes a task, or says that it failed, with or without saying how it came out."""
    name = task_named(definition, ticket, which)
    rule = find_rule(definition, name)
    outcomes = [*(rule.outcomes if rule is not None else ()), "nonsense"]
    given = {**values, "outcome": outcomes[number % len(outcomes)]} if len(outcomes) > 1 else values
    return CompleteTask(name, given, number == 7)


def adding(which: int, number: int, now: datetime) -> AddTask:
    """Somebody adds a task, which may be wrong."""
    due = now + timedelta(minutes=number * 37 - 60) if number % 2 else None
    person, team = [("", ""), ("bob", ""), ("", "service-desk"), ("nobody", "")][which % 4]
    return AddTask(TITLES[number % len(TITLES)], person, team, due)


def taking_back(ticket: Ticket, which: int) -> CancelTask:
    """Somebody takes a task back."""
    names = [*of_group(ticket.tasks, "adhoc"), "adhoc.99", "t1"]
    return CancelTask(names[which % len(names)])


def opened(entry: Entry, effect: Effect, number: int, minted: int) -> ChildOpened:
    """The ticket an effect asked for is open, or could not be."""
    data = effect.data
    there = number % 4 > 0
    return ChildOpened(
        seq=entry.seq,
        index=effect.index,
        asked_at=entry.at,
        link=str(data["link"]),
        process=str(data["process"]),
        ticket=f"00000000-0000-4000-8000-{minted:012}" if there else "",
        ref=f"PRB-{minted}" if there else "",
        task=str(data.get("task") or ""),
        run=int(str(data.get("run") or 0)),
        error="" if there else errand_name(entry.seq, effect.index),
    )


def child_done(ticket: Ticket, which: int) -> ChildDone:
    """The ticket of a task says that it is done; perhaps of one nobody waits for any more."""
    waiting = [name for name, task in sorted(ticket.tasks.items()) if task.child] or ["t5"]
    name = waiting[which % len(waiting)]
    task = ticket.tasks.get(name)
    run = task.run if task is not None else 1
    return ChildDone(name, run - (which % 5 == 4), f"PRB-{which}", "closed")


def look(definition: Definition, ticket: Ticket, *, closed: bool) -> None:
    """What holds of tasks whatever happened."""
    for name, task in ticket.tasks.items():
        assert find_rule(definition, name) is not None
        if task.state in SETTLED:
            assert (task.start_at, task.remind_at, task.repeat_at) == (None, None, None), "over is over"
        if closed:
            assert task.state not in OPEN, "a closed ticket has no open task"
        if is_group(definition, name):
            parts = [ticket.tasks[one] for one in of_group(ticket.tasks, name)]
            alive = [str(one.element) for one in parts if one.state != "cancelled"]
            assert len(set(alive)) == len(alive), "one task for each element"
            if task.state == "done":
                assert not any(one.state in OPEN for one in parts), "done means all of them"
            if task.state in ("cancelled", "skipped"):
                assert not any(one.state in ("open", "running") for one in parts)
        else:
            assert task.element is None or base_of(name) != name
