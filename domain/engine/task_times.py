"""When a task opens, is due, is reminded of, and what happens when it was not done in time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from domain.durations import parse_duration
from domain.engine.draft import Draft
from domain.engine.each import announce
from domain.engine.lengths import due_after, moment_of
from domain.engine.task_rules import path_of
from domain.engine.ticket import Json, Task
from domain.engine.values import instant_json
from domain.language.models import Effect, TaskOverdue, TaskRemind
from domain.language.models import Task as Rule
from domain.local_time import add_duration, zone_named

REMIND_CHANNELS = ("email",)


def next_at(task: Task) -> datetime | None:
    """When something is next due on a task; None when nothing is."""
    if task.state == "pending":
        return task.start_at
    if task.state not in ("open", "running"):
        return None
    moments = (task.remind_at, task.due_at if task.overdue_at is None else None, task.repeat_at)
    return min((at for at in moments if at is not None), default=None)


def may_start(draft: Draft, name: str, rule: Rule) -> bool:
    """Whether the time to open has come; sets when it will. A moment that is not known yet is waited for."""
    if rule.start is None:
        return True
    task = draft.tasks[name]
    if rule.start.at is not None or task.start_at is None:
        start_at = moment_of(draft, rule.start, draft.gives_from, rule.calendar)
        if start_at != task.start_at:
            task = draft.tasks[name] = replace(task, start_at=start_at)
    return task.start_at is not None and task.start_at <= draft.at


def opened(draft: Draft, rule: Rule, task: Task) -> Task:
    """A task that begins now, with when it is due and when people are first reminded of it."""
    task = replace(task, start_at=None)
    if rule.due is not None:
        task = replace(task, due_at=moment_of(draft, rule.due, draft.gives_from, rule.calendar))
    if rule.remind is not None and rule.assign is not None:
        task = replace(task, remind_at=_first_reminder(draft, rule, rule.remind, task))
    return task


def _first_reminder(draft: Draft, rule: Rule, remind: TaskRemind, task: Task) -> datetime | None:
    if remind.before is not None:
        if task.due_at is None:
            return None
        zone = zone_named(draft.definition.zone)
        before = add_duration(task.due_at, -parse_duration(remind.before), zone)
        if before > draft.at:
            return before
    return _next_reminder(draft, rule, remind, task)


def _next_reminder(draft: Draft, rule: Rule, remind: TaskRemind, task: Task) -> datetime | None:
    """The next regular reminder; none after the task is due."""
    if remind.every is None or task.reminded >= remind.times:
        return None
    at = due_after(draft, remind.every, draft.gives_from, remind.calendar, rule.calendar)
    return None if at is None or (task.due_at is not None and at >= task.due_at) else at


def aim_due(draft: Draft, name: str, rule: Rule) -> None:
    """Keep an open task due at the moment its expression names now. One that was overdue no longer is when it moved."""
    task = draft.tasks[name]
    if rule.due is None or rule.due.at is None or task.state not in ("open", "running"):
        return
    due_at = draft.moment_of(rule.due.at)
    if due_at == task.due_at:
        return
    moved = replace(task, due_at=due_at)
    if due_at is None or due_at > draft.at:
        moved = replace(moved, overdue_at=None, repeat_at=None, repeated=0)
    if rule.remind is not None and rule.remind.before is not None:
        moved = replace(moved, reminded=0)
        moved = replace(moved, remind_at=_first_reminder(draft, rule, rule.remind, moved))
    draft.tasks[name] = moved


def remind(draft: Draft, name: str, rule: Rule, label: dict[str, str]) -> None:
    """Remind the people of a task."""
    assert rule.remind is not None, "only what is reminded of has a time for it"
    task = draft.tasks[name]
    task = replace(task, reminded=task.reminded + 1)
    task = replace(task, remind_at=_next_reminder(draft, rule, rule.remind, task))
    draft.tasks[name] = task
    draft.note("task", name, what="reminded", count=task.reminded, **_shown(task))
    why = f"{path_of(draft.definition, name)}.remind"
    if rule.remind.do:
        _carry_out(draft, task, rule.remind.do, f"{why}.do")
    else:
        draft.ask_outside("notify", why, to=task.assignees, channels=REMIND_CHANNELS, texts=_reminder(label))


def _reminder(label: dict[str, str]) -> dict[str, str]:
    """The sentence people are sent where the definition gives none."""
    english = label.get("en") or label.get("*") or next(iter(label.values()))
    chinese = label.get("zh-CN") or label.get("*") or english
    return {
        "en": f"{{{{ ticket.ref }}}}: “{english}” is still to be done.",
        "zh-CN": f"{{{{ ticket.ref }}}}：任务“{chinese}”待处理。",
    }


def overdue(draft: Draft, name: str, rule: Rule, until: datetime) -> None:
    """A task was not done in time, or still is not. What an outage missed counts, and acts once."""
    task = draft.tasks[name]
    first = task.overdue_at is None
    count, missed = task.repeated + 1, 0
    every = rule.overdue
    at = task.due_at if first else task.repeat_at
    assert at is not None, "it came to its time"
    repeat_at = _repeats(draft, rule, every, at, count)
    while repeat_at is not None and repeat_at <= until and draft.handled_at - repeat_at > timedelta():
        count, missed = count + 1, missed + 1
        repeat_at = _repeats(draft, rule, every, repeat_at, count)
    task = replace(
        task, overdue_at=task.overdue_at or draft.at, repeated=count, repeat_at=repeat_at, remind_at=None
    )
    draft.tasks[name] = task
    detail: dict[str, Json] = {**_shown(task), **({"missed": missed} if missed else {})}
    if first:
        draft.note("task", name, what="overdue", due_at=instant_json(draft.at), **detail)
        announce(draft, name, "overdue", due=instant_json(draft.at))
    else:
        draft.note("task", name, what="overdue", count=count, **detail)
    if every is not None:
        _carry_out(draft, task, every.do, f"{path_of(draft.definition, name)}.overdue.do")


def _shown(task: Task) -> dict[str, Json]:
    return {"shown": task.shown} if task.shown else {}


def _repeats(
    draft: Draft, rule: Rule, every: TaskOverdue | None, at: datetime, count: int
) -> datetime | None:
    if every is None or every.every is None or count >= every.times:
        return None
    return due_after(draft, every.every, at, every.calendar, rule.calendar)


def _carry_out(draft: Draft, task: Task, effects: Iterable[Effect], why: str) -> None:
    from domain.engine.verbs import carry_out

    draft.task_people = task.assignees
    carry_out(draft, effects, why)
    draft.task_people = ()
