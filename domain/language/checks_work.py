"""Approvals, escalations and actions: complete, and with lengths of time that mean something."""

from __future__ import annotations

from collections.abc import Iterable

from domain.calendars import duration_problem
from domain.language.checking import Checking
from domain.language.models import (
    Approval,
    Assign,
    Dur,
    Escalation,
    Model,
    Notify,
    Parallel,
    Remind,
    Stage,
    Timeout,
    Word,
)
from domain.language.places import Path

Parts = Iterable[tuple[Path, Model | Word]]


def check_work(checking: Checking, parts: Parts) -> None:
    """Everything people are asked to do besides their tasks."""
    for path, part in parts:
        match part:
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
