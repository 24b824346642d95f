"""Tasks: one thing each, without circles, with times that mean something."""

from __future__ import annotations

from collections.abc import Iterable

from domain.language.checking import Checking
from domain.language.checks_lengths import check_length
from domain.language.checks_lists import check_added, check_list
from domain.language.models import (
    TASK_KINDS,
    AdhocTasks,
    CalendarChoice,
    Model,
    Task,
    TaskOverdue,
    TaskRemind,
    Wait,
    When,
    Word,
)
from domain.language.places import Path

OUTCOME = "outcome"
"""What people who complete a task call how it came out."""

Parts = Iterable[tuple[Path, Model | Word]]


def check_tasks(checking: Checking, parts: Parts) -> None:
    """Everything about the work items of a process."""
    for path, part in parts:
        if isinstance(part, Task):
            _check_task(checking, path, part)
            _check_times(checking, path, part)
            check_list(checking, path, part)
        elif isinstance(part, AdhocTasks):
            if part.remind is not None:
                _check_when(checking, (*path, "remind"), part.remind)
            for name in ("remind", "overdue"):
                repeated = getattr(part, name)
                if repeated is not None:
                    _check_repeated(checking, (*path, name), repeated, part.calendar)
            _check_outcomes(checking, path, part)
        elif isinstance(part, Wait):
            if (part.for_ is None) == (part.until is None):
                checking.error(path, "give either `for` or `until`", key=True)
            check_length(checking, (*path, "for"), part.for_, part.calendar)
    _check_circles(checking)
    check_added(checking)


def _check_times(checking: Checking, path: Path, task: Task) -> None:
    """When a task opens, is due, is reminded of."""
    for name, moment in (("start", task.start), ("due", task.due)):
        if isinstance(moment, When) and moment.calendar is None:
            check_length(checking, (*path, name), moment.after, task.calendar)
    if task.wait is not None and task.due is not None:
        checking.error(
            (*path, "due"), "a wait is over by itself and cannot be overdue; remove `due`", key=True
        )
    remind = task.remind
    if remind is not None:
        place: Path = (*path, "remind")
        if task.assign is None:
            checking.error(place, "only people can be reminded; this task has no `assign`", key=True)
        _check_when(checking, place, remind)
        if remind.before is not None and task.due is None:
            message = (
                "`before` counts back from when the task is due, and it has no `due`; add it, or use `every`"
            )
            checking.error((*place, "before"), message, key=True)
        _check_repeated(checking, place, remind, task.calendar)
    if task.overdue is not None:
        place = (*path, "overdue")
        if task.due is None:
            checking.error(place, "a task without `due` is never overdue; add `due`", key=True)
        _check_repeated(checking, place, task.overdue, task.calendar)


def _check_when(checking: Checking, path: Path, remind: TaskRemind) -> None:
    if remind.before is None and remind.every is None:
        checking.error(path, "say when: `before: 1d` (before it is due), `every: 1d`, or both", key=True)


def _check_repeated(
    checking: Checking, path: Path, part: TaskRemind | TaskOverdue, calendar: CalendarChoice | None
) -> None:
    if part.times < 1:
        checking.error((*path, "times"), "times should be at least 1")
    check_length(checking, (*path, "every"), part.every, part.calendar or calendar)


def _check_task(checking: Checking, path: Path, task: Task) -> None:
    kinds = [name for name in TASK_KINDS if getattr(task, name) is not None]
    if checking.lacks(path, *TASK_KINDS):
        checking.error(path, f"nothing does this task; give it one of {', '.join(TASK_KINDS)}", key=True)
    elif len(kinds) > 1:
        checking.error(
            path, f"a task is one thing, and this one has {' and '.join(kinds)}; make it two tasks", key=True
        )
    if task.if_fails == "hand_over" and task.hand_over_to is None:
        checking.error((*path, "if_fails"), "say to whom: add `hand_over_to`")
    if task.hand_over_to is not None and task.if_fails != "hand_over":
        checking.error((*path, "hand_over_to"), "is only used with `if_fails: hand_over`", key=True)
    if task.save and kinds and kinds[0] not in ("http", "script", "ticket"):
        checking.error(
            (*path, "save"), "only http, script and ticket tasks have a response to save", key=True
        )
    for name in task.save:
        field = checking.names.field_defs.get(name)
        if name not in checking.names.fields:
            checking.unknown((*path, "save", name), "field", name, checking.names.fields, key=True)
        elif field is not None and field.compute is not None:
            checking.error((*path, "save", name), f'"{name}" is computed and cannot be set', key=True)
    if task.ask is not None and kinds and kinds[0] != "assign" and task.if_fails != "hand_over":
        checking.error(
            (*path, "ask"),
            "only people can be asked; this task has no `assign` and is never handed over",
            key=True,
        )
    if task.outcomes and kinds and kinds[0] != "assign":
        checking.error(
            (*path, "outcomes"), "only people say how it came out; this task has no `assign`", key=True
        )
    _check_outcomes(checking, path, task)
    if task.retry is not None and task.retry.times < 1:
        checking.error((*path, "retry", "times"), "times should be at least 1")


def _check_outcomes(checking: Checking, path: Path, task: Task | AdhocTasks) -> None:
    form = checking.process.forms.get(task.ask, {}) if isinstance(task.ask, str) else task.ask or {}
    if task.outcomes and OUTCOME in form:
        message = f'the form asks for a field "{OUTCOME}" already, and `outcomes` asks for one too; rename the field'
        checking.error((*path, "outcomes"), message, key=True)


def _check_circles(checking: Checking) -> None:
    """Tasks that wait for each other."""
    tasks = checking.process.tasks
    done: set[str] = set()

    def visit(name: str, way: tuple[str, ...]) -> None:
        if name in way:
            circle = way[way.index(name) :]
            if not done & set(circle):
                message = f"these tasks wait for each other: {' → '.join([*circle, name])}"
                checking.error(("tasks", name, "needs"), message)
            done.update(way)
        elif name in tasks and name not in done:
            for other in tasks[name].needs:
                visit(other, (*way, name))
            done.add(name)

    for name in tasks:
        visit(name, ())
