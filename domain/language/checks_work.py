"""Tasks, approvals, escalations: complete, without circles, and with lengths of time that mean something."""

from __future__ import annotations

from collections.abc import Iterable

from domain.calendars import duration_problem
from domain.language.checking import Checking
from domain.language.models import (
    TASK_KINDS,
    Approval,
    Assign,
    Dur,
    Escalation,
    Model,
    Notify,
    Parallel,
    Remind,
    Stage,
    Task,
    Timeout,
    Transition,
    Wait,
    Word,
)
from domain.language.places import Path

Parts = Iterable[tuple[Path, Model | Word]]


def check_work(checking: Checking, parts: Parts) -> None:
    """Everything people and machines are asked to do."""
    for path, part in parts:
        match part:
            case Transition():
                _check_length(checking, (*path, "after"), part.after, part.calendar)
            case Task():
                _check_task(checking, path, part)
                _check_length(checking, (*path, "due"), part.due, part.calendar)
            case Wait():
                if (part.for_ is None) == (part.until is None):
                    checking.error(path, "give either `for` or `until`", key=True)
                _check_length(checking, (*path, "for"), part.for_, part.calendar)
            case Remind():
                _check_length(checking, (*path, "every"), part.every, part.calendar)
            case Timeout():
                _check_timeout(checking, path, part)
            case Escalation():
                if not part.steps:
                    checking.error((*path, "steps"), "an escalation needs at least one step")
                if part.repeat < 0:
                    checking.error((*path, "repeat"), "repeat should be 0 or more")
            case Approval():
                _check_approval(checking, path, part)
            case Notify():
                _check_receivers(checking, path, part)
            case Assign():
                if part.team is None and part.person is None and part.pick is None:
                    checking.error(path, "give at least one of team, person, pick", key=True)
            case _:
                pass
    _check_circles(checking)


def _check_timeout(checking: Checking, path: Path, timeout: Timeout) -> None:
    if (timeout.decide is None) == (timeout.add is None):
        checking.error(path, "give either `decide` or `add`", key=True)
    _check_length(checking, (*path, "after"), timeout.after, timeout.calendar)


def _check_receivers(checking: Checking, path: Path, notify: Notify) -> None:
    template = checking.process.notifications.get(notify.template)
    if notify.to is None and template is not None and not template.to:
        message = f'nobody receives this: "{notify.template}" has no `to`; write {{template: …, to: …}}'
        checking.error((*path, "template"), message)


def _check_length(checking: Checking, path: Path, amount: Dur | None, calendar: str | None) -> None:
    if amount is not None and calendar is not None:
        problem = duration_problem(checking.calendars.get(calendar), amount, checking.whole_day_calendars())
        if problem:
            checking.error(path, problem, code="ambiguous-days")


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
    if task.save and kinds and kinds[0] not in ("http", "script"):
        checking.error((*path, "save"), "only http and script tasks have a response to save", key=True)
    for name in task.save:
        field = checking.names.field_defs.get(name)
        if name not in checking.names.fields:
            checking.unknown((*path, "save", name), "field", name, checking.names.fields, key=True)
        elif field is not None and field.compute is not None:
            checking.error((*path, "save", name), f'"{name}" is computed and cannot be set', key=True)
    if task.ask is not None and kinds and kinds[0] != "assign":
        checking.error((*path, "ask"), "only people can be asked; this task has no `assign`", key=True)
    if task.retry is not None and task.retry.times < 1:
        checking.error((*path, "retry", "times"), "times should be at least 1")


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


def _check_approval(checking: Checking, path: Path, approval: Approval) -> None:
    if not approval.stages:
        checking.error((*path, "stages"), "an approval needs at least one stage")
    seen: set[str] = set()
    for index, entry in enumerate(approval.stages):
        place: Path = (*path, "stages", index)
        stages = [(place, entry)] if isinstance(entry, Stage) else _parallel(place, entry)
        for where, stage in stages:
            if stage.id in seen:
                checking.error((*where, "id"), f'two stages are called "{stage.id}"; rename one')
            seen.add(stage.id)
            if not stage.approvers:
                checking.error((*where, "approvers"), "name at least one approver")


def _parallel(path: Path, entry: Parallel) -> list[tuple[Path, Stage]]:
    return [((*path, "parallel", index), stage) for index, stage in enumerate(entry.parallel)]
